"""Text messages over real HTTP: signed requests, and the stand-in that checks them."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from backend.integrations.sms import HttpSmsProvider, SmsError, signature
from tests.standin import Standin

PHONE = "13800001234"


def make(standin: Standin, **changes: Any) -> HttpSmsProvider:
    sms = standin.settings.sms.first
    options = {"app_key": sms.api_key, "app_secret": sms.api_secret, "sign": "岭川政务", **changes}
    return HttpSmsProvider(standin.url, **options)


def test_a_text_arrives_with_its_signature(standin: Standin) -> None:
    assert make(standin).send(PHONE, "验证码 123456").startswith("sms-")
    (row,) = standin.get("/demo/sms", phone=PHONE)["items"]
    assert row["text"] == "【岭川政务】验证码 123456"
    assert standin.get("/demo/sms", phone="13800009999")["items"] == []


def test_the_same_reference_is_one_text(standin: Standin) -> None:
    provider = make(standin)
    first = provider.send(PHONE, "一", reference="r1")
    assert provider.send(PHONE, "一", reference="r1") == first
    assert provider.send(PHONE, "一") != provider.send(PHONE, "一")
    assert len(standin.get("/demo/sms")["items"]) == 3


@pytest.mark.parametrize(
    ("changes", "phone", "text", "kind", "code"),
    [
        ({"app_secret": "wrong"}, PHONE, "x", "busy", "bad_signature"),
        ({"app_key": "wrong"}, PHONE, "x", "busy", "bad_signature"),
        ({}, "12", "x", "refused", "bad_number"),
        ({}, PHONE, "", "refused", "bad_text"),
        ({}, PHONE, "长" * 501, "refused", "bad_text"),
    ],
)
def test_refusals_are_told_apart(
    standin: Standin, changes: dict[str, str], phone: str, text: str, kind: str, code: str
) -> None:
    with pytest.raises(SmsError) as refused:
        make(standin, **changes).send(phone, text)
    assert (refused.value.kind, refused.value.code) == (kind, code)
    assert phone not in str(refused.value)


def test_trouble_on_the_way_says_whether_it_may_have_arrived(standin: Standin) -> None:
    standin.fault("/sms/messages", status=500)
    with pytest.raises(SmsError) as busy:
        make(standin).send(PHONE, "x")
    assert busy.value.kind == "busy"
    standin.fault("/sms/messages", delay=1.0)
    with pytest.raises(SmsError) as unclear:
        make(standin, timeout=(0.5, 0.3)).send(PHONE, "x")
    assert unclear.value.kind == "unclear"
    with pytest.raises(SmsError) as gone:
        HttpSmsProvider("http://127.0.0.1:9", "k", "s", sign="x").send(PHONE, "x")
    assert gone.value.kind == "unreachable"


def test_altered_replayed_and_old_requests_are_refused(standin: Standin) -> None:
    sms = standin.settings.sms.first
    http = requests.Session()
    http.trust_env = False

    def post(body: bytes, stamp: str, nonce: str, signed: bytes | None = None) -> Any:
        headers = {
            "Content-Type": "application/json", "X-App-Key": sms.api_key, "X-Timestamp": stamp,
            "X-Nonce": nonce,
            "X-Signature": signature(sms.api_secret, stamp, nonce, signed or body),
        }  # fmt: skip
        reply = http.post(f"{standin.url}/sms/messages", data=body, headers=headers, timeout=5)
        return reply.status_code, reply.json().get("code")

    body = json.dumps({"to": PHONE, "text": "x"}).encode()
    now = str(int(time.time()))
    assert post(body, now, "n1") == (202, None)
    assert post(body, now, "n1") == (401, "replayed")
    assert post(body, now, "n2", signed=b"other") == (401, "bad_signature")
    assert post(body, str(int(time.time()) - 600), "n3") == (401, "stale")
    http.close()


def test_the_stand_in_keeps_its_texts_over_a_restart(tmp_path: Path) -> None:
    first = Standin(tmp_path)
    make(first).send(PHONE, "还在")
    first.close()
    second = Standin(tmp_path)
    assert len(second.get("/demo/sms")["items"]) == 1
    second.close()
