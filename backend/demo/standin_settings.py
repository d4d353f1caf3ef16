"""What the demo sets so that the backend and the stand-ins agree. None of it is secret."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from backend.config import Settings, SmsAccount

DEFAULT_PORT = 8001
_PUSH = "/wechat/push"


def standin_environment(port: int = DEFAULT_PORT) -> dict[str, str]:
    """The environment that points a demo backend at the stand-ins on ``port``."""
    base = f"http://127.0.0.1:{port}"
    return {
        "STANDIN_PORT": str(port),
        "STANDIN_URL": base,
        "VIDEO_ROOM_URL": f"{base}/video/{{room}}?word={{word}}",
        "WECHAT_API_BASE": base,
        "WECHAT_APP_ID": "wxdemo0000000001",
        "WECHAT_APP_SECRET": _made_up("mini-program secret", 32),
        "WECHAT_SERVICE_APP_ID": "wxdemo0000000002",
        "WECHAT_SERVICE_APP_SECRET": _made_up("service account secret", 32),
        "WECHAT_PUSH_TOKEN": _made_up("push token", 24),
        "WECHAT_PUSH_AES_KEY": _made_up("push key", 42) + "A",
        "WECHAT_TEMPLATE_BOOKED": "demo-template-booked",
        "WECHAT_TEMPLATE_CALLED": "demo-template-called",
        "WECHAT_TEMPLATE_REMINDER": "demo-template-reminder",
        "WECHAT_TEMPLATE_EVENT": "demo-template-event",
        "WECHAT_TEMPLATE_TASK": "demo-template-task",
        "WECHAT_TEMPLATE_TICKET": "demo-template-ticket",
        "WECHAT_TEMPLATE_NEWS": "demo-template-news",
        "WECHAT_TEMPLATE_LIFE": "demo-template-life",
        "WECHAT_TEMPLATE_COUNCIL": "demo-template-council",
        "WECHAT_LONG_TERM_TEMPLATES": "task,council",
        "WECHAT_SERVICE_TEMPLATE": "demo-template-service",
        "WECHAT_PAGE_STATE": "developer",
        # Whoever tries the demo at night wants to see the message now.
        "QUIET_HOURS": "false",
        "SMS_API_URL": base,
        "SMS_API_KEY": "demo-sms",
        "SMS_API_SECRET": _made_up("sms secret", 32),
        "SMS_REPORTS": "true",
        "SMS_B_API_URL": f"{base}/sms-b",
        "SMS_B_API_KEY": "demo-sms-b",
        "SMS_B_API_SECRET": _made_up("second sms secret", 32),
    }


@dataclass(frozen=True, slots=True)
class StandinSettings:
    """What the stand-ins enforce.

    ``api_url``: where the video rooms ask for whom they let in.
    ``push_url`` empty: no receipts are pushed back; ``report_url``: the same for text messages.
    ``long_term`` are those of the ``templates`` whose consent lasts until it is withdrawn.
    """

    data_dir: Path
    accounts: dict[str, str]
    mini_app_id: str
    templates: frozenset[str]
    long_term: frozenset[str]
    sms: tuple[SmsAccount, ...]
    push_url: str = ""
    api_url: str = ""
    report_url: str = ""
    push_token: str = ""
    push_aes_key: str = field(default="", repr=False)


def from_settings(settings: Settings, push_url: str) -> StandinSettings:
    """The stand-ins' side of the backend's own settings."""
    wechat = settings.wechat
    templates = {*wechat.templates.values(), wechat.service_template}
    return StandinSettings(
        data_dir=settings.data_dir,
        accounts={
            wechat.app_id: wechat.app_secret,
            wechat.service_app_id: wechat.service_app_secret,
        },
        mini_app_id=wechat.app_id,
        templates=frozenset(filter(None, templates)),
        long_term=frozenset(wechat.templates[key] for key in wechat.long_term),
        sms=settings.sms.accounts,
        api_url=f"http://127.0.0.1:{settings.port}",
        push_url=push_url if wechat.push_token and wechat.push_aes_key else "",
        report_url=f"{push_url.removesuffix(_PUSH)}/sms/reports" if push_url else "",
        push_token=wechat.push_token,
        push_aes_key=wechat.push_aes_key,
    )


def _made_up(purpose: str, length: int) -> str:
    return hashlib.sha256(f"huying demo {purpose}".encode()).hexdigest()[:length]
