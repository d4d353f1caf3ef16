"""Handing notices to group robots and webhooks: the calls outside, and what came of them."""

import json
import time
from urllib.parse import urlsplit

from backend.config import Settings
from backend.domains.messages import hook_rules
from backend.integrations import outside
from backend.integrations.outside import OutsideError
from notifications.channels.base import Outcome
from notifications.channels.staff_hook import Hook, Notice
from notifications.rules import Verdict

_FAILED = {
    "refused": (Verdict.FINAL, "地址指向本机或内网，不能用"),
    "unreachable": (Verdict.RETRY, "连不上对方"),
    "unclear": (Verdict.UNCLEAR, "对方没有答复，可能已经收到"),
}


def trusted_origin(settings: Settings) -> str:
    """The origin of the demo's stand-in, to which no rule about addresses applies; else empty."""
    if not settings.demo or not settings.standin_url:
        return ""
    parts = urlsplit(settings.standin_url)
    return f"{parts.scheme}://{parts.netloc}"


class StaffHookGateway:
    """The engine's view of the groups and systems of staff.

    A webhook gets JSON with ``X-Huying-Timestamp`` (Unix seconds) and ``X-Huying-Signature``
    (see ``hook_rules.hook_signature``); ``id`` is the same at every repetition.
    """

    def __init__(self, settings: Settings) -> None:
        self._trusted = trusted_origin(settings)
        self._base = settings.public_url.rstrip("/")

    def __call__(self, hook: Hook, notice: Notice) -> Outcome:
        """One notice; trouble comes back as a verdict."""
        url = f"{self._base}{notice.link}" if self._base and notice.link else ""
        robot = hook.dialect == hook_rules.WECOM
        body, headers = _robot(notice, url) if robot else _webhook(hook, notice, url)
        try:
            answer = outside.post(hook.address, body, headers, trusted=self._trusted)
        except OutsideError as error:
            verdict, text = _FAILED[error.kind]
            return Outcome(verdict, code=error.code, text=text)
        found = (
            hook_rules.robot_verdict(answer.status, answer.body)
            if robot
            else hook_rules.webhook_verdict(answer.status)
        )
        return Outcome(found[0], code=found[1], text=found[2])


def _robot(notice: Notice, url: str) -> tuple[bytes, dict[str, str]]:
    content = hook_rules.markdown(notice.title, notice.text, url)
    body = {"msgtype": "markdown", "markdown": {"content": content}}
    return json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"}


def _webhook(hook: Hook, notice: Notice, url: str) -> tuple[bytes, dict[str, str]]:
    told = {"id": notice.reference, "kind": notice.kind, "title": notice.title,
            "text": notice.text, "url": url}  # fmt: skip
    body, timestamp = json.dumps(told, ensure_ascii=False).encode(), str(int(time.time()))
    return body, {
        "Content-Type": "application/json; charset=utf-8",
        "X-Huying-Timestamp": timestamp,
        "X-Huying-Signature": hook_rules.hook_signature(hook.secret, timestamp, body),
    }
