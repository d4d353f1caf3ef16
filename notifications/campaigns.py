"""Messages of one campaign: stopping what has not left, and what became of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from notifications.model import InboxMessage, OutboxMessage
from notifications.outbox import release
from notifications.resend_rules import CANCELLED
from notifications.rules import ENDS, OPEN, after

#: Rows a statement cancels: a stop must not run into the statement's time limit.
_BATCH = 5000
#: Left, and may still come back to be sent another way.
_OUT = ("sending", "accepted")
_FAILED = ("permanent_failure", "technical_failure", "expired", "suppressed", "temporary_failure")
_REASONS = 8
#: Code and words of a message whose reader has the same one under another account.
MERGED = ("merged", "两个账号合并了，同一条通知只发一次")
#: The lower, the nearer a message is to its reader, or the likelier to get there.
_FARTHEST = {
    state: rank
    for rank, states in enumerate((("delivered",), ("accepted",), ("sending",), OPEN))
    for state in states
}
_FARTHEST |= {state: len(_FARTHEST) for state in ENDS if state not in _FARTHEST}


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages are in a state, with the channel they were last tried on."""

    state: str
    channel: str
    #: Taken back, by a stop, before it had left.
    stopped: bool
    messages: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many did not get through, or not yet."""

    code: str
    text: str
    messages: int


def stop(session: Session, now: datetime, campaign_id: UUID, why: str) -> int:
    """Send nothing more of a campaign; how many messages will not leave.

    A call under way cannot be called back, but what it comes to is the end: no other try, no
    other channel. The caller keeps others from writing to the campaign meanwhile.
    """
    stopped = _cancel_unheld(session, now, campaign_id, why)
    held = _locked(session, campaign_id, OPEN)
    for row in held:
        row.status, row.updated_at = after(row.status, "cancel"), now
        row.last_errcode, row.last_error = CANCELLED, why
        row.lease_owner = row.lease_until = None
    for row in _locked(session, campaign_id, _OUT):
        row.expires_at = min(row.expires_at, now)
        row.ladder = row.ladder[: row.step + 1]
    for row in held:
        release(session, row, now)
    session.flush()
    return stopped + len(held)


def _cancel_unheld(session: Session, now: datetime, campaign_id: UUID, why: str) -> int:
    """Cancel those that hold neither a grant nor a place of the day, many in one statement."""
    stopped = 0
    while True:
        batch = (
            select(OutboxMessage.id)
            .where(
                OutboxMessage.campaign_id == campaign_id,
                OutboxMessage.status.in_(OPEN),
                OutboxMessage.held_template.is_(None),
                OutboxMessage.counted_on.is_(None),
            )
            .order_by(OutboxMessage.person_key, OutboxMessage.id)
            .limit(_BATCH)
            .with_for_update()
        )
        changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE's result
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(batch.scalar_subquery()))
            .values(
                status=after("created", "cancel"),
                last_errcode=CANCELLED,
                last_error=why,
                updated_at=now,
                lease_owner=None,
                lease_until=None,
            )
            .execution_options(synchronize_session=False)
        )
        stopped += changed.rowcount
        if changed.rowcount < _BATCH:
            return stopped


def told(session: Session, campaign_id: UUID, people: Sequence[UUID]) -> set[UUID]:
    """Who of these has a message of this campaign, under whatever key it was written."""
    rows = session.scalars(
        select(OutboxMessage.person_key).where(
            OutboxMessage.person_key.in_(people), OutboxMessage.campaign_id == campaign_id
        )
    )
    return set(rows)


def keep_one(session: Session, now: datetime, person_key: UUID) -> int:
    """Of several messages of one campaign to this person keep one; how many were dropped.

    Two accounts became one, and each had been written to. The one kept is that which has got
    farthest: what has not left is cancelled, what is on its way gets no other try, and the inbox
    shows the one, read if any was.
    """
    rows = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.person_key == person_key,
            OutboxMessage.campaign_id.is_not(None),
            OutboxMessage.resent_of.is_(None),
        )
        .order_by(OutboxMessage.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    groups: dict[UUID | None, list[OutboxMessage]] = {}
    for row in rows:
        groups.setdefault(row.campaign_id, []).append(row)
    dropped = 0
    for group in groups.values():
        kept, *others = sorted(group, key=lambda row: (_FARTHEST[row.status], row.id))
        for row in others:
            _drop(session, row, now)
        if others:
            _show_one(session, now, kept, others)
        dropped += len(others)
    session.flush()
    return dropped


def _drop(session: Session, row: OutboxMessage, now: datetime) -> None:
    if row.status in OPEN:
        row.status, row.updated_at = after(row.status, "cancel"), now
        row.last_errcode, row.last_error = MERGED
        row.lease_owner = row.lease_until = None
        release(session, row, now)
    elif row.status in _OUT:
        row.expires_at = min(row.expires_at, now)
        row.ladder = row.ladder[: row.step + 1]


def _show_one(
    session: Session, now: datetime, kept: OutboxMessage, others: Sequence[OutboxMessage]
) -> None:
    ids = [row.id for row in others]
    read_at = session.scalar(select(func.min(InboxMessage.read_at)).where(InboxMessage.id.in_(ids)))
    session.execute(
        update(InboxMessage)
        .where(InboxMessage.id.in_(ids), InboxMessage.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(InboxMessage)
        .where(InboxMessage.id == kept.id)
        .values(read_at=func.least(InboxMessage.read_at, read_at))
        .execution_options(synchronize_session=False)
    )


def withdraw(session: Session, now: datetime, campaign_id: UUID) -> int:
    """Take a campaign's messages out of everybody's inbox; how many were there."""
    own = select(OutboxMessage.id).where(OutboxMessage.campaign_id == campaign_id)
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE's result
        update(InboxMessage)
        .where(InboxMessage.id.in_(own), InboxMessage.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount


def query_under_way(campaign_id: Any) -> ColumnElement[bool]:
    """Whether something of a campaign (its id, or a column of ids) may still be sent."""
    return exists().where(
        OutboxMessage.campaign_id == campaign_id, OutboxMessage.status.in_((*OPEN, "sending"))
    )


def counts(session: Session, campaign_id: UUID) -> list[Count]:
    """How many messages are in which state, by channel."""
    stopped = (OutboxMessage.last_errcode == CANCELLED).label("stopped")
    groups = (OutboxMessage.status, OutboxMessage.channel, stopped)
    rows = session.execute(
        select(*groups, func.count())
        .where(OutboxMessage.campaign_id == campaign_id)
        .group_by(*groups)
        .order_by(*groups)
    )
    return [Count(*row) for row in rows]


def reasons(session: Session, campaign_id: UUID) -> list[Reason]:
    """Why messages did not get through, the most frequent first."""
    number = func.count()
    rows = session.execute(
        select(OutboxMessage.last_errcode, OutboxMessage.last_error, number)
        .where(
            OutboxMessage.campaign_id == campaign_id,
            OutboxMessage.status.in_(_FAILED),
        )
        .group_by(OutboxMessage.last_errcode, OutboxMessage.last_error)
        .order_by(number.desc(), OutboxMessage.last_errcode, OutboxMessage.last_error)
        .limit(_REASONS)
    )
    return [Reason(*row) for row in rows]


def read(session: Session, campaign_id: UUID) -> tuple[int, int]:
    """How many were opened in the inbox, and how many are (still) shown there."""
    own = select(OutboxMessage.id).where(OutboxMessage.campaign_id == campaign_id)
    shown = select(
        func.count(InboxMessage.read_at),
        func.count().filter(InboxMessage.withdrawn_at.is_(None)),
    ).where(InboxMessage.id.in_(own))
    opened, present = session.execute(shown).one()
    return opened, present


def _locked(
    session: Session, campaign_id: UUID, states: tuple[str, ...]
) -> Sequence[OutboxMessage]:
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.campaign_id == campaign_id, OutboxMessage.status.in_(states))
        .order_by(OutboxMessage.person_key, OutboxMessage.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
