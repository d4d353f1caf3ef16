"""Reports of text messages over HTTP: two providers, signed in two dialects, and what goes wrong."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend import config
from backend.app import compose
from backend.demo.standin_reports import Misdeed, written
from backend.domains.messages import pushes
from backend.domains.messages.kinds import KINDS
from backend.domains.messages.push_model import WeChatPush
from backend.integrations.sms import SmsError, signature
from backend.integrations.sms_form import FormSmsProvider, form_signature
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox
from notifications.model import DeliveryAttempt, OutboxMessage
from tests.people import sign_in_person
from tests.standin import Standin
from tests.web import web_app

PHONE = "13800001234"


@pytest.fixture
def both(tmp_path: Path) -> Any:
    made = Standin(tmp_path / "two", two_providers=True)
    yield made
    made.close()


@pytest.fixture
def talking(base_environ: Any, postgres: Any, db: Any, clock: Any, valkey: Any, both: Any) -> Services:  # fmt: skip
    environ = {**base_environ, **both.environ, "DATABASE_URL": postgres.url_of("shared")}
    made = compose(config.load(environ), database=db, clock=clock)
    made.redis.client.flushall()
    return made


class Provider:
    """A provider's side of the callback."""

    def __init__(self, services: Services, name: str) -> None:
        self.services, self.name = services, name
        self.account = next(one for one in services.settings.sms.accounts if one.name == name)
        self.client: FlaskClient = web_app(services).test_client()
        self.path = f"/sms/reports/{name}"

    def stamp(self) -> str:
        return str(int(self.services.clock.now().timestamp()))

    def post(self, rows: Any, *, secret: str = "", stamp: str = "", nonce: str = "") -> Any:
        stamp, nonce = stamp or self.stamp(), nonce or secrets.token_hex(8)
        secret = secret or self.account.api_secret
        if self.account.dialect == "json":
            return self.raw(json.dumps({"reports": rows}).encode(), secret, stamp, nonce)
        fields = {"appid": self.account.api_key, "events": json.dumps(rows), "timestamp": stamp,
                  "nonce": nonce}  # fmt: skip
        fields["signature"] = form_signature(secret, fields)
        return self.client.post(self.path, data=urlencode(fields).encode())

    def raw(self, body: bytes, secret: str, stamp: str, nonce: str) -> Any:
        headers = {
            "X-App-Key": self.account.api_key, "X-Timestamp": stamp, "X-Nonce": nonce,
            "X-Signature": signature(secret, stamp, nonce, body, self.path),
        }  # fmt: skip
        return self.client.post(self.path, data=body, headers=headers)

    def row(self, number: str, ok: bool = True) -> dict[str, Any]:
        if self.account.dialect == "json":
            return {"message_id": number, "status": "delivered" if ok else "failed",
                    "code": "DELIVRD" if ok else "UNDELIV", "phone": PHONE}  # fmt: skip
        return {"send_id": number, "event": "delivered" if ok else "dropped",
                "report": "DELIVRD" if ok else "UNDELIV", "address": PHONE}  # fmt: skip

    def between(self, number: str) -> dict[str, Any]:
        """A report of a state that is not the last."""
        return {**self.row(number), "status": "sent", "event": "sending"}


@pytest.fixture(params=["sms_a", "sms_b"])
def provider(talking: Services, request: Any) -> Provider:
    return Provider(talking, request.param)


def tell(services: Services) -> OutboxMessage:
    """A text taken by a provider."""
    person = sign_in_person(services, phone=PHONE)
    with services.unit() as uow:
        told = outbox.enqueue(
            uow.session, uow.now, KINDS["ticket_received"], person_key=person.id,
            subject=Subject("ticket", new_id()), dedupe_key=secrets.token_hex(8), ladder=("sms",),
            values={"title": "路灯不亮", "number": "R261123-482073-5", "next_text": "",
                    "ticket_id": "x", "at": uow.now, "place": "桂香苑"},
        )  # fmt: skip
    services.delivery.run_once()
    assert told is not None
    return read(services, told)


