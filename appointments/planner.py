"""The slots a hall wants on a day: its usual week, a season's week, or the shifts and the pace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appointments.calendar import Planned, Rule, plan
from appointments.model import Schedule, WindowGroup
from appointments.shifts_rules import Span, Staffed, Tempo, from_shifts
from appointments.supply_model import Pace, Season, Shift


def rules_of(session: Session, hall_id: UUID, season_id: UUID | None = None) -> list[Rule]:
    """The hall's usual week, or a season's, in the order it is read."""
    return _rules(session, hall_id).get(season_id, [])


def _rules(session: Session, hall_id: UUID) -> dict[UUID | None, list[Rule]]:
    rows = session.scalars(
        select(Schedule)
        .where(Schedule.hall_id == hall_id)
        .order_by(Schedule.group_code, Schedule.weekday, Schedule.starts, Schedule.channel)
    )
    found: dict[UUID | None, list[Rule]] = defaultdict(list)
    for row in rows:
        found[row.season_id].append(
            Rule(
                row.group_code,
                row.weekday,
                row.starts,
                row.ends,
                row.slot_minutes,
                row.capacity,
                row.channel,
            )
        )
    return found


def tempo(pace: Pace) -> Tempo:
    """The pace as the rules read it."""
    return Tempo(
        pace.group_code,
        pace.slot_minutes,
        pace.places,
        (
            ("online", pace.online),
            ("on_site", pace.on_site),
            ("elderly", pace.elderly),
            ("video", pace.video),
        ),
    )


class Planner:
    """A hall's plan as it stands in one transaction, for the days from `first` on."""

    def __init__(self, session: Session, hall_id: UUID, first: date) -> None:
        self._weeks = _rules(session, hall_id)
        self._seasons = session.scalars(
            select(Season).where(Season.hall_id == hall_id, Season.last_day >= first)
        ).all()
        paces = session.scalars(
            select(Pace).where(Pace.hall_id == hall_id).order_by(Pace.group_code)
        )
        self._tempos = [tempo(pace) for pace in paces]
        self._staffed = _staffed(session, hall_id, first) if self._tempos else {}

    def day(self, day: date) -> list[Planned]:
        """The slots of an open day. A business with a pace has them from the shifts alone."""
        season = next((one for one in self._seasons if one.first_day <= day <= one.last_day), None)
        week = self._weeks.get(season.id if season else None, [])
        paced = {one.group for one in self._tempos}
        found = [slot for slot in plan(day, week) if slot.group not in paced]
        staffed = self._staffed.get(day, ())
        for one in self._tempos:
            found += from_shifts(day, one, staffed, paced)
        return found


def _staffed(session: Session, hall_id: UUID, first: date) -> dict[date, list[Staffed]]:
    shifts = session.scalars(
        select(Shift)
        .where(Shift.hall_id == hall_id, Shift.day >= first)
        .order_by(Shift.day, Shift.window_id, Shift.starts)
    ).all()
    groups: dict[UUID, set[str]] = defaultdict(set)
    windows = {shift.window_id for shift in shifts}
    for row in session.scalars(select(WindowGroup).where(WindowGroup.window_id.in_(windows))):
        groups[row.window_id].add(row.group_code)
    found: dict[date, dict[UUID, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for shift in shifts:
        found[shift.day][shift.window_id].append((shift.starts, shift.ends))
    return {day: list(_of_windows(at, groups)) for day, at in found.items()}


def _of_windows(at: dict[UUID, list[Span]], groups: dict[UUID, set[str]]) -> Iterable[Staffed]:
    for window_id, spans in at.items():
        yield Staffed(frozenset(groups[window_id]), tuple(spans))
