"""The templates as they are registered with WeChat, beside the ones that are set up here."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domains.messages.kinds import TEMPLATES
from backend.integrations.wechat import WeChatServer
from backend.integrations.wechat_errors import WeChatError
from backend.kernel.services import Services
from notifications.kinds import Kind
from notifications.registered import Registered, read_service, read_subscribe

#: How long what was read is shown without asking again, in seconds.
KEPT = 3 * 3600
#: So long a process remembers an answer of its own: a preview must not wait for a silent server.
REMEMBERED = 30.0
SERVICE_KEY = "service"
_ACCOUNT = {"subscribe": "小程序", "service": "服务号"}
_READ = {"subscribe": read_subscribe, "service": read_service}


@dataclass(frozen=True, slots=True)
class Account:
    """What one account has: its templates by id, when they were read, or why they were not."""

    card: str
    templates: Mapping[str, Registered]
    read_at: datetime | None
    problem: str

    @property
    def name(self) -> str:
        """The account's Chinese name."""
        return _ACCOUNT[self.card]


def accounts(services: Services, *, fresh: bool = False) -> dict[str, Account]:
    """Both accounts, by card (subscribe, service); `fresh` asks WeChat now.

    Whoever cannot be asked has no templates and a problem: then nothing is compared.
    """
    memory: dict[str, tuple[float, Account]] = services.extensions.setdefault("wechat_lists", {})
    found = {}
    for card in _ACCOUNT:
        known = memory.get(card)
        if fresh or known is None or time.monotonic() - known[0] > REMEMBERED:
            known = memory[card] = (time.monotonic(), _account(services, card, fresh))
        found[card] = known[1]
    return found


def ids(services: Services) -> dict[str, str]:
    """The template ids set up here, by template key, the service account's among them."""
    wechat = services.settings.wechat
    found = {**wechat.templates, SERVICE_KEY: wechat.service_template}
    return {key: value for key, value in found.items() if value}


def of_kind(
    services: Services, kind: Kind, known: Mapping[str, Account]
) -> dict[str, Registered | None]:
    """The registered templates of the kind's cards; None where none is known."""
    mine = ids(services)
    return {
        "subscribe": known["subscribe"].templates.get(mine.get(kind.template_key, "")),
        "service": known["service"].templates.get(mine.get(SERVICE_KEY, "")),
    }


def problems(services: Services, known: Mapping[str, Account]) -> list[str]:
    """What does not agree between the settings here and the accounts, in Chinese."""
    found = [account.problem for account in known.values() if account.problem]
    mine, standing = ids(services), services.settings.wechat.long_term
    titles = {**TEMPLATES, SERVICE_KEY: "服务号模板消息"}
    for key, title in titles.items():
        account = known["service" if key == SERVICE_KEY else "subscribe"]
        if key not in mine:
            found.append(f"「{title}」没有设置模板编号，这种提醒发不出去")
        elif account.read_at and mine[key] not in account.templates:
            found.append(f"{account.name}里没有「{title}」用的模板，发送会失败，请核对模板编号")
        elif account.read_at and key != SERVICE_KEY:
            lasts = account.templates[mine[key]].long_term
            if lasts != (key in standing):
                there, here = ("长期", "一次性") if lasts else ("一次性", "长期")
                found.append(f"「{title}」在微信是{there}模板，这里设成了{here}模板，请改设置")
    return found


def refresh(services: Services) -> None:
    """Read both accounts, for those who look later."""
    accounts(services, fresh=True)


def _account(services: Services, card: str, fresh: bool) -> Account:
    kept = None if fresh else _kept(services, card)
    if kept is not None:
        rows, moment = kept["rows"], datetime.fromisoformat(kept["at"])
    else:
        ask = _asking(services, card)
        if ask is None:
            return Account(card, {}, None, f"没有设置{_ACCOUNT[card]}，相关提醒发不出去")
        try:
            rows = ask()
        except WeChatError as error:
            problem = (
                f"暂时读不到{_ACCOUNT[card]}的模板（{error.text or error.fault}），没有核对字段"
            )
            return Account(card, {}, None, problem)
        moment = services.clock.now()
        _keep(services, card, rows, moment)
    read = (_READ[card](row) for row in rows)
    return Account(card, {one.template_id: one for one in read if one.template_id}, moment, "")


def _asking(services: Services, card: str) -> Callable[[], list[dict[str, Any]]] | None:
    found: dict[str, WeChatServer | None] = services.extensions["wechat_accounts"]
    server = found["service" if card == "service" else "mini"]
    if server is None:
        return None
    return server.service_templates if card == "service" else server.subscribe_templates


def _name(services: Services, card: str) -> str:
    wechat = services.settings.wechat
    app_id = wechat.app_id if card == "subscribe" else wechat.service_app_id
    return f"wechat:registered:{card}:{app_id}"


def _kept(services: Services, card: str) -> dict[str, Any] | None:
    name = _name(services, card)
    text = services.redis.call(lambda redis: redis.get(name), default=None)
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"rows", "at"} <= found.keys() else None


def _keep(services: Services, card: str, rows: list[dict[str, Any]], at: datetime) -> None:
    name, text = _name(services, card), json.dumps({"rows": rows, "at": at.isoformat()})
    services.redis.call(lambda redis: redis.set(name, text, ex=KEPT), default=None)
