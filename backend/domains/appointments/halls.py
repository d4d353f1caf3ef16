"""Halls as residents see them: addresses and load, days, times, the big screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from appointments import boards, load, queue_rules, schedules, video, views
from appointments.calendar import WorkingDay
from appointments.model import Hall
from backend.domains.appointments import ports, wording
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.uow import UnitOfWork
from backend.kernel.workdays import CalendarUnknown, Workdays


def working_days(uow: UnitOfWork) -> WorkingDay:
    """The district's calendar as the engine asks for it: None where it is not published."""
    calendar = Workdays.load(uow.session)

    def working(day: date) -> bool | None:
        try:
            return calendar.is_working_day(day)
        except CalendarUnknown:
            return None

    return working


def find(uow: UnitOfWork, hall_id: UUID) -> Hall:
    """The hall in service, or `NotFound`."""
    hall = uow.session.get(Hall, hall_id)
    if hall is None or not hall.active:
        raise NotFound("hall_unknown", title="没有找到这个大厅", action="请返回选择大厅")
    return hall


def all_halls(uow: UnitOfWork) -> list[Hall]:
    """Every hall in service."""
    return views.halls(uow.session)


def list_halls(uow: UnitOfWork, item_id: UUID | None) -> list[dict[str, Any]]:
    """The halls, with an item those where it is done at a window; load is for that business."""
    if item_id is None:
        return _shown(uow, views.halls(uow.session), None)
    item = ports.item_of(uow, item_id)
    if not item.bookable:
        return []
    halls = [
        hall for hall in views.halls(uow.session, item.group_code) if ports.handles(item, hall.code)
    ]
    return _shown(uow, halls, item.group_code)


def show_hall(uow: UnitOfWork, hall_id: UUID) -> dict[str, Any]:
    """One hall with its load."""
    return _shown(uow, [find(uow, hall_id)], None)[0]


def _shown(uow: UnitOfWork, halls: list[Hall], group: str | None) -> list[dict[str, Any]]:
    today = local_date(uow.now)
    ids = [hall.id for hall in halls]
    loads = load.loads(uow.session, ids, today, group)
    by_video = video.offered(uow.session, ids, uow.now, group)
    return [
        {
            "id": hall.id,
            "code": hall.code,
            "name": hall.name,
            "address": hall.address,
            "floor": hall.floor,
            "phone": hall.phone,
            "opening_hours": hall.opening_hours,
            "latitude": hall.latitude,
            "longitude": hall.longitude,
            "waiting_count": loads[hall.id].waiting,
            "wait_minutes": loads[hall.id].wait_minutes,
            "video": hall.id in by_video,
        }
        for hall in halls
    ]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days a hall works: the district's calendar and the hall's own exceptions."""

    working: WorkingDay
    overrides: Mapping[date, bool]


def calendar_of(uow: UnitOfWork, hall: Hall) -> Calendar:
    """The hall's calendar as it stands now; read once a request."""
    return Calendar(working_days(uow), schedules.overrides_of(uow.session, hall.id))


def keep_slots(uow: UnitOfWork, hall: Hall, calendar: Calendar | None = None) -> None:
    """Make sure the days that can be booked have their slots.

    The worker makes them each night; this catches up when it did not run. It writes in a
    transaction of its own, because a reading request never commits.
    """
    known = calendar or calendar_of(uow, hall)
    days = schedules.bookable_days(uow.session, hall, uow.now, known.working, known.overrides)
    if not days or (hall.slots_until is not None and hall.slots_until >= days[-1]):
        return
    with uow.services.unit() as own:
        fresh = own.session.get_one(Hall, hall.id)
        schedules.ensure_slots(own.session, fresh, own.now, working_days(own))
    uow.session.refresh(hall)


def days(
    uow: UnitOfWork, hall_id: UUID, item_id: UUID, *, by_video: bool = False
) -> list[dict[str, Any]]:
    """The calendar strip for an item at a hall, or by video with it."""
    hall, group, calendar = _for_item(uow, hall_id, item_id)
    today = local_date(uow.now)
    found = views.days(
        uow.session,
        hall,
        group,
        channels=ports.channels_of(uow, by_video=by_video),
        now=uow.now,
        working=calendar.working,
        overrides=calendar.overrides,
    )
    return [
        {
            "date": day.day,
            "weekday_text": wording.weekday_text(day.day, today),
            "status": "closed" if day.status == "calendar_unknown" else day.status,
            "status_text": wording.day_status_text(day, today),
            "remaining": day.remaining,
            "release_at": day.release_at,
        }
        for day in found
    ]


def audience(uow: UnitOfWork) -> str:
    """Those to whom `days` says the same: whoever may book from the same quotas."""
    return ",".join(ports.channels_of(uow))


def slots(
    uow: UnitOfWork, hall_id: UUID, item_id: UUID, day: date, *, by_video: bool = False
) -> list[dict[str, Any]]:
    """The times of one day for an item at a hall."""
    hall, group, _ = _for_item(uow, hall_id, item_id)
    channels = ports.channels_of(uow, by_video=by_video)
    found = views.slots(uow.session, hall, group, day, channels=channels, now=uow.now)
    return [
        {
            "id": slot.id,
            "start": slot.start,
            "end": slot.end,
            "remaining": slot.remaining,
            "status": slot.status,
            "rest_at": slot.rest_at,
        }
        for slot in found
    ]


def for_item(uow: UnitOfWork, hall_id: UUID, item_id: UUID) -> tuple[Hall, str]:
    """The hall and the item's business, where it is done there and can be booked."""
    hall, group, _ = _for_item(uow, hall_id, item_id)
    return hall, group


def _for_item(uow: UnitOfWork, hall_id: UUID, item_id: UUID) -> tuple[Hall, str, Calendar]:
    hall = find(uow, hall_id)
    item = ports.item_of(uow, item_id)
    if not item.bookable:
        raise Conflict(
            "item_not_bookable", title="这件事不用预约", action="请看办事指南里的办理方式"
        )
    if not ports.handles(item, hall.code):
        raise Conflict(
            "not_handled_here", title="这个大厅不办这件事", action="请看办事指南里的办理地点"
        )
    calendar = calendar_of(uow, hall)
    keep_slots(uow, hall, calendar)
    return hall, item.group_code, calendar


def screen_tag(uow: UnitOfWork, hall: Hall) -> tuple[str, int]:
    """A word that changes when the screen does, and how many minutes late the hall is; one read."""
    return boards.screen_mark(uow.session, hall.id, local_date(uow.now), uow.now)


def screen(uow: UnitOfWork, hall: Hall, late: int) -> dict[str, Any]:
    """What the big screen shows; tickets and windows only, nothing about people."""
    shown = boards.screen(uow.session, hall.id, local_date(uow.now))
    average = load.average_service(uow.session, hall.id)
    windows = load.open_windows(uow.session, hall.id)
    return {
        "hall_name": hall.name,
        "calling": [
            {
                "ticket_no": call.ticket_no,
                "window_number": call.window_number,
                "called_at": call.called_at,
                "speech": queue_rules.speech(call.ticket_no, str(call.window_number)),
            }
            for call in shown.calling
        ],
        "waiting": shown.waiting,
        "waiting_count": shown.waiting_count,
        "parked": [_placed(one) for one in shown.parked],
        "transferred": [_placed(one) for one in shown.sent],
        "late_minutes": late,
        "wait_minutes": queue_rules.wait_minutes(shown.waiting_count, average, windows),
        "as_of": uow.now,
    }


def _placed(one: tuple[str, int]) -> dict[str, Any]:
    return {"ticket_no": one[0], "window_number": one[1]}
