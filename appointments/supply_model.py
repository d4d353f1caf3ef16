"""Where places come from: seasons, shifts at the windows, the pace of a business."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from appointments.model import Base


class Season(Base):
    """A week that holds between two days, both included, in place of the hall's usual one."""

    __tablename__ = "hall_season"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        Index(None, "hall_id", "first_day"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    name: Mapped[str] = mapped_column(String(50))
    first_day: Mapped[date]
    last_day: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)


class Shift(Base):
    """Somebody at a window on a day. `staff_key` is the composer's; `name` is what is shown."""

    __tablename__ = "window_shift"
    __table_args__ = (
        CheckConstraint("starts < ends", name="times"),
        Index(None, "hall_id", "day"),
        Index(None, "window_id", "day"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    window_id: Mapped[UUID] = mapped_column(ForeignKey("hall_window.id"))
    staff_key: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(String(50))
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]


class Pace(Base):
    """How many people a staffed window serves in a slot of a business, and the quotas of it.

    A hall with a pace for a business makes that business's capacity from the shifts: places of a
    slot = windows staffed throughout it x `places`; each channel gets its percent of them (the
    largest remainders first), so the quotas add up to the whole and cannot leak.
    """

    __tablename__ = "hall_pace"
    __table_args__ = (
        CheckConstraint("slot_minutes BETWEEN 5 AND 240 AND places BETWEEN 1 AND 100", name="pace"),
        CheckConstraint(
            "online >= 0 AND on_site >= 0 AND elderly >= 0 AND video >= 0"
            " AND online + on_site + elderly + video = 100",
            name="quotas",
        ),
    )
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"), primary_key=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("item_group.code"), primary_key=True)
    slot_minutes: Mapped[int] = mapped_column(SmallInteger)
    places: Mapped[int] = mapped_column(SmallInteger)
    online: Mapped[int] = mapped_column(SmallInteger)
    on_site: Mapped[int] = mapped_column(SmallInteger)
    elderly: Mapped[int] = mapped_column(SmallInteger)
    video: Mapped[int] = mapped_column(SmallInteger, default=0)
