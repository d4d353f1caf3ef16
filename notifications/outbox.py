"""Writing messages in the caller's transaction, and taking back what no longer holds.

Functions take the session, the moment and ids; they never commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications import consent
from notifications.kinds import INBOX, Kind, render
from notifications.model import InboxMessage, OutboxMessage
from notifications.rules import OPEN, after

# Plain tables: the ORM's own inserts cost several times as much, and nothing here needs them.
_OUTBOX = cast(Table, OutboxMessage.__table__)
_INBOX = cast(Table, InboxMessage.__table__)
_INSERT_OUTBOX = (
    insert(_OUTBOX).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(_OUTBOX.c.id)
)
_INSERT_INBOX = insert(_INBOX).returning(_INBOX.c.id)


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


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to be written.

    It shows and leaves not before ``not_before`` (now) and not after ``expires_at``
    (``kind.life`` later). ``ladder`` shortens the kind's own; ``hold`` lets the channels after
    the inbox wait (see ``hasten``).
    """

    kind: Kind
    dedupe_key: str
    not_before: datetime | None = None
    expires_at: datetime | None = None
    ladder: tuple[str, ...] | None = None
    hold: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft with its reader, its subject and the values of its text."""

    draft: Draft
    person_key: UUID
    subject: Subject
    values: Mapping[str, Any]


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
    """Write one message (see ``Draft``): its id, or None when ``dedupe_key`` was told before."""
    draft = Draft(kind, dedupe_key, not_before, expires_at, ladder, hold)
    told = enqueue_many(
        session, now, [draft], person_key=person_key, subject=subject, values=values
    )
    return told[0] if told else None


def enqueue_many(
    session: Session,
    now: datetime,
    drafts: Iterable[Draft],
    *,
    person_key: UUID,
    subject: Subject,
    values: Mapping[str, Any],
) -> list[UUID]:
    """Write several messages on one matter: into the inbox at once, into the outbox for the rest.

    One statement for each of the two tables. Returns the ids of those whose ``dedupe_key`` had
    not been told before.
    """
    return enqueue_letters(
        session, now, [Letter(draft, person_key, subject, values) for draft in drafts]
    )


def enqueue_letters(session: Session, now: datetime, letters: Iterable[Letter]) -> list[UUID]:
    """``enqueue_many`` for many people at once, each with an own text: still two statements."""
    rows = [_outbox_row(now, one.draft, one.person_key, one.subject, one.values) for one in letters]
    if not rows:
        return []
    new = set(session.scalars(_INSERT_OUTBOX, rows))
    told = [row for row in rows if row["id"] in new]
    if told:
        session.execute(_INSERT_INBOX, [_inbox_row(row) for row in told])
    return [row["id"] for row in told]


def _outbox_row(
    now: datetime, draft: Draft, person_key: UUID, subject: Subject, values: Mapping[str, Any]
) -> dict[str, Any]:
    kind = draft.kind
    rungs = list(kind.ladder if draft.ladder is None else draft.ladder)
    begin = draft.not_before or now
    made = render(kind, values)
    return {
        "id": uuid4(),
        "dedupe_key": draft.dedupe_key,
        "person_key": person_key,
        "kind": kind.key,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "title": made["title"],
        "payload": {**made, "template_key": kind.template_key},
        "ladder": rungs,
        "channel": rungs[0] if rungs else INBOX,
        "priority": int(kind.priority),
        "may_repeat": kind.may_repeat,
        "patience": kind.patience,
        "status": "created" if rungs else "delivered",
        "created_at": now,
        "updated_at": now,
        "not_before": begin,
        "expires_at": draft.expires_at or begin + kind.life,
        "next_at": begin + draft.hold,
        "last_error": "; ".join(made["unfit"])[:300],
    }


def _inbox_row(row: Mapping[str, Any]) -> dict[str, Any]:
    made = row["payload"]
    return {
        "id": row["id"],
        "person_key": row["person_key"],
        "kind": row["kind"],
        "title": made["title"],
        "body": made["body"],
        "link": made["link"],
        "visible_from": row["not_before"],
    }


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
