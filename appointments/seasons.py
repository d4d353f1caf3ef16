"""Seasons: a week of its own between two days, in place of the hall's usual one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from appointments import schedules
from appointments.calendar import Rule, WorkingDay, check_rules
from appointments.model import Hall, ItemGroup, Schedule
from appointments.rebuilt import Rebuilt
from appointments.rules import ZONE, Refused
from appointments.supply_model import Season

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Wanted:
    """A season as it is to be."""

    name: str
    first_day: date
    last_day: date
    rules: Sequence[Rule]


def of_hall(session: Session, hall_id: UUID) -> list[Season]:
    """The hall's seasons, the earliest first."""
    query = select(Season).where(Season.hall_id == hall_id).order_by(Season.first_day)
    return list(session.scalars(query))


def add(
    session: Session,
    hall: Hall,
    season_id: UUID,
    wanted: Wanted,
    *,
    now: datetime,
    working: WorkingDay,
) -> tuple[Season, Rebuilt]:
    """A new season; two of a hall do not overlap."""
    schedules.lock(session, hall)
    _check(session, hall, wanted, now)
    season = Season(
        id=season_id,
        hall_id=hall.id,
        name=wanted.name,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
    )
    session.add(season)
    session.flush()
    schedules.add_rules(session, hall, wanted.rules, season.id)
    return season, schedules.rebuild_slots(session, hall, now, working)


def change(
    session: Session,
    hall: Hall,
    season_id: UUID,
    wanted: Wanted,
    version: int | None = None,
    *,
    now: datetime,
    working: WorkingDay,
) -> tuple[Season, Rebuilt]:
    """Other days or another week; `version` is the one the caller saw."""
    schedules.lock(session, hall)
    season = _of(session, hall, season_id)
    if version is not None and version != season.version:
        raise Refused("changed_meanwhile")
    _check(session, hall, wanted, now, but=season_id)
    season.name = wanted.name
    season.first_day, season.last_day = wanted.first_day, wanted.last_day
    season.version += 1
    session.execute(delete(Schedule).where(Schedule.season_id == season_id))
    schedules.add_rules(session, hall, wanted.rules, season_id)
    return season, schedules.rebuild_slots(session, hall, now, working)


def remove(
    session: Session, hall: Hall, season_id: UUID, *, now: datetime, working: WorkingDay
) -> tuple[str, Rebuilt]:
    """The usual week holds again; answers the season's name."""
    schedules.lock(session, hall)
    season = _of(session, hall, season_id)
    name = season.name
    session.execute(delete(Schedule).where(Schedule.season_id == season_id))
    session.delete(season)
    session.flush()
    return name, schedules.rebuild_slots(session, hall, now, working)


def _of(session: Session, hall: Hall, season_id: UUID) -> Season:
    found = session.get(Season, season_id, populate_existing=True)
    if found is None or found.hall_id != hall.id:
        raise Refused("season_unknown")
    return found


def _check(
    session: Session, hall: Hall, wanted: Wanted, now: datetime, but: UUID | None = None
) -> None:
    days = (wanted.last_day - wanted.first_day).days
    if not 0 <= days < LONGEST_DAYS:
        raise Refused("season_days", most=LONGEST_DAYS)
    if wanted.last_day < now.astimezone(ZONE).date():
        raise Refused("day_past")
    check_rules(wanted.rules, session.scalars(select(ItemGroup.code)).all())
    for other in of_hall(session, hall.id):
        if other.id == but:
            continue
        if wanted.first_day <= other.last_day and other.first_day <= wanted.last_day:
            raise Refused("season_overlap", name=other.name)
