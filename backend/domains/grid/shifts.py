"""Shifts, absences and escalation chains: what rosters stand on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError

from backend.domains.grid import duty, scope
from backend.domains.grid import duty_rules as rules
from backend.domains.grid.model import Duty, DutyAbsence, DutyShift, EscalationChain
from backend.domains.grid.rosters import STREET_ROLES, names_with_state
from backend.domains.identity import service as identity
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.clock import local
from backend.kernel.errors import Conflict, Invalid, Stale
from backend.kernel.ids import new_id, stable_id
from backend.kernel.trace import Subject, record
from backend.kernel.uow import UnitOfWork


def shifts(uow: UnitOfWork, who: Principal, street_id: UUID | None) -> list[dict[str, Any]]:
    """The district's shifts and those of the streets within reach, or of one street."""
    streets = scope.streets_seen(who) if street_id is None else {street_id}
    if street_id is not None:
        scope.street_seen(who, street_id)
    query = select(DutyShift).order_by(
        DutyShift.street_id.is_not(None), DutyShift.starts, DutyShift.name
    )
    if streets is not None:
        query = query.where(or_(DutyShift.street_id.is_(None), DutyShift.street_id.in_(streets)))
    return [shown_shift(who, row) for row in uow.session.scalars(query)]


def shown_shift(who: Principal, row: DutyShift) -> dict[str, Any]:
    """A shift as staff see it."""
    kept = who.scope_ids(scope.ROSTERS, "street")
    return {
        "id": row.id, "street_id": row.street_id, "name": row.name, "starts": row.starts,
        "ends": row.ends, "weekdays": row.weekdays, "text": duty.text_of(row),
        "version": row.version, "can_edit": kept is None or row.street_id in kept,
    }  # fmt: skip


def add_shift(uow: UnitOfWork, who: Principal, body: dict[str, Any]) -> DutyShift:
    """A new shift for a street, or (by who keeps all) for the district."""
    scope.street_kept(who, body["street_id"])
    if body["street_id"] and body["street_id"] not in organisation.place_names(uow, "street"):
        raise scope.not_there()
    _check(rules.shift_problem(rules.Shift(body["starts"], body["ends"], body["weekdays"])))
    row = DutyShift(id=new_id(), version=1, **body)
    _insert(uow, row)
    _record(uow, "duty_shift", row.id, "create", duty.text_of(row))
    return row


def change_shift(
    uow: UnitOfWork, who: Principal, shift_id: UUID, body: dict[str, Any]
) -> DutyShift:
    """Other hours or another name; duties with it follow. `Stale` when changed since read."""
    row = _shift(uow, who, shift_id)
    _same(row.version, body["version"])
    _check(rules.shift_problem(rules.Shift(body["starts"], body["ends"], body["weekdays"])))
    before = duty.text_of(row)
    for key in ("name", "starts", "ends", "weekdays"):
        setattr(row, key, body[key])
    row.version += 1
    _insert(uow, row)
    _record(uow, "duty_shift", row.id, "edit", f"{before} → {duty.text_of(row)}")
    return row


def remove_shift(uow: UnitOfWork, who: Principal, shift_id: UUID) -> None:
    """Take a shift away; `Conflict` while a duty has it."""
    row = _shift(uow, who, shift_id)
    if uow.session.scalar(select(exists().where(Duty.shift_id == shift_id))):
        raise Conflict(
            "shift_in_use", title="还有值守在用这个班次", detail=duty.text_of(row),
            action="请先把这些值守换到别的班次",
        )  # fmt: skip
    uow.session.delete(row)
    _record(uow, "duty_shift", shift_id, "remove", duty.text_of(row))


