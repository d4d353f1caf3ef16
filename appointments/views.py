"""What residents see: halls with their load, days, times and their place in the queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from appointments import places
from appointments.calendar import WorkingDay, horizon
from appointments.load import expected_wait
from appointments.model import Appointment, Hall, Rating, Slot, Window, WindowGroup
from appointments.queue import place
from appointments.release_rules import Opened, batches, working_days_before
from appointments.rules import APART, ZONE, Refused, State, check_bookable, local_midnight
from appointments.schedules import opening, overrides_of

UNRELEASED_SHOWN = 2


@dataclass(frozen=True, slots=True)
class DayView:
    """`status` is open, full, closed, not_released or calendar_unknown.

    `release_at` is when the first places of a day that is not released yet come, where known.
    `opened`: the hall works on that day, also where it is closed for this business or by now.
    """

    day: date
    status: str
    remaining: int
    release_at: datetime | None = None
    opened: bool = True


@dataclass(frozen=True, slots=True)
class SlotView:
    """`status` is open, full or past; `id` is the row a booking should name.

    `rest_at` is when more places of it come.
    """

    id: UUID
    start: datetime
    end: datetime
    remaining: int
    status: str
    rest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Left:
    """A day's places: what is on offer (None: nothing yet), and when the first come if not."""

    remaining: int | None
    coming: datetime | None


@dataclass(frozen=True, slots=True)
class Position:
    """How many are called before this ticket, and the minutes that takes (None: unknown)."""

    ahead: int
    wait_minutes: int | None


def halls(session: Session, group: str | None = None) -> list[Hall]:
    """The service halls, by name of code; with a group, those with a window for it."""
    query = select(Hall).where(Hall.active, Hall.code.not_like(f"{APART}%")).order_by(Hall.code)
    if group is not None:
        serving = (
            select(Window.hall_id)
            .join(WindowGroup, WindowGroup.window_id == Window.id)
            .where(WindowGroup.group_code == group)
        )
        query = query.where(Hall.id.in_(serving))
    return list(session.scalars(query))


def days(
    session: Session,
    hall: Hall,
    group: str,
    *,
    channels: tuple[str, ...],
    now: datetime,
    working: WorkingDay,
    overrides: Mapping[date, bool] | None = None,
) -> list[DayView]:
    """Every calendar day from today to shortly after the last that can be booked.

    `overrides` are the hall's own, where the caller has read them already.
    """
    today = now.astimezone(ZONE).date()
    if overrides is None:
        overrides = overrides_of(session, hall.id)
    bookable = horizon(today, hall.policy, overrides, working)
    remaining = _remaining_by_day(session, hall, group, channels, now)
    last = bookable[-1] if bookable else today
    opened = opening(session, hall, working, overrides)
    found = []
    for offset in range((last - today).days + 1 + UNRELEASED_SHOWN):
        day = today + timedelta(days=offset)
        if day > last and opened(day):
            coming = _comes_into_reach(hall, day, opened)
            found.append(DayView(day, "not_released", 0, coming))
        else:
            found.append(_day(day, opened(day), remaining.get(day)))
    return found


def _comes_into_reach(hall: Hall, day: date, opened: Opened) -> datetime | None:
    first = batches(day, hall.release, opened).first_at
    if first is not None:
        return first
    reached = working_days_before(day, hall.days_ahead, opened)
    return None if reached is None else local_midnight(reached)


def _day(day: date, opened: bool | None, left: _Left | None) -> DayView:
    if opened is None:
        return DayView(day, "calendar_unknown", 0)
    if not opened or left is None:
        return DayView(day, "closed", 0, opened=opened)
    if left.remaining is None:
        return DayView(day, "not_released", 0, left.coming)
    return DayView(day, "open" if left.remaining else "full", left.remaining)


