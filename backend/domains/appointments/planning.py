"""A hall's schedule: the week, single slots, and days opened or closed by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appointments import booking, planner, schedules
from appointments.calendar import Rule
from appointments.model import DayOverride, Hall, Slot
from appointments.rules import ZONE
from backend.domains.appointments import desk, halls, offering, staff, waiting, wording
from backend.domains.appointments.refusals import in_words
from backend.kernel import limit_lists, timers, trace
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

SLOTS_TIMER = "hall.make_slots"


def hall_subject(hall_id: UUID) -> Subject:
    """What trace entries and timers of a hall are filed under."""
    return Subject("hall", hall_id)


def show_schedule(uow: UnitOfWork, who: Principal, hall_id: UUID) -> dict[str, Any]:
    """The week, the groups it can name, and the days to come that were set by hand."""
    return _week(uow, staff.enter_hall(uow, who, "appointments.view", hall_id))


def _week(uow: UnitOfWork, hall: Hall) -> dict[str, Any]:
    today = uow.now.astimezone(ZONE).date()
    overrides = uow.session.scalars(
        select(DayOverride)
        .where(DayOverride.hall_id == hall.id, DayOverride.day >= today)
        .order_by(DayOverride.day)
    )
    items = [rule_shown(rule) for rule in planner.rules_of(uow.session, hall.id)]
    return {
        "etag": limit_lists.etag(items),
        "items": items,
        "groups": [{"code": row.code, "name": row.name} for row in staff.groups(uow)],
        "overrides": [{"date": row.day, "open": row.open, "note": row.note} for row in overrides],
    }


def rule_shown(rule: Rule) -> dict[str, Any]:
    """One row of a week as the staff see it."""
    return {
        "group": rule.group,
        "weekday": rule.weekday,
        "start": rule.start,
        "end": rule.end,
        "slot_minutes": rule.slot_minutes,
        "capacity": rule.capacity,
        "channel": rule.channel,
    }


def replace_schedule(
    uow: UnitOfWork,
    who: Principal,
    hall_id: UUID,
    items: Sequence[dict[str, Any]],
    if_match: str | None,
) -> dict[str, Any]:
    """Put a new week in place; what is booked stays booked.

    `Stale` when somebody has changed it since it was read.
    """

    def week(hall: Hall) -> dict[str, Any]:
        return _week(uow, hall)

    hall = staff.edit_hall(uow, who, hall_id, if_match, shown=week, what="每周时段")
    rules = [Rule(**item) for item in items]
    with in_words():
        schedules.replace_schedule(uow.session, hall, rules, uow.now, halls.working_days(uow))
    arm_slots(uow, hall_id)
    trace.record(
        uow,
        subject=hall_subject(hall_id),
        action="replace_schedule",
        public_text="调整了每周时段",
        internal_text=f"{len(rules)}行",
    )
    return _week(uow, hall)


def list_slots(uow: UnitOfWork, who: Principal, hall_id: UUID, day: date) -> list[dict[str, Any]]:
    """All slots of a day in all channels, closed ones too."""
    hall = staff.enter_hall(uow, who, "appointments.view", hall_id)
    halls.keep_slots(uow, hall)
    names = {row.code: row.name for row in staff.groups(uow)}
    rows = uow.session.scalars(
        select(Slot)
        .where(Slot.hall_id == hall_id, Slot.day == day)
        .order_by(Slot.start_at, Slot.group_code, Slot.channel)
    )
    return [_slot(row, names) for row in rows]


def _slot(row: Slot, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "group": row.group_code,
        "group_name": names[row.group_code],
        "channel": row.channel,
        "channel_text": wording.CHANNEL_TEXT[row.channel],
        "start": row.start_at,
        "end": row.end_at,
        "capacity": row.capacity,
        "booked": row.booked,
        "closed": row.closed,
    }


def slot_shown(uow: UnitOfWork, row: Slot) -> dict[str, Any]:
    """One slot as the staff see it."""
    return _slot(row, {group.code: group.name for group in staff.groups(uow)})


def set_capacity(uow: UnitOfWork, who: Principal, slot_id: UUID, capacity: int) -> dict[str, Any]:
    """Change one slot's places."""
    slot = uow.session.get(Slot, slot_id)
    if slot is None or not who.may("schedules.edit", hall=slot.hall_id):
        raise NotFound("slot_unknown", title="没有找到这个时段", action="请刷新后再试")
    before = slot.capacity
    with in_words():
        changed = schedules.set_capacity(uow.session, slot, capacity)
    waiting.place_freed(uow, changed.id)
    uow.session.refresh(changed)
    trace.record(
        uow,
        subject=hall_subject(changed.hall_id),
        action="set_capacity",
        internal_text=f"{wording.time_range(changed.start_at, changed.end_at)} "
        f"{changed.group_code} {changed.channel}：{before} → {capacity}",
    )
    return slot_shown(uow, changed)


def override_day(
    uow: UnitOfWork, who: Principal, hall_id: UUID, day: date, *, opened: bool, note: str
) -> dict[str, Any]:
    """Open or close one day.

    Closing cancels its bookings, tells each of them why, and keeps another place for each as far
    as there are any.
    """
    hall = staff.enter_hall(uow, who, "schedules.edit", hall_id)
    # First of all: the hall, then offers, then slots in the order of locks.
    schedules.lock(uow.session, hall)
    lost = [] if opened else offering.void_day(uow, hall_id, day)
    with in_words():
        affected = schedules.override_day(
            uow.session,
            hall,
            day,
            opened=opened,
            note=note,
            now=uow.now,
            working=halls.working_days(uow),
        )
        if affected and not note:
            text = f"已有{len(affected)}人约了这一天，请写明停办的原因，会告诉他们"
            raise Invalid("note_needed", title=text, fields={"note": [text]})
        for appointment in affected:
            change = booking.hall_cancel(uow.session, appointment, uow.now)
            desk.changed(uow, change, reason=note)
        offered = offering.offer_instead(uow, [*affected, *lost])
    trace.record(
        uow,
        subject=hall_subject(hall_id),
        action="override_day",
        reason=note,
        public_text=f"{wording.date_text(day)}{'开放' if opened else '停办'}",
        internal_text=f"取消了{len(affected)}个预约" if affected else "",
    )
    return {
        "date": day,
        "open": opened,
        "note": note,
        "cancelled": len(affected),
        "offered": offered,
    }


def arm_slots(uow: UnitOfWork, hall_id: UUID) -> None:
    """Let the worker make the next day's slots shortly after midnight."""
    timers.arm(uow, SLOTS_TIMER, hall_subject(hall_id), schedules.next_check(uow.now))
