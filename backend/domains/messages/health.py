"""Whether messages get through now: channels, providers, tokens, what waits and why."""

import time
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from backend.domains.messages import health_rules, hooks, rules
from backend.domains.messages.kinds import TEMPLATES
from backend.domains.messages.push_model import WeChatPush
from backend.http.health import Heartbeat
from backend.integrations.wechat import WeChatServer
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications import health
from notifications.control_model import ProviderState
from notifications.health import ChannelFigures
from notifications.kinds import CHANNELS, INBOX
from notifications.quotas import Quota, bulk_share, quotas

#: Several people look on at once, and the figures are counted anew for none of them sooner.
_KEPT_SECONDS = 4.0
_ACCOUNTS = {"mini": "小程序", "service": "服务号"}


def show(uow: UnitOfWork) -> dict[str, Any]:
    """The figures of the last hour, at most four seconds old."""
    kept = uow.services.extensions.get("message_health")
    now = time.monotonic()
    if kept is None or now - kept[0] > _KEPT_SECONDS:
        kept = (now, _count(uow))
        uow.services.extensions["message_health"] = kept
    found: dict[str, Any] = kept[1]
    return found


def _count(uow: UnitOfWork) -> dict[str, Any]:
    figures = health.figures(uow.session, uow.now)
    names = [*CHANNELS[1:], *(name for name in figures if name not in CHANNELS)]
    return {
        "as_of": uow.now,
        "minutes": int(health.WINDOW.total_seconds() // 60),
        "worker_at": uow.session.scalar(select(Heartbeat.at).where(Heartbeat.name == "worker")),
        "redis": uow.services.redis.alive,
        "tokens": _tokens(uow.services),
        "pushes": _pushes(uow),
        "channels": [
            _channel(name, figures.get(name, ChannelFigures()), uow.now)
            for name in names
            if name != INBOX
        ],
        "quotas": _quotas(uow),
        "providers": _providers(uow),
        "steps": [
            {
                "at": one.at,
                "channel": one.channel,
                "accepted": one.accepted,
                "failed": one.failed,
            }
            for one in health.steps(uow.session, uow.now)
        ],
    }


def _channel(name: str, found: ChannelFigures, now: datetime) -> dict[str, Any]:
    oldest = (now - found.oldest_due).total_seconds() if found.oldest_due else None
    return {
        "channel": name,
        "channel_text": rules.CHANNEL_TEXT.get(name, name),
        "handed_over": found.handed_over,
        "accepted": found.accepted,
        "unclear": found.unclear,
        "p50_seconds": found.p50,
        "p95_seconds": found.p95,
        "soon_share": found.soon,
        "waiting": found.waiting,
        "due": found.due,
        "oldest_due_seconds": oldest,
        "failures": [
            {
                "code": one.code,
                "text": rules.error_text(one.code, one.text) or "没有说明",
                "count": one.count,
                "expected": one.code in health_rules.EXPECTED,
            }
            for one in found.failures
        ],
        "state": health_rules.state(
            handed_over=found.handed_over,
            accepted=found.accepted,
            expected=sum(one.count for one in found.failures if one.code in health_rules.EXPECTED),
            oldest_due=oldest,
        ),
    }


def _quotas(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Groups and systems of staff that nothing was sent to today, and that take all, are left out."""
    groups = hooks.active(uow)
    found = quotas(uow.session, uow.services.extensions["message_buckets"], uow.now, list(groups))
    return [
        _quota(one, groups.get(one.reader, "") if one.reader else _title(one.key))
        for one in found
        if one.reader is None or one.sent or one.until
    ]


def _quota(one: Quota, name: str) -> dict[str, Any]:
    channel = one.key.partition(":")[0]
    return {
        "key": f"{one.key}:{one.reader}" if one.reader else one.key,
        "channel": channel,
        "channel_text": rules.CHANNEL_TEXT.get(channel, channel),
        "name": name,
        "sent": one.sent,
        "per_day": one.per_day,
        "bulk_per_day": None if one.per_day is None else bulk_share(one.per_day),
        "bulk_stopped": one.why,
        "bulk_until": one.until,
    }


def _title(key: str) -> str:
    """The title of a template; nothing for a whole channel."""
    _, _, template = key.partition(":")
    return TEMPLATES.get(template, template)


def _tokens(services: Services) -> list[dict[str, Any]]:
    accounts: dict[str, WeChatServer | None] = services.extensions.get("wechat_accounts", {})
    return [
        {
            "account": name,
            "name": _ACCOUNTS[name],
            "seconds_left": server.token_left(),
        }
        for name, server in accounts.items()
        if server is not None
    ]


def _pushes(uow: UnitOfWork) -> dict[str, Any]:
    waiting = WeChatPush.handled_at.is_(None)
    row = uow.session.execute(
        select(
            func.count().filter(waiting),
            func.min(WeChatPush.received_at).filter(waiting),
            func.count().filter(and_(waiting, WeChatPush.failures > 0)),
            func.count().filter(~waiting, WeChatPush.last_error != "", WeChatPush.sealed == b""),
        )
    ).one()
    oldest = (uow.now - row[1]).total_seconds() if row[1] else None
    return {"waiting": row[0], "oldest_seconds": oldest, "failing": row[2], "troubled": row[3]}


def _providers(uow: UnitOfWork) -> list[dict[str, Any]]:
    rows = uow.session.scalars(
        select(ProviderState).order_by(ProviderState.channel, ProviderState.provider)
    )
    return [
        {
            "provider": row.provider,
            "name": rules.PROVIDER_TEXT.get(row.provider, row.provider),
            "channel": row.channel,
            "channel_text": rules.CHANNEL_TEXT.get(row.channel, row.channel),
            "weight": row.weight,
            "base_weight": row.base_weight,
            "reason": row.reason,
            "changed_at": row.changed_at,
            "judged_at": row.judged_at,
        }
        for row in rows
    ]
