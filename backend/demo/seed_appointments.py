"""The demo's halls, windows and schedules. Running it again changes nothing.

Two demo halls (岭川区 and 越和街) work every day and give a ticket as soon as a place is
booked: a newcomer can book, check in and be called within five minutes, on any evening or
Sunday. Their opening hours say so. The other three keep the working-day calendar and give
tickets on the booked day only.
"""

import json
from datetime import time
from functools import cache
from typing import Any

from appointments import schedules
from appointments.calendar import Rule
from appointments.model import Hall, ItemGroup, Window, WindowGroup
from backend.demo import seed_queue
from backend.demo.district import DATA, district
from backend.domains.appointments import planning
from backend.domains.appointments.halls import working_days
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

DEMO_EARLY_CHECK_IN = 30 * 24 * 60


@cache
def plan() -> dict[str, Any]:
    """The halls as written in `data/halls.json`."""
    found: dict[str, Any] = json.loads((DATA / "halls.json").read_text(encoding="utf-8"))
    return found


def seed(services: Services) -> None:
    """Bring in halls with their windows and weeks, then a day that is under way."""
    with services.unit() as uow:
        _groups(uow)
        for row in plan()["halls"]:
            _hall(uow, row)
    seed_queue.seed(services, plan())


def _groups(uow: UnitOfWork) -> None:
    for group in district()["item_groups"]:
        if uow.session.get(ItemGroup, group["code"]) is None:
            letter = plan()["letters"][group["code"]]
            uow.session.add(ItemGroup(code=group["code"], name=group["name"], letter=letter))
    uow.session.flush()


def _hall(uow: UnitOfWork, row: dict[str, Any]) -> None:
    hall_id = stable_id("hall", row["code"])
    if uow.session.get(Hall, hall_id) is not None:
        return
    names = {hall["code"]: hall["name"] for hall in district()["halls"]}
    keys = ("code", "address", "floor", "phone", "opening_hours", "latitude", "longitude")
    hall = Hall(
        id=hall_id,
        name=names[row["code"]],
        every_day=row["every_day"],
        early_check_in_minutes=DEMO_EARLY_CHECK_IN if row["every_day"] else 0,
        **{key: row[key] for key in keys},
        **_release(row.get("release")),
    )
    uow.session.add(hall)
    uow.session.flush()
    for number, groups in enumerate(row["windows"], start=1):
        _window(uow, hall, number, groups)
    uow.session.flush()
    rules = week(row["capacity"], 7 if row["every_day"] else 5)
    schedules.replace_schedule(uow.session, hall, rules, uow.now, working_days(uow))
    planning.arm_slots(uow, hall_id)


def _release(rule: dict[str, Any] | None) -> dict[str, Any]:
    """Half of the places of a day at nine, five working days ahead, the rest the evening before."""
    if rule is None:
        return {}
    return {
        "release_days": rule["days"],
        "release_time": time.fromisoformat(rule["at"]),
        "first_percent": rule["first_percent"],
        "rest_days": rule["rest_days"],
        "rest_time": time.fromisoformat(rule["rest_at"]),
    }


def _window(uow: UnitOfWork, hall: Hall, number: int, groups: list[str]) -> None:
    names = {group["code"]: group["name"] for group in district()["item_groups"]}
    window_id = stable_id("window", f"{hall.code}-{number}")
    title = "、".join(names[code] for code in groups)
    uow.session.add(Window(id=window_id, hall_id=hall.id, number=number, name=title, status="open"))
    uow.session.flush()
    uow.session.add_all(WindowGroup(window_id=window_id, group_code=code) for code in groups)


def week(capacity: dict[str, int], days: int) -> list[Rule]:
    """The same hours on each of the first `days` weekdays, for every group and channel."""
    return [
        Rule(
            group["code"],
            weekday,
            time.fromisoformat(start),
            time.fromisoformat(end),
            plan()["slot_minutes"],
            places,
            channel,
        )
        for group in district()["item_groups"]
        for weekday in range(1, days + 1)
        for start, end in plan()["sessions"]
        for channel, places in capacity.items()
    ]
