"""The roster editor: who has which duty at an area or a department."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.grid import duty, scope
from backend.domains.grid.duty_rules import DEPARTMENT, LEVEL_TEXTS, LEVELS
from backend.domains.grid.model import KINDS, Area, Duty, DutyShift
from backend.domains.identity import service as identity
from backend.domains.identity.service import StaffCard
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, Stale
from backend.kernel.trace import Subject, record
from backend.kernel.uow import UnitOfWork

# Whoever may be put on duty in a street: the roles that handle events there.
STREET_ROLES = ("grid_worker", "grid_leader", "street_leader")
Rows = list[duty.DutyRow]
Answer = list[dict[str, Any]]


def people(
    uow: UnitOfWork, who: Principal, street_id: UUID | None, department_id: UUID | None
) -> list[StaffCard]:
    """Who can be put on duty in the street or the department, by name."""
    if (street_id is None) == (department_id is None):
        text = "请选一个街道或一个部门"
        raise Invalid("choose_one", title=text, fields={"street": [text]})
    if department_id is not None:
        scope.department_kept(who, department_id)
        return identity.staff_holding(uow, [duty.DEPARTMENT_ROLE], "department", department_id)
    scope.street_kept(who, street_id)
    return identity.staff_holding(uow, STREET_ROLES, "street", street_id)


def listing(uow: UnitOfWork, who: Principal, street_id: UUID | None) -> Answer:
    """All duties at areas within reach, of one street if it is given; larger areas first."""
    if street_id is not None:
        scope.street_seen(who, street_id)
    streets = scope.streets_seen(who) if street_id is None else {street_id}
    query = select(Area.id)
    if streets is not None:
        query = query.where(Area.street_id.in_(streets))
    return _shown(uow, duty.rows_of_areas(uow, uow.session.scalars(query)))


def of_area(uow: UnitOfWork, who: Principal, area_id: UUID) -> tuple[dict[str, Any], str]:
    """The duties set at an area and those above that hold there too; with the ETag."""
    area = _area(uow, area_id)
    scope.street_seen(who, area.street_id)
    rows = duty.rows_of_areas(uow, [area_id])
    above = duty.rows_of_areas(uow, _above(uow, area))
    shown = {"area_id": area_id, "items": _shown(uow, rows), "above": _shown(uow, above)}
    return shown, etag(rows)


def of_department(uow: UnitOfWork, who: Principal, department_id: UUID) -> tuple[Answer, str]:
    """The duties of a department, with the ETag."""
    scope.department_kept(who, department_id)
    _department(uow, department_id)
    rows = duty.rows_of_department(uow, department_id)
    return _shown(uow, rows), etag(rows)


def etag(rows: Rows) -> str:
    """What changes whenever the duties of one place do."""
    keys = sorted(f"{r.duty.id}{r.duty.position}" for r in rows)
    return "duties-" + hashlib.sha256("".join(keys).encode()).hexdigest()[:24]


def set_area(
    uow: UnitOfWork,
    who: Principal,
    area_id: UUID,
    items: Sequence[dict[str, Any]],
    if_match: str | None,
) -> None:
    """Replace the duties set at an area. `Stale` when they were changed since they were read.

    Who is new must be an active member of the street's staff; shifts must be the street's or
    the district's.
    """
    area = _area(uow, area_id, lock=True)
    scope.street_kept(who, area.street_id)
    before = duty.rows_of_areas(uow, [area_id])
    _check_tag(before, if_match)
    allowed = identity.staff_holding(uow, STREET_ROLES, "street", area.street_id)
    wanted = [{**item, "area_id": area_id, "department_id": None} for item in items]
    _replace(uow, before, wanted, {card.id for card in allowed}, area.street_id)
    _record(uow, Subject("area", area_id), f"{area.name} {len(wanted)}项值守")


def set_department(
    uow: UnitOfWork,
    who: Principal,
    department_id: UUID,
    items: Sequence[dict[str, Any]],
    if_match: str | None,
) -> None:
    """Replace the duties of a department; as `set_area`."""
    scope.department_kept(who, department_id)
    name = _department(uow, department_id)
    before = duty.rows_of_department(uow, department_id)
    _check_tag(before, if_match)
    allowed = identity.staff_holding(uow, [duty.DEPARTMENT_ROLE], "department", department_id)
    place = {"area_id": None, "department_id": department_id, "level": DEPARTMENT}
    wanted = [{"category_code": None, **item, **place} for item in items]
    _replace(uow, before, wanted, {card.id for card in allowed}, None)
    _record(uow, Subject("department", department_id), f"{name} {len(wanted)}项值守")


def _area(uow: UnitOfWork, area_id: UUID, *, lock: bool = False) -> Area:
    query = select(Area).where(Area.id == area_id, Area.active)
    # Locked, so that of two who change the same roster the second sees what the first did.
    row = uow.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise scope.not_there()
    return row


def _above(uow: UnitOfWork, area: Area) -> list[UUID]:
    found = []
    while area.parent_id is not None:
        area = uow.session.get_one(Area, area.parent_id)
        found.append(area.id)
    return found


def _department(uow: UnitOfWork, department_id: UUID) -> str:
    names = organisation.place_names(uow, "department")
    if department_id not in names:
        raise scope.not_there()
    return names[department_id]


def _check_tag(rows: Rows, if_match: str | None) -> None:
    if if_match is None or if_match.strip().removeprefix("W/").strip('"') != etag(rows):
        text = "别人刚刚改过这里的值守" if if_match else "要带上读取时的版本标记（If-Match）"
        raise Stale(detail=text, action="请重新打开值守表，把改动再做一次")


def _replace(
    uow: UnitOfWork,
    before: Rows,
    wanted: list[dict[str, Any]],
    allowed: set[UUID],
    street_id: UUID | None,
) -> None:
    known = allowed | {row.duty.staff_id for row in before}
    shifts = set(uow.session.scalars(_shifts_of(street_id)))
    problems: dict[str, list[str]] = {}
    seen: set[tuple[Any, ...]] = set()
    for number, item in enumerate(wanted):
        if item["staff_id"] not in known:
            problems[f"items.{number}.staff_id"] = ["这个人不在这里任职，或者账号已停用"]
        if item["shift_id"] is not None and item["shift_id"] not in shifts:
            problems[f"items.{number}.shift_id"] = ["没有这个班次"]
        key = item["staff_id"], item["level"], item["category_code"], item["shift_id"]
        if key in seen:
            problems[f"items.{number}.staff_id"] = ["同一项值守填了两次"]
        seen.add(key)
    if problems:
        raise Invalid("bad_duties", title="值守表有几处要改", fields=problems)
    for row in before:
        uow.session.delete(row.duty)
    uow.session.flush()
    for position, item in enumerate(wanted):
        uow.session.add(Duty(position=position, **item))
    uow.session.flush()


def _shifts_of(street_id: UUID | None) -> Any:
    ours: list[Any] = [DutyShift.street_id.is_(None)]
    if street_id is not None:
        ours.append(DutyShift.street_id == street_id)
    return select(DutyShift.id).where(or_(*ours))


def _record(uow: UnitOfWork, subject: Subject, text: str) -> None:
    record(uow, subject=subject, action="set_duties", internal_text=text)


def _shown(uow: UnitOfWork, rows: Rows) -> Answer:
    cards = identity.staff_cards(uow, (row.duty.staff_id for row in rows))
    ids = {row.duty.area_id for row in rows if row.duty.area_id}
    areas = {area.id: area for area in uow.session.scalars(select(Area).where(Area.id.in_(ids)))}
    found = [_line(row, cards, areas.get(row.duty.area_id)) for row in rows]  # type: ignore[arg-type]  # None is no key
    return sorted(found, key=_order(areas))


def _order(areas: dict[UUID, Area]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    ranks = {level: rank for rank, level in enumerate((*LEVELS, DEPARTMENT))}

    def key(line: dict[str, Any]) -> tuple[Any, ...]:
        area = areas.get(line["area_id"])
        place = (KINDS.index(area.kind), area.code) if area else (len(KINDS), "")
        return *place, ranks[line["level"]]

    return key


def _line(row: duty.DutyRow, cards: dict[UUID, StaffCard], area: Area | None) -> dict[str, Any]:
    return {
        "id": row.duty.id,
        "area_id": row.duty.area_id,
        "area_name": area.name if area else "",
        "area_kind": area.kind if area else "",
        "department_id": row.duty.department_id,
        "staff_id": row.duty.staff_id,
        "name": names_with_state(cards, [row.duty.staff_id]),
        "level": row.duty.level,
        "level_text": LEVEL_TEXTS[row.duty.level],
        "category_code": row.duty.category_code,
        "shift_id": row.duty.shift_id,
        "shift_text": row.text,
    }


def names_with_state(cards: dict[UUID, StaffCard], staff_ids: Iterable[UUID]) -> str:
    """Names, those of accounts out of use marked as such."""
    held = [cards[one] for one in staff_ids if one in cards]
    return "、".join(card.name if card.active else f"{card.name}（已停用）" for card in held)
