"""留痕: one append-only, hash-chained table for every matter of every domain."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    DDL,
    BigInteger,
    Identity,
    String,
    Text,
    UniqueConstraint,
    event,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.kernel.access import Actor
from backend.kernel.database import Base, table_of
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: the kind of matter and its id."""

    kind: str
    id: UUID


class TraceEntry(Base):
    """One thing that was done. Never updated, never deleted (a trigger refuses both)."""

    __tablename__ = "trace_entry"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "seq"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    seq: Mapped[int]
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(64))
    actor_role: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str | None] = mapped_column(String(40))
    to_state: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    public_text: Mapped[str] = mapped_column(Text)
    internal_text: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]


_WRITTEN = tuple(column.key for column in table_of(TraceEntry).columns if column.key != "id")
_INSERT = insert(table_of(TraceEntry)).inline()

TRACE_GUARD = """
CREATE OR REPLACE FUNCTION trace_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'trace_entry is append-only'; END $$;
CREATE TRIGGER trace_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_entry
FOR EACH STATEMENT EXECUTE FUNCTION trace_entry_is_append_only();
"""
event.listen(TraceEntry.__table__, "after_create", DDL(TRACE_GUARD))  # type: ignore[no-untyped-call]  # untyped upstream


def record(
    uow: UnitOfWork,
    *,
    subject: Subject,
    action: str,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str = "",
    public_text: str = "",
    internal_text: str = "",
    actor: Actor | None = None,
    first: bool = False,
) -> TraceEntry:
    """Append an entry in the caller's transaction; answers a copy of it.

    `first` says that the subject is new in this transaction, so that no entry before it is
    looked for; the unique key refuses it if that should be wrong.

    `public_text` may be read by anyone who holds the query code: no personal data in it.
    A person's name is never kept as actor. Two writers on one subject at the same moment:
    the second gets `Conflict`, since it acted on a state it had not seen.
    """
    who = actor or uow.actor
    seq, previous = (0, b"") if first else _last(uow.session, subject)
    entry = TraceEntry(
        subject_kind=subject.kind,
        subject_id=subject.id,
        seq=seq + 1,
        at=uow.now,
        actor_kind=who.kind,
        actor_id=who.id,
        actor_name=who.name if who.kind != "person" else "",
        actor_role=who.role,
        action=action,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        public_text=public_text,
        internal_text=internal_text,
        previous_hash=previous,
        hash=b"",
    )
    entry.hash = entry_hash(entry)
    _write(uow.session, entry)
    return entry


def _last(session: Session, subject: Subject) -> tuple[int, bytes]:
    last = session.execute(
        select(TraceEntry.seq, TraceEntry.hash)
        .where(TraceEntry.subject_kind == subject.kind, TraceEntry.subject_id == subject.id)
        .order_by(TraceEntry.seq.desc())
        .limit(1)
    ).first()
    return (last.seq, last.hash) if last else (0, b"")


def _write(session: Session, entry: TraceEntry) -> None:
    try:
        # What the entry tells of is written before it.
        session.flush()
        session.execute(_INSERT, {name: getattr(entry, name) for name in _WRITTEN})
    except IntegrityError as error:
        if "trace_entry" not in str(error.orig):
            raise
        raise Conflict("acted_at_once", detail="另一位工作人员刚刚处理了，请刷新后再看") from error


def entry_hash(entry: TraceEntry) -> bytes:
    """SHA-256 over the entry's fields and the hash of the entry before it."""
    fields = [
        entry.subject_kind, str(entry.subject_id), entry.seq, entry.at.isoformat(),
        entry.actor_kind, str(entry.actor_id), entry.actor_name, entry.actor_role,
        entry.action, entry.from_state, entry.to_state, entry.reason,
        entry.public_text, entry.internal_text, entry.previous_hash.hex(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).digest()


def entries(session: Session, subject: Subject) -> list[TraceEntry]:
    """All entries of a subject, oldest first."""
    query = select(TraceEntry).where(
        TraceEntry.subject_kind == subject.kind, TraceEntry.subject_id == subject.id
    )
    return list(session.scalars(query.order_by(TraceEntry.seq)))
