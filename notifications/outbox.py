"""Writing messages in the caller's transaction, and taking back what no longer holds.

Functions take the session, the moment and ids; they never commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast
from uuid import UUID, uuid4

from sqlalchemy import String, Table, bindparam, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications import consent, limits, templates
from notifications.kinds import INBOX, STAFF_HOOK, Kind, render
from notifications.model import InboxMessage, OutboxMessage
from notifications.resend_rules import CANCELLED
from notifications.rules import OPEN, UNSENT, Priority, after, next_evening
from notifications.templates import InUse

# Plain tables: the ORM's own inserts cost several times as much, and nothing here needs them.
_OUTBOX = cast(Table, OutboxMessage.__table__)
_INBOX = cast(Table, InboxMessage.__table__)
_INSERT_OUTBOX = (
    insert(_OUTBOX).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(_OUTBOX.c.id)
)
_PART = "part"
_WRITTEN = (
    "id", "dedupe_key", "person_key", "kind", "subject_kind", "subject_id", "title", "payload",
    "ladder", "step", "channel", "priority", "may_repeat", "patience", "status", "attempts",
    "created_at", "updated_at", "not_before", "expires_at", "next_at", "provider",
    "provider_msgid", "last_errcode", "last_error", "campaign_id", "digest",
)  # fmt: skip
_SHOWN = ("id", "person_key", "kind", "title", "body", "link", "visible_from")
#: What a fresh message does not have yet.
_BLANK = {
    "step": 0, "attempts": 0, "provider": "", "provider_msgid": "", "last_errcode": "",
}  # fmt: skip


def _columns(table: Table, names: Iterable[str]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # untyped upstream
    return ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in names)


# Both tables in one statement that is the same for any number of messages, so it is parsed, planned
# and put together once: every booking writes three messages.
_INSERT_BOTH = text(
    f"""
WITH told AS (
  INSERT INTO outbox ({", ".join(_WRITTEN)})
  SELECT {", ".join(_WRITTEN)} FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r ({_columns(_OUTBOX, _WRITTEN)})
  ON CONFLICT (dedupe_key) DO NOTHING RETURNING id),
shown AS (
  INSERT INTO inbox_message ({", ".join(_SHOWN)})
  SELECT {", ".join(_SHOWN)} FROM jsonb_to_recordset(CAST(:cards AS jsonb)) AS r ({_columns(_INBOX, _SHOWN)})
  WHERE id IN (SELECT id FROM told))
SELECT id FROM told"""  # noqa: S608 - names of columns alone  # nosec B608
).bindparams(bindparam("rows", type_=String), bindparam("cards", type_=String))


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
    the inbox wait (see ``hasten``). ``campaign_id`` names the campaign it belongs to, ``part`` the
    part of the matter it is about (a request, an order), so that it can be stopped by itself.
    """

    kind: Kind
    dedupe_key: str
    not_before: datetime | None = None
    expires_at: datetime | None = None
    ladder: tuple[str, ...] | None = None
    hold: timedelta = timedelta()
    campaign_id: UUID | None = None
    part: str = ""


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
    part: str = "",
) -> UUID | None:
    """Write one message (see ``Draft``): its id, or None when ``dedupe_key`` was told before."""
    draft = Draft(kind, dedupe_key, not_before, expires_at, ladder, hold, part=part)
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
    written = list(letters)
    if not written:
        return []
    words = templates.in_use(session)
    rows = [_outbox_row(now, one, words) for one in written]
    # A group of staff has no inbox.
    cards = [_inbox_row(row) for row in rows if STAFF_HOOK not in row["ladder"]]
    # What the caller has changed is written before what tells of it.
    session.flush()
    new = set(session.scalars(_INSERT_BOTH, {"rows": _json(rows), "cards": _json(cards)}))
    return [row["id"] for row in rows if row["id"] in new]


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=str, ensure_ascii=False)


def enqueue_apart(session: Session, now: datetime, letter: Letter, priority: Priority) -> UUID:
    """Write a message for the channels after the inbox alone; its ``dedupe_key`` must be new."""
    row = _outbox_row(now, letter, templates.in_use(session))
    return session.scalars(_INSERT_OUTBOX, [{**row, "priority": int(priority)}]).one()


