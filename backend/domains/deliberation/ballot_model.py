"""Tables of ballots. Nothing here joins a secret ballot to its voter, and no row tells an order.

A secret ballot has a random id and its batch; a seat that took part has its batch and its receipt;
receipts stand in their batch in no order. `ballot_pending` is emptied by batches.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.deliberation import vote_rules
from backend.domains.deliberation.vote_model import _FROZEN
from backend.kernel.database import Base
from backend.kernel.ids import new_id

_PAPER_STATES = ",".join(f"'{state}'" for state in vote_rules.PAPER_TEXT)


class Ballot(Base):
    """A ballot in the log, or (open votes only) on its way there.

    `sealed` opens with the vote's key; `leaf` is the hash of its published line; `ordinal` its place
    in the log. Open ballots name their seat, the turn `seq` of the seat and how they came; `attempt`
    and `mark` let the same call sent again have the same answer.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("vote_id", "ordinal"),
        UniqueConstraint("vote_id", "entry_id", "seq"),
        UniqueConstraint("vote_id", "receipt_code"),
        CheckConstraint("(entry_id IS NULL) = (batch IS NOT NULL)", name="one_kind"),
        CheckConstraint("num_nulls(entry_id, seq, how, receipt_code, attempt, mark) IN (0, 6)",
                        name="open_or_secret"),
        CheckConstraint("how IN ('online','proxy','paper')", name="how"),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("batch IS NULL OR ordinal IS NOT NULL", name="secret_is_sealed"),
        Index("ix_ballot_unsealed", "vote_id", postgresql_where=text("ordinal IS NULL")),
        Index("uq_ballot_attempt", "entry_id", "attempt", unique=True,
              postgresql_where=text("attempt IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"))
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("roll_entry.id"))
    batch: Mapped[int | None]
    seq: Mapped[int | None]
    how: Mapped[str | None] = mapped_column(String(10))
    receipt_code: Mapped[str | None] = mapped_column(String(14))
    attempt: Mapped[bytes | None]
    mark: Mapped[bytes | None]
    sealed: Mapped[bytes]
    leaf: Mapped[bytes]
    ordinal: Mapped[int | None]


class BallotPending(Base):
    """A secret ballot that waits for its batch. One for each seat; no time, nothing readable."""

    __tablename__ = "ballot_pending"
    __table_args__ = (UniqueConstraint("vote_id", "receipt_code"),)

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)
    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), index=True)
    receipt_code: Mapped[str] = mapped_column(String(14))
    sealed: Mapped[bytes]


class BallotParticipation(Base):
    """That a seat took part in a secret vote, no finer than its batch, and its receipt."""

    __tablename__ = "ballot_participation"
    __table_args__ = (
        UniqueConstraint("vote_id", "receipt_code"),
        CheckConstraint("batch > 0", name="batch"),
    )

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)
    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"))
    batch: Mapped[int]
    receipt_code: Mapped[str] = mapped_column(String(14))


class BallotReceipt(Base):
    """A line of the published receipts, in the order of their tree."""

    __tablename__ = "ballot_receipt"

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(Text)


class BallotPaper(Base):
    """A paper ballot (`sheet` is printed on it). Its seat cannot vote online meanwhile."""

    __tablename__ = "ballot_paper"
    __table_args__ = (
        UniqueConstraint("vote_id", "sheet"),
        CheckConstraint(f"state IN ({_PAPER_STATES})", name="state"),
        Index("uq_ballot_paper_live", "entry_id", unique=True,
              postgresql_where=text("state <> 'void'")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"))
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("roll_entry.id"))
    sheet: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    entered_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class BallotPaperEntry(Base):
    """What one worker read on a sheet: sealed for the vote, and a keyed mark to compare by."""

    __tablename__ = "ballot_paper_entry"

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("ballot_paper.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    mark: Mapped[bytes]
    attempt: Mapped[bytes]
    ballot_mark: Mapped[bytes]
    sealed: Mapped[bytes]
    leaf: Mapped[bytes]
    entered_at: Mapped[datetime]


_KEPT = """
CREATE OR REPLACE FUNCTION ballot_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.ordinal IS NULL AND NEW.ordinal IS NOT NULL
     AND (to_jsonb(OLD) - 'ordinal') = (to_jsonb(NEW) - 'ordinal') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a ballot is never changed';
END $$;
CREATE TRIGGER ballot_kept BEFORE UPDATE OR DELETE ON ballot
FOR EACH ROW EXECUTE FUNCTION ballot_is_kept();
"""
_ONCE = """
CREATE OR REPLACE FUNCTION secret_ballot_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ballot_participation WHERE entry_id = NEW.entry_id) THEN
    RAISE EXCEPTION 'this seat has voted' USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ballot_pending_once BEFORE INSERT ON ballot_pending
FOR EACH ROW EXECUTE FUNCTION secret_ballot_once();
"""
_LISTENERS = (
    (Ballot, _KEPT),
    (BallotPending, _ONCE),
    (BallotParticipation, _FROZEN.format(table="ballot_participation")),
    (BallotReceipt, _FROZEN.format(table="ballot_receipt")),
)
for _model, _statement in _LISTENERS:
    event.listen(_model.__table__, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]  # untyped upstream
