"""Who is on duty: duties × shifts × absences and substitutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from backend.domains.grid import duty_rules as rules
from backend.domains.grid.index import areas_of
from backend.domains.grid.model import Duty, DutyAbsence, DutyShift, EscalationChain
from backend.domains.identity import service as identity
from backend.kernel.clock import local
from backend.kernel.uow import UnitOfWork

DEPARTMENT_ROLE = "department_handler"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who is on duty; `person_id` is the resident's account of the phone, if bound."""

    staff_id: UUID
    name: str
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty with its hours."""

    duty: Duty
    shift: rules.Shift | None
    text: str


def on_duty(
    uow: UnitOfWork,
    *,
    cell_id: UUID | None,
    street_id: UUID | None,
    category_code: str | None,
    at: datetime,
    level: str,
    parent_category: str | None = None,
) -> list[OnDuty]:
    """Who answers for the cell (or, without one, the street) at this level and moment.

    Duties of the areas above count too, the nearest first. A duty for a category counts for the
    category and for those below it (`parent_category` is the one above). Whoever is away is
    replaced by the substitute; accounts that are not active are left out.
    """
    index = areas_of(uow)
    line = index.lineage(cell_id)
    if not line and street_id is not None:
        line = index.lineage(index.street_areas.get(street_id))
    nearness = {area_id: place for place, area_id in enumerate(line)}
    rows = [
        row
        for row in _rows(uow, Duty.area_id.in_(line), Duty.level == level)
        if rules.category_matches(row.duty.category_code, category_code, parent_category)
        and rules.covers(row.shift, local(at))
    ]
    rows.sort(key=lambda row: (nearness.get(row.duty.area_id, len(line)), row.duty.position))  # type: ignore[arg-type]  # rows of areas have one
    return _there(uow, [row.duty.staff_id for row in rows], at)


def department_on_duty(uow: UnitOfWork, department_id: UUID, at: datetime) -> list[OnDuty]:
    """Who answers a whistle for the department: its duties, or else all its active handlers.

    The same holds when duties exist and none covers this moment: a call must reach somebody.
    """
    rows = _rows(uow, Duty.department_id == department_id)
    now = [row.duty.staff_id for row in rows if rules.covers(row.shift, local(at))]
    found = _there(uow, now, at)
    if found:
        return found
    handlers = identity.staff_holding(uow, [DEPARTMENT_ROLE], "department", department_id)
    return [OnDuty(card.id, card.name, card.person_id) for card in handlers]


def duties_of(uow: UnitOfWork, staff_id: UUID) -> set[UUID]:
    """All cells the member of staff has a duty in, at whatever hour, or stands in for now."""
    rows = rows_for(uow, stood_for(absent_at(uow, uow.now), staff_id))
    return areas_of(uow).cells_below(row.duty.area_id for row in rows if row.duty.area_id)


def cells_of(uow: UnitOfWork, staff_id: UUID, at: datetime) -> set[UUID]:
    """The cells the member of staff is on duty in at this moment, own and stood in for."""
    away = absent_at(uow, at)
    rows = rows_for(uow, stood_for(away, staff_id))
    found = [
        row.duty.area_id
        for row in rows
        if row.duty.area_id
        and rules.covers(row.shift, local(at))
        and rules.stands_in(row.duty.staff_id, away) == staff_id
    ]
    return areas_of(uow).cells_below(found)


def chain(uow: UnitOfWork, street_id: UUID | None) -> list[str]:
    """The levels a call climbs in this street, lowest first: its own chain, or the district's."""
    rows = uow.session.execute(
        select(EscalationChain.street_id, EscalationChain.levels).where(
            or_(EscalationChain.street_id == street_id, EscalationChain.street_id.is_(None))
        )
    )
    found = {row.street_id: list(row.levels) for row in rows}
    return found.get(street_id) or found.get(None) or list(rules.LEVELS)


def absent_at(uow: UnitOfWork, at: datetime) -> dict[UUID, rules.Absence]:
    """Who is away at this moment."""
    return rules.away_at(absences_between(uow, at, at), at)


def absences_between(uow: UnitOfWork, start: datetime, end: datetime) -> list[rules.Absence]:
    """Absences that touch the time from `start` to `end`, both included."""
    rows = uow.session.scalars(
        select(DutyAbsence).where(DutyAbsence.starts_at <= end, DutyAbsence.ends_at > start)
    )
    return [rules.Absence(r.staff_id, r.starts_at, r.ends_at, r.substitute_id) for r in rows]


def rows_for(uow: UnitOfWork, staff_ids: Iterable[UUID]) -> list[DutyRow]:
    """All duties of these members of staff, at areas and departments."""
    return _rows(uow, Duty.staff_id.in_(list(staff_ids)))


def rows_of_department(uow: UnitOfWork, department_id: UUID) -> list[DutyRow]:
    """All duties at the department."""
    return _rows(uow, Duty.department_id == department_id)


def rows_of_areas(uow: UnitOfWork, area_ids: Iterable[UUID]) -> list[DutyRow]:
    """All duties at exactly these areas."""
    return _rows(uow, Duty.area_id.in_(list(area_ids)))


def _rows(uow: UnitOfWork, *conditions: object) -> list[DutyRow]:
    found = uow.session.execute(
        select(Duty, DutyShift)
        .outerjoin(DutyShift, DutyShift.id == Duty.shift_id)
        .where(and_(*conditions))  # type: ignore[arg-type]  # conditions on columns
        .order_by(Duty.position, Duty.id)
    )
    return [DutyRow(duty, shift_of(shift), text_of(shift)) for duty, shift in found]


def shift_of(shift: DutyShift | None) -> rules.Shift | None:
    """The hours of a shift's row."""
    return None if shift is None else rules.Shift(shift.starts, shift.ends, shift.weekdays)


def text_of(shift: DutyShift | None) -> str:
    """`白班 8:00-20:00`; 全天 without a shift."""
    return rules.shift_text(shift.name, hours) if shift and (hours := shift_of(shift)) else "全天"


def _there(uow: UnitOfWork, staff_ids: list[UUID], at: datetime) -> list[OnDuty]:
    if not staff_ids:
        return []
    away = absent_at(uow, at)
    cards = identity.staff_cards(uow, {*staff_ids, *_substitutes(away)})
    active = {card.id for card in cards.values() if card.active}
    found = rules.present(staff_ids, away, active.__contains__)
    return [OnDuty(one, cards[one].name, cards[one].person_id) for one in found]


def _substitutes(away: dict[UUID, rules.Absence]) -> set[UUID]:
    return {one.substitute for one in away.values() if one.substitute}


def stood_for(away: dict[UUID, rules.Absence], staff_id: UUID) -> set[UUID]:
    """Themselves and those whose duties are with them while they are away."""
    return {staff_id, *(one for one in away if rules.stands_in(one, away) == staff_id)}
