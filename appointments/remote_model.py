"""What reaches beyond the hall: private calendar feeds, video rooms, machines at the door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
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


class VideoRoom(Base):
    """The room of a video consultation (远程视频), made when the clerk calls; one an appointment.

    The words in the links of the two sides are made from `nonce` under a key outside the
    database: who reads the table cannot enter a room. After `ended_at` nobody can.
    """

    __tablename__ = "video_room"
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    joined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Kiosk(Base):
    """A machine in a hall that checks people in and gives out tickets (自助机).

    Its key is shown once, when it is made; only the hash is kept. Ended: its key opens nothing.
    """

    __tablename__ = "kiosk"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"), index=True)
    name: Mapped[str] = mapped_column(String(50))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
