"""Shared rooms and places of units: their description; times and bookings are the engine's."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.neighbourhood.model import one_of
from backend.kernel.database import Base

KIND_TEXT = {"hall": "礼堂", "room": "活动室", "parking": "停车场", "court": "球场",
             "other": "其他"}  # fmt: skip


class SharedResource(Base):
    """A hall, room or parking lot that a unit shares; its row `hall` of the engine has its id."""

    __tablename__ = "shared_resource"
    __table_args__ = (
        CheckConstraint(one_of("kind", KIND_TEXT), name="kind"),
        Index("ix_shared_resource_area", "area_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    unit_name: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text)
    open: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]


class ResourceBooking(Base):
    """Whose an appointment at a shared resource is, and what for; `id` is the appointment's.

    The engine knows a key derived from the person only, so such bookings do not mix with those of
    the service halls.
    """

    __tablename__ = "resource_booking"
    __table_args__ = (
        Index("ix_resource_booking_person", "person_id", "created_at", "id",
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_resource_booking_resource", "resource_id", "created_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("shared_resource.id"))
    person_id: Mapped[UUID | None]
    purpose: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    created_at: Mapped[datetime]
