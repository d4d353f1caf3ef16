"""The engine's tables. What must never happen is refused here, by the schema itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from appointments.release_rules import ReleaseRule
from appointments.rules import AT_WINDOW, LIVE, Booked, Policy, State

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware instant; a naive one is a mistake and is refused before it is stored. Read in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a pager's cursor is turned back into."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment in UTC."""
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of the engine's tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        dict[str, Any]: JSONB,
        list[str]: JSONB,
    }


def _in(states: frozenset[State]) -> str:
    return "state IN (" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


class ItemGroup(Base):
    """A kind of business that windows serve; `letter` begins its tickets."""

    __tablename__ = "item_group"
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    letter: Mapped[str] = mapped_column(String(1), unique=True)


class Hall(Base):
    """A service hall with its address and its own limits (see `rules.Policy`)."""

    __tablename__ = "hall"
    __table_args__ = (
        CheckConstraint(
            "lead_minutes >= 0 AND days_ahead BETWEEN 0 AND 20 AND cancel_minutes >= 0"
            " AND early_check_in_minutes >= 0 AND late_minutes >= 0 AND grace_minutes >= 0",
            name="limits",
        ),
        CheckConstraint(
            "release_days BETWEEN 0 AND 20 AND first_percent BETWEEN 1 AND 100"
            " AND rest_days BETWEEN 0 AND 20 AND offer_minutes BETWEEN 5 AND 1440",
            name="release",
        ),
        CheckConstraint(
            "return_behind BETWEEN 0 AND 99 AND most_skips BETWEEN 1 AND 20"
            " AND priority_run BETWEEN 0 AND 20 AND hall_late_minutes BETWEEN 10 AND 480",
            name="queue",
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(200))
    floor: Mapped[str] = mapped_column(String(50), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    opening_hours: Mapped[list[str]] = mapped_column(default=list)
    latitude: Mapped[float]
    longitude: Mapped[float]
    active: Mapped[bool] = mapped_column(default=True)
    lead_minutes: Mapped[int] = mapped_column(default=30)
    days_ahead: Mapped[int] = mapped_column(default=5)
    cancel_minutes: Mapped[int] = mapped_column(default=120)
    early_check_in_minutes: Mapped[int] = mapped_column(default=0)
    late_minutes: Mapped[int] = mapped_column(default=30)
    grace_minutes: Mapped[int] = mapped_column(default=10)
    every_day: Mapped[bool] = mapped_column(default=False)
    slots_until: Mapped[date | None]
    # Release in batches (放号): how many working days ahead and at what hour places are on offer;
    # without `release_days` a day is on offer as soon as it comes into reach.
    release_days: Mapped[int | None] = mapped_column(SmallInteger)
    release_time: Mapped[time] = mapped_column(default=time(9), server_default=text("'09:00'"))
    first_percent: Mapped[int] = mapped_column(
        SmallInteger, default=100, server_default=text("100")
    )
    rest_days: Mapped[int] = mapped_column(SmallInteger, default=1, server_default=text("1"))
    rest_time: Mapped[time] = mapped_column(default=time(18), server_default=text("'18:00'"))
    # How long a place is kept for somebody on the waitlist who is asked.
    offer_minutes: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    # Queue rules. Who missed her call and is back stands behind so many who wait (None: where
    # coming back puts her), and is called no more after `most_skips` missed calls.
    return_behind: Mapped[int | None] = mapped_column(SmallInteger)
    most_skips: Mapped[int] = mapped_column(SmallInteger, default=3, server_default=text("3"))
    # After so many with priority in a row one of the others is called; 0: priority always first.
    priority_run: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    # A hall that called nobody for so long was late: who then did not come is not counted.
    hall_late_minutes: Mapped[int] = mapped_column(
        SmallInteger, default=60, server_default=text("60")
    )

    @property
    def policy(self) -> Policy:
        """The limits as the rules read them."""
        return Policy(
            lead_minutes=self.lead_minutes,
            days_ahead=self.days_ahead,
            cancel_minutes=self.cancel_minutes,
            early_check_in_minutes=self.early_check_in_minutes,
            late_minutes=self.late_minutes,
            grace_minutes=self.grace_minutes,
            every_day=self.every_day,
        )

    @property
    def release(self) -> ReleaseRule:
        """When this hall gives its places out."""
        return ReleaseRule(
            days=self.release_days,
            at=self.release_time,
            first_percent=self.first_percent,
            rest_days=self.rest_days,
            rest_at=self.rest_time,
        )


class Window(Base):
    """A counter; `number` is what is painted above it."""

    __tablename__ = "hall_window"
    __table_args__ = (
        UniqueConstraint("hall_id", "number"),
        CheckConstraint("status IN ('open', 'paused', 'closed')", name="status"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(50))
    status: Mapped[str] = mapped_column(String(10), default="closed")
    version: Mapped[int] = mapped_column(default=1)


class WindowGroup(Base):
    """Which groups a window serves."""

    __tablename__ = "hall_window_group"
    window_id: Mapped[UUID] = mapped_column(ForeignKey("hall_window.id"), primary_key=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("item_group.code"), primary_key=True)


class Schedule(Base):
    """One row of a hall's week (see `calendar.Rule`), or of a season's week."""

    __tablename__ = "hall_schedule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("starts < ends AND slot_minutes > 0 AND capacity >= 0", name="shape"),
        CheckConstraint("channel IN ('online', 'on_site', 'elderly', 'video')", name="channel"),
        Index(None, "hall_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    season_id: Mapped[UUID | None] = mapped_column(ForeignKey("hall_season.id"))
    group_code: Mapped[str] = mapped_column(ForeignKey("item_group.code"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    starts: Mapped[time]
    ends: Mapped[time]
    slot_minutes: Mapped[int] = mapped_column(SmallInteger)
    capacity: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[str] = mapped_column(String(10), default="online")


class DayOverride(Base):
    """A day the hall opens or closes against the calendar, and why."""

    __tablename__ = "hall_day_override"
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    open: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200), default="")


class Slot(Base):
    """Places at one time for one group, a row per channel so that quotas cannot leak."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("hall_id", "group_code", "start_at", "channel"),
        CheckConstraint(
            "booked >= 0 AND held >= 0 AND booked + held <= capacity", name="never_oversold"
        ),
        CheckConstraint(
            "(rest_at IS NULL) = (first_places IS NULL) AND first_places >= 0", name="batches"
        ),
        CheckConstraint("start_at < end_at", name="times"),
        CheckConstraint("channel IN ('online', 'on_site', 'elderly', 'video')", name="channel"),
        Index(None, "hall_id", "day", "group_code"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    group_code: Mapped[str] = mapped_column(ForeignKey("item_group.code"))
    day: Mapped[date]
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(10), default="online")
    capacity: Mapped[int]
    booked: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # Places kept for people who were made an offer (`Offer`); nobody else can take them.
    held: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    release_at: Mapped[datetime]
    # Until `rest_at` no more than `first_places` are on offer.
    first_places: Mapped[int | None]
    rest_at: Mapped[datetime | None]
    closed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # Set by hand for this one slot: a new weekly schedule leaves its capacity alone.
    adjusted: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class Appointment(Base):
    """One booking and its way through the hall. `details` belongs to the composer."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint(_in(frozenset(State)), name="state"),
        CheckConstraint(
            "state IN ('booked', 'cancelled', 'no_show')"
            " OR (ticket_no IS NOT NULL AND queue_day IS NOT NULL AND queue_at IS NOT NULL)",
            name="ticket",
        ),
        CheckConstraint(
            "state NOT IN ('called', 'serving', 'finished') OR window_id IS NOT NULL",
            name="window",
        ),
        Index(
            "uq_appointment_one_live",
            "person_key",
            "item_key",
            "day",
            unique=True,
            postgresql_where=text(_in(LIVE)),
        ),
        Index(
            "uq_appointment_live_code",
            "hall_id",
            "check_in_code",
            unique=True,
            postgresql_where=text(_in(LIVE)),
        ),
        Index(
            "uq_appointment_at_window",
            "window_id",
            unique=True,
            postgresql_where=text(_in(AT_WINDOW)),
        ),
        UniqueConstraint("hall_id", "queue_day", "ticket_no"),
        Index("ix_appointment_hall_day", "hall_id", "day"),
        Index("ix_appointment_queue", "hall_id", "queue_day", "state", "group_code"),
        Index("ix_appointment_person", "person_key", "start_at"),
        Index("ix_appointment_slot", "slot_id"),
        Index(
            "ix_appointment_agent",
            "agent_key",
            "start_at",
            postgresql_where=text("agent_key IS NOT NULL"),
        ),
        Index("ix_appointment_visit", "visit_id", postgresql_where=text("visit_id IS NOT NULL")),
        CheckConstraint("source IN ('booked', 'walk_in', 'paper')", name="source"),
        CheckConstraint("slot_id IS NOT NULL OR source <> 'booked'", name="slot"),
        Index(
            "ix_appointment_finished",
            "hall_id",
            "group_code",
            "finished_at",
            postgresql_where=text("state = 'finished'"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    # Who takes a ticket at the door without a booking has no slot.
    slot_id: Mapped[UUID | None] = mapped_column(ForeignKey("slot.id"))
    group_code: Mapped[str] = mapped_column(ForeignKey("item_group.code"))
    # Whose business it is. Who acts for her (代办) stands in `agent_key`, with her consent.
    person_key: Mapped[UUID]
    agent_key: Mapped[UUID | None]
    consent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent_consent.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"))
    source: Mapped[str] = mapped_column(
        String(10), default="booked", server_default=text("'booked'")
    )
    rescheduled: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    item_key: Mapped[UUID]
    day: Mapped[date]
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    check_in_code: Mapped[str] = mapped_column(String(6))
    qr_nonce: Mapped[bytes] = mapped_column(LargeBinary(8))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    booked_at: Mapped[datetime]
    queue_day: Mapped[date | None]
    queue_at: Mapped[datetime | None]
    # Among those queued by the same instant: where who is back after a missed call was put;
    # without it, the moment of checking in.
    place_at: Mapped[datetime | None]
    ticket_no: Mapped[str | None] = mapped_column(String(8))
    checked_in_at: Mapped[datetime | None]
    window_id: Mapped[UUID | None] = mapped_column(ForeignKey("hall_window.id"))
    # Transferred: only this window calls the ticket, wherever its group is served.
    for_window_id: Mapped[UUID | None] = mapped_column(ForeignKey("hall_window.id"))
    called_at: Mapped[datetime | None]
    call_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    skip_count: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    serving_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def fact(self, policy: Policy) -> Booked:
        """What the rules need to know of this row."""
        return Booked(State(self.state), self.day, self.start_at, self.end_at, policy)


class Rating(Base):
    """One judgement of one service; the primary key makes it once."""

    __tablename__ = "appointment_rating"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"),)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class TicketCounter(Base):
    """The last ticket handed out for a hall, day and group."""

    __tablename__ = "hall_ticket_counter"
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("item_group.code"), primary_key=True)
    last: Mapped[int]
