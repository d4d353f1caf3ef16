"""Tables of a vote: the vote, its frozen roll, its log and checkpoints, its result.

What was frozen or promised is append-only by triggers; the sums of a roll are checked by one.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.deliberation import vote_rules
from backend.kernel.database import Base, table_of
from backend.kernel.ids import new_id

_STATES = ",".join(f"'{state}'" for state in vote_rules.VOTE_STATES)


class Vote(Base):
    """One vote on one topic. What it asks and its rule stand still once it is open.

    `rule` is the kind's rule as it was when the vote was prepared; `public_key` is what its
    ballots are sealed for, `private_sealed` opens them and is sealed under BALLOT_KEY.
    """

    __tablename__ = "vote"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("secrecy IN ('open','secret')", name="secrecy"),
        CheckConstraint("method IN ('single','multiple','ranked','budget')", name="method"),
        CheckConstraint("least BETWEEN 1 AND most", name="choices"),
        CheckConstraint("NOT (secrecy = 'secret' AND rule -> 'weights' ? 'area')", name="apart"),
        CheckConstraint("NOT (secrecy = 'secret' AND changeable)", name="secret_is_final"),
        CheckConstraint(
            "state IN ('prepared','cancelled') OR (opened_at IS NOT NULL"
            " AND public_key IS NOT NULL AND closes_at > opened_at)",
            name="opened",
        ),
        CheckConstraint("(published_at IS NULL) = (bundle_file_id IS NULL)", name="published"),
        Index("uq_vote_live", "topic_id", unique=True,
              postgresql_where=text("state IN ('prepared','open','closing')")),
        Index("ix_vote_topic_id", "topic_id", "created_at"),
        Index("ix_vote_running", "state", postgresql_where=text("state IN ('open','closing')")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[UUID]
    topic_number: Mapped[str] = mapped_column(String(20))
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    community_id: Mapped[UUID] = mapped_column(index=True)
    scope_kind: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[UUID]
    scope_text: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    preset_version: Mapped[int]
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    electorate: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(String(10))
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    least: Mapped[int]
    most: Mapped[int]
    budget_cents: Mapped[int | None] = mapped_column(BigInteger)
    secrecy: Mapped[str] = mapped_column(String(10))
    changeable: Mapped[bool]
    silence_with_majority: Mapped[bool] = mapped_column(default=False, server_default="false")
    proxies: Mapped[int] = mapped_column(default=0, server_default="0")
    days: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    annulled_at: Mapped[datetime | None]
    public_key: Mapped[bytes | None]
    private_sealed: Mapped[bytes | None]
    bundle_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))

    @property
    def by_area(self) -> bool:
        """Whether area counts, and the roll therefore shows rooms."""
        return "area" in self.rule["weights"]

    @property
    def secret(self) -> bool:
        """Whether nobody may ever join ballots and voters."""
        return self.secrecy == vote_rules.SECRETLY


class Roll(Base):
    """The sums and the hash of a vote's roll, written behind its entries, which it closes."""

    __tablename__ = "roll"
    __table_args__ = (
        CheckConstraint("heads > 0", name="heads"),
        CheckConstraint("area_centi >= 0", name="area"),
    )

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    heads: Mapped[int]
    area_centi: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes]
    frozen_at: Mapped[datetime]


class RollEntry(Base):
    """A head on a roll: owner party, household, person or record (`ref_id`).

    `rooms` are `[id, label, area_centi]`; `salt` opens the published commitment. The id is random,
    so that it tells no order.
    """

    __tablename__ = "roll_entry"
    __table_args__ = (
        UniqueConstraint("vote_id", "ordinal"),
        UniqueConstraint("vote_id", "ref_id"),
        CheckConstraint("area_centi >= 0", name="area"),
        CheckConstraint("ordinal > 0", name="ordinal"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"))
    ordinal: Mapped[int]
    ref_id: Mapped[UUID]
    rooms: Mapped[list[Any]] = mapped_column(JSONB)
    area_centi: Mapped[int] = mapped_column(BigInteger)
    salt: Mapped[bytes]


class RollCaster(Base):
    """Whose account could cast for an entry when the roll was frozen."""

    __tablename__ = "roll_caster"
    __table_args__ = (Index("ix_roll_caster_person_id", "person_id", "vote_id"),)

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"))


class RollRoom(Base):
    """A room on a roll; none counts twice in one vote."""

    __tablename__ = "roll_room"

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("roll_entry.id"), index=True)


class VoteLog(Base):
    """Where a running vote's log stands: both trees, batches, turnout as of the last sealing.

    Apart from `vote`, so that casting never waits for it. `pending_public` is what waiting secret
    ballots are sealed for; `pending_key` names the file with its private part.
    """

    __tablename__ = "vote_log"
    __table_args__ = (
        CheckConstraint("heads >= 0 AND area_centi >= 0", name="turnout"),
        CheckConstraint("ballots >= 0 AND receipts >= 0 AND batches >= 0", name="sizes"),
    )

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    ballots: Mapped[int] = mapped_column(default=0)
    ballots_peaks: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    receipts: Mapped[int] = mapped_column(default=0)
    receipts_peaks: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    batches: Mapped[int] = mapped_column(default=0)
    heads: Mapped[int] = mapped_column(default=0)
    area_centi: Mapped[int] = mapped_column(BigInteger, default=0)
    pending_public: Mapped[bytes | None]
    pending_key: Mapped[UUID | None]


class VoteCheckpoint(Base):
    """A signed promise of how the log stood; `note` is its text."""

    __tablename__ = "vote_checkpoint"
    __table_args__ = (
        CheckConstraint("kind IN ('opening','running','final')", name="kind"),
        CheckConstraint("seq >= 0", name="seq"),
    )

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)


class VoteResult(Base):
    """The result as it was counted (canonical JSON), and the published bundle."""

    __tablename__ = "vote_result"

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    record: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(12))
    passed: Mapped[bool | None]
    counted_at: Mapped[datetime]


_FROZEN = """
CREATE OR REPLACE FUNCTION vote_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only();
"""
_ROLL_SUMS = """
CREATE OR REPLACE FUNCTION roll_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
  SELECT count(*) AS heads, coalesce(sum(area_centi), 0) AS area, coalesce(max(ordinal), 0) AS last
  INTO found FROM roll_entry WHERE vote_id = NEW.vote_id;
  IF found.heads <> NEW.heads OR found.area <> NEW.area_centi OR found.last <> NEW.heads THEN
    RAISE EXCEPTION 'the roll does not add up' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER roll_sums BEFORE INSERT ON roll FOR EACH ROW EXECUTE FUNCTION roll_adds_up();
"""
_ROLL_CLOSED = """
CREATE OR REPLACE FUNCTION roll_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM roll JOIN added ON added.vote_id = roll.vote_id) THEN
    RAISE EXCEPTION 'the roll is frozen' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {table}_closed AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION roll_is_closed();
"""


def _after_create(model: type[Base], statement: str) -> None:
    event.listen(model.__table__, "after_create", DDL(statement))  # type: ignore[no-untyped-call]  # untyped upstream


for _model in (Roll, RollEntry, RollCaster, RollRoom, VoteCheckpoint, VoteResult):
    _after_create(_model, _FROZEN.format(table=table_of(_model).name))
_after_create(Roll, _ROLL_SUMS)
for _model in (RollEntry, RollCaster, RollRoom):
    _after_create(_model, _ROLL_CLOSED.format(table=table_of(_model).name))