def absences(uow: UnitOfWork, who: Principal, street_id: UUID | None) -> list[dict[str, Any]]:
    """Absences that are not over of the staff of the streets within reach, the next first."""
    if street_id is not None:
        scope.street_seen(who, street_id)
    streets = scope.streets_seen(who) if street_id is None else {street_id}
    query = select(DutyAbsence).where(DutyAbsence.ends_at > uow.now)
    rows = list(uow.session.scalars(query.order_by(DutyAbsence.starts_at, DutyAbsence.id)))
    if streets is not None:
        ours = {
            card.id
            for street in streets
            for card in identity.staff_holding(uow, STREET_ROLES, "street", street)
        }
        rows = [row for row in rows if row.staff_id in ours]
    return [shown_absence(uow, row) for row in rows]


def shown_absence(uow: UnitOfWork, row: DutyAbsence) -> dict[str, Any]:
    """An absence as staff see it."""
    cards = identity.staff_cards(uow, {row.staff_id, row.substitute_id or row.staff_id})
    return {
        "id": row.id, "staff_id": row.staff_id, "name": names_with_state(cards, [row.staff_id]),
        "starts_at": row.starts_at, "ends_at": row.ends_at, "substitute_id": row.substitute_id,
        "substitute_name": names_with_state(cards, [row.substitute_id] if row.substitute_id else []),
        "reason": row.reason, "now": row.starts_at <= uow.now < row.ends_at,
        "version": row.version,
    }  # fmt: skip


def add_absence(uow: UnitOfWork, who: Principal, body: dict[str, Any]) -> DutyAbsence:
    """Somebody will be away, with or without a substitute of the staff within reach."""
    _theirs(uow, who, body["staff_id"], "staff_id")
    _check_absence(uow, who, body["staff_id"], body)
    row = DutyAbsence(id=new_id(), version=1, **body)
    uow.session.add(row)
    _record(uow, "duty_absence", row.id, "create", _span(uow, row))
    return row


def change_absence(
    uow: UnitOfWork, who: Principal, absence_id: UUID, body: dict[str, Any]
) -> DutyAbsence:
    """Other times or another substitute; `Stale` when changed since read."""
    row = _absence(uow, who, absence_id)
    _same(row.version, body["version"])
    _check_absence(uow, who, row.staff_id, body)
    for key in ("starts_at", "ends_at", "substitute_id", "reason"):
        setattr(row, key, body[key])
    row.version += 1
    _record(uow, "duty_absence", row.id, "edit", _span(uow, row))
    return row


def remove_absence(uow: UnitOfWork, who: Principal, absence_id: UUID) -> None:
    """They are there after all; the trace keeps that it was planned."""
    row = _absence(uow, who, absence_id)
    uow.session.delete(row)
    _record(uow, "duty_absence", absence_id, "remove", _span(uow, row))


def chains(uow: UnitOfWork, who: Principal) -> list[dict[str, Any]]:
    """The district's chain and that of each street within reach, its own or the district's."""
    streets = scope.streets_seen(who)
    rows = {row.street_id: row for row in uow.session.scalars(select(EscalationChain))}
    found = [_chain_line(None, "全区", rows.get(None), None)]
    for place in organisation.streets(uow.session):
        if streets is None or place.id in streets:
            found.append(_chain_line(place.id, place.name, rows.get(place.id), rows.get(None)))
    return found


def set_chain(
    uow: UnitOfWork, who: Principal, street_id: UUID | None, levels: list[str], version: int
) -> None:
    """Another chain for a street or the district; no levels: a street goes by the district's."""
    scope.street_kept(who, street_id)
    if street_id is not None and street_id not in organisation.place_names(uow, "street"):
        raise scope.not_there()
    inherits = street_id is not None and not levels
    problem = None if inherits else rules.chain_problem(levels)
    if problem:
        raise Invalid("bad_chain", title=problem, fields={"levels": [problem]})
    query = select(EscalationChain).where(EscalationChain.street_id.is_not_distinct_from(street_id))
    row = uow.session.scalar(query.with_for_update())
    _same(row.version if row else 0, version)
    if inherits and row is not None:
        uow.session.delete(row)
    elif row is not None:
        row.levels, row.version = levels, row.version + 1
    elif not inherits:
        _insert(uow, EscalationChain(id=new_id(), street_id=street_id, levels=levels, version=1))
    key = street_id or stable_id("escalation_chain", "district")
    text = " → ".join(rules.LEVEL_TEXTS[level] for level in levels) or "按全区"
    _record(uow, "escalation_chain", key, "edit", text)


