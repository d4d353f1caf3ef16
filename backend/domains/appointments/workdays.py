"""Working days of the district: the national calendar and what the district decided itself."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from appointments import schedules
from appointments.model import Hall
from backend.domains.appointments import halls, planning, rebuilding, wording
from backend.domains.appointments.refusals import in_words
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import stable_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from backend.kernel.workdays import CalendarUnknown, WorkdayOverride, is_working_day

PERMISSION = "calendar.edit"
MOST_DAYS = 62


def day_id(day: date) -> UUID:
    """What the trace of a day is filed under."""
    return stable_id("workday", day.isoformat())


def shown(uow: UnitOfWork, who: Principal, first: date, last: date) -> list[dict[str, Any]]:
    """The days from `first` to `last`, both included, for who sets them or plans a hall by them."""
    if not (who.may(PERMISSION) or who.may("schedules.edit")):
        raise Forbidden(detail="您的角色不能看工作日历")
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        text = f"一次最多看{MOST_DAYS}天，结束不能早于开始"
        raise Invalid("range_wrong", title=text, fields={"to": [text]})
    rows = uow.session.scalars(
        select(WorkdayOverride).where(WorkdayOverride.day.between(first, last))
    )
    own = {row.day: row for row in rows}
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return [_row(day, own.get(day)) for day in days]


def _row(day: date, own: WorkdayOverride | None) -> dict[str, Any]:
    national = _national(day)
    return {
        "day": day,
        "working": national if own is None else own.working,
        "national": national,
        "own": own is not None,
        "note": own.note if own else "",
    }


def _national(day: date) -> bool | None:
    try:
        return is_working_day(day)
    except CalendarUnknown:
        return None


def decide(
    uow: UnitOfWork, who: Principal, day: date, *, working: bool, note: str
) -> dict[str, Any]:
    """The district's own word on a day; every hall that follows the calendar follows it."""
    who.require(PERMISSION)
    row = insert(WorkdayOverride).values(day=day, working=working, note=note)
    uow.session.execute(
        row.on_conflict_do_update(index_elements=["day"], set_={"working": working, "note": note})
    )
    return _followed(uow, day, f"本区{'上班' if working else '休息'}", note)


def leave_to_nation(uow: UnitOfWork, who: Principal, day: date) -> dict[str, Any]:
    """The district has no word of its own on a day any more."""
    who.require(PERMISSION)
    uow.session.execute(delete(WorkdayOverride).where(WorkdayOverride.day == day))
    return _followed(uow, day, "按国家安排", "")


def _followed(uow: UnitOfWork, day: date, words: str, note: str) -> dict[str, Any]:
    every = list(uow.session.scalars(select(Hall).where(Hall.active).order_by(Hall.id)))
    with in_words():
        taken = schedules.follow_calendar(uow.session, every, day, uow.now, halls.working_days(uow))
        if taken:
            raise Conflict(
                "workday_booked",
                title="这一天已经有人约了",
                detail=f"各大厅一共约出去{taken}个号",
                action="请先在这些大厅把这一天停办，约好的人会收到通知、改约别的时间，再改成休息",
            )
    for hall in every:
        planning.arm_slots(uow, hall.id)
        rebuilding.feed(uow, hall)
    trace.record(
        uow,
        subject=Subject("workday", day_id(day)),
        action="set_workday",
        reason=note,
        public_text=f"{wording.date_text(day)}：{words}",
    )
    uow.session.flush()
    uow.session.expire_all()
    return _row(day, uow.session.get(WorkdayOverride, day))
