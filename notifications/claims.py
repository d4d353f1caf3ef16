"""Who sends what: claiming with a lease, and putting in order what dead workers left behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import ARRAY, Table, Uuid, and_, any_, bindparam, func, or_, select, true, update
from sqlalchemy.orm import Session

from notifications.model import DeliveryAttempt, OutboxMessage
from notifications.outbox import release
from notifications.rules import (
    BULK,
    ENDS,
    UNHEARD,
    WAITING,
    Verdict,
    after,
    orphaned,
    sources,
    still_dropped,
)

#: Longer than one call with all its timeouts, token renewal and retry included.
LEASE = timedelta(seconds=90)
_BATCH = 200
#: Code and words of an attempt of which nobody knows whether it arrived.
AMBIGUOUS = ("ambiguous", "发送途中中断，可能已经送达")
#: The same of one that was taken at a repetition which its provider says it drops.
REPEATED = ("repeated", "前一次没有回音，用同一编号又发了一次，对方已接收")

_OUTBOX = cast(Table, OutboxMessage.__table__)
_LEASE = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(_OUTBOX.c.status.in_(sources("lease")))
    .values(
        status=after("created", "lease"), lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
    )
)  # fmt: skip


def claim(
    session: Session, now: datetime, owner: str, limit: int, *, bulk: bool = True
) -> list[UUID]:
    """Lease up to ``limit`` due messages, most urgent first; rows others hold are passed over.

    Without ``bulk`` those that must make room for all others stay where they are; what waits
    for its evening stays too (see ``digests``).
    """
    late = (
        select(OutboxMessage.id)
        .where(OutboxMessage.status == "leased", OutboxMessage.lease_until < now)
        .where(OutboxMessage.expires_at > now, true() if bulk else OutboxMessage.priority < BULK)
        .order_by(OutboxMessage.priority)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(late))
    # Apart from the late ones, so that the index of what is due gives them in order.
    due = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.status.in_(WAITING),
            OutboxMessage.next_at <= now,
            OutboxMessage.expires_at > now,
            OutboxMessage.digest.is_(False),
            true() if bulk else OutboxMessage.priority < BULK,
        )
        .order_by(OutboxMessage.priority, OutboxMessage.next_at)
        .limit(limit - len(ids))
        .with_for_update(skip_locked=True)
    )
    if len(ids) < limit:
        ids += session.scalars(due)
    if ids:
        session.execute(_LEASE, {"ids": ids, "owner": owner, "until": now + LEASE})
    return ids


def let_go(session: Session, now: datetime, ids: Sequence[UUID]) -> None:
    """End the leases of messages that were not called for: anybody may take them at once."""
    if ids:
        past = now - timedelta(seconds=1)
        session.execute(_LEASE, {"ids": list(ids), "owner": None, "until": past})


def sweep(session: Session, now: datetime, repeatable: frozenset[str] = frozenset()) -> int:
    """End what has outlived its time, and decide about calls whose sender died; how many.

    ``repeatable`` are the channels whose providers drop a repetition.
    """
    overdue = and_(OutboxMessage.status.in_(WAITING), OutboxMessage.expires_at <= now)
    lapsed = and_(OutboxMessage.status.in_(("leased", "sending")), OutboxMessage.lease_until < now)
    rows = session.scalars(
        select(OutboxMessage)
        .where(or_(overdue, lapsed))
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        if row.status == "sending":
            _orphan(row, now, repeatable)
        if row.status not in ENDS and row.expires_at <= now:
            _expire(session, row, now)
    session.flush()
    return len(rows)


def in_doubt(session: Session, rows: Iterable[OutboxMessage]) -> dict[UUID, datetime]:
    """Which of these may have arrived by the channel they were last tried on, and since when."""
    channels = {row.id: row.channel for row in rows}
    if not channels:
        return {}
    doubts = session.execute(
        select(
            DeliveryAttempt.outbox_id,
            DeliveryAttempt.channel,
            func.min(DeliveryAttempt.started_at),
        )
        .where(
            DeliveryAttempt.outbox_id.in_(list(channels)),
            or_(DeliveryAttempt.outcome.is_(None), DeliveryAttempt.outcome == Verdict.UNCLEAR),
        )
        .group_by(DeliveryAttempt.outbox_id, DeliveryAttempt.channel)
    )
    return {one: since for one, channel, since in doubts if channels[one] == channel}


def unheard(session: Session, now: datetime, reporting: Iterable[str]) -> int:
    """End what providers took and never reported on; how many.

    ``reporting`` are the channels that report receipts. A message that got no id from its
    provider cannot be reported on, and stays accepted.
    """
    rows = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.status == "accepted",
            OutboxMessage.provider_msgid != "",
            OutboxMessage.channel.in_(list(reporting)),
            OutboxMessage.updated_at < now - UNHEARD,
        )
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.status = after(row.status, "lose")
        row.updated_at = now
        row.last_errcode, row.last_error = "unheard", "72小时没有回执，不知道有没有送到"
    session.flush()
    return len(rows)


def _orphan(row: OutboxMessage, now: datetime, repeatable: frozenset[str]) -> None:
    # It was marked, and the call left, when the row was last written.
    dropped = row.channel in repeatable and still_dropped(row.channel, row.updated_at, now)
    may_repeat = row.may_repeat or dropped
    action = orphaned(may_repeat, row.attempts, row.patience)
    row.status = after(row.status, action)
    row.next_at = row.updated_at = now
    row.lease_owner = row.lease_until = None
    row.last_errcode, row.last_error = AMBIGUOUS
    if row.status == "technical_failure":
        row.held_template = None


def _expire(session: Session, row: OutboxMessage, now: datetime) -> None:
    row.status = after(row.status, "expire")
    row.updated_at = now
    row.lease_owner = row.lease_until = None
    row.last_error = row.last_error or "过了有效时间，没有发出"
    release(session, row, now)
