"""What else there is when a day is full: the same hall on other days, other halls on that day."""

from datetime import date
from typing import Any
from uuid import UUID

from appointments import views
from appointments.model import Hall
from backend.domains.appointments import halls, ports, wording
from backend.domains.appointments.waiting import brief
from backend.kernel.clock import local_date
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork

_MOST_DAYS = 3
_MOST_HALLS = 3


def others(uow: UnitOfWork, hall_id: UUID, item_id: UUID, day: date) -> list[dict[str, Any]]:
    """The first free time of other days at this hall, and of other halls on this day."""
    hall = halls.find(uow, hall_id)
    item = ports.item_of(uow, item_id)
    if not item.bookable or not ports.handles(item, hall.code):
        raise NotFound("hall_unknown", title="没有找到这个大厅", action="请返回选择大厅")
    channels = ports.channels_of(uow)
    calendar = halls.calendar_of(uow, hall)
    days = views.days(
        uow.session,
        hall,
        item.group_code,
        channels=channels,
        now=uow.now,
        working=calendar.working,
        overrides=calendar.overrides,
    )
    free = [one.day for one in days if one.status == "open" and one.day != day]
    # The nearest days first, and of two as near the earlier one.
    nearest = sorted(free, key=lambda one: (abs((one - day).days), one))[:_MOST_DAYS]
    today = local_date(uow.now)
    found = []
    for one in sorted(nearest):
        why = f"这个大厅{wording.weekday_text(one, today)}有名额"
        found += _first(uow, hall, item.group_code, one, channels=channels, why=why)
    elsewhere = [
        other
        for other in views.halls(uow.session, item.group_code)
        if other.id != hall.id and ports.handles(item, other.code)
    ]
    same_day = []
    for other in elsewhere:
        why = "同一天别的大厅有名额"
        same_day += _first(uow, other, item.group_code, day, channels=channels, why=why)
    return [*same_day[:_MOST_HALLS], *found]


def _first(
    uow: UnitOfWork, hall: Hall, group: str, day: date, *, channels: tuple[str, ...], why: str
) -> list[dict[str, Any]]:
    slots = views.slots(uow.session, hall, group, day, channels=channels, now=uow.now)
    for slot in slots:
        if slot.status == "open":
            return [
                {
                    "hall": brief(hall),
                    "date": day,
                    "slot_id": slot.id,
                    "start": slot.start,
                    "end": slot.end,
                    "remaining": slot.remaining,
                    "why_text": why,
                }
            ]
    return []