def read(services: Services, message_id: Any) -> OutboxMessage:
    with services.unit() as uow:
        return uow.session.get_one(OutboxMessage, message_id, populate_existing=True)


def stored(services: Services) -> list[WeChatPush]:
    with services.unit() as uow:
        return list(uow.session.scalars(select(WeChatPush)))


def taken_by(services: Services, both: Standin, name: str) -> OutboxMessage:
    """A text that this provider took: the other one is down."""
    other = {"sms_a": "/sms-b/send", "sms_b": "/sms/messages"}[name]
    both.fault(other, times=1, status=503)
    row = tell(services)
    if row.status != "accepted":
        services.delivery.run_once()
        row = read(services, row.id)
    both.fault("/", times=0)
    assert row.provider == name
    return row


def test_a_report_is_stored_first_and_moves_the_message_after(
    talking: Services, both: Standin, provider: Provider
) -> None:
    row = taken_by(talking, both, provider.name)
    number = row.provider_msgid.partition(":")[2]
    answer = provider.post([provider.between(number), provider.row(number)])
    assert answer.status_code == 200
    assert answer.text in ('{"received": true}', "SUCCESS")
    (kept,) = stored(talking)
    assert PHONE.encode() not in kept.sealed
    assert read(talking, row.id).status == "accepted"
    pushes.handle_stored(talking)
    assert read(talking, row.id).status == "delivered"


def test_a_failed_text_is_seen_with_the_network_s_reason(
    talking: Services, both: Standin, provider: Provider
) -> None:
    row = taken_by(talking, both, provider.name)
    provider.post([provider.row(row.provider_msgid.partition(":")[2], ok=False)])
    pushes.handle_stored(talking)
    row = read(talking, row.id)
    assert (row.status, row.last_errcode) == ("permanent_failure", "receipt")
    assert "没有送到" in row.last_error


def test_duplicates_change_nothing_and_states_only_move_forward(
    talking: Services, both: Standin, provider: Provider
) -> None:
    row = taken_by(talking, both, provider.name)
    number = row.provider_msgid.partition(":")[2]
    for ok in (True, True, False):
        assert provider.post([provider.row(number, ok)]).status_code == 200
    assert len(stored(talking)) == 2, "the same words are kept once"
    pushes.handle_stored(talking)
    assert read(talking, row.id).status == "delivered"


def test_one_provider_cannot_speak_for_the_other(talking: Services, both: Standin) -> None:
    row = taken_by(talking, both, "sms_a")
    other = Provider(talking, "sms_b")
    other.post([other.row(row.provider_msgid.partition(":")[2], ok=False)])
    pushes.handle_stored(talking)
    assert read(talking, row.id).status == "accepted"


def test_forged_stale_and_replayed_callbacks_are_refused(provider: Provider) -> None:
    rows = [provider.row("sms-1")]
    assert provider.post(rows, secret="wrong").status_code == 403
    old = str(int(provider.services.clock.now().timestamp() - timedelta(minutes=6).total_seconds()))
    assert provider.post(rows, stamp=old).status_code == 403
    assert provider.post(rows, nonce="n-1").status_code == 200
    assert provider.post(rows, nonce="n-1").status_code == 403
    assert len(stored(provider.services)) == 1


@pytest.mark.parametrize("rows", [
    None, 1, "x", {}, [1], [{}], [None], [{"message_id": "", "send_id": ""}],
    [{"message_id": "a", "status": 1, "send_id": "a", "event": 1}], [{"status": "delivered"}],
    [{"message_id": "x", "status": "delivered", "send_id": "x", "event": "delivered"}] * 1001,
])  # fmt: skip
def test_malformed_bodies_are_bad_requests(provider: Provider, rows: Any) -> None:
    expected = {400} if rows != {} else {400, 200}
    assert provider.post(rows).status_code in expected
    assert provider.post([provider.row("sms-1")]).status_code == 200, "and nothing is broken"


