"""Tables of the work on an event: who was called, clocks, subtasks, whistles, requests, orders."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    String,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from backend.domains.dispatch import rules
from backend.kernel.clock_rules import HOURS, MINUTES, WORKING_DAYS
from backend.kernel.clocks import ClockColumns, clock_args
from backend.kernel.database import Base
from backend.kernel.ids import new_id


class Xid8(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name in DDL."""
        return "xid8"


# So that reading a schema back knows the type as well.
ischema_names["xid8"] = Xid8


def _one_of(column: str, values: Any) -> str:
    listed = ",".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


# Those told at these steps may still claim.
OPEN_ATTEMPTS = ("waiting", "passed")


class EventAttempt(Base):
    """One step of the chain that was tried: whom it told, and what became of it.

    Outcomes: waiting (told, the clock runs), passed (time ran out; they may still claim),
    empty (nobody on duty there), claimed, over (ended otherwise).
    """

    __tablename__ = "event_attempt"
    __table_args__ = (
        CheckConstraint(_one_of("level", rules.LEVEL_TEXT), name="level"),
        CheckConstraint(
            "outcome IN ('waiting','passed','empty','claimed','over')", name="outcome"
        ),
        Index("ix_event_attempt_event_id", "event_id", "at"),
        Index("ix_event_attempt_open", "event_id",
              postgresql_where=text("outcome IN ('waiting','passed')")),
        Index("ix_event_attempt_staff", "staff_ids", postgresql_using="gin",
              postgresql_where=text("outcome IN ('waiting','passed')")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    level: Mapped[str] = mapped_column(String(10))
    staff_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(10))
    ended_at: Mapped[datetime | None]


class EventRelease(Base):
    """Who gave an event back or declined it, and therefore cannot claim it again."""

    __tablename__ = "event_release"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)


class Subtask(Base):
    """A part of the work given to a co-handler, or to a department's staff."""

    __tablename__ = "event_subtask"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.SUBTASK_TEXT), name="state"),
        CheckConstraint("(staff_id IS NULL) <> (department_id IS NULL)", name="holder"),
        Index("ix_event_subtask_event_id", "event_id"),
        Index("ix_event_subtask_staff", "staff_id",
              postgresql_where=text("state IN ('waiting','accepted')")),
        Index("ix_event_subtask_department", "department_id",
              postgresql_where=text("state IN ('waiting','accepted')")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    what: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[UUID | None]
    department_id: Mapped[UUID | None]
    mandatory: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    result: Mapped[str] = mapped_column(Text, default="", server_default="")
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime]
    taken_by: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]


class Whistle(Base):
    """A street's call to a department (吹哨); `note` keeps the department's last words."""

    __tablename__ = "event_whistle"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.WHISTLE_TEXT), name="state"),
        Index("ix_event_whistle_event_id", "event_id"),
        Index("uq_event_whistle_open", "event_id", "department_id", unique=True,
              postgresql_where=text("state IN ('called','signed','contacted','arrived')")),
        Index("ix_event_whistle_department", "department_id", "blown_at",
              postgresql_where=text("state IN ('called','signed','contacted','arrived')")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    department_id: Mapped[UUID]
    what: Mapped[str] = mapped_column(Text)
    hard: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    blown_by: Mapped[UUID | None]
    signed_by: Mapped[UUID | None]
    blown_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class EventRequest(Base):
    """A hold (挂账) or a cancellation asked for; somebody else decides."""

    __tablename__ = "event_request"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.REQUEST_TEXT), name="state"),
        CheckConstraint(_one_of("kind", rules.REQUEST_KIND_TEXT), name="kind"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
        Index("ix_event_request_event_id", "event_id"),
        Index("uq_event_request_open", "event_id", unique=True,
              postgresql_where=text("state IN ('pending','approved')")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12))
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    ended_at: Mapped[datetime | None]


class SupervisionOrder(Base):
    """A supervisor's order (督办): to be answered by its due moment."""

    __tablename__ = "supervision_order"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.ORDER_TEXT), name="state"),
        Index("ix_supervision_order_event_id", "event_id"),
        Index("ix_supervision_order_open", "due_at", postgresql_where=text("state <> 'closed'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    words: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    reply: Mapped[str] = mapped_column(Text, default="", server_default="")
    ordered_by: Mapped[UUID]
    ordered_at: Mapped[datetime]
    replied_by: Mapped[UUID | None]
    replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class EventClock(ClockColumns, Base):
    """A limit that runs: of the event itself, of a subtask, a whistle or an order."""

    __tablename__ = "event_clock"
    __table_args__ = clock_args("event_clock", "event_id", (MINUTES, HOURS, WORKING_DAYS))

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))


class EventChange(Base):
    """The feed for live lists: one row a change; `xid` orders readers past open transactions."""

    __tablename__ = "event_change"
    __table_args__ = (Index("ix_event_change_at", "at"), Index("ix_event_change_xid", "xid", "id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[UUID]
    street_id: Mapped[UUID | None]
    what: Mapped[str] = mapped_column(String(24))
    xid: Mapped[str] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    at: Mapped[datetime]
