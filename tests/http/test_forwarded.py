"""A message forwarded to the service account, or pasted from a group, becomes an event."""

import json
import secrets
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.demo.openids import demo_openid
from backend.domains.dispatch.intake_model import EventIntake
from backend.domains.dispatch.model import Event, EventCaller
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.identity.service import attach_channel
from backend.domains.messages import pushes
from backend.kernel.services import Services
from tests.people import Headers, SignIn, sign_in_person

OPENID = demo_openid("forward-test", "service")


@pytest.fixture
def follower(services: Services) -> Headers:
    """A resident who follows the service account."""
    person = sign_in_person(services)
    with services.unit() as uow:
        attach_channel(uow, person.id, "service_openid", OPENID)
        uow.session.add(EventCategory(code="lamp", name="路灯不亮", position=1))
    return person


@pytest.fixture
def desk(sign_in_staff: SignIn) -> Headers:
    return sign_in_staff(("dispatcher", "district", None))


def forward(services: Services, text: str, number: int = 1) -> None:
    """WeChat hands a follower's message over, and the worker acts on it."""
    message = {
        "ToUserName": "gh", "FromUserName": OPENID, "CreateTime": 1, "MsgType": "text",
        "Content": text, "MsgId": number,
    }  # fmt: skip
    with services.unit() as uow:
        pushes.store(uow, "service", message, "0", secrets.token_hex(8))
    pushes.handle_stored(services)


def waiting(client: FlaskClient, desk: Headers) -> list[dict[str, Any]]:
    return list(client.get("/api/v1/staff/intakes", headers=desk).get_json()["items"])


@pytest.mark.requirement("004.21")
def test_a_forwarded_message_becomes_an_event_and_its_sender_the_caller(
    services: Services, client: FlaskClient, follower: Headers, desk: Headers
) -> None:
    forward(services, "和平路12号门口路灯不亮了")
    found = waiting(client, desk)
    assert [one["words"] for one in found] == ["和平路12号门口路灯不亮了"]
    made = client.post(
        f"/api/v1/staff/intakes/{found[0]['id']}/event",
        json={"category_code": "lamp", "latitude": 20.5081, "longitude": 115.3042},
        headers=desk,
    )
    assert made.status_code == 201 and made.get_json()["state"] == "converted"
    assert waiting(client, desk) == []
    with services.unit() as uow:
        event = uow.session.get_one(Event, made.get_json()["event_id"])
        assert event.source == "wechat" and event.words == "和平路12号门口路灯不亮了"
        assert uow.session.query(EventCaller).one().person_id == follower.id


def test_the_same_message_delivered_twice_waits_once(
    services: Services, client: FlaskClient, follower: Headers, desk: Headers
) -> None:
    forward(services, "路灯不亮了", number=7)
    forward(services, "路灯不亮了", number=7)
    assert len(waiting(client, desk)) == 1


def test_a_stranger_and_a_greeting_reach_nobody(
    services: Services, client: FlaskClient, desk: Headers, follower: Headers
) -> None:
    forward(services, "你好")
    assert waiting(client, desk) == []


def test_what_was_pasted_waits_message_by_message_with_masked_senders(
    services: Services, client: FlaskClient, desk: Headers, follower: Headers
) -> None:
    text = "李大姐 2026/11/22 9:31\n路口井盖坏了\n\n王小二 9:35\n楼道灯不亮"
    answer = client.post("/api/v1/staff/intakes", json={"text": text}, headers=desk)
    assert answer.status_code == 201
    found = waiting(client, desk)
    assert {one["words"] for one in found} == {"路口井盖坏了", "楼道灯不亮"}
    assert "李大姐" not in json.dumps(found, ensure_ascii=False)
    reason = {"reason": "只是聊天"}
    url = f"/api/v1/staff/intakes/{found[0]['id']}/dismissals"
    assert client.post(url, json=reason, headers=desk).get_json()["state"] == "dismissed"
    again = client.post(url, json=reason, headers=desk)
    assert again.status_code == 409
    aside = client.get("/api/v1/staff/intakes?state=dismissed", headers=desk).get_json()
    assert [one["reason"] for one in aside["items"]] == ["只是聊天"]
    nothing = client.post("/api/v1/staff/intakes", json={"text": "[图片]"}, headers=desk)
    assert nothing.status_code == 422 and "text" in nothing.get_json()["errors"]


def test_a_message_becomes_one_event_however_often_it_is_tried(
    services: Services, client: FlaskClient, follower: Headers, desk: Headers
) -> None:
    forward(services, "路灯不亮了")
    url = f"/api/v1/staff/intakes/{waiting(client, desk)[0]['id']}/event"
    assert client.post(url, json={"category_code": "lamp"}, headers=desk).status_code == 201
    assert client.post(url, json={"category_code": "lamp"}, headers=desk).status_code == 409
    with services.unit() as uow:
        assert uow.session.query(Event).count() == 1


def test_a_closed_account_leaves_no_name_on_its_messages(
    services: Services, client: FlaskClient, follower: Headers
) -> None:
    forward(services, "路灯不亮了")
    client.post("/api/v1/me/close", json={"confirm": "注销账号"}, headers=follower)
    with services.unit() as uow:
        assert uow.session.query(EventIntake).one().person_id is None