def test_what_is_no_form_or_json_at_all_is_refused(talking: Services) -> None:
    a, b = Provider(talking, "sms_a"), Provider(talking, "sms_b")
    for body in (b"", b"{", b"\xff\xfe", b"[" * 5000):
        assert a.raw(body, a.account.api_secret, a.stamp(), "n").status_code == 400
    assert b.client.post(b.path, data=b"\xff").status_code in (400, 403)
    assert b.client.post(b.path, data=b"appid=a&appid=b").status_code == 400
    assert a.client.post(a.path, data=b"x" * 300_000).status_code in (403, 413)
    assert a.client.post("/sms/reports/nobody", data=b"").status_code == 403


def test_the_two_dialects_are_spoken_and_told_apart(talking: Services, both: Standin) -> None:
    account = talking.settings.sms.second
    form = FormSmsProvider(account.api_url, account.api_key, account.api_secret, sign="岭川政务")
    first = form.send(PHONE, "验证码 123456", reference="r1")
    assert form.send(PHONE, "验证码 123456", reference="r1") == first
    (text,) = both.get("/demo/sms", phone=PHONE)["items"]
    assert text["text"] == "【岭川政务】验证码 123456"
    for phone, words, kind in (("12", "x", "refused"), (PHONE, "", "refused")):
        with pytest.raises(SmsError) as refused:
            form.send(phone, words)
        assert refused.value.kind == kind
    wrong = FormSmsProvider(account.api_url, account.api_key, "wrong", sign="岭川政务")
    with pytest.raises(SmsError) as busy:
        wrong.send(PHONE, "x")
    assert (busy.value.kind, busy.value.code) == ("busy", "101")
    both.fault("/sms-b/send", status=503)
    with pytest.raises(SmsError) as down:
        form.send(PHONE, "x")
    assert down.value.kind == "busy"
    both.fault("/sms-b/send", drop=True)
    with pytest.raises(SmsError) as unclear:
        form.send(PHONE, "x")
    assert unclear.value.kind == "unclear"
    with pytest.raises(SmsError) as gone:
        FormSmsProvider("http://127.0.0.1:9", "k", "s", sign="x").send(PHONE, "x")
    assert gone.value.kind == "unreachable"


def test_a_sign_in_code_takes_the_other_provider_when_one_is_down(
    talking: Services, both: Standin
) -> None:
    for path in ("/sms/messages", "/sms-b/send"):
        both.fault(path, times=10, status=503)
        talking.sms.send(PHONE, "验证码 123456")
        both.fault("/", times=0)
    providers = [row["provider"] for row in both.store.rows("SELECT provider FROM sms ORDER BY id")]
    assert providers == ["sms_b", "sms_a"]
    both.fault("/sms", times=10, status=503)
    with pytest.raises(SmsError):
        talking.sms.send(PHONE, "验证码 123456")
    with pytest.raises(SmsError) as refused:
        talking.sms.send("12", "验证码 123456")
    assert refused.value.kind in ("refused", "busy")


def test_the_stand_in_reports_what_became_of_a_text(talking: Services, both: Standin) -> None:
    """Really posted, in both dialects; the clock of the service is the present here."""
    for name in ("sms_a", "sms_b"):
        provider = Provider(talking, name)
        talking.clock.set(datetime.now(UTC))  # type: ignore[attr-defined]  # fixed
        url = f"http://127.0.0.1:1{provider.path}"
        body, headers = written(url, provider.account, "sms-7", Misdeed(failed=True))
        assert provider.client.post(provider.path, data=body, headers=headers).status_code == 200
        forged, headers = written(url, provider.account, "sms-7", Misdeed(forged=True))
        assert provider.client.post(provider.path, data=forged, headers=headers).status_code == 403


def test_attempts_name_their_provider(talking: Services, both: Standin) -> None:
    row = taken_by(talking, both, "sms_b")
    with talking.unit() as uow:
        named = uow.session.scalars(
            select(DeliveryAttempt.provider).where(DeliveryAttempt.outbox_id == row.id)
        ).all()
    assert "sms_b" in named
    assert row.provider_msgid.startswith("sms_b:sms-")
