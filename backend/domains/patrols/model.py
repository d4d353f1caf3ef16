"""Tables of patrols: the patrol, its track, checks of places, and versions of check lists."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id


class Patrol(Base):
    """One walk of one member of staff. `distance_m` and `points_count` follow from its track."""

    __tablename__ = "patrol"
    __table_args__ = (
        CheckConstraint("state IN ('open','lapsed','finished')", name="state"),
        CheckConstraint("state = 'open' OR finished_at IS NOT NULL", name="finished"),
        CheckConstraint("finished_at >= started_at", name="order"),
        # What makes a repeated start from a phone the same patrol.
        UniqueConstraint("staff_id", "started_at"),
        Index("uq_patrol_open", "staff_id", unique=True, postgresql_where="state = 'open'"),
        Index("ix_patrol_street_day", "street_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.id"))
    street_id: Mapped[UUID | None] = mapped_column(ForeignKey("street.id"))
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    distance_m: Mapped[float] = mapped_column(default=0.0)
    points_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class TrackPoint(Base):
    """Where the phone was; one point a moment, however often it is sent."""

    __tablename__ = "patrol_point"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    patrol_id: Mapped[UUID] = mapped_column(
        ForeignKey("patrol.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    accuracy: Mapped[float | None]


class CheckList(Base):
    """A version of what to look at in places of one type; a version never changes."""

    __tablename__ = "check_list"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    place_type: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    created_at: Mapped[datetime]


class CheckRecord(Base):
    """A place that was checked; `answers` hold the questions as they stood."""

    __tablename__ = "check_record"
    __table_args__ = (
        CheckConstraint("failed >= 0", name="failed"),
        UniqueConstraint("patrol_id", "place_type", "place_name", "checked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patrol_id: Mapped[UUID] = mapped_column(ForeignKey("patrol.id"), index=True)
    place_type: Mapped[str] = mapped_column(String(40))
    list_version: Mapped[int]
    list_name: Mapped[str] = mapped_column(String(40))
    place_name: Mapped[str] = mapped_column(String(80))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    cell_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"))
    checked_at: Mapped[datetime]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    failed: Mapped[int]