def _chain_line(
    street_id: UUID | None, name: str, own: EscalationChain | None, all_: EscalationChain | None
) -> dict[str, Any]:
    held = own or all_
    levels = list(held.levels) if held else list(rules.LEVELS)
    return {
        "street_id": street_id, "street_name": name, "levels": levels,
        "levels_text": " → ".join(rules.LEVEL_TEXTS[level] for level in levels),
        "own": own is not None, "version": own.version if own else 0,
    }  # fmt: skip


def _shift(uow: UnitOfWork, who: Principal, shift_id: UUID) -> DutyShift:
    row = uow.session.get(DutyShift, shift_id, with_for_update=True)
    if row is None:
        raise scope.not_there()
    scope.street_kept(who, row.street_id)
    return row


def _absence(uow: UnitOfWork, who: Principal, absence_id: UUID) -> DutyAbsence:
    row = uow.session.get(DutyAbsence, absence_id, with_for_update=True)
    if row is None:
        raise scope.not_there()
    _theirs(uow, who, row.staff_id, None)
    return row


def _theirs(uow: UnitOfWork, who: Principal, staff_id: UUID, name: str | None) -> None:
    """The rosters that the person stands on are within reach; else not found, or a field error."""
    kept = who.scope_ids(scope.ROSTERS, "street")
    if kept is None and staff_id in identity.staff_cards(uow, [staff_id]):
        return
    for street in kept or ():
        if any(
            c.id == staff_id for c in identity.staff_holding(uow, STREET_ROLES, "street", street)
        ):
            return
    if name is None:
        raise scope.not_there()
    text = "请选您负责范围内的人"
    raise Invalid("not_yours", title=text, fields={name: [text]})


def _check_absence(uow: UnitOfWork, who: Principal, staff_id: UUID, body: dict[str, Any]) -> None:
    starts, ends = body["starts_at"], body["ends_at"]
    _check(rules.absence_problem(rules.Absence(staff_id, starts, ends, body["substitute_id"])))
    if body["substitute_id"] is not None:
        _theirs(uow, who, body["substitute_id"], "substitute_id")


def _span(uow: UnitOfWork, row: DutyAbsence) -> str:
    uow.session.flush()
    names = identity.staff_names(uow, {row.staff_id, row.substitute_id or row.staff_id})
    by = f"，{names.get(row.substitute_id, '')}替班" if row.substitute_id else ""
    return f"{names.get(row.staff_id, '')} {_text(row.starts_at)} 至 {_text(row.ends_at)}{by}"


def _text(moment: datetime) -> str:
    return local(moment).strftime("%Y-%m-%d %H:%M")


def _same(held: int, read: int) -> None:
    if held != read:
        raise Stale(detail="别人刚刚改过", action="请刷新后再改一次")


def _check(problem: tuple[str, str] | None) -> None:
    if problem:
        raise Invalid("invalid", title=problem[1], fields={problem[0]: [problem[1]]})


def _insert(uow: UnitOfWork, row: DutyShift | EscalationChain) -> None:
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
            uow.session.flush()
    except IntegrityError as error:
        if "uq_" not in str(error.orig):
            raise
        text = "已经有同名的班次" if isinstance(row, DutyShift) else "别人刚刚设置过，请刷新"
        raise Conflict("taken", title=text, fields={"name": [text]}) from error


def _record(uow: UnitOfWork, kind: str, key: UUID, action: str, text: str) -> None:
    record(uow, subject=Subject(kind, key), action=action, internal_text=text)