def _remaining_by_day(
    session: Session, hall: Hall, group: str, channels: tuple[str, ...], now: datetime
) -> dict[date, _Left]:
    # Days whose times are all over are absent: they are closed, not full.
    earliest = now + timedelta(minutes=hall.lead_minutes)
    released = Slot.release_at <= now
    rows = session.execute(
        select(
            Slot.day,
            func.sum(places.left_over(now)).filter(released),
            func.min(Slot.release_at).filter(~released),
        )
        .where(
            Slot.hall_id == hall.id,
            # Said of the day too, which is indexed: years of past slots are not looked through.
            Slot.day >= now.astimezone(ZONE).date(),
            Slot.group_code == group,
            Slot.channel.in_(channels),
            Slot.closed.is_(False),
            Slot.start_at >= earliest,
        )
        .group_by(Slot.day)
    )
    return {day: _Left(None if left is None else int(left), coming) for day, left, coming in rows}


def slots(
    session: Session,
    hall: Hall,
    group: str,
    day: date,
    *,
    channels: tuple[str, ...],
    now: datetime,
) -> list[SlotView]:
    """The times of a day, one entry a time; its id is of the first channel with a place."""
    rows = session.scalars(
        select(Slot)
        .where(
            Slot.hall_id == hall.id,
            Slot.group_code == group,
            Slot.day == day,
            Slot.channel.in_(channels),
            Slot.closed.is_(False),
            Slot.release_at <= now,
        )
        .order_by(Slot.start_at)
        .execution_options(populate_existing=True)
    )
    by_time: dict[datetime, list[Slot]] = {}
    for row in rows:
        by_time.setdefault(row.start_at, []).append(row)
    return [_slot(same, channels, hall.lead_minutes, now) for same in by_time.values()]


def _slot(
    same: Sequence[Slot], channels: tuple[str, ...], lead_minutes: int, now: datetime
) -> SlotView:
    ordered = sorted(same, key=lambda slot: channels.index(slot.channel))
    best = next((slot for slot in ordered if places.left(slot, now)), ordered[0])
    left = sum(places.left(slot, now) for slot in ordered)
    status = "open" if left else "full"
    try:
        check_bookable(
            start=best.start_at,
            release_at=best.release_at,
            closed=best.closed,
            channel=best.channel,
            channels=channels,
            lead_minutes=lead_minutes,
            now=now,
        )
    except Refused:
        status, left = "past", 0
    rests = [slot.rest_at for slot in ordered if slot.rest_at and slot.rest_at > now]
    rest = min(rests, default=None) if status != "past" else None
    return SlotView(best.id, best.start_at, best.end_at, left, status, rest)


def position(session: Session, appointment: Appointment) -> Position:
    """The place of a waiting ticket among those of its group."""
    order = tuple_(-Appointment.priority, Appointment.queue_at, place(), Appointment.id)
    mine = (
        -appointment.priority,
        appointment.queue_at,
        appointment.place_at or appointment.checked_in_at,
        appointment.id,
    )
    hall_id, group = appointment.hall_id, appointment.group_code
    # Of every business: a window that serves several calls them all in this one order.
    rows = session.execute(
        select(Appointment.group_code, func.count())
        .where(
            Appointment.hall_id == hall_id,
            Appointment.queue_day == appointment.queue_day,
            Appointment.state == State.CHECKED_IN.value,
            order < mine,
        )
        .group_by(Appointment.group_code)
    )
    ahead = {row[0]: row[1] for row in rows}
    return Position(ahead.get(group, 0), expected_wait(session, hall_id, group, ahead))


def ratings(session: Session, appointment_ids: Iterable[UUID]) -> dict[UUID, Rating]:
    """The judgements given on these appointments."""
    rows = session.scalars(select(Rating).where(Rating.appointment_id.in_(list(appointment_ids))))
    return {row.appointment_id: row for row in rows}


def of_person(
    session: Session,
    person_key: UUID,
    *,
    states: Iterable[State],
    newest_first: bool,
) -> list[Appointment]:
    """A person's appointments in these states, by time."""
    order = Appointment.start_at.desc() if newest_first else Appointment.start_at
    return list(
        session.scalars(
            select(Appointment)
            .where(
                Appointment.person_key == person_key,
                Appointment.state.in_([state.value for state in states]),
            )
            .order_by(order, Appointment.id)
        )
    )
