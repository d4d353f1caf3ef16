"""Weekly schedules, days opened or closed by hand, and the slots they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import case, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from appointments.calendar import (
    LOOK_AHEAD_DAYS,
    Planned,
    Rule,
    WorkingDay,
    check_rules,
    horizon,
    plan,
)
from appointments.model import Appointment, DayOverride, Hall, ItemGroup, Schedule, Slot
from appointments.rules import ZONE, Refused, State, local_midnight

_TYPES = {column.name: column.type for column in Slot.__table__.columns}


def rules_of(session: Session, hall_id: UUID) -> list[Rule]:
    """The hall's weekly schedule in the order it is read."""
    rows = session.scalars(
        select(Schedule)
        .where(Schedule.hall_id == hall_id)
        .order_by(Schedule.group_code, Schedule.weekday, Schedule.starts, Schedule.channel)
    )
    return [
        Rule(
            row.group_code,
            row.weekday,
            row.starts,
            row.ends,
            row.slot_minutes,
            row.capacity,
            row.channel,
        )
        for row in rows
    ]


def overrides_of(session: Session, hall_id: UUID) -> dict[date, bool]:
    """The days this hall opens or closes against the calendar."""
    rows = session.execute(
        select(DayOverride.day, DayOverride.open).where(DayOverride.hall_id == hall_id)
    )
    return {row.day: row.open for row in rows}


def bookable_days(
    session: Session,
    hall: Hall,
    now: datetime,
    working: WorkingDay,
    overrides: Mapping[date, bool] | None = None,
) -> list[date]:
    """The open days that may be booked now (see `calendar.horizon`).

    `overrides` are the hall's own (`overrides_of`), where the caller has read them already.
    """
    today = now.astimezone(ZONE).date()
    own = overrides_of(session, hall.id) if overrides is None else overrides
    return horizon(today, hall.policy, own, working)


def replace_schedule(
    session: Session, hall: Hall, rules: Sequence[Rule], now: datetime, working: WorkingDay
) -> None:
    """Put a new week in place of the old one and bring the coming slots in line with it.

    Nobody loses a booked place: a slot that fell out of the schedule is closed for new
    bookings, and a capacity never falls below what is booked.
    """
    check_rules(rules, session.scalars(select(ItemGroup.code)).all())
    session.execute(delete(Schedule).where(Schedule.hall_id == hall.id))
    session.add_all(
        Schedule(
            id=uuid4(),
            hall_id=hall.id,
            group_code=rule.group,
            weekday=rule.weekday,
            starts=rule.start,
            ends=rule.end,
            slot_minutes=rule.slot_minutes,
            capacity=rule.capacity,
            channel=rule.channel,
        )
        for rule in rules
    )
    session.flush()
    rebuild_slots(session, hall, now, working)


def override_day(
    session: Session,
    hall: Hall,
    day: date,
    *,
    opened: bool,
    note: str,
    now: datetime,
    working: WorkingDay,
) -> list[Appointment]:
    """Open or close one day by hand; closing returns the bookings that must be told.

    The caller cancels those (`booking.hall_cancel`) in the same transaction.
    """
    if day < now.astimezone(ZONE).date():
        raise Refused("day_past")
    row = insert(DayOverride).values(hall_id=hall.id, day=day, open=opened, note=note)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["hall_id", "day"], set_={"open": opened, "note": note}
        )
    )
    _forget(session, DayOverride)
    rebuild_slots(session, hall, now, working)
    if opened:
        return []
    return list(
        session.scalars(
            select(Appointment)
            .where(
                Appointment.hall_id == hall.id,
                Appointment.day == day,
                Appointment.state == State.BOOKED.value,
            )
            .order_by(Appointment.slot_id, Appointment.id)
        )
    )


def ensure_slots(session: Session, hall: Hall, now: datetime, working: WorkingDay) -> None:
    """Make the slots of days that have come into reach; nothing to do on most calls."""
    days = bookable_days(session, hall, now, working)
    if not days or (hall.slots_until is not None and hall.slots_until >= days[-1]):
        return
    rules = rules_of(session, hall.id)
    for day in days:
        if hall.slots_until is None or day > hall.slots_until:
            _upsert(session, hall, plan(day, rules))
    _reached(session, hall, days[-1])


