"""Shared rooms and places: described by the community's staff, kept by the booking engine.

Each is a hall of the engine whose code is out of the service halls' lists (`APART`), with one
group of its own kind; a slot holds as many bookings as the place has parts (one hall, ten lots).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from appointments import planner, schedules
from appointments.calendar import Rule, WorkingDay
from appointments.model import Appointment, Hall, ItemGroup, Slot
from appointments.rules import APART, State
from backend.domains.neighbourhood import access, bookings
from backend.domains.neighbourhood.refusals import in_words
from backend.domains.neighbourhood.resource_model import ResourceBooking, SharedResource
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, Stale
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from backend.kernel.workdays import CalendarUnknown, Workdays

GROUP = f"{APART}place"
_OF_HALL = ("latitude", "longitude", "address", "cancel_minutes", "days_ahead")
_OWN = ("kind", "name", "unit_name", "words", "open")


def subject(resource_id: UUID) -> Subject:
    """What the trace of a shared resource is filed under."""
    return Subject("shared_resource", resource_id)


def working_days(uow: UnitOfWork) -> WorkingDay:
    """The district's calendar as the engine asks for it."""
    calendar = Workdays.load(uow.session)

    def working(day: date) -> bool | None:
        try:
            return calendar.is_working_day(day)
        except CalendarUnknown:
            return None

    return working


