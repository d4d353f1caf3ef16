"""The codec of WeChat's pushes against the examples that its vendor publishes."""

import json
import secrets
from typing import Any

import pytest

from backend.integrations import wechat_push
from backend.integrations.wechat import PushCodec, PushRejected
from backend.integrations.wechat_push import parse, sign

# The example of the service accounts' WXBizMsgCrypt (2014), in five programming languages.
SPAM = PushCodec("spamtest", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx2c2769f8efd9abc2")
SPAM_ENCRYPT = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PG"
    "HQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6"
    "tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp"
    "3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhv"
    "Ql+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)
SPAM_SIGNED = ("5d197aaffba7e9b25a30732f161a50dee96bd5fa", "1409735669", "1320562132")
# Compatible mode: the plain fields stand beside the sealed ones, and are not what is read.
SPAM_XML = (
    "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>"
    "<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>"
    "<CreateTime>1409735668</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[abcdteT]]></Content><MsgId>6054768590064713728</MsgId>"
    f"<Encrypt><![CDATA[{SPAM_ENCRYPT}]]></Encrypt></xml>"
)

# The example of WeCom's WXBizMsgCrypt.
WECOM = PushCodec("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
WECOM_ENCRYPT = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUp"
    "j911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue"
    "06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+"
    "3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH"
    "27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8"
    "R07+qN+E7Q=="
)
WECOM_SIGNED = ("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149")
WECOM_XML = (
    "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>"
    f"<Encrypt><![CDATA[{WECOM_ENCRYPT}]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>"
)
WECOM_ECHO = (
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
)
WECOM_ECHO_SIGNED = ("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780")

# The example of the mini-program's own documentation (safe mode, JSON).
MINI = PushCodec("AAAAA", "A" * 43, "wxba5fad812f8e6fb9")
MINI_ENCRYPT = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcv"
    "ZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3F"
    "n2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSe"
    "OBrebufAlr7F9mFUPAJGj04="
)
MINI_SIGNED = ("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "1714112445", "415670741")


def test_the_service_account_s_example_opens() -> None:
    text = SPAM.decrypt(SPAM_XML, *SPAM_SIGNED)
    message = parse(text)
    assert (message["MsgType"], message["Content"]) == ("text", "abcdteT")
    assert message["MsgId"] == "6054768590064713728"
    assert SPAM.decrypt({"Encrypt": SPAM_ENCRYPT}, *SPAM_SIGNED) == text


def test_wecom_s_examples_open() -> None:
    message = parse(WECOM.decrypt(WECOM_XML, *WECOM_SIGNED))
    assert (message["Content"], message["MsgId"]) == ("hello", "4561255354251345929")
    assert WECOM.decrypt({"Encrypt": WECOM_ECHO}, *WECOM_ECHO_SIGNED) == "1616140317555161061"


def test_the_mini_program_s_example_opens() -> None:
    body = {"ToUserName": "gh_97417a04a28d", "Encrypt": MINI_ENCRYPT}
    for given in (body, json.dumps(body), json.dumps(body).encode()):
        assert json.loads(MINI.decrypt(given, *MINI_SIGNED)) == {
            "ToUserName": "gh_97417a04a28d", "FromUserName": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
            "CreateTime": 1714112445, "MsgType": "event", "Event": "debug_demo",
            "debug_str": "hello world",
        }  # fmt: skip


def test_the_address_check_of_the_documentation_is_right() -> None:
    assert MINI.verify("f464b24fc39322e44b38aa78f5edd27bd1441696", "1714036504", "1514711492")
    assert not MINI.verify("f464b24fc39322e44b38aa78f5edd27bd1441697", "1714036504", "1514711492")


def test_the_answer_of_the_documentation_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda count: b"707722b803182950"[:count])
    made = parse(MINI.encrypt('{"demo_resp":"good luck"}', "1713424427", "415670741"))
    assert made == {
        "Encrypt": (
            "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
        ),
        "MsgSignature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        "TimeStamp": "1713424427",
        "Nonce": "415670741",
    }


