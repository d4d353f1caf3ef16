"""Tables of the grid: areas, shifts, duties, absences and escalation chains."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id

KINDS = ("street", "community", "cell")
_LEVELS = "'worker','deputy','leader','street'"


class Area(Base):
    """A street, community or grid cell; `id` is `stable_id("area", code)`.

    `geometry` is GeoJSON, a Polygon or MultiPolygon in WGS-84; west … north is its box.
    `street_id` is the organisation's street that the area belongs to (or is); `edited_at` is
    when staff last changed it, which an import leaves alone.
    """

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("kind IN ('street','community','cell')", name="kind"),
        CheckConstraint("(kind = 'street') = (parent_id IS NULL)", name="parent"),
        CheckConstraint("west < east AND south < north", name="box"),
        CheckConstraint(
            "west >= -180 AND east <= 180 AND south >= -90 AND north <= 90", name="degrees"
        ),
        CheckConstraint("geometry ->> 'type' IN ('Polygon','MultiPolygon')", name="geometry"),
        CheckConstraint("version >= 1", name="version"),
        Index("uq_area_of_street", "street_id", unique=True, postgresql_where="kind = 'street'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"), index=True)
    street_id: Mapped[UUID] = mapped_column(ForeignKey("street.id"), index=True)
    geometry: Mapped[dict[str, Any]] = mapped_column(JSONB)
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    version: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    edited_at: Mapped[datetime | None]


class AreaRevision(Base):
    """One row, its mark new whenever an area has changed: what processes' caches go by."""

    __tablename__ = "area_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[UUID]
    changed_at: Mapped[datetime]


class DutyShift(Base):
    """Hours of duty, local. `ends` not after `starts` is the next day; no street: everywhere."""

    __tablename__ = "duty_shift"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        Index("uq_duty_shift_name", "street_id", "name", unique=True,
              postgresql_nulls_not_distinct=True),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    street_id: Mapped[UUID | None] = mapped_column(ForeignKey("street.id"))
    name: Mapped[str] = mapped_column(String(20))
    starts: Mapped[time]
    ends: Mapped[time]
    weekdays: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)


class Duty(Base):
    """Somebody answers for an area and all below it, or for a department.

    Without a category for every category, without a shift at any hour.
    """

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("num_nonnulls(area_id, department_id) = 1", name="one_place"),
        CheckConstraint(
            f"(level = 'department' AND department_id IS NOT NULL) OR (level IN ({_LEVELS}) "
            "AND area_id IS NOT NULL)",
            name="level",
        ),
        Index("uq_duty_once", "area_id", "department_id", "staff_id", "level", "category_code",
              "shift_id", unique=True, postgresql_nulls_not_distinct=True),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"), index=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.id"), index=True)
    level: Mapped[str] = mapped_column(String(10))
    category_code: Mapped[str | None] = mapped_column(String(40))
    shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("duty_shift.id"))
    position: Mapped[int] = mapped_column(default=0)


class DutyAbsence(Base):
    """Somebody is away; `substitute_id` takes over the duties of that time."""

    __tablename__ = "duty_absence"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        CheckConstraint("substitute_id <> staff_id", name="another"),
        Index("ix_duty_absence_when", "ends_at", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    substitute_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_account.id"))
    reason: Mapped[str] = mapped_column(String(100))
    version: Mapped[int] = mapped_column(default=1)


class EscalationChain(Base):
    """The levels a call climbs in a street, lowest first; the row without a street is for all."""

    __tablename__ = "escalation_chain"
    __table_args__ = (
        UniqueConstraint("street_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("cardinality(levels) >= 1", name="not_empty"),
        CheckConstraint(f"levels <@ ARRAY[{_LEVELS}]::varchar[]", name="levels"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    street_id: Mapped[UUID | None] = mapped_column(ForeignKey("street.id"))
    levels: Mapped[list[str]] = mapped_column(ARRAY(String(10)))
    version: Mapped[int] = mapped_column(default=1)