def create(uow: UnitOfWork, by: Principal, values: dict[str, Any]) -> SharedResource:
    """A new one, without times yet."""
    access.own_area(uow, by, values["area_id"])
    _group(uow)
    made = new_id()
    uow.session.add(
        Hall(
            id=made, code=f"{APART}{made.hex[-20:]}", name=values["name"],
            **{name: values[name] for name in _OF_HALL}, lead_minutes=30,
        )
    )  # fmt: skip
    uow.session.flush()
    row = SharedResource(
        id=made, area_id=values["area_id"], created_at=uow.now,
        **{name: values[name] for name in _OWN},
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    trace.record(
        uow, subject=subject(made), action="create", internal_text=values["name"], first=True
    )
    return row


def edit(
    uow: UnitOfWork, by: Principal, resource_id: UUID, version: int, values: dict[str, Any]
) -> SharedResource:
    """Change the description; a resource that is not open takes no bookings."""
    row = access.staff_row(uow, by, SharedResource, resource_id)
    if row.version != version:
        raise Stale(detail="您打开后，有同事修改过", action="请刷新后再改")
    if values["area_id"] != row.area_id:
        text = "共享资源不能换社区"
        raise Invalid("invalid", title=text, fields={"area_id": [text]})
    hall = uow.session.get_one(Hall, resource_id)
    for name in _OF_HALL:
        setattr(hall, name, values[name])
    hall.name = values["name"]
    for name in _OWN:
        setattr(row, name, values[name])
    row.version = version + 1
    uow.session.flush()
    trace.record(uow, subject=subject(resource_id), action="edit", internal_text="修改资料")
    return row


def set_week(
    uow: UnitOfWork, by: Principal, resource_id: UUID, week: Sequence[dict[str, Any]]
) -> None:
    """Put a new week in place; what is booked stays booked.

    Without a row for the weekend the place follows the working days. Where only one day of the
    weekend has rows the other gets a row without places: the engine would run Monday's on it.
    """
    access.staff_row(uow, by, SharedResource, resource_id)
    hall = uow.session.get_one(Hall, resource_id)
    rules = [Rule(group=GROUP, **row) for row in week]
    weekend = {rule.weekday for rule in rules if rule.weekday > 5}
    hall.every_day = bool(weekend)
    if len(weekend) == 1:
        (other,) = {6, 7} - weekend
        model = next(rule for rule in rules if rule.weekday in weekend)
        rules.append(Rule(GROUP, other, model.start, model.end, model.slot_minutes, 0))
    with in_words():
        schedules.replace_schedule(uow.session, hall, rules, uow.now, working_days(uow))
    trace.record(
        uow, subject=subject(resource_id), action="week", internal_text=f"{len(week)}行时段"
    )


def close_day(uow: UnitOfWork, by: Principal, resource_id: UUID, day: date, reason: str) -> int:
    """Nobody can use it that day; those who booked are told why. How many."""
    access.staff_row(uow, by, SharedResource, resource_id)
    hall = uow.session.get_one(Hall, resource_id)
    with in_words():
        affected = schedules.override_day(
            uow.session, hall, day, opened=False, note=reason, now=uow.now,
            working=working_days(uow),
        )  # fmt: skip
    for appointment in affected:
        bookings.cancelled_by_staff(uow, appointment, reason)
    trace.record(
        uow, subject=subject(resource_id), action="close_day", reason=reason,
        internal_text=f"{day.isoformat()}，取消{len(affected)}个预约",
    )  # fmt: skip
    return len(affected)


def cancel_booking(uow: UnitOfWork, by: Principal, booking_id: UUID, reason: str) -> None:
    """The unit needs the place itself after all."""
    found = uow.session.get(ResourceBooking, booking_id)
    if found is None:
        raise access.unknown()
    access.staff_row(uow, by, SharedResource, found.resource_id)
    appointment = uow.session.get_one(Appointment, booking_id)
    bookings.cancelled_by_staff(uow, appointment, reason)


def week_of(uow: UnitOfWork, resource_id: UUID) -> list[dict[str, Any]]:
    """The week as it was set: rows without places were added by `set_week`."""
    return [
        {
            "weekday": rule.weekday, "start": rule.start, "end": rule.end,
            "slot_minutes": rule.slot_minutes, "capacity": rule.capacity,
        }
        for rule in planner.rules_of(uow.session, resource_id)
        if rule.capacity
    ]  # fmt: skip


def booked(
    uow: UnitOfWork, by: Principal, resource_id: UUID, day: date
) -> list[tuple[Appointment, ResourceBooking]]:
    """Who has it that day, by time."""
    access.staff_row(uow, by, SharedResource, resource_id, lock=False)
    rows = uow.session.execute(
        select(Appointment, ResourceBooking)
        .join(ResourceBooking, ResourceBooking.id == Appointment.id)
        .where(Appointment.hall_id == resource_id, Appointment.day == day)
        .order_by(Appointment.start_at, Appointment.id)
    )
    return [(appointment, own) for appointment, own in rows]


def keep_slots(uow: UnitOfWork, hall: Hall) -> None:
    """Make the days that have come into reach, in a transaction of its own: reading commits none."""
    days = schedules.bookable_days(uow.session, hall, uow.now, working_days(uow))
    if not days or (hall.slots_until is not None and hall.slots_until >= days[-1]):
        return
    with uow.services.unit() as own:
        fresh = own.session.get_one(Hall, hall.id)
        schedules.ensure_slots(own.session, fresh, own.now, working_days(own))
    uow.session.refresh(hall)


def _group(uow: UnitOfWork) -> None:
    """The engine's group that all shared places have in common."""
    row = insert(ItemGroup).values(code=GROUP, name="共享资源", letter="*")
    uow.session.execute(row.on_conflict_do_nothing(index_elements=["code"]))


def near(uow: UnitOfWork, area_ids: set[UUID] | None) -> list[SharedResource]:
    """Those in these communities (all, for None), open ones first, by name."""
    query = select(SharedResource)
    if area_ids is not None:
        query = query.where(SharedResource.area_id.in_(area_ids))
    return list(
        uow.session.scalars(query.order_by(SharedResource.open.desc(), SharedResource.name))
    )


def next_free(uow: UnitOfWork, resource_id: UUID) -> datetime | None:
    """When it is free next, among the days that can be booked."""
    return uow.session.scalar(
        select(Slot.start_at)
        .where(
            Slot.hall_id == resource_id, Slot.booked < Slot.capacity, Slot.closed.is_(False),
            Slot.start_at > uow.now,
        )
        .order_by(Slot.start_at)
        .limit(1)
    )  # fmt: skip


def used_up(state: str, ends_at: datetime, now: datetime) -> str:
    """What a booking is called: nobody checks in, so a booking whose time is over was used."""
    if state == State.CANCELLED:
        return "已取消"
    return "已预约" if now < ends_at else "已使用"
