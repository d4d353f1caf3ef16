"""What the ledger of grants adds up to: granted, used and withdrawn, and what went without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from notifications.kinds import SUBSCRIBE
from notifications.model import DeliveryAttempt, MessageGrant, MessageGrantEvent, OutboxMessage
from notifications.resend_rules import CANCELLED

_ZONE = "Asia/Shanghai"
_GONE = ("accepted", "delivered", "permanent_failure", "technical_failure")


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One template on one day in Shanghai.

    ``granted`` counts accepted questions, ``declined`` those that were not, ``spent`` the sends
    that used a grant (given back ones are taken off), ``withdrawn`` the withdrawals of a person,
    ``lost`` the times WeChat said that none was left though the ledger had one.
    """

    day: date
    template_id: str
    granted: int
    declined: int
    spent: int
    withdrawn: int
    lost: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one template: people who allow a send now, sends left, people who allow it for long."""

    people: int
    grants: int
    long_term: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Messages that should go out by this template, and those that took another way or none."""

    messages: int
    without: int


def by_day(session: Session, since: datetime, until: datetime) -> list[DayFigures]:
    """The ledger from ``since`` up to ``until``, by day and template."""
    what, source = MessageGrantEvent.what, MessageGrantEvent.source
    day = cast(func.timezone(_ZONE, MessageGrantEvent.at), Date).label("day")

    def times(*conditions: Any) -> Any:
        return func.count().filter(*conditions)

    rows = session.execute(
        select(
            day,
            MessageGrantEvent.template_id,
            times(what == "accept", MessageGrantEvent.change > 0),
            times(what == "reject"),
            times(what == "spend") - times(what == "refund"),
            times(what == "ban", source != "outbox"),
            times(what == "ban", source == "outbox"),
        )
        .where(MessageGrantEvent.at >= since, MessageGrantEvent.at < until)
        .group_by("day", MessageGrantEvent.template_id)
        .order_by("day", MessageGrantEvent.template_id)
    )
    return [DayFigures(*row) for row in rows]


def balances(session: Session) -> dict[str, Balance]:
    """What people allow now, by template id."""
    allows = MessageGrant.long_term | (MessageGrant.remaining > 0)
    rows = session.execute(
        select(
            MessageGrant.template_id,
            func.count().filter(allows),
            func.coalesce(func.sum(MessageGrant.remaining), 0),
            func.count().filter(MessageGrant.long_term),
        ).group_by(MessageGrant.template_id)
    )
    return {template_id: Balance(*figures) for template_id, *figures in rows}


def wanted(session: Session, since: datetime, until: datetime) -> dict[str, Wanted]:
    """Messages written in this time that could have gone by a subscribe template, by its key."""
    sent = exists().where(
        DeliveryAttempt.outbox_id == OutboxMessage.id, DeliveryAttempt.channel == SUBSCRIBE
    )
    key = OutboxMessage.payload["template_key"].astext.label("key")
    rows = session.execute(
        select(key, func.count(), func.count().filter(~sent))
        .where(
            OutboxMessage.created_at >= since,
            OutboxMessage.created_at < until,
            OutboxMessage.ladder.contains([SUBSCRIBE]),
            # What was stopped, or still waits, says nothing about consent.
            or_(
                OutboxMessage.status.in_(_GONE),
                and_(OutboxMessage.status == "suppressed", OutboxMessage.last_errcode != CANCELLED),
            ),
        )
        .group_by("key")
    )
    return {template_key: Wanted(*figures) for template_key, *figures in rows}