def _outbox_row(now: datetime, letter: Letter, words: InUse) -> dict[str, Any]:
    draft, subject, values = letter.draft, letter.subject, letter.values
    kind, version = words.of(draft.kind)
    try:
        made = render(kind, values, rungs := _rungs(draft, kind))
    except (KeyError, ValueError):
        if not version:
            raise
        # A value that this one message lacks: then the words it was declared with.
        kind, version = draft.kind, 0
        made = render(kind, values, rungs := _rungs(draft, kind))
    begin = draft.not_before or now
    expires_at = draft.expires_at or begin + kind.life
    evening = next_evening(begin)
    # Groups of staff read what concerns them when it happens.
    waits = kind.digest and expires_at > evening and bool(rungs) and STAFF_HOOK not in rungs
    return {
        "id": uuid4(),
        **_BLANK,
        "dedupe_key": draft.dedupe_key,
        "person_key": letter.person_key,
        "kind": kind.key,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "title": made["title"],
        "payload": {
            **made,
            "template_key": kind.template_key,
            "version": version,
            **({_PART: draft.part} if draft.part else {}),
        },
        "ladder": rungs,
        "channel": rungs[0] if rungs else INBOX,
        "priority": int(kind.priority),
        "may_repeat": kind.may_repeat,
        "patience": kind.patience,
        "status": "created" if rungs else "delivered",
        "created_at": now,
        "updated_at": now,
        "not_before": begin,
        "expires_at": expires_at,
        "next_at": evening if waits else begin + draft.hold,
        "digest": waits,
        "last_error": "; ".join(made["unfit"])[:300],
        "campaign_id": draft.campaign_id,
    }


def _rungs(draft: Draft, kind: Kind) -> list[str]:
    """The channels to try: a draft's own, but for those that staff took from the kind."""
    if draft.ladder is None:
        return list(kind.ladder)
    gone = set(draft.kind.ladder) - set(kind.ladder)
    return [channel for channel in draft.ladder if channel not in gone]


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
            OutboxMessage.digest.is_(False),
            OutboxMessage.not_before <= now,
            OutboxMessage.next_at > now,
        )
        .values(next_at=now)
        .execution_options(synchronize_session=False)
    )


def cancel(
    session: Session,
    subject: Subject,
    kinds: Iterable[str],
    now: datetime,
    *,
    parts: Iterable[str] | None = None,
    people: Iterable[UUID] | None = None,
) -> int:
    """Stop what is still to be sent about ``subject``; how many messages were stopped.

    Of these ``parts`` of it, or for these ``people`` alone, where given. What already shows in the
    inbox stays: the person may have read it. A message being sent at this moment can no longer
    be stopped, but it is not tried again, and on no other channel.
    """
    query = select(OutboxMessage).where(
        OutboxMessage.subject_kind == subject.kind,
        OutboxMessage.subject_id == subject.id,
        OutboxMessage.kind.in_(list(kinds)),
        OutboxMessage.status.in_((*OPEN, "sending", "accepted")),
    )
    if parts is not None:
        query = query.where(OutboxMessage.payload[_PART].astext.in_(list(parts)))
    if people is not None:
        query = query.where(OutboxMessage.person_key.in_(list(people)))
    rows = session.scalars(
        # In one order everywhere, so that nobody waits for each other.
        query.order_by(OutboxMessage.id).with_for_update().execution_options(populate_existing=True)
    ).all()
    stopped = sorted(
        (row for row in rows if row.status in OPEN), key=lambda row: (row.person_key, row.id)
    )
    for row in stopped:
        row.status = after(row.status, "cancel")
        row.last_errcode, row.last_error = CANCELLED, "事情已变化，不再发送"
        row.lease_owner = row.lease_until = None
        row.updated_at = now
        release(session, row, now)
    for row in rows:
        if row not in stopped:
            row.expires_at = min(row.expires_at, now)
    session.execute(
        update(InboxMessage)
        .where(InboxMessage.id.in_([row.id for row in stopped]), InboxMessage.visible_from > now)
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return len(stopped)


def release(session: Session, row: OutboxMessage, now: datetime) -> None:
    """Give back the grant a message held and did not use, and its place in the person's day."""
    if row.held_template:
        consent.refund(session, now, row.person_key, row.held_template)
        row.held_template = None
    if row.status in UNSENT:
        limits.give_back(session, row)
