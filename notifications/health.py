"""How the channels do: what was handed over, what failed and why, what waits and how long."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, extract, func, or_, select
from sqlalchemy.orm import Session

from notifications.claims import LEASE
from notifications.model import DeliveryAttempt, OutboxMessage
from notifications.rules import WAITING

#: How far back the figures look.
WINDOW = timedelta(hours=1)
#: The width of the bars over time.
STEP = timedelta(minutes=5)
#: Within so many seconds of being due a message should be handed over.
SOON = 10


@dataclass(frozen=True, slots=True)
class Failure:
    """How often a code came back. ``text`` is the provider's, of one of them."""

    code: str
    text: str
    count: int


@dataclass(slots=True)
class ChannelFigures:
    """One channel in the last hour. Seconds are from being due to being handed over.

    ``unclear``: calls of which nobody knows whether they arrived. ``due`` waits though its
    moment has come, since ``oldest_due``; ``waiting`` includes what is not due yet.
    """

    handed_over: int = 0
    accepted: int = 0
    unclear: int = 0
    p50: float | None = None
    p95: float | None = None
    soon: float | None = None
    waiting: int = 0
    due: int = 0
    oldest_due: datetime | None = None
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """What happened on a channel in the five minutes from ``at`` on."""

    at: datetime
    channel: str
    accepted: int
    failed: int


_ACCEPTED = DeliveryAttempt.outcome == "accepted"


def figures(session: Session, now: datetime) -> dict[str, ChannelFigures]:
    """Each channel that was used in the last hour or that something waits for."""
    found: dict[str, ChannelFigures] = {}

    def of(channel: str | None) -> ChannelFigures:
        return found.setdefault(channel or "inbox", ChannelFigures())

    since = now - WINDOW
    for channel, handed_over, accepted, unclear in _counts(session, now, since):
        one = of(channel)
        one.handed_over, one.accepted, one.unclear = handed_over, accepted, unclear
    for channel, code, text, count in _failures(session, since):
        of(channel).failures.append(Failure(code, text, count))
    for channel, middle, high, soon in _pace(session, since):
        one = of(channel)
        one.p50, one.p95, one.soon = float(middle), float(high), float(soon)
    for channel, waiting, due, oldest in _queue(session, now):
        one = of(channel)
        one.waiting, one.due, one.oldest_due = waiting, due, oldest
    return found


def steps(session: Session, now: datetime) -> list[Step]:
    """The last hour in steps of five minutes; steps in which nothing happened are left out."""
    # Steps begin at whole five minutes, so that they stay where they are while time goes on.
    begin = func.date_bin(STEP, DeliveryAttempt.started_at, datetime.fromtimestamp(0, now.tzinfo))
    rows = session.execute(
        select(
            begin.label("at"),
            DeliveryAttempt.channel,
            func.count().filter(_ACCEPTED),
            func.count().filter(~_ACCEPTED),
        )
        .where(DeliveryAttempt.started_at >= now - WINDOW, DeliveryAttempt.outcome.is_not(None))
        .group_by("at", DeliveryAttempt.channel)
        .order_by("at", DeliveryAttempt.channel)
    )
    return [Step(*row) for row in rows]


def _counts(session: Session, now: datetime, since: datetime) -> Any:
    # A call without an end is lost only when its lease is over.
    lost = and_(DeliveryAttempt.outcome.is_(None), DeliveryAttempt.started_at < now - LEASE)
    return session.execute(
        select(
            DeliveryAttempt.channel,
            func.count(),
            func.count().filter(_ACCEPTED),
            func.count().filter(or_(lost, DeliveryAttempt.outcome.in_(("unclear", "late")))),
        )
        .where(DeliveryAttempt.started_at >= since)
        .group_by(DeliveryAttempt.channel)
    )


def _failures(session: Session, since: datetime) -> Any:
    number = func.count()
    return session.execute(
        select(
            DeliveryAttempt.channel,
            DeliveryAttempt.errcode,
            func.min(DeliveryAttempt.error),
            number,
        )
        .where(
            DeliveryAttempt.started_at >= since,
            DeliveryAttempt.outcome.is_not(None),
            ~_ACCEPTED,
        )
        .group_by(DeliveryAttempt.channel, DeliveryAttempt.errcode)
        .order_by(number.desc(), DeliveryAttempt.errcode)
    )


def _pace(session: Session, since: datetime) -> Any:
    """Of messages accepted at their last attempt, whose due moment is therefore still known."""
    seconds = extract("epoch", DeliveryAttempt.finished_at - OutboxMessage.next_at)
    return session.execute(
        select(
            DeliveryAttempt.channel,
            func.percentile_cont(0.5).within_group(seconds),
            func.percentile_cont(0.95).within_group(seconds),
            func.count().filter(seconds <= SOON) * 1.0 / func.count(),
        )
        .join(OutboxMessage, OutboxMessage.id == DeliveryAttempt.outbox_id)
        .where(
            DeliveryAttempt.started_at >= since,
            _ACCEPTED,
            OutboxMessage.channel == DeliveryAttempt.channel,
            OutboxMessage.attempts == DeliveryAttempt.number,
            DeliveryAttempt.started_at >= OutboxMessage.next_at,
        )
        .group_by(DeliveryAttempt.channel)
    )


def _queue(session: Session, now: datetime) -> Any:
    rung = OutboxMessage.ladder[OutboxMessage.step].astext
    due = OutboxMessage.next_at <= now
    return session.execute(
        select(
            rung.label("rung"),
            func.count(),
            func.count().filter(due),
            func.min(OutboxMessage.next_at).filter(due),
        )
        .where(OutboxMessage.status.in_(WAITING))
        .group_by("rung")
    )
