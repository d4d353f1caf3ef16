"""What the operators' desk keeps beside tickets: calls, who is there, drafts, corrections."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.api_keys import ApiKeyColumns
from backend.kernel.database import Base
from backend.kernel.ids import new_id


class Call(Base):
    """A telephone call as the exchange tells of it; the number is sealed, found by its hash."""

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("state IN ('ringing','answered','ended','missed')", name="state"),
        CheckConstraint("(number_sealed IS NULL) = (number_hash IS NULL)", name="number"),
        CheckConstraint("state <> 'missed' OR answered_at IS NULL", name="missed"),
        Index("ix_call_open", "agent_id", postgresql_where=text("state IN ('ringing','answered')")),
        Index("ix_call_number", "number_hash", "began_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    external_id: Mapped[str] = mapped_column(String(80), unique=True)
    source: Mapped[str] = mapped_column(String(10), default="cti", server_default="cti")
    number_sealed: Mapped[bytes | None]
    number_hash: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(String(10))
    agent_id: Mapped[UUID | None]
    began_at: Mapped[datetime] = mapped_column(index=True)
    rang_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class CallEvent(Base):
    """One thing the exchange told of a call; told again it is the same."""

    __tablename__ = "call_event"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), primary_key=True)
    event: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[datetime]
    received_at: Mapped[datetime]


class Agent(Base):
    """Whether an operator takes calls now."""

    __tablename__ = "hotline_agent"
    __table_args__ = (CheckConstraint("state IN ('ready','away','off')", name="state"),)

    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]


class TicketDraft(Base):
    """What an operator has typed and not yet sent. Sealed: it names a caller."""

    __tablename__ = "ticket_draft"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    body_sealed: Mapped[bytes]
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(index=True)


class TicketCorrection(Base):
    """What was suggested for a ticket, and what a person chose: an example to learn from."""

    __tablename__ = "ticket_correction"
    __table_args__ = (CheckConstraint("target IN ('category','department')", name="target"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    target: Mapped[str] = mapped_column(String(12), primary_key=True)
    suggested_code: Mapped[str] = mapped_column(String(40), default="", server_default="")
    sure: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    chosen_code: Mapped[str] = mapped_column(String(40))
    by: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(index=True)


class TicketIntake(Base):
    """The ticket that a forwarded message became; a message becomes one thing only."""

    __tablename__ = "ticket_intake"

    intake_id: Mapped[UUID] = mapped_column(ForeignKey("event_intake.id"), primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]


class CtiKey(ApiKeyColumns, Base):
    """A telephone system that may tell of calls. The key is told once; here is its keyed hash."""

    __tablename__ = "cti_key"