def rebuild_slots(session: Session, hall: Hall, now: datetime, working: WorkingDay) -> None:
    """Bring all coming slots in line with the schedule and the days opened by hand."""
    days = bookable_days(session, hall, now, working)
    today = now.astimezone(ZONE).date()
    rules = rules_of(session, hall.id)
    session.execute(
        update(Slot)
        .where(Slot.hall_id == hall.id, Slot.day >= today)
        .values(closed=True)
        .execution_options(synchronize_session=False)
    )
    for day in days:
        _upsert(session, hall, plan(day, rules))
    if days:
        _reached(session, hall, days[-1])
    _forget(session, Slot)


def _forget(session: Session, kind: type[Slot] | type[DayOverride]) -> None:
    """Let rows of this kind be read anew after a statement that went past the session."""
    for row in list(session):
        if isinstance(row, kind):
            session.expire(row)


def _reached(session: Session, hall: Hall, last: date) -> None:
    hall.slots_until = last
    session.flush()


def make_day(session: Session, hall: Hall, day: date) -> None:
    """Make the slots of one day, whatever the calendar says; a day that has some is left alone."""
    known = session.scalar(select(Slot.id).where(Slot.hall_id == hall.id, Slot.day == day).limit(1))
    if known is None:
        _upsert(session, hall, plan(day, rules_of(session, hall.id)))


def _upsert(session: Session, hall: Hall, planned: Sequence[Planned]) -> None:
    if not planned:
        return
    rows = [_row(hall, slot) for slot in planned]
    names = list(rows[0])
    # One array a column: the statement stays the same, and short, however many slots there are.
    given = (
        func.unnest(*(cast([row[name] for row in rows], ARRAY(_TYPES[name])) for name in names))
        .table_valued(*names)
        .render_derived(name="planned")
    )
    row = insert(Slot).from_select(names, select(*(given.c[name] for name in names)))
    session.execute(
        row.on_conflict_do_update(
            index_elements=["hall_id", "group_code", "start_at", "channel"],
            set_={
                "end_at": row.excluded.end_at,
                "closed": False,
                # A capacity set by hand for this very slot outlives the new week.
                "capacity": case(
                    (Slot.adjusted, Slot.capacity),
                    else_=func.greatest(Slot.booked + Slot.held, row.excluded.capacity),
                ),
            },
        )
    )


def _row(hall: Hall, slot: Planned) -> dict[str, Any]:
    day = slot.start.astimezone(ZONE).date()
    # Places kept for people who come in person are given out on the day itself; the others
    # are on offer as soon as their day comes into reach, which is when they are made.
    ahead = 0 if slot.channel == "on_site" else LOOK_AHEAD_DAYS
    name = f"{slot.group}:{slot.channel}:{slot.start.timestamp():.0f}"
    return {
        "id": uuid5(hall.id, name),
        "hall_id": hall.id,
        "group_code": slot.group,
        "day": day,
        "start_at": slot.start,
        "end_at": slot.end,
        "channel": slot.channel,
        "capacity": slot.capacity,
        "release_at": local_midnight(day - timedelta(days=ahead)),
    }


def set_capacity(session: Session, slot: Slot, capacity: int) -> Slot:
    """Change one slot's places; never below what is booked."""
    changed = session.scalars(
        update(Slot)
        .where(Slot.id == slot.id, Slot.booked + Slot.held <= capacity)
        .values(capacity=capacity, adjusted=True)
        .returning(Slot)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if changed is None:
        session.refresh(slot)
        raise Refused("capacity_below_booked", booked=slot.booked + slot.held)
    return changed


def next_check(now: datetime) -> datetime:
    """When the daily making of slots is due: shortly after the next local midnight."""
    tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
    return local_midnight(tomorrow) + timedelta(minutes=5)
