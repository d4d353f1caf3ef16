"""Where a hall's places come from: release in batches, and places added at short notice."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from appointments import release_rules, schedules
from appointments.calendar import Planned
from appointments.model import Hall, Slot
from appointments.planner import Planner
from appointments.release_rules import ReleaseRule
from backend.domains.appointments import halls, planning, staff, waiting, wording
from backend.domains.appointments.refusals import in_words
from backend.kernel import limit_lists, trace
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork

PREVIEWED = 10
_FARTHEST = 40


def show_release(uow: UnitOfWork, who: Principal, hall_id: UUID) -> dict[str, Any]:
    """The hall's rule as it stands."""
    return _shown(staff.enter_hall(uow, who, "appointments.view", hall_id))


def _shown(hall: Hall) -> dict[str, Any]:
    found = {
        "release_days": hall.release_days,
        "release_time": hall.release_time,
        "first_percent": hall.first_percent,
        "rest_days": hall.rest_days,
        "rest_time": hall.rest_time,
        "offer_minutes": hall.offer_minutes,
        "days_ahead": hall.days_ahead,
    }
    return {**found, "etag": limit_lists.etag(found)}


def set_release(
    uow: UnitOfWork, who: Principal, hall_id: UUID, values: dict[str, Any], if_match: str | None
) -> dict[str, Any]:
    """Put a new rule in place; what is on offer already stays on offer.

    `Stale` when somebody has changed it since it was read.
    """
    hall = staff.edit_hall(uow, who, hall_id, if_match, shown=_shown, what="放号规则")
    with in_words():
        release_rules.check(_rule(values), hall.days_ahead)
    for name, value in values.items():
        setattr(hall, name, value)
    uow.session.flush()
    schedules.rebuild_slots(uow.session, hall, uow.now, halls.working_days(uow))
    planning.arm_slots(uow, hall_id)
    trace.record(
        uow,
        subject=planning.hall_subject(hall_id),
        action="set_release",
        public_text="调整了放号时间",
        internal_text=wording.release_text(hall.release),
    )
    return _shown(hall)


def _rule(values: dict[str, Any]) -> ReleaseRule:
    return ReleaseRule(
        days=values["release_days"],
        at=values["release_time"],
        first_percent=values["first_percent"],
        rest_days=values["rest_days"],
        rest_at=values["rest_time"],
    )


def preview_release(
    uow: UnitOfWork, who: Principal, hall_id: UUID, values: dict[str, Any]
) -> list[dict[str, Any]]:
    """What a rule would do with the coming open days; nothing is changed."""
    hall = staff.enter_hall(uow, who, "schedules.edit", hall_id)
    rule = _rule(values)
    with in_words():
        release_rules.check(rule, hall.days_ahead)
    opened = schedules.opening(uow.session, hall, halls.working_days(uow))
    day = local_date(uow.now)
    planner = Planner(uow.session, hall_id, day)
    found: list[dict[str, Any]] = []
    for _ in range(_FARTHEST):
        if len(found) == PREVIEWED or opened(day) is None:
            break
        if opened(day):
            coming = release_rules.batches(day, rule, opened)
            planned = [one for one in planner.day(day) if one.channel != "on_site"]
            found.append(
                {
                    "date": day,
                    "first_at": coming.first_at,
                    "rest_at": coming.rest_at,
                    "places": sum(one.capacity for one in planned),
                    "first_places": _first(planned, rule if coming.rest_at else ReleaseRule()),
                }
            )
        day += timedelta(days=1)
    return found


def _first(planned: Sequence[Planned], rule: ReleaseRule) -> int:
    return sum(release_rules.first_places(one.capacity, rule.first_percent) for one in planned)


def add_places(
    uow: UnitOfWork, who: Principal, slot_id: UUID, places: int, reason: str
) -> dict[str, Any]:
    """More places in one slot at short notice, and why; who waits for one is asked first."""
    slot = uow.session.get(Slot, slot_id)
    if slot is None or not who.may("schedules.edit", hall=slot.hall_id):
        raise NotFound("slot_unknown", title="没有找到这个时段", action="请刷新后再试")
    with in_words():
        changed = schedules.add_places(uow.session, slot, places, uow.now)
    trace.record(
        uow,
        subject=planning.hall_subject(changed.hall_id),
        action="add_places",
        reason=reason,
        internal_text=f"{wording.time_range(changed.start_at, changed.end_at)} "
        f"{changed.group_code} {changed.channel}：加{places}个号，共{changed.capacity}个",
    )
    waiting.place_freed(uow, changed.id)
    return planning.slot_shown(uow, changed)
