"""What reached the desk without being an event yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.dispatch import forwarded_rules
from backend.kernel.database import Base
from backend.kernel.ids import new_id


class EventIntake(Base):
    """A forwarded message that waits for a dispatcher: it lacks a place, or may be chatter.

    `sender` is the name as it stood in the group or the name of the application; `person_id`
    is known where the service account's follower is.
    """

    __tablename__ = "event_intake"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','converted','dismissed')", name="state"),
        CheckConstraint("(state = 'converted') = (event_id IS NOT NULL)", name="converted"),
        CheckConstraint("channel IN ('paste','push','open311')", name="channel"),
        Index("ix_event_intake_waiting", "received_at", "id",
              postgresql_where=text("state = 'waiting'")),
        Index("uq_event_intake_source", "channel", "source_key", unique=True,
              postgresql_where=text("source_key <> ''")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(String(10))
    source_key: Mapped[str] = mapped_column(String(80), default="", server_default="")
    sender_sealed: Mapped[bytes | None]
    said_at: Mapped[str] = mapped_column(String(30), default="", server_default="")
    words: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    category_code: Mapped[str | None] = mapped_column(String(40))
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), default=forwarded_rules.WAITING)
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    handled_by: Mapped[UUID | None]
    handled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    received_at: Mapped[datetime]
