"""Checkpoints over the trace: what was edited, removed, reordered or cut off is found.

Each subject's entries are chained by hash, which finds edits in the middle of one subject's
story. A checkpoint adds a digest over all entries of a period; kept outside (printed,
mailed, on another machine) it also finds a story that is missing as a whole.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id
from backend.kernel.trace import TraceEntry, entry_hash
from backend.kernel.uow import UnitOfWork

# Longer than any transaction may live, so that nothing commits into a closed period.
SETTLED_AFTER = timedelta(minutes=5)
_BATCH = 5000


class TraceCheckpoint(Base):
    """The digest over all entries with `at` in (previous horizon, horizon]."""

    __tablename__ = "trace_checkpoint"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    horizon: Mapped[datetime] = mapped_column(unique=True)
    entries: Mapped[int]
    digest: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written."""

    what: str
    where: str


def checkpoint(uow: UnitOfWork) -> TraceCheckpoint | None:
    """Close the period up to five minutes ago; None when nothing happened in it."""
    last = _latest(uow.session)
    horizon = uow.now - SETTLED_AFTER
    if last is not None and horizon <= last.horizon:
        return None
    count, digest = _digest(uow.session, last, horizon)
    if not count:
        return None
    row = TraceCheckpoint(horizon=horizon, entries=count, digest=digest)
    uow.session.add(row)
    uow.session.flush()
    return row


def verify(session: Session, kept: dict[datetime, bytes] | None = None) -> list[Finding]:
    """Recompute every chain and checkpoint; `kept` holds digests noted elsewhere by horizon."""
    findings = _verify_chains(session)
    found = select(TraceCheckpoint).order_by(TraceCheckpoint.horizon)
    points = list(session.scalars(found.execution_options(populate_existing=True)))
    before = None
    for point in points:
        count, digest = _digest(session, before, point.horizon)
        if (count, digest) != (point.entries, point.digest):
            findings.append(Finding("period altered", point.horizon.isoformat()))
        before = point
    known = {point.horizon: point.digest for point in points}
    for horizon, digest in (kept or {}).items():
        if known.get(horizon) != digest:
            findings.append(Finding("checkpoint missing or altered", horizon.isoformat()))
    return findings


def _verify_chains(session: Session) -> list[Finding]:
    findings = []
    query = select(TraceEntry).order_by(
        TraceEntry.subject_kind, TraceEntry.subject_id, TraceEntry.seq
    )
    current: tuple[str, UUID] | None = None
    expected_seq, previous = 1, b""
    # What the database holds counts, not what this session may have read or changed before.
    fresh = query.execution_options(yield_per=_BATCH, populate_existing=True)
    for entry in session.scalars(fresh):
        subject = (entry.subject_kind, entry.subject_id)
        if subject != current:
            current, expected_seq, previous = subject, 1, b""
        where = f"{entry.subject_kind} {entry.subject_id} #{entry.seq}"
        if entry.seq != expected_seq or entry.previous_hash != previous:
            findings.append(Finding("chain broken", where))
        if entry_hash(entry) != entry.hash:
            findings.append(Finding("entry altered", where))
        expected_seq, previous = entry.seq + 1, entry.hash
    return findings


def _latest(session: Session) -> TraceCheckpoint | None:
    return session.scalar(select(TraceCheckpoint).order_by(TraceCheckpoint.horizon.desc()).limit(1))


def _digest(
    session: Session, before: TraceCheckpoint | None, horizon: datetime
) -> tuple[int, bytes]:
    query = select(TraceEntry.hash).where(TraceEntry.at <= horizon).order_by(TraceEntry.id)
    if before is not None:
        query = query.where(TraceEntry.at > before.horizon)
    digest = hashlib.sha256(before.digest if before else b"")
    count = 0
    for value in session.scalars(query.execution_options(yield_per=_BATCH)):
        digest.update(value)
        count += 1
    return count, digest.digest()
