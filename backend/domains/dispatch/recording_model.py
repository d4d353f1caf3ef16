"""The table of voice notes: how long they are and what was said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base


class Recording(Base):
    """A voice note beside its `stored_file`.

    `text` stays null until the recogniser has answered; it may answer with nothing. `due_at` is
    when to ask it (next): set when the note joins an event, empty once it is done with.
    """

    __tablename__ = "event_recording"
    __table_args__ = (
        CheckConstraint("seconds > 0", name="seconds"),
        Index("ix_event_recording_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    seconds: Mapped[float]
    text: Mapped[str | None] = mapped_column(Text)
    tried: Mapped[int] = mapped_column(default=0, server_default="0")
    due_at: Mapped[datetime | None]
    recognised_at: Mapped[datetime | None]
