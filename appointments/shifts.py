"""Who is at which window when, and the pace that makes places of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from appointments import schedules
from appointments.calendar import WorkingDay
from appointments.limits import lock_people
from appointments.model import Hall, ItemGroup, Window
from appointments.rebuilt import Rebuilt
from appointments.rules import ZONE, Refused
from appointments.shifts_rules import Tempo
from appointments.supply_model import Pace, Shift

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift as it is to be; `staff_key` None: somebody known by name alone."""

    window_id: UUID
    staff_key: UUID | None
    name: str
    day: date
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why the duty at this place of a list cannot be."""

    row: int
    code: str


def between(session: Session, hall_id: UUID, first: date, last: date) -> list[Shift]:
    """The hall's shifts of these days, both included."""
    query = select(Shift).where(Shift.hall_id == hall_id, Shift.day.between(first, last))
    return list(session.scalars(query.order_by(Shift.day, Shift.starts, Shift.window_id, Shift.id)))


def windows(session: Session, hall_id: UUID) -> list[Window]:
    """The hall's windows by number."""
    query = select(Window).where(Window.hall_id == hall_id).order_by(Window.number)
    return list(session.scalars(query))


def add(
    session: Session, hall: Hall, duties: Sequence[Duty], *, now: datetime, working: WorkingDay
) -> tuple[list[Shift], Rebuilt]:
    """New shifts, all or none."""
    schedules.lock(session, hall)
    wrong = problems(session, hall, duties, now)
    if wrong:
        raise Refused(wrong[0].code)
    made = [_row(hall, duty) for duty in duties]
    session.add_all(made)
    session.flush()
    return made, schedules.rebuild_slots(session, hall, now, working)


def change(
    session: Session, hall: Hall, shift_id: UUID, duty: Duty, *, now: datetime, working: WorkingDay
) -> tuple[Shift, Rebuilt]:
    """Another time, window or person."""
    schedules.lock(session, hall)
    shift = _of(session, hall, shift_id, now)
    wrong = problems(session, hall, [duty], now, but={shift_id})
    if wrong:
        raise Refused(wrong[0].code)
    shift.window_id, shift.staff_key, shift.name = duty.window_id, duty.staff_key, duty.name
    shift.day, shift.starts, shift.ends = duty.day, duty.starts, duty.ends
    session.flush()
    return shift, schedules.rebuild_slots(session, hall, now, working)


def remove(
    session: Session, hall: Hall, shift_id: UUID, *, now: datetime, working: WorkingDay
) -> tuple[Duty, Rebuilt]:
    """A shift that is no more; answers what it was."""
    schedules.lock(session, hall)
    shift = _of(session, hall, shift_id, now)
    was = _duty(shift, shift.day)
    session.delete(shift)
    session.flush()
    return was, schedules.rebuild_slots(session, hall, now, working)


def copy_week(
    session: Session,
    hall: Hall,
    from_week: date,
    to_week: date,
    *,
    replace: bool,
    now: datetime,
    working: WorkingDay,
) -> tuple[int, Rebuilt]:
    """The shifts of one week, given by its Monday, in another; answers how many."""
    schedules.lock(session, hall)
    if from_week.isoweekday() != 1 or to_week.isoweekday() != 1 or from_week == to_week:
        raise Refused("week_monday")
    if to_week <= now.astimezone(ZONE).date() - WEEK:
        raise Refused("day_past")
    today = now.astimezone(ZONE).date()
    sources = between(session, hall.id, from_week, from_week + WEEK - timedelta(days=1))
    moved = to_week - from_week
    duties = [_duty(one, one.day + moved) for one in sources if one.day + moved >= today]
    if not duties:
        raise Refused("week_empty")
    # Days that are over stay as they were.
    there = between(session, hall.id, max(to_week, today), to_week + WEEK - timedelta(days=1))
    if there and not replace:
        raise Refused("week_taken", count=len(there))
    session.execute(delete(Shift).where(Shift.id.in_([one.id for one in there])))
    wrong = problems(session, hall, duties, now)
    if wrong:
        raise Refused(wrong[0].code)
    session.add_all(_row(hall, duty) for duty in duties)
    session.flush()
    return len(duties), schedules.rebuild_slots(session, hall, now, working)


