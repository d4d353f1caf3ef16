"""Who may change where places come from; columns as in `access_table`."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from appointments.model import Window
from appointments.supply_model import Season, Shift

POLICIES = """
workdays_see      401 401 401 401 403 403  ok 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
workdays_edit     401 401 401 401 403 403 403 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
"""
_WORKDAYS = "/api/v1/staff/workdays"
_WORKDAY = f"{_WORKDAYS}/<string(maxlength=10):day>"
_RELEASE = "/api/v1/staff/halls/<uuid:hall_id>/release"
_EXTRA = "/api/v1/staff/slots/<uuid:slot_id>/extra"
_SEASONS = "/api/v1/staff/halls/<uuid:hall_id>/seasons"
_SEASON = f"{_SEASONS}/<uuid:season_id>"
_SHIFTS = "/api/v1/staff/halls/<uuid:hall_id>/shifts"
_SHIFT = f"{_SHIFTS}/<uuid:window_shift_id>"
_PACES = "/api/v1/staff/halls/<uuid:hall_id>/paces"
ROWS = {
    f"GET {_RELEASE}": "hall_view",
    f"PUT {_RELEASE}": "schedule",
    f"POST {_RELEASE}/preview": "schedule",
    f"POST {_EXTRA}": "schedule",
    f"GET {_WORKDAYS}": "workdays_see",
    f"PUT {_WORKDAY}": "workdays_edit",
    f"DELETE {_WORKDAY}": "workdays_edit",
    f"GET {_SEASONS}": "hall_view",
    f"POST {_SEASONS}": "schedule",
    f"PUT {_SEASON}": "schedule",
    f"DELETE {_SEASON}": "schedule",
    f"GET {_SHIFTS}": "hall_view",
    f"POST {_SHIFTS}": "schedule",
    f"PUT {_SHIFT}": "schedule",
    f"DELETE {_SHIFT}": "schedule",
    f"POST {_SHIFTS}/copy": "schedule",
    f"POST {_SHIFTS}/import": "schedule",
    f"GET {_PACES}": "hall_view",
    f"PUT {_PACES}": "schedule",
}
QUERIES: dict[str, Any] = {
    f"GET {_SHIFTS}": lambda world: {"from": "2026-11-30", "to": "2026-12-06"},
    f"GET {_WORKDAYS}": lambda world: {"from": "2026-11-23", "to": "2026-12-06"},
}
_FAR = date(2027, 3, 1)
_DAYS = {"first_day": "2027-05-03", "last_day": "2027-05-07"}


def _shift(world: Any) -> dict[str, Any]:
    at = {"day": "2027-05-03", "starts": "09:00", "ends": "12:00"}
    return {**at, "window_id": str(world.ids["hall_window_id"]), "name": "测试甲"}


def furnish(world: Any) -> None:
    """A season and a shift of the hall, both so far away that no slot comes of them."""
    with world.services.unit() as uow:
        hall_id = world.ids["hall_id"]
        window_id = uow.session.scalars(
            select(Window.id).where(Window.hall_id == hall_id).order_by(Window.number)
        ).first()
        days = {"first_day": _FAR, "last_day": _FAR + timedelta(days=30)}
        season = Season(id=uuid4(), hall_id=hall_id, name="春季", **days)
        shift = Shift(
            id=uuid4(), hall_id=hall_id, window_id=window_id, name="测试甲", day=_FAR,
            starts=time(9), ends=time(12),
        )  # fmt: skip
        uow.session.add_all([season, shift])
        world.ids |= {
            "season_id": season.id, "window_shift_id": shift.id, "hall_window_id": window_id,
        }  # fmt: skip


_RULE = {
    "release_days": 3, "release_time": "09:00", "first_percent": 50, "rest_days": 1,
    "rest_time": "18:00", "offer_minutes": 30,
}  # fmt: skip
BODIES: dict[str, Any] = {
    f"PUT {_RELEASE}": _RULE,
    f"POST {_RELEASE}/preview": _RULE,
    f"PUT {_WORKDAY}": {"working": True, "note": "本区另行安排"},
    f"POST {_EXTRA}": {"places": 2, "reason": "临时加一个窗口"},
    f"POST {_SEASONS}": {"name": "五月", **_DAYS, "items": []},
    f"PUT {_SEASON}": {"name": "五月", **_DAYS, "items": []},
    f"POST {_SHIFTS}": _shift,
    f"PUT {_SHIFT}": _shift,
    f"POST {_SHIFTS}/copy": {"from_week": "2027-03-01", "to_week": "2027-03-08"},
    f"POST {_SHIFTS}/import": {"csv": "日期,窗口,开始,结束,姓名", "dry_run": True},
    f"PUT {_PACES}": {"items": []},
}
