"""Inbox, grants and the message log over HTTP."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from backend.demo.openids import demo_openid
from backend.domains.appointments.events import AppointmentBooked
from backend.domains.messages.kinds import KINDS
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox
from tests.conftest import KeyedClient
from tests.people import sign_in_person, sign_in_staff
from tests.standin import Standin
from tests.web import web_app

VALUES = {
    "appointment_id": "x", "item_name": "社会保障卡补领", "hall_name": "越和街政务服务中心",
    "hall_address": "越和街1号", "hall_floor": "3楼", "receipt_number": "A261123-482073-5",
    "ticket_no": "A001", "window_number": 3, "reason_text": "",
}  # fmt: skip


@pytest.fixture
def http(talking: Services) -> FlaskClient:
    app = web_app(talking)
    app.test_client_class = KeyedClient
    return app.test_client()


def tell(services: Services, person: UUID, kind: str = "appointment_finished") -> UUID:
    with services.unit() as uow:
        made = outbox.enqueue(
            uow.session, uow.now, KINDS[kind], person_key=person,
            subject=Subject("appointment", uuid4()), dedupe_key=uuid4().hex,
            values={**VALUES, "start": uow.now + timedelta(days=1)},
        )  # fmt: skip
    assert made is not None
    return made


def later(services: Services, minutes: int = 1) -> None:
    services.clock.advance(timedelta(minutes=minutes))  # type: ignore[attr-defined]  # fixed


def test_the_inbox_is_paged_and_counts_what_is_unread(talking: Services, http: FlaskClient) -> None:
    me = sign_in_person(talking)
    for _ in range(5):
        tell(talking, me.id)
        later(talking)
    first = http.get("/api/v1/messages?limit=3", headers=me).get_json()
    assert (len(first["items"]), first["unread"]) == (3, 5)
    rest = http.get(
        f"/api/v1/messages?limit=3&cursor={first['next_cursor']}", headers=me
    ).get_json()
    assert (len(rest["items"]), rest["next_cursor"]) == (2, None)
    seen = [row["id"] for row in first["items"] + rest["items"]]
    assert len(set(seen)) == 5
    newest = first["items"][0]
    assert newest["title"].startswith("办完了")
    assert newest["link"] == "/appointments/x"
    assert newest["created_at"].endswith("+08:00")


def test_reading_one_and_all(talking: Services, http: FlaskClient) -> None:
    me = sign_in_person(talking)
    ids = [tell(talking, me.id) for _ in range(3)]
    first = http.post(f"/api/v1/messages/{ids[0]}/read", headers=me)
    assert first.status_code == 200
    read_at = first.get_json()["read_at"]
    later(talking)
    again = http.post(f"/api/v1/messages/{ids[0]}/read", headers=me).get_json()
    assert again["read_at"] == read_at
    assert http.get("/api/v1/messages", headers=me).get_json()["unread"] == 2
    done = http.post("/api/v1/messages/read-all", headers=me).get_json()
    assert done == {"read": 2, "unread": 0}
    assert http.get("/api/v1/messages", headers=me).get_json()["unread"] == 0


def test_another_person_s_messages_do_not_exist(talking: Services, http: FlaskClient) -> None:
    me, other = sign_in_person(talking), sign_in_person(talking)
    hers = tell(talking, other.id)
    assert http.get("/api/v1/messages", headers=me).get_json()["items"] == []
    assert http.post(f"/api/v1/messages/{hers}/read", headers=me).status_code == 404
    assert http.post(f"/api/v1/messages/{uuid4()}/read", headers=me).status_code == 404
    http.post("/api/v1/messages/read-all", headers=me)
    assert http.get("/api/v1/messages", headers=other).get_json()["unread"] == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/messages"), ("POST", "/messages/read-all"), ("GET", "/me/notification-grants"),
        ("POST", "/me/notification-grants"), ("GET", "/staff/messages"),
    ],
)  # fmt: skip
def test_signing_in_is_needed(http: FlaskClient, method: str, path: str) -> None:
    assert http.open(f"/api/v1{path}", method=method, json={}).status_code == 401


def test_consents_are_counted_and_the_same_call_counts_once(
    talking: Services, http: FlaskClient
) -> None:
    me = sign_in_person(talking)
    wechat = talking.settings.wechat
    body = {"results": {wechat.template_booked: "accept", wechat.template_called: "reject"}}
    headers = {**me, "Idempotency-Key": "tap-number-1"}
    for _ in range(3):
        answer = http.post("/api/v1/me/notification-grants", headers=headers, json=body)
        assert answer.status_code == 200
    items = http.get("/api/v1/me/notification-grants", headers=me).get_json()["items"]
    found = {row["template_id"]: row["remaining"] for row in items}
    assert found == {
        wechat.template_booked: 1, wechat.template_called: 0, wechat.template_reminder: 0,
        wechat.template_event: 0, wechat.template_ticket: 0, wechat.template_life: 0,
        wechat.template_council: 0, wechat.template_news: 0,
    }  # fmt: skip
    assert all(row["title"] and row["long_term"] is False for row in items)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"results": {}}, {"results": {"unknown": "accept"}}, {"results": []},
        {"results": {"demo-template-booked": "yes"}}, {"results": None},
        {"results": {"demo-template-booked": "accept"}, "more": 1},
        {"results": {"x" * 200: "accept"}},
    ],
)  # fmt: skip
def test_wrong_consents_are_refused(
    talking: Services, http: FlaskClient, body: dict[str, Any]
) -> None:
    me = sign_in_person(talking)
    answer = http.post("/api/v1/me/notification-grants", headers=me, json=body)
    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_a_reported_consent_reaches_the_demo_s_phone(
    talking: Services, http: FlaskClient, standin: Standin
) -> None:
    openid = demo_openid("consent-test")
    me = sign_in_person(talking, mini_openid=openid)
    template = talking.settings.wechat.template_booked
    body = {"results": {template: "accept"}}
    assert http.post("/api/v1/me/notification-grants", headers=me, json=body).status_code == 200
    assert standin.store.rows("SELECT * FROM consent") == [
        {"openid": openid, "template": template, "remaining": 1}
    ]


def test_a_confirmation_waits_a_minute_for_the_consent_asked_after_booking(
    talking: Services, http: FlaskClient, standin: Standin
) -> None:
    wechat = talking.settings.wechat
    asked, silent = (
        sign_in_person(talking, phone=phone, mini_openid=demo_openid(phone))
        for phone in ("13800001111", "13800002222")
    )
    for person in (asked, silent):
        with talking.unit() as uow:
            uow.emit(booked(person.id, uow.now))
        assert http.get("/api/v1/messages", headers=person).get_json()["unread"] == 1
    talking.delivery.run_once()
    assert standin.calls("/sms/messages") == []
    body = {"results": {wechat.template_booked: "accept"}}
    assert http.post("/api/v1/me/notification-grants", headers=asked, json=body).status_code == 200
    talking.delivery.run_once()
    assert len(standin.calls("/cgi-bin/message/subscribe/send")) == 1
    later(talking)
    talking.delivery.run_once()
    (text,) = standin.store.rows("SELECT * FROM sms")
    assert text["phone"] == "13800002222"
    # Who has agreed before need not wait.
    http.post("/api/v1/me/notification-grants", headers=asked, json=body)
    with talking.unit() as uow:
        uow.emit(booked(asked.id, uow.now))
    talking.delivery.run_once()
    assert len(standin.calls("/cgi-bin/message/subscribe/send")) == 2


def booked(person: UUID, now: datetime) -> AppointmentBooked:
    start = now + timedelta(days=2)
    return AppointmentBooked(
        appointment_id=uuid4(), person_id=person, item_id=uuid4(), item_name="社会保障卡补领",
        hall_id=uuid4(), hall_name="越和街政务服务中心", hall_address="越和街1号",
        hall_floor="3楼", start=start, end=start, receipt_number="A261123-482073-5",
        check_in_code="123456", ticket_no=None, window_number=None, by="resident", reason="",
    )  # fmt: skip


def test_the_public_settings_name_the_templates(talking: Services) -> None:
    from backend.domains.messages.service import subscribe_templates

    found = subscribe_templates(talking)
    assert [row["key"] for row in found] == [
        "booked",
        "called",
        "reminder",
        "event",
        "task",
        "ticket",
        "life",
        "council",
        "news",
    ]
    assert all(row["template_id"] and row["title"] for row in found)


def test_the_log_shows_what_happened_and_no_name(
    talking: Services, http: FlaskClient, standin: Standin
) -> None:
    boss = sign_in_staff(talking, ("supervisor", "district", None))
    person = sign_in_person(talking, name="王秀兰", phone="13800001234")
    standin.fault("/sms/messages", status=503)
    told = tell(talking, person.id, "appointment_booked")
    tell(talking, person.id)
    talking.delivery.run_once()
    page = http.get("/api/v1/staff/messages", headers=boss).get_json()
    assert len(page["items"]) == 2
    query = "/api/v1/staff/messages?kind=appointment_booked&state=temporary_failure&channel=sms"
    (row,) = http.get(query, headers=boss).get_json()["items"]
    assert row["id"] == str(told)
    assert (row["person_name"], row["attempts"], row["state_text"]) == ("王*兰", 1, "等待重试")
    assert "短信" in row["last_error"]
    detail = http.get(f"/api/v1/staff/messages/{told}", headers=boss).get_json()
    assert [a["outcome_text"] for a in detail["attempt_list"]] == ["稍后重试"]
    assert detail["ladder_texts"][0] == "站内消息"
    assert detail["next_at"]
    text = http.get(f"/api/v1/staff/messages/{told}", headers=boss).text
    for private in ("王秀兰", "13800001234", "482073"):
        assert private not in text


@pytest.mark.parametrize("query", ["state=unknown", "channel=pigeon", "limit=0", "cursor=x"])
def test_wrong_filters_are_refused(talking: Services, http: FlaskClient, query: str) -> None:
    boss = sign_in_staff(talking, ("administrator", "district", None))
    assert http.get(f"/api/v1/staff/messages?{query}", headers=boss).status_code == 422


def test_the_log_is_for_those_who_look_after_delivery(talking: Services, http: FlaskClient) -> None:
    clerk = sign_in_staff(talking, ("clerk", "hall", uuid4()))
    boss = sign_in_staff(talking, ("supervisor", "district", None))
    assert http.get("/api/v1/staff/messages", headers=clerk).status_code == 403
    assert http.get(f"/api/v1/staff/messages/{uuid4()}", headers=clerk).status_code == 403
    assert http.get(f"/api/v1/staff/messages/{uuid4()}", headers=boss).status_code == 404
