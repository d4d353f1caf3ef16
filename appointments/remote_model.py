"""What reaches beyond the hall: a person's private calendar feed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from appointments.model import Base


class CalendarFeed(Base):
    """The address a person's own calendar reads her appointments at; one a person.

    The word in the address is made from `nonce` under a key outside the database, and only its
    hash is here to be looked up: who reads the table cannot read a feed. No row: no feed.
    """

    __tablename__ = "calendar_feed"
    person_key: Mapped[UUID] = mapped_column(primary_key=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
