"""Weekly schedules, days opened or closed by hand, and the slots they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import and_, case, cast, delete, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from appointments.calendar import (
    LOOK_AHEAD_DAYS,
    Planned,
    Rule,
    WorkingDay,
    check_rules,
    horizon,
    is_open,
)
from appointments.model import Appointment, DayOverride, Hall, ItemGroup, Schedule, Slot
from appointments.planner import Planner
from appointments.rebuilt import Rebuilt, coming_slots, compared
from appointments.release_rules import Opened, batches, first_places, in_time
from appointments.rules import ZONE, Refused, State, local_midnight

MOST_PLACES = 500
_TYPES = {column.name: column.type for column in Slot.__table__.columns}


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


def opening(
    session: Session,
    hall: Hall,
    working: WorkingDay,
    overrides: Mapping[date, bool] | None = None,
) -> Opened:
    """Whether the hall works on a day, as the release counts its days."""
    own = overrides_of(session, hall.id) if overrides is None else overrides
    return lambda day: is_open(day, hall.policy, own, working)


def replace_schedule(
    session: Session, hall: Hall, rules: Sequence[Rule], now: datetime, working: WorkingDay
) -> Rebuilt:
    """Put a new week in place of the old one and bring the coming slots in line with it.

    Nobody loses a booked place: a slot that fell out of the schedule is closed for new
    bookings, and a capacity never falls below what is booked.
    """
    check_rules(rules, session.scalars(select(ItemGroup.code)).all())
    usual = (Schedule.hall_id == hall.id, Schedule.season_id.is_(None))
    session.execute(delete(Schedule).where(*usual))
    add_rules(session, hall, rules)
    return rebuild_slots(session, hall, now, working)


def add_rules(
    session: Session, hall: Hall, rules: Sequence[Rule], season_id: UUID | None = None
) -> None:
    """Write the rows of a week, the usual one or a season's."""
    session.add_all(
        Schedule(
            id=uuid4(),
            hall_id=hall.id,
            season_id=season_id,
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


def lock(session: Session, hall: Hall) -> None:
    """Let one change of a hall's supply follow the other; bookings are not held up.

    Before offers and slots, for whoever takes those as well.
    """
    session.flush()
    session.execute(select(Hall.id).where(Hall.id == hall.id).with_for_update(key_share=True))


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
    lock(session, hall)
    planner = Planner(session, hall.id, days[0])
    opened = opening(session, hall, working)
    for day in days:
        if hall.slots_until is None or day > hall.slots_until:
            _upsert(session, hall, planner.day(day), now, opened)
    _reached(session, hall, days[-1])


def rebuild_slots(session: Session, hall: Hall, now: datetime, working: WorkingDay) -> Rebuilt:
    """Bring all coming slots in line with weeks, shifts, days opened by hand and the release.

    The rows are locked in the order of their ids, as everybody does who takes several places.
    """
    lock(session, hall)
    days = bookable_days(session, hall, now, working)
    today = now.astimezone(ZONE).date()
    planner = Planner(session, hall.id, today)
    opened = opening(session, hall, working)
    before = coming_slots(session, hall.id, today, lock=True)
    coming = (Slot.hall_id == hall.id, Slot.day >= today)
    session.execute(
        update(Slot).where(*coming).values(closed=True).execution_options(synchronize_session=False)
    )
    planned = [slot for day in days for slot in planner.day(day)]
    _upsert(session, hall, planned, now, opened)
    if days:
        _reached(session, hall, days[-1])
    _forget(session, Slot)
    after = coming_slots(session, hall.id, today)
    return compared(before, after, planned, set(days), now)


def follow_calendar(
    session: Session, halls: Sequence[Hall], day: date, now: datetime, working: WorkingDay
) -> int:
    """Bring the halls' slots in line with a calendar that changed for `day`.

    Answers how many places of that day are taken in halls that are shut on it now; whoever
    changed the calendar refuses then. Counted after the slots are held: who books in the same
    moment is either counted or finds the day closed.
    """
    today = now.astimezone(ZONE).date()
    if day < today:
        raise Refused("day_past")
    ids = [hall.id for hall in halls]
    for hall in sorted(halls, key=lambda hall: hall.id):
        lock(session, hall)
    # All of them in the order of ids, as who moves from one hall to another holds them.
    coming = select(Slot.id).where(Slot.hall_id.in_(ids), Slot.day >= today).order_by(Slot.id)
    session.execute(coming.with_for_update(key_share=True))
    for hall in halls:
        rebuild_slots(session, hall, now, working)
    shut = [hall.id for hall in halls if not opening(session, hall, working)(day)]
    taken = select(func.coalesce(func.sum(Slot.booked + Slot.held), 0))
    return session.scalar(taken.where(Slot.hall_id.in_(shut), Slot.day == day)) or 0


def _forget(session: Session, kind: type[Slot] | type[DayOverride]) -> None:
    """Let rows of this kind be read anew after a statement that went past the session."""
    for row in list(session):
        if isinstance(row, kind):
            session.expire(row)


def _reached(session: Session, hall: Hall, last: date) -> None:
    hall.slots_until = last
    session.flush()


def make_day(session: Session, hall: Hall, day: date, now: datetime) -> None:
    """Make the slots of one day, whatever the calendar says; a day that has some is left alone."""
    known = session.scalar(select(Slot.id).where(Slot.hall_id == hall.id, Slot.day == day).limit(1))
    if known is None:
        planner = Planner(session, hall.id, day)
        _upsert(session, hall, planner.day(day), now, lambda day: None)


def _upsert(
    session: Session, hall: Hall, planned: Sequence[Planned], now: datetime, opened: Opened
) -> None:
    if not planned:
        return
    rows = [_row(hall, slot, opened) for slot in planned]
    names = list(rows[0])
    # One array a column: the statement stays the same, and short, however many slots there are.
    given = (
        func.unnest(*(cast([row[name] for row in rows], ARRAY(_TYPES[name])) for name in names))
        .table_valued(*names)
        .render_derived(name="planned")
    )
    row = insert(Slot).from_select(names, select(*(given.c[name] for name in names)))
    # What is on offer already stays on offer, whatever the new release says.
    begun = Slot.release_at <= now
    whole = and_(begun, or_(Slot.rest_at.is_(None), Slot.rest_at <= now))
    no_rest = or_(whole, row.excluded.rest_at.is_(None))
    session.execute(
        row.on_conflict_do_update(
            index_elements=["hall_id", "group_code", "start_at", "channel"],
            set_={
                "end_at": row.excluded.end_at,
                "closed": False,
                "release_at": case((begun, Slot.release_at), else_=row.excluded.release_at),
                "rest_at": case((no_rest, null()), else_=row.excluded.rest_at),
                "first_places": case(
                    (no_rest, null()),
                    (begun, func.greatest(Slot.first_places, row.excluded.first_places)),
                    else_=row.excluded.first_places,
                ),
                # A capacity set by hand for this very slot outlives the new week.
                "capacity": case(
                    (Slot.adjusted, Slot.capacity),
                    else_=func.greatest(Slot.booked + Slot.held, row.excluded.capacity),
                ),
            },
        )
    )


def _row(hall: Hall, slot: Planned, opened: Opened) -> dict[str, Any]:
    day = slot.start.astimezone(ZONE).date()
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
        **_release(hall, slot, day, opened),
    }


def _release(hall: Hall, slot: Planned, day: date, opened: Opened) -> dict[str, Any]:
    # Places kept for people who come in person are given out on the day itself.
    if slot.channel == "on_site":
        return {"release_at": local_midnight(day), "rest_at": None, "first_places": None}
    coming = batches(day, hall.release, opened)
    if coming.first_at is None:
        # On offer as soon as their day comes into reach, which is when they are made.
        far = local_midnight(day - timedelta(days=LOOK_AHEAD_DAYS))
        return {"release_at": far, "rest_at": None, "first_places": None}
    lead = hall.lead_minutes
    first = in_time(coming.first_at, day, slot.start, lead)
    rest = coming.rest_at and in_time(coming.rest_at, day, slot.start, lead)
    if rest is None or rest <= first:
        return {"release_at": first, "rest_at": None, "first_places": None}
    some = first_places(slot.capacity, hall.first_percent)
    return {"release_at": first, "rest_at": rest, "first_places": some}


def add_places(session: Session, slot: Slot, count: int, now: datetime) -> Slot:
    """More places in one slot at short notice (加号), on offer at once where it is released."""
    if slot.start_at <= now:
        raise Refused("slot_past")
    changed = session.scalars(
        update(Slot)
        .where(Slot.id == slot.id, Slot.closed.is_(False), Slot.capacity + count <= MOST_PLACES)
        .values(
            capacity=Slot.capacity + count,
            first_places=Slot.first_places + count,
            adjusted=True,
        )
        .returning(Slot)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if changed is None:
        session.refresh(slot)
        if slot.closed:
            raise Refused("slot_closed")
        raise Refused("too_many_places", limit=MOST_PLACES)
    return changed


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
