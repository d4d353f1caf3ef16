"""Who sends what: claiming with a lease, and putting in order what dead workers left behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from notifications.model import OutboxMessage
from notifications.outbox import release_grant
from notifications.rules import WAITING, after, orphaned

#: Longer than one call with all its timeouts, token renewal and retry included.
LEASE = timedelta(seconds=90)
_BATCH = 200


def claim(session: Session, now: datetime, owner: str, limit: int) -> list[UUID]:
    """Lease up to ``limit`` due messages, most urgent first; rows others hold are passed over."""
    due = (
        select(OutboxMessage.id)
        .where(
            or_(
                and_(OutboxMessage.status.in_(WAITING), OutboxMessage.next_at <= now),
                and_(OutboxMessage.status == "leased", OutboxMessage.lease_until < now),
            ),
            OutboxMessage.expires_at > now,
        )
        .order_by(OutboxMessage.priority, OutboxMessage.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if ids:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids))
            .values(status="leased", lease_owner=owner, lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
    return ids


def sweep(session: Session, now: datetime) -> int:
    """End what has outlived its time, and decide about calls whose sender died; how many."""
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
            _orphan(row, now)
        if row.status != "sending" and row.status not in ("technical_failure",):
            _expire(session, row, now)
    session.flush()
    return len(rows)


def _orphan(row: OutboxMessage, now: datetime) -> None:
    action = orphaned(row.may_repeat, row.attempts, row.patience)
    row.status = after(row.status, action)
    row.next_at = row.updated_at = now
    row.lease_owner = row.lease_until = None
    row.last_errcode, row.last_error = "ambiguous", "发送途中中断，可能已经送达"
    if row.status == "technical_failure":
        row.held_template = None


def _expire(session: Session, row: OutboxMessage, now: datetime) -> None:
    if row.expires_at > now:
        return
    row.status = after(row.status, "expire")
    row.updated_at = now
    row.lease_owner = row.lease_until = None
    row.last_error = row.last_error or "过了有效时间，没有发出"
    release_grant(session, row, now)
