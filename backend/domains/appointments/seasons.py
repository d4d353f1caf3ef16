"""A hall's seasons: weeks that hold between two days (时段模板)."""

from typing import Any
from uuid import UUID

from appointments import planner, seasons
from appointments.calendar import Rule
from appointments.model import Hall
from appointments.supply_model import Season
from backend.domains.appointments import halls, planning, rebuilding, staff, wording
from backend.domains.appointments.refusals import in_words
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

EDIT = "schedules.edit"


def listed(uow: UnitOfWork, who: Principal, hall_id: UUID) -> dict[str, Any]:
    """All seasons of a hall, the earliest first, and the businesses their weeks can name."""
    hall = staff.enter_hall(uow, who, "appointments.view", hall_id)
    return {
        "items": [_shown(uow, one) for one in seasons.of_hall(uow.session, hall.id)],
        "groups": [{"code": row.code, "name": row.name} for row in staff.groups(uow)],
    }


def _shown(uow: UnitOfWork, season: Season) -> dict[str, Any]:
    rules = planner.rules_of(uow.session, season.hall_id, season.id)
    return {
        "id": season.id,
        "name": season.name,
        "first_day": season.first_day,
        "last_day": season.last_day,
        "items": [planning.rule_shown(rule) for rule in rules],
        "version": season.version,
    }


def _wanted(body: dict[str, Any]) -> seasons.Wanted:
    rules = [Rule(**item) for item in body["items"]]
    return seasons.Wanted(body["name"], body["first_day"], body["last_day"], rules)


def add(uow: UnitOfWork, who: Principal, hall_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """A new season; what is booked stays booked."""
    hall = staff.enter_hall(uow, who, EDIT, hall_id)
    with in_words():
        season, rebuilt = seasons.add(
            uow.session,
            hall,
            new_id(),
            _wanted(body),
            now=uow.now,
            working=halls.working_days(uow),
        )
    _trace(uow, hall, "add_season", season)
    return {**_shown(uow, season), "rebuilt": rebuilding.settle(uow, hall, rebuilt)}


def change(
    uow: UnitOfWork, who: Principal, hall_id: UUID, season_id: UUID, body: dict[str, Any]
) -> dict[str, Any]:
    """Other days or another week for a season."""
    hall = staff.enter_hall(uow, who, EDIT, hall_id)
    with in_words():
        season, rebuilt = seasons.change(
            uow.session,
            hall,
            season_id,
            _wanted(body),
            body["version"],
            now=uow.now,
            working=halls.working_days(uow),
        )
    _trace(uow, hall, "change_season", season)
    return {**_shown(uow, season), "rebuilt": rebuilding.settle(uow, hall, rebuilt)}


def remove(uow: UnitOfWork, who: Principal, hall_id: UUID, season_id: UUID) -> dict[str, Any]:
    """The usual week holds again."""
    hall = staff.enter_hall(uow, who, EDIT, hall_id)
    with in_words():
        name, rebuilt = seasons.remove(
            uow.session, hall, season_id, now=uow.now, working=halls.working_days(uow)
        )
    trace.record(
        uow,
        subject=planning.hall_subject(hall.id),
        action="remove_season",
        public_text="调整了每周时段",
        internal_text=name,
    )
    return rebuilding.settle(uow, hall, rebuilt)


def _trace(uow: UnitOfWork, hall: Hall, action: str, season: Season) -> None:
    days = f"{wording.date_text(season.first_day)}到{wording.date_text(season.last_day)}"
    trace.record(
        uow,
        subject=planning.hall_subject(hall.id),
        action=action,
        public_text=f"调整了{days}的时段",
        internal_text=season.name,
    )
