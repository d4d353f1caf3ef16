"""Writing messages in the caller's transaction, and taking back what no longer holds.

Functions take the session, the moment and ids; they never commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications import consent
from notifications.kinds import INBOX, Kind, render
from notifications.model import InboxMessage, OutboxMessage
from notifications.rules import OPEN, after


class Subject(Protocol):
    """What a message is about."""

    @property
    def kind(self) -> str:
        """The kind of matter."""
        ...

    @property
    def id(self) -> UUID:
        """Its id."""
        ...


def enqueue(
    session: Session,
    now: datetime,
    kind: Kind,
    *,
    person_key: UUID,
    subject: Subject,
    dedupe_key: str,
    values: Mapping[str, Any],
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    ladder: tuple[str, ...] | None = None,
    hold: timedelta = timedelta(),
) -> UUID | None:
    """Write one message: into the inbox at once, into the outbox for the channels after it.

    Returns its id, or None when ``dedupe_key`` was told before. It shows and leaves not
    before ``not_before`` (now) and not after ``expires_at`` (``kind.life`` later). ``ladder`` shortens
    the kind's own; ``hold`` lets the channels
    after the inbox wait (see ``hasten``).
    """
    rungs = list(kind.ladder if ladder is None else ladder)
    begin = not_before or now
    made = render(kind, values)
    message_id = session.scalar(
        insert(OutboxMessage)
        .values(
            id=uuid4(),
            dedupe_key=dedupe_key,
            person_key=person_key,
            kind=kind.key,
            subject_kind=subject.kind,
            subject_id=subject.id,
            title=made["title"],
            payload={**made, "template_key": kind.template_key},
            ladder=rungs,
            channel=rungs[0] if rungs else INBOX,
            priority=int(kind.priority),
            may_repeat=kind.may_repeat,
            patience=kind.patience,
            status="created" if rungs else "delivered",
            created_at=now,
            updated_at=now,
            not_before=begin,
            expires_at=expires_at or begin + kind.life,
            next_at=begin + hold,
            last_error="; ".join(made["unfit"])[:300],
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(OutboxMessage.id)
    )
    if message_id is None:
        return None
    session.execute(
        insert(InboxMessage).values(
            id=message_id,
            person_key=person_key,
            kind=kind.key,
            title=made["title"],
            body=made["body"],
            link=made["link"],
            visible_from=begin,
        )
    )
    return message_id


def hasten(session: Session, person_key: UUID, kinds: Iterable[str], now: datetime) -> None:
    """End the waiting of this person's messages of ``kinds``: what they waited for is there."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.person_key == person_key,
            OutboxMessage.kind.in_(list(kinds)),
            OutboxMessage.status == "created",
            OutboxMessage.not_before <= now,
            OutboxMessage.next_at > now,
        )
        .values(next_at=now)
        .execution_options(synchronize_session=False)
    )


def cancel(session: Session, subject: Subject, kinds: Iterable[str], now: datetime) -> int:
    """Stop what is still to be sent about ``subject``; how many messages were stopped.

    What already shows in the inbox stays: the person may have read it. A message being sent
    at this moment can no longer be stopped.
    """
    rows = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.subject_kind == subject.kind,
            OutboxMessage.subject_id == subject.id,
            OutboxMessage.kind.in_(list(kinds)),
            OutboxMessage.status.in_(OPEN),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.status = after(row.status, "cancel")
        row.last_error = "事情已变化，不再发送"
        row.lease_owner = row.lease_until = None
        row.updated_at = now
        release_grant(session, row, now)
    session.execute(
        update(InboxMessage)
        .where(InboxMessage.id.in_([row.id for row in rows]), InboxMessage.visible_from > now)
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return len(rows)


def release_grant(session: Session, row: OutboxMessage, now: datetime) -> None:
    """Give back the grant a message held and did not use."""
    if row.held_template:
        consent.refund(session, now, row.person_key, row.held_template)
        row.held_template = None
