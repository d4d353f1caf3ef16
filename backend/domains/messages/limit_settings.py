"""What a district sets for delivery: how many messages a person gets, how fast a channel is used."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, select

from backend.domains.messages import limit_rules, rules
from backend.domains.messages.kinds import KINDS, TEMPLATES
from backend.kernel import limit_lists, trace
from backend.kernel.errors import Invalid
from backend.kernel.ids import stable_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications.control_model import ChannelRate, MessageCap
from notifications.kinds import CHANNELS, INBOX, SUBSCRIBE
from notifications.limits import ALL, DEFAULT_CAPS, DEFAULT_RATES
from notifications.rules import may_be_capped

VIEW, PERMISSION = "messages.view", "messages.manage"
_LOCK = 0x4C494D03
Item = dict[str, Any]


def shown(uow: UnitOfWork) -> dict[str, Any]:
    """The caps and rates set, what holds where none is set, and what they can be set for."""
    caps, rates = _caps(uow), _rates(uow)
    return {
        "caps": caps,
        "rates": rates,
        "default_caps": [_cap(scope, most) for scope, most in DEFAULT_CAPS.items()],
        "default_rates": [
            _rate(key, one.per_second, one.burst, one.per_day) for key, one in DEFAULT_RATES.items()
        ],
        "scopes": [{"key": key, "name": text} for key, text in _scopes().items()],
        "keys": [{"key": key, "name": text} for key, text in _keys().items()],
        "etag": limit_lists.etag(caps, rates),
    }


def save(uow: UnitOfWork, body: dict[str, Any], if_match: str | None) -> dict[str, Any]:
    """Put caps and rates in place of those before. Traced; workers know within seconds.

    `Stale` when somebody has changed them since they were read; `Invalid` for what is set twice
    or for a kind or channel that cannot be limited.
    """
    uow.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    before = shown(uow)
    limit_lists.seen(if_match, before["etag"], what="限额")
    caps, rates = body["caps"], body["rates"]
    _check(caps, "caps", "scope", _scopes())
    _check(rates, "rates", "key", _keys())
    for table in (MessageCap, ChannelRate):
        uow.session.execute(delete(table).execution_options(synchronize_session=False))
    uow.session.expunge_all()
    uow.session.add_all([MessageCap(**one, updated_at=uow.now) for one in caps])
    uow.session.add_all([ChannelRate(**one, updated_at=uow.now) for one in rates])
    uow.session.flush()
    after = shown(uow)
    trace.record(
        uow,
        subject=Subject("message_limits", stable_id("message_limits", "all")),
        action="change",
        internal_text=limit_rules.changes(before, after) or "没有变化",
    )
    return after


def _check(items: Sequence[Item], field: str, key: str, known: Iterable[str]) -> None:
    keys = [item[key] for item in items]
    if len(set(keys)) < len(keys):
        text = "同一种情况只能定一条"
        raise Invalid("double_rule", detail=text, fields={field: [text]})
    if unknown := set(keys) - set(known):
        text = f"不能给它定限额：{'、'.join(sorted(unknown))}"
        raise Invalid("unknown_scope", detail=text, fields={field: [text]})


def _scopes() -> dict[str, str]:
    """What a cap can be set for: calls, changes and work are told however many there are."""
    kinds = [
        kind
        for kind in KINDS
        if kind.ladder and kind.topic != "work" and may_be_capped(int(kind.priority))
    ]
    return {ALL: "全部消息"} | {kind.key: kind.name for kind in sorted(kinds, key=_by_name)}


def _by_name(kind: Any) -> str:
    return str(kind.name)


def _keys() -> dict[str, str]:
    """What a rate can be set for: a channel, or one subscribe template."""
    channels = {name: rules.CHANNEL_TEXT[name] for name in CHANNELS if name != INBOX}
    return channels | {f"{SUBSCRIBE}:{key}": text for key, text in TEMPLATES.items()}


def _caps(uow: UnitOfWork) -> list[Item]:
    rows = uow.session.scalars(select(MessageCap).order_by(MessageCap.scope))
    return [_cap(row.scope, row.per_day) for row in rows]


def _rates(uow: UnitOfWork) -> list[Item]:
    rows = uow.session.scalars(select(ChannelRate).order_by(ChannelRate.key))
    return [_rate(row.key, row.per_second, row.burst, row.per_day) for row in rows]


def _cap(scope: str, per_day: int) -> Item:
    return {"scope": scope, "name": _scopes().get(scope, scope), "per_day": per_day}


def _rate(key: str, per_second: float, burst: int, per_day: int | None) -> Item:
    return {
        "key": key, "name": _keys().get(key, key), "per_second": per_second, "burst": burst,
        "per_day": per_day,
    }  # fmt: skip
