"""WeChat's message push: good, forged, foreign, replayed, stale and malformed."""

import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from wechatpy.crypto import WeChatCrypto

from backend.demo.openids import demo_openid
from backend.domains.messages import grants, pushes
from backend.domains.messages.push_model import WeChatPush
from backend.integrations.wechat import PushCodec, PushRejected
from backend.integrations.wechat_push import sign
from backend.kernel.services import Services
from tests.people import sign_in_person
from tests.web import web_app

OPENID = demo_openid("push-test")
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


class Sender:
    """WeChat's side of the push."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.client: FlaskClient = web_app(services).test_client()
        wechat = services.settings.wechat
        self.token, self.key, self.app_id = (
            wechat.push_token, wechat.push_aes_key, wechat.app_id,
        )  # fmt: skip

    def query(self, sealed: str, **changes: str) -> dict[str, str]:
        timestamp = str(int(self.services.clock.now().timestamp()))
        query = {"timestamp": timestamp, "nonce": secrets.token_hex(8), "encrypt_type": "aes"}
        query.update(changes)
        query.setdefault(
            "msg_signature", sign(self.token, query["timestamp"], query["nonce"], sealed)
        )
        return query

    def push(
        self, message: dict[str, Any] | str, *, xml: bool = False, app_id: str = "", **changes: str
    ) -> Any:
        text = message if isinstance(message, str) else json.dumps(message)
        sealed = PushCodec(self.token, self.key, app_id or self.app_id).seal(text)
        body = f"<xml><Encrypt>{sealed}</Encrypt></xml>" if xml else json.dumps({"Encrypt": sealed})
        return self.client.post(
            "/wechat/push", query_string=self.query(sealed, **changes), data=body
        )

    def stored(self) -> list[WeChatPush]:
        with self.services.unit() as uow:
            return list(uow.session.scalars(select(WeChatPush)))


def popup(*items: dict[str, str], event: str = "subscribe_msg_popup_event") -> dict[str, Any]:
    return {
        "ToUserName": "gh", "FromUserName": OPENID, "CreateTime": 1, "MsgType": "event",
        "Event": event, "List": items[0] if len(items) == 1 else list(items),
    }  # fmt: skip


def accepted(template: str) -> dict[str, str]:
    return {"TemplateId": template, "SubscribeStatusString": "accept", "PopupScene": "0"}


@pytest.fixture
def sender(talking: Services) -> Sender:
    return Sender(talking)


@pytest.fixture
def person(talking: Services) -> UUID:
    return sign_in_person(talking, mini_openid=OPENID).id


def remaining(services: Services, person: UUID) -> dict[str, int]:
    with services.unit() as uow:
        return {row["template_id"]: row["remaining"] for row in grants.show(uow, person)}


def test_the_address_check_echoes(sender: Sender) -> None:
    good = {"timestamp": "1", "nonce": "n", "echostr": "hello"}
    good["signature"] = sign(sender.token, "1", "n")
    answer = sender.client.get("/wechat/push", query_string=good)
    assert (answer.status_code, answer.text) == (200, "hello")
    assert answer.mimetype == "text/plain"
    for wrong in ({**good, "signature": "0" * 40}, {**good, "nonce": "m"}, {}):
        assert sender.client.get("/wechat/push", query_string=wrong).status_code == 403


def test_a_push_is_stored_first_and_handled_after(sender: Sender, person: UUID) -> None:
    services = sender.services
    template = services.settings.wechat.template_booked
    answer = sender.push(popup(accepted(template)))
    assert (answer.status_code, answer.text) == (200, "success")
    assert remaining(services, person)[template] == 0
    (row,) = sender.stored()
    assert OPENID.encode() not in row.sealed
    assert services.delivery.run_once() >= 1
    assert remaining(services, person)[template] == 1
    (row,) = sender.stored()
    assert row.handled_at is not None
    assert row.sealed == b""
    assert pushes.handle_stored(services) == 0


@pytest.mark.parametrize("xml", [False, True])
def test_xml_and_json_one_item_and_several(sender: Sender, person: UUID, xml: bool) -> None:
    wechat = sender.services.settings.wechat
    if xml:
        items = "".join(
            f"<List><TemplateId>{template}</TemplateId>"
            "<SubscribeStatusString>accept</SubscribeStatusString></List>"
            for template in (wechat.template_booked, wechat.template_called)
        )
        text = (
            f"<xml><FromUserName>{OPENID}</FromUserName><CreateTime>1</CreateTime>"
            "<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event>"
            f"<SubscribeMsgPopupEvent>{items}</SubscribeMsgPopupEvent></xml>"
        )
        assert sender.push(text, xml=True).status_code == 200
    else:
        both = (accepted(wechat.template_booked), accepted(wechat.template_called))
        assert sender.push(popup(*both)).status_code == 200
    pushes.handle_stored(sender.services)
    found = remaining(sender.services, person)
    assert (found[wechat.template_booked], found[wechat.template_called]) == (1, 1)


def test_a_withdrawal_takes_the_grants(sender: Sender, person: UUID) -> None:
    template = sender.services.settings.wechat.template_booked
    sender.push(popup(accepted(template)))
    off = {"TemplateId": template, "SubscribeStatusString": "reject"}
    sender.push(popup(off, event="subscribe_msg_change_event"))
    pushes.handle_stored(sender.services)
    assert remaining(sender.services, person)[template] == 0


def test_a_stranger_s_push_is_taken_and_changes_nothing(sender: Sender) -> None:
    assert sender.push(popup(accepted("x"))).status_code == 200
    assert sender.push({**popup(), "Event": "enter"}).status_code == 200
    assert pushes.handle_stored(sender.services) == 2


def test_forgeries_are_refused(sender: Sender) -> None:
    message = popup(accepted("x"))
    assert sender.push(message, msg_signature="0" * 40).status_code == 403
    assert sender.push(message, msg_signature="").status_code == 403
    assert sender.push(message, msg_signature="签名").status_code == 403
    assert sender.push(message, encrypt_type="raw").status_code == 403
    assert sender.push(message, app_id="wx-of-somebody-else").status_code == 403
    assert sender.stored() == []


def test_replays_are_refused_and_wechat_s_repetitions_are_kept_once(sender: Sender) -> None:
    message = popup(accepted("x"))
    timestamp = str(int(sender.services.clock.now().timestamp()))
    same = {"timestamp": timestamp, "nonce": "nonce-1"}
    assert sender.push(message, **same).status_code == 200
    assert sender.push(message, **same).status_code == 403
    assert sender.push(popup(accepted("y")), **same).status_code == 403
    assert sender.push(message).status_code == 200
    assert len(sender.stored()) == 1


@pytest.mark.parametrize("seconds", [-301, 301])
def test_old_and_future_pushes_are_refused(sender: Sender, seconds: int) -> None:
    then = sender.services.clock.now() + timedelta(seconds=seconds)
    assert sender.push(popup(), timestamp=str(int(then.timestamp()))).status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"<xml>", b"\xff\xfe", b'{"Encrypt": 3}', b"x"])
def test_malformed_bodies_get_400(sender: Sender, body: bytes) -> None:
    answer = sender.client.post("/wechat/push", query_string=sender.query(""), data=body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("sealed", ["", "!!!", "AAAA", "QUJD" * 8])
def test_signed_rubbish_gets_400(sender: Sender, sealed: str) -> None:
    answer = sender.client.post(
        "/wechat/push", query_string=sender.query(sealed), json={"Encrypt": sealed}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["plain", "{}", '{"MsgType": "event"}', "<xml><a/></xml>"])
def test_well_encrypted_rubbish_gets_400(sender: Sender, text: str) -> None:
    assert sender.push(text).status_code == 400


def test_a_body_that_is_too_large_is_refused(sender: Sender) -> None:
    answer = sender.client.post("/wechat/push", query_string=sender.query(""), data=b"x" * 70_000)
    assert answer.status_code == 413


def test_entities_in_xml_are_not_expanded(sender: Sender) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><xml><Encrypt>&a;</Encrypt></xml>'
    answer = sender.client.post("/wechat/push", query_string=sender.query("a"), data=bomb)
    assert answer.status_code in (400, 403)


def test_without_a_token_there_is_no_push(services: Services) -> None:
    client = web_app(services).test_client()
    assert client.get("/wechat/push").status_code == 403
    query = {"encrypt_type": "aes"}
    assert client.post("/wechat/push", query_string=query, data=b"{}").status_code == 403


def test_a_push_that_cannot_be_handled_waits_and_does_not_hold_up_others(
    sender: Sender, person: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = sender.services
    template = services.settings.wechat.template_booked
    sender.push({**popup(), "List": {"bad": "1"}})
    sender.push(popup(accepted(template)))
    handle = pushes.handle

    def fragile(uow: Any, account: str, message: Any, push_id: UUID) -> None:
        if "bad" in str(message):
            raise ValueError("cannot")
        handle(uow, account, message, push_id)

    monkeypatch.setattr(pushes, "handle", fragile)
    assert pushes.handle_stored(services) == 2
    assert remaining(services, person)[template] == 1
    for _ in range(30):
        services.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # a fixed clock
        pushes.handle_stored(services)
    assert all(row.handled_at for row in sender.stored())
    services.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]  # a fixed clock
    pushes.purge(services)
    assert sender.stored() == []


def test_the_codec_agrees_with_wechatpy_both_ways() -> None:
    ours, theirs = PushCodec("token", KEY, "wx1"), WeChatCrypto("token", KEY, "wx1")
    for text in ("", "你好", "x" * 500, '{"a": 1}'):
        envelope = ours.encrypt(text, "1700000000", "n")
        signature = sign("token", "1700000000", "n", sealed_in(envelope))
        assert theirs.decrypt_message(envelope, signature, "1700000000", "n") == text
        assert ours.decrypt(envelope, signature, "1700000000", "n") == text
        made = theirs.encrypt_message(text, "n", "1700000000")
        signature = sign("token", "1700000000", "n", sealed_in(made))
        assert ours.decrypt(made, signature, "1700000000", "n") == text


def sealed_in(envelope: str) -> str:
    return envelope.split("<Encrypt><![CDATA[")[1].split("]]>", maxsplit=1)[0]


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_whatever_arrives_the_codec_raises_its_own_error_only(
    raw: bytes, timestamp: str, nonce: str
) -> None:
    import base64

    codec = PushCodec("token", KEY, "wx1")
    sealed = base64.b64encode(raw).decode()
    with pytest.raises(PushRejected):
        codec.decrypt({"Encrypt": sealed}, "wrong", timestamp, nonce)
    with pytest.raises(PushRejected):
        codec.decrypt(
            {"Encrypt": sealed}, sign("token", timestamp, nonce, sealed), timestamp, nonce
        )
    with pytest.raises(PushRejected):
        codec.decrypt(raw.decode("latin-1"), "s", timestamp, nonce)


def test_a_key_of_the_wrong_length_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="43"):
        PushCodec("t", "short", "wx1")
