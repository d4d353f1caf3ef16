"""Message settings, consents and the inbox's topics, as the resident's phone uses them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from backend.domains.messages.kinds import KINDS
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox
from tests.conftest import KeyedClient
from tests.people import sign_in_person
from tests.web import web_app

SETTINGS = "/api/v1/me/message-settings"
GRANTS = "/api/v1/me/notification-grants"
WITHDRAWALS = "/api/v1/me/notification-withdrawals"
HISTORY = "/api/v1/me/notification-history"


NAMES = (
    "appointment_id", "item_name", "hall_name", "hall_address", "hall_floor", "receipt_number",
    "reason_text", "subject_id", "title", "place", "topic_id", "number", "state_text", "words",
)  # fmt: skip


@pytest.fixture
def http(talking: Services) -> FlaskClient:
    app = web_app(talking)
    app.test_client_class = KeyedClient
    return app.test_client()


def tell(services: Services, person: UUID, kind: str) -> UUID:
    found = KINDS[kind]
    with services.unit() as uow:
        moments = dict.fromkeys(("start", "starts_at", "at", "until", "due"), uow.now)
        made = outbox.enqueue(
            uow.session, uow.now, found, person_key=person, subject=Subject("matter", uuid4()),
            dedupe_key=uuid4().hex, values={**dict.fromkeys(NAMES, "值"), **moments},
        )  # fmt: skip
    assert made is not None
    services.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]  # fixed
    return made


def topic(answer: Any, key: str) -> dict[str, Any]:
    return next(row for row in answer["topics"] if row["topic"] == key)


def way(answer: Any, key: str, name: str) -> dict[str, Any]:
    return next(row for row in topic(answer, key)["ways"] if row["way"] == name)


def test_settings_name_what_is_always_told_and_what_a_switch_decides(
    talking: Services, http: FlaskClient
) -> None:
    me = sign_in_person(talking, phone="13800001111")
    found = http.get(SETTINGS, headers=me).get_json()
    mine = topic(found, "appointments")
    assert mine["name"] == "预约和叫号"
    assert {"叫号", "预约取消"} <= set(mine["always"])
    assert {"预约成功", "前一天提醒"} <= set(mine["optional"])
    assert not set(mine["always"]) & set(mine["optional"])
    assert [(row["way"], row["can_mute"], row["on"]) for row in mine["ways"]] == [
        ("wechat", True, True), ("sms", True, True),
    ]  # fmt: skip
    assert found["reach"] == {"wechat": False, "sms": True}
    # Work is for those who work here.
    assert {row["topic"] for row in found["topics"]}.isdisjoint({"work", "knowledge"})


def test_a_switch_is_kept_for_this_person_and_can_be_turned_back(
    talking: Services, http: FlaskClient
) -> None:
    me, other = sign_in_person(talking), sign_in_person(talking)
    body = {"topic": "appointments", "way": "wechat", "on": False}
    off = http.patch(SETTINGS, headers=me, json=body)
    assert off.status_code == 200
    assert way(off.get_json(), "appointments", "wechat")["on"] is False
    assert way(off.get_json(), "appointments", "sms")["on"] is True
    assert way(http.get(SETTINGS, headers=other).get_json(), "appointments", "wechat")["on"] is True
    back = http.patch(SETTINGS, headers=me, json={**body, "on": True}).get_json()
    assert way(back, "appointments", "wechat")["on"] is True


def test_what_must_be_told_cannot_be_switched_off(talking: Services, http: FlaskClient) -> None:
    me = sign_in_person(talking)
    answer = http.patch(SETTINGS, headers=me, json={"topic": "homes", "way": "sms", "on": False})
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "cannot_be_muted"
    assert way(http.get(SETTINGS, headers=me).get_json(), "homes", "sms")["can_mute"] is False


@pytest.mark.parametrize(
    "body",
    [
        {}, {"topic": "weather", "way": "sms", "on": False},
        {"topic": "life", "way": "pigeon", "on": False},
        {"topic": "life", "way": "sms", "on": False},  # nothing of it goes out by text message
        {"topic": "life", "way": "wechat", "on": "perhaps"},
        {"topic": "life", "way": "wechat", "on": True, "more": 1},
    ],
)  # fmt: skip
def test_wrong_switches_are_refused(
    talking: Services, http: FlaskClient, body: dict[str, Any]
) -> None:
    answer = http.patch(SETTINGS, headers=sign_in_person(talking), json=body)
    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_the_inbox_is_read_by_topic_and_by_what_is_new(
    talking: Services, http: FlaskClient
) -> None:
    me = sign_in_person(talking)
    first = tell(talking, me.id, "appointment_finished")
    for kind in ("appointment_finished", "activity_changed", "topic_stage", "welcome"):
        tell(talking, me.id, kind)
    http.post(f"/api/v1/messages/{first}/read", headers=me)
    page = http.get("/api/v1/messages", headers=me).get_json()
    assert [(row["topic"], row["total"], row["unread"]) for row in page["topics"]] == [
        ("appointments", 2, 1), ("council", 1, 1), ("life", 1, 1), ("account", 1, 1),
    ]  # fmt: skip
    assert page["unread"] == 4
    assert page["items"][0]["topic_text"] == "账号"
    narrowed = http.get("/api/v1/messages?topic=appointments&unread=true", headers=me).get_json()[
        "items"
    ]
    assert [row["topic"] for row in narrowed] == ["appointments"]
    assert narrowed[0]["id"] != str(first)
    body = {"topic": "life"}
    done = http.post("/api/v1/messages/read-all", headers=me, json=body).get_json()
    assert done == {"read": 1, "unread": 3}
    assert http.get("/api/v1/messages?topic=weather", headers=me).status_code == 422


def test_consents_are_listed_withdrawn_and_remembered(talking: Services, http: FlaskClient) -> None:
    me = sign_in_person(talking)
    wechat = talking.settings.wechat
    for template in (wechat.template_booked, wechat.template_council):
        http.post(GRANTS, headers=me, json={"results": {template: "accept"}})
        talking.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # fixed
    rows = {row["key"]: row for row in http.get(GRANTS, headers=me).get_json()["items"]}
    assert (rows["booked"]["remaining"], rows["booked"]["long_term"]) == (1, False)
    assert (rows["council"]["long_term"], rows["council"]["can_stand"]) == (True, True)
    assert "议题进展" in rows["council"]["kinds"]
    assert "task" not in rows
    wanted = {"template_ids": [wechat.template_booked, wechat.template_council, "unheard-of"]}
    left = http.post(WITHDRAWALS, headers=me, json=wanted)
    assert left.status_code == 200
    assert not any(row["remaining"] or row["long_term"] for row in left.get_json()["items"])
    told = http.get(f"{HISTORY}?limit=3", headers=me).get_json()
    assert len(told["items"]) == 3
    rest = http.get(f"{HISTORY}?cursor={told['next_cursor']}", headers=me).get_json()["items"]
    entries = [(row["title"], row["text"]) for row in told["items"] + rest]
    assert sorted(entries[:2]) == [("议事投票提醒", "您收回了"), ("预约成功提醒", "您收回了")]
    assert entries[2:] == [("议事投票提醒", "您同意了"), ("预约成功提醒", "您同意了")]


def test_a_consent_of_another_person_is_out_of_reach(talking: Services, http: FlaskClient) -> None:
    me, other = sign_in_person(talking), sign_in_person(talking)
    template = talking.settings.wechat.template_booked
    http.post(GRANTS, headers=other, json={"results": {template: "accept"}})
    http.post(WITHDRAWALS, headers=me, json={"template_ids": [template]})
    kept = {row["key"]: row for row in http.get(GRANTS, headers=other).get_json()["items"]}
    assert kept["booked"]["remaining"] == 1
    assert http.get(HISTORY, headers=me).get_json()["items"] == []


@pytest.mark.parametrize("body", [{}, {"template_ids": []}, {"template_ids": ["x" * 200]}])
def test_an_empty_withdrawal_is_refused(
    talking: Services, http: FlaskClient, body: dict[str, Any]
) -> None:
    assert http.post(WITHDRAWALS, headers=sign_in_person(talking), json=body).status_code == 422


def test_a_template_no_longer_in_use_is_listed_while_something_is_left_of_it(
    talking: Services, http: FlaskClient
) -> None:
    from notifications import consent

    me = sign_in_person(talking)
    with talking.unit() as uow:
        consent.report(uow.session, uow.now, me.id, "gone", "accept", source="page")
    rows = http.get(GRANTS, headers=me).get_json()["items"]
    assert [(row["title"], row["remaining"]) for row in rows if row["template_id"] == "gone"] == [
        ("不再使用的提醒", 1)
    ]
    http.post(WITHDRAWALS, headers=me, json={"template_ids": ["gone"]})
    rows = http.get(GRANTS, headers=me).get_json()["items"]
    assert "gone" not in {row["template_id"] for row in rows}


def test_waiting_messages_are_counted_so_that_a_page_asks_for_as_many(
    talking: Services, http: FlaskClient
) -> None:
    me = sign_in_person(talking)
    tell(talking, me.id, "appointment_reminder_day")
    tell(talking, me.id, "appointment_reminder_day")
    rows = {row["key"]: row["waiting"] for row in http.get(GRANTS, headers=me).get_json()["items"]}
    assert (rows["reminder"], rows["booked"]) == (2, 0)
