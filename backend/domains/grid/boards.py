"""Who is on duty: in each cell now, through a street's week, for each department."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from backend.domains.grid import duty, scope
from backend.domains.grid import duty_rules as rules
from backend.domains.grid.index import AreaIndex, Known, areas_of
from backend.domains.grid.model import KINDS
from backend.domains.identity import service as identity
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.clock import SHANGHAI, local, local_date
from backend.kernel.uow import UnitOfWork

DAYS = 7
_NOON = time(12)


def now(uow: UnitOfWork, who: Principal, street_id: UUID) -> dict[str, Any]:
    """Who is on duty in each cell of the street at this moment, for all categories together."""
    scope.street_seen(who, street_id)
    index = areas_of(uow)
    cells = [known for known in _of_street(index, street_id) if known.kind == "cell"]
    rows = _street_rows(uow, index, street_id)
    away = duty.absent_at(uow, uow.now)
    cards = _cards(uow, rows, away.values())
    active = {card.id for card in cards.values() if card.active}
    on = [row for row in rows if rules.covers(row.shift, local(uow.now))]
    items = []
    for known in cells:
        line = index.lineage(known.ref.id)
        levels = []
        for level in rules.LEVELS:
            ids = [r.duty.staff_id for area in line for r in on
                   if r.duty.area_id == area and r.duty.level == level]  # fmt: skip
            there = rules.present(ids, away, active.__contains__)
            levels.append(_level(level, [_person(cards[one]) for one in there]))
        items.append(_cell(index, known, levels))
    return {"as_of": uow.now, "items": items}


def week(uow: UnitOfWork, who: Principal, street_id: UUID, first: date | None) -> dict[str, Any]:
    """Each duty of the street through seven days; who is away is replaced as at its start."""
    scope.street_seen(who, street_id)
    index = areas_of(uow)
    first = first or local_date(uow.now)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    rows = _street_rows(uow, index, street_id)
    start = datetime.combine(first, time(0), tzinfo=SHANGHAI)
    absences = duty.absences_between(uow, start.astimezone(UTC), start + timedelta(days=DAYS))
    cards = _cards(uow, rows, absences)
    groups: dict[tuple[Any, ...], list[duty.DutyRow]] = {}
    for row in rows:
        one = row.duty
        key = one.area_id, one.level, one.category_code, one.shift_id
        groups.setdefault(key, []).append(row)
    lines = [_week_line(index, group, days, absences, cards) for group in groups.values()]
    lines.sort(key=lambda line: (KINDS.index(line["area_kind"]), line["area_name"],
                                 rules.LEVELS.index(line["level"]), line["shift_text"]))  # fmt: skip
    return {"street_id": street_id, "days": days, "rows": lines}


def departments(uow: UnitOfWork, who: Principal) -> dict[str, Any]:
    """Who answers a whistle for each department now; one without anybody says so by an empty list.

    For whoever works on events: a lead may give a department a part of the work.
    """
    scope.may_look(who, "events.handle")
    items = []
    for place in organisation.departments(uow.session):
        people = duty.department_on_duty(uow, place.id, uow.now)
        names = [{"staff_id": one.staff_id, "name": one.name} for one in people]
        by_roster = bool(duty.rows_of_department(uow, place.id))
        items.append({"department_id": place.id, "name": place.name, "people": names,
                      "by_roster": by_roster})  # fmt: skip
    return {"as_of": uow.now, "items": items}


def _of_street(index: AreaIndex, street_id: UUID) -> list[Known]:
    return [known for known in index.by_id.values() if known.street_id == street_id]


def _street_rows(uow: UnitOfWork, index: AreaIndex, street_id: UUID) -> list[duty.DutyRow]:
    return duty.rows_of_areas(uow, [known.ref.id for known in _of_street(index, street_id)])


def _cards(
    uow: UnitOfWork, rows: list[duty.DutyRow], absences: Iterable[rules.Absence]
) -> dict[UUID, identity.StaffCard]:
    wanted = {row.duty.staff_id for row in rows}
    wanted |= {one.substitute for one in absences if one.substitute}
    return identity.staff_cards(uow, wanted)


def _person(card: identity.StaffCard) -> dict[str, Any]:
    return {"staff_id": card.id, "name": card.name}


def _level(level: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    return {"level": level, "level_text": rules.LEVEL_TEXTS[level], "people": people}


def _cell(index: AreaIndex, known: Known, levels: list[dict[str, Any]]) -> dict[str, Any]:
    above = index.by_id.get(known.parent_id) if known.parent_id else None
    return {
        "cell_id": known.ref.id, "cell_name": known.ref.name,
        "community_name": above.ref.name if above else "", "street_id": known.street_id,
        "levels": levels, "empty": not any(level["people"] for level in levels),
    }  # fmt: skip


def _week_line(
    index: AreaIndex,
    group: list[duty.DutyRow],
    days: list[date],
    absences: list[rules.Absence],
    cards: dict[UUID, identity.StaffCard],
) -> dict[str, Any]:
    first = group[0]
    assert first.duty.area_id is not None
    known = index.by_id[first.duty.area_id]
    return {
        "area_id": known.ref.id, "area_name": known.ref.name, "area_kind": known.kind,
        "level": first.duty.level, "level_text": rules.LEVEL_TEXTS[first.duty.level],
        "category_code": first.duty.category_code, "shift_id": first.duty.shift_id,
        "shift_text": first.text,
        "days": [
            {"date": day, "people": _day_people(group, day, absences, cards)} for day in days
        ],
    }  # fmt: skip


def _day_people(
    group: list[duty.DutyRow],
    day: date,
    absences: list[rules.Absence],
    cards: dict[UUID, identity.StaffCard],
) -> list[dict[str, Any]]:
    shift = group[0].shift
    if not rules.starts_on(shift, day):
        return []
    at = datetime.combine(day, shift.starts if shift else _NOON, tzinfo=SHANGHAI)
    away = rules.away_at(absences, at)
    found: dict[UUID, dict[str, Any]] = {}
    for row in group:
        there = rules.stands_in(row.duty.staff_id, away)
        if there is None or there not in cards or not cards[there].active:
            continue
        instead = None if there == row.duty.staff_id else cards[row.duty.staff_id].name
        found.setdefault(there, {**_person(cards[there]), "instead_of": instead})
    return list(found.values())