def test_a_time_and_a_nonce_may_be_given_as_numbers() -> None:
    envelope = MINI.encrypt("你好", 1713424427, 415670741)  # type: ignore[arg-type]  # as some do
    signature = parse(envelope)["MsgSignature"]
    for timestamp, nonce in ((1713424427, 415670741), ("1713424427", "415670741")):
        assert MINI.decrypt(envelope, signature, timestamp, nonce) == "你好"  # type: ignore[arg-type]  # as some do


@pytest.mark.parametrize(
    ("codec", "body", "signed"),
    [
        (SPAM, SPAM_XML, SPAM_SIGNED),
        (WECOM, WECOM_XML, WECOM_SIGNED),
        (MINI, {"Encrypt": MINI_ENCRYPT}, MINI_SIGNED),
    ],
)
def test_one_changed_character_makes_each_example_a_forgery(
    codec: PushCodec, body: Any, signed: tuple[str, str, str]
) -> None:
    signature, timestamp, nonce = signed
    wrong = ("0" if signature[-1] != "0" else "1").join((signature[:-1], ""))
    for given in (wrong, signature.upper(), "", None):
        with pytest.raises(PushRejected) as refused:
            codec.decrypt(body, given, timestamp, nonce)  # type: ignore[arg-type]  # a missing one
        assert refused.value.reason == "forged"
    for other in ((timestamp, nonce + "1"), (timestamp + "1", nonce)):
        with pytest.raises(PushRejected, match="forged"):
            codec.decrypt(body, signature, *other)


def test_an_example_for_another_account_is_foreign() -> None:
    stranger = PushCodec("AAAAA", "A" * 43, "wx0000000000000000")
    with pytest.raises(PushRejected) as refused:
        stranger.decrypt({"Encrypt": MINI_ENCRYPT}, *MINI_SIGNED)
    assert refused.value.reason == "foreign"
    shorter = PushCodec("AAAAA", "A" * 43, "wxba5fad812f8e6fb")
    with pytest.raises(PushRejected, match="foreign"):
        shorter.decrypt({"Encrypt": MINI_ENCRYPT}, *MINI_SIGNED)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "<xml/>",
        "<a/>",
        {},
        {"Encrypt": None},
        {"Encrypt": 7},
        None,
        b"<xml/>",
        b"\xff",
        [1],
    ],
)
def test_what_holds_nothing_sealed_is_malformed(body: Any) -> None:
    with pytest.raises(PushRejected) as refused:
        MINI.decrypt(body, *MINI_SIGNED)
    assert refused.value.reason == "malformed"


@pytest.mark.parametrize("sealed", ["", "=", "中文", "\ud800", "AAAA", "A" * 64, MINI_ENCRYPT[:-8]])
def test_signed_rubbish_is_malformed(sealed: str) -> None:
    signature = sign("AAAAA", "1", "2", sealed)
    with pytest.raises(PushRejected) as refused:
        MINI.decrypt({"Encrypt": sealed}, signature, "1", "2")
    assert refused.value.reason == "malformed"


def test_signature_and_appid_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is told by the time: both go through `compare_digest`, whole, whatever they are."""
    compared: list[tuple[Any, Any]] = []
    real = wechat_push.hmac.compare_digest

    def watched(right: Any, given: Any) -> bool:
        compared.append((right, given))
        return bool(real(right, given))

    monkeypatch.setattr(wechat_push.hmac, "compare_digest", watched)
    MINI.decrypt({"Encrypt": MINI_ENCRYPT}, *MINI_SIGNED)
    right = MINI_SIGNED[0].encode()
    assert compared == [(right, right), (b"wxba5fad812f8e6fb9", b"wxba5fad812f8e6fb9")]
    compared.clear()
    with pytest.raises(PushRejected, match="forged"):
        MINI.decrypt({"Encrypt": MINI_ENCRYPT}, "0" * 40, *MINI_SIGNED[1:])
    assert compared == [(right, b"0" * 40)]
    compared.clear()
    assert not MINI.verify("f" * 40, "1714036504", "1514711492")
    assert len(compared) == 1


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "!" * 43, "中" * 43])
def test_a_key_that_cannot_be_one_is_refused_at_once(key: str) -> None:
    with pytest.raises(ValueError):
        PushCodec("t", key, "wx1")
