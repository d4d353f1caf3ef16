"""Stand-ins in memory for what identity asks of the outside, and short ways through its forms."""

import re
from types import SimpleNamespace

from backend.demo.register import DemoRealName
from backend.domains.identity.privacy_policy import current_version
from backend.domains.identity.real_name import EXTENSION, Verdict
from backend.integrations.wechat_errors import Fault, WeChatError


class FakeSms:
    """Keeps the texts instead of sending them."""

    def __init__(self):
        self.sent = []
        self.broken = False

    def send(self, phone, text, *, reference=""):
        if self.broken:
            raise ConnectionError("no way out")
        self.sent.append((phone, text))
        return "1"

    def last_code(self):
        return re.search(r"\d{6}", self.sent[-1][1])[0]


class FakeWeChat:
    """Codes look like `openid` or `openid/unionid`; `bad` is refused, `down` does not answer."""

    def code_to_session(self, code):
        if code == "bad":
            raise WeChatError("sns/jscode2session", Fault.BAD_CODE, 40029)
        if code == "risky":
            raise WeChatError("sns/jscode2session", Fault.RISKY_USER, 40226)
        if code == "down":
            raise WeChatError("sns/jscode2session", Fault.UNCLEAR)
        openid, _, unionid = code.partition("/")
        return SimpleNamespace(openid=openid, unionid=unionid or None, session_key="KEYCANARY")

    def phone_number(self, code):
        if code == "bad":
            raise WeChatError("wxa/business/getuserphonenumber", Fault.BAD_CODE, 40029)
        return code


class DataOnlyRealName(DemoRealName):
    """A provider that compares data but never saw the person."""

    name = "data-only"

    def check(self, name, id_number):
        verdict = super().check(name, id_number)
        return Verdict(verdict.outcome, presence=False)


def equip(services, provider=None):
    """Give `services` the fakes; answers (sms, wechat)."""
    services.sms, services.wechat = FakeSms(), FakeWeChat()
    services.extensions[EXTENSION] = provider or DemoRealName()
    return services.sms, services.wechat


def bearer(answer):
    """Headers for what follows a sign-in in the WeChat channel."""
    assert answer.status_code == 201, answer.json
    return {"Authorization": f"Bearer {answer.json['token']}"}


def sign_in_wechat(client, code):
    return client.post("/api/v1/sessions/wechat", json={"code": code, "channel": "weixin"})


def sign_in_sms(client, sms, phone):
    sent = client.post("/api/v1/sms-codes", json={"phone": phone, "purpose": "sign_in"})
    assert sent.status_code == 202, sent.json
    body = {"phone": phone, "code": sms.last_code(), "channel": "weixin"}
    return client.post("/api/v1/sessions/sms", json=body)


def agree(client, headers):
    body = {"document": "privacy", "version": current_version(), "agreed": True}
    answer = client.post("/api/v1/me/consents", json=body, headers=headers)
    assert answer.status_code == 200, answer.json


def prove(client, headers, name, id_number):
    body = {"name": name, "id_number": id_number}
    return client.post("/api/v1/me/real-name", json=body, headers=headers)