def problems(
    session: Session,
    hall: Hall,
    duties: Sequence[Duty],
    now: datetime,
    but: Collection[UUID] = (),
) -> list[Wrong]:
    """What is wrong with each of these, among themselves and with what is there (but `but`)."""
    known = {window.id for window in windows(session, hall.id)}
    today = now.astimezone(ZONE).date()
    others = [_duty(one, one.day) for one in _beside(session, duties) if one.id not in but]
    found = []
    for row, duty in enumerate(duties):
        code = _problem(duty, known, today) or _clash(duty, others)
        if code is None:
            others.append(duty)
        else:
            found.append(Wrong(row, code))
    return found


def _problem(duty: Duty, known: Collection[UUID], today: date) -> str | None:
    if duty.window_id not in known:
        return "window_unknown"
    if duty.starts >= duty.ends:
        return "shift_times"
    return "day_past" if duty.day < today else None


def _clash(duty: Duty, others: Sequence[Duty]) -> str | None:
    for other in others:
        if other.day != duty.day or not (other.starts < duty.ends and duty.starts < other.ends):
            continue
        if other.window_id == duty.window_id:
            return "shift_overlap"
        if duty.staff_key is not None and other.staff_key == duty.staff_key:
            return "shift_twice"
    return None


def _beside(session: Session, duties: Sequence[Duty]) -> list[Shift]:
    """The shifts of those windows, and of those people in any hall, on those days.

    Nobody else can give these people a shift until this transaction ends: halls are locked one by
    one, and somebody may be wanted at two of them in the same moment.
    """
    people = {duty.staff_key for duty in duties if duty.staff_key is not None}
    lock_people(session, people)
    at: ColumnElement[bool] = Shift.window_id.in_({duty.window_id for duty in duties})
    query = select(Shift).where(
        Shift.day.in_({duty.day for duty in duties}), or_(at, Shift.staff_key.in_(people))
    )
    return list(session.scalars(query.order_by(Shift.id)))


def _of(session: Session, hall: Hall, shift_id: UUID, now: datetime) -> Shift:
    found = session.get(Shift, shift_id, populate_existing=True)
    if found is None or found.hall_id != hall.id:
        raise Refused("shift_unknown")
    # Who was where on a day that is over stays as it was.
    if found.day < now.astimezone(ZONE).date():
        raise Refused("day_past")
    return found


def _duty(shift: Shift, day: date) -> Duty:
    return Duty(shift.window_id, shift.staff_key, shift.name, day, shift.starts, shift.ends)


def _row(hall: Hall, duty: Duty) -> Shift:
    return Shift(
        id=uuid4(),
        hall_id=hall.id,
        window_id=duty.window_id,
        staff_key=duty.staff_key,
        name=duty.name,
        day=duty.day,
        starts=duty.starts,
        ends=duty.ends,
    )


def paces(session: Session, hall_id: UUID) -> list[Pace]:
    """The hall's paces by business."""
    query = select(Pace).where(Pace.hall_id == hall_id).order_by(Pace.group_code)
    return list(session.scalars(query))


def set_paces(
    session: Session, hall: Hall, tempos: Sequence[Tempo], *, now: datetime, working: WorkingDay
) -> Rebuilt:
    """Put these in place of the old ones; a business without one goes by the week again."""
    schedules.lock(session, hall)
    known = set(session.scalars(select(ItemGroup.code)))
    seen: set[str] = set()
    for row, tempo in enumerate(tempos):
        if tempo.group not in known:
            raise Refused("schedule_unknown_group", row=row)
        if tempo.group in seen:
            raise Refused("pace_twice", row=row)
        if sum(percent for _, percent in tempo.quotas) != 100:
            raise Refused("pace_quotas", row=row)
        seen.add(tempo.group)
    session.execute(delete(Pace).where(Pace.hall_id == hall.id))
    session.add_all(
        Pace(
            hall_id=hall.id,
            group_code=tempo.group,
            slot_minutes=tempo.slot_minutes,
            places=tempo.places,
            **dict(tempo.quotas),
        )
        for tempo in tempos
    )
    session.flush()
    return schedules.rebuild_slots(session, hall, now, working)
