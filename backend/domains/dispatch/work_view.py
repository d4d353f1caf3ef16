"""The work on an event as staff see it: subtasks, whistles, requests, orders."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import access, attachments, ports, rules
from backend.domains.dispatch.access import Viewer
from backend.domains.dispatch.model import (
    EventClock,
    EventFile,
    EventRequest,
    Subtask,
    SupervisionOrder,
    Whistle,
)
from backend.kernel.clocks import light_of
from backend.kernel.state import Transition
from backend.kernel.uow import UnitOfWork

HOLDER = "holder"
# How the tables' actions are called in addresses.
_PATHS = {"give_back": "return", "approve": "decision", "reject": "decision"}


def subtasks(
    uow: UnitOfWork,
    viewer: Viewer,
    clocks: Sequence[EventClock],
    pictures: Sequence[EventFile],
    base: str,
) -> list[dict[str, Any]]:
    """The parts of the work, the first given first."""
    rows = _of(uow, Subtask, viewer.event.id)
    staff = ports.staff(uow, {row.staff_id or row.taken_by for row in rows} - {None})
    names = ports.department_names(uow) if rows else {}
    own = access.departments(viewer.by)
    found = []
    for row in rows:
        holds = viewer.id in (row.staff_id, row.taken_by) or row.department_id in own
        clock = _clock_of(clocks, row.id)
        person = staff.get(row.staff_id or row.taken_by)
        department = names.get(row.department_id, "") if row.department_id else ""
        found.append(
            {
                "id": row.id,
                "what": row.what,
                "who_text": " ".join(filter(None, [department, person.name if person else ""])),
                "staff_id": row.staff_id,
                "department_id": row.department_id,
                "mandatory": row.mandatory,
                "state": row.state,
                "state_text": rules.SUBTASK_TEXT[row.state],
                **_due(uow, clock),
                "result": row.result,
                "photos": [
                    attachments.photo(one, base) for one in pictures if one.subtask_id == row.id
                ],
                "can": _can(rules.SUBTASK_TRANSITIONS, row.state, viewer, holds=holds),
            }
        )
    return found


def whistles(uow: UnitOfWork, viewer: Viewer, clocks: Sequence[EventClock]) -> list[dict[str, Any]]:
    """The departments called, the first first."""
    rows = _of(uow, Whistle, viewer.event.id)
    names = ports.department_names(uow) if rows else {}
    own = access.departments(viewer.by, "whistles.answer")
    return [
        {
            "id": row.id,
            "department_id": row.department_id,
            "department_name": names.get(row.department_id, ""),
            "what": row.what,
            "hard": row.hard,
            "state": row.state,
            "state_text": rules.WHISTLE_TEXT[row.state],
            **_due(uow, _clock_of(clocks, row.id)),
            "note": row.note,
            "can": _can(
                rules.WHISTLE_TRANSITIONS, row.state, viewer,
                department=row.department_id in own,
            ),
        }
        for row in rows
    ]  # fmt: skip


def requests(uow: UnitOfWork, viewer: Viewer) -> list[dict[str, Any]]:
    """What was asked for, the first first."""
    rows = _of(uow, EventRequest, viewer.event.id)
    staff = ports.staff(
        uow, {id_ for row in rows for id_ in (row.asked_by, row.decided_by)} - {None}
    )
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "kind_text": rules.REQUEST_KIND_TEXT[row.kind],
            "reason": row.reason,
            "until": row.until,
            "state": row.state,
            "state_text": rules.REQUEST_TEXT[row.state],
            "asked_by": _name(staff, row.asked_by),
            "decided_by": _name(staff, row.decided_by) or None,
            "note": row.note,
            "can": _request_can(row, viewer),
        }
        for row in rows
    ]


def _request_can(row: EventRequest, viewer: Viewer) -> list[str]:
    own = row.asked_by == viewer.id
    found = _can(rules.REQUEST_TRANSITIONS, row.state, viewer, holds=own)
    # Whoever approves is not who asked.
    return [one for one in found if not (own and one == "decision")]


def orders(uow: UnitOfWork, viewer: Viewer) -> list[dict[str, Any]]:
    """What supervisors ordered, the first first."""
    rows = _of(uow, SupervisionOrder, viewer.event.id)
    staff = ports.staff(uow, {row.ordered_by for row in rows})
    return [
        {
            "id": row.id,
            "words": row.words,
            "due_at": row.due_at,
            "state": row.state,
            "state_text": rules.ORDER_TEXT[row.state],
            "reply": row.reply,
            "by_name": _name(staff, row.ordered_by),
            "can": _can(rules.ORDER_TRANSITIONS, row.state, viewer),
        }
        for row in rows
    ]


def _of(uow: UnitOfWork, model: Any, event_id: UUID) -> list[Any]:
    return list(
        uow.session.scalars(select(model).where(model.event_id == event_id).order_by(model.id))
    )


def _clock_of(clocks: Sequence[EventClock], subject_id: UUID) -> EventClock | None:
    """The clock that runs for a part of the work, or the last one that did."""
    own = [clock for clock in clocks if clock.subject_id == subject_id]
    return next((clock for clock in own if clock.stopped_at is None), own[-1] if own else None)


def _due(uow: UnitOfWork, clock: EventClock | None) -> dict[str, Any]:
    if clock is None:
        return {"due_at": None, "light": "none"}
    return {"due_at": clock.due_at, "light": light_of(clock, uow.now)}


def _can(
    table: Mapping[tuple[str, str], Transition],
    state: str,
    viewer: Viewer,
    *,
    holds: bool = False,
    department: bool = False,
) -> list[str]:
    """The steps out of `state` that the viewer may take, as addresses call them."""
    found: list[str] = []
    for (before, action), way in table.items():
        if before != state:
            continue
        for part in way.who:
            fits = {HOLDER: holds, rules.DEPARTMENT: department}.get(part)
            if viewer.plays(part) if fits is None else fits:
                found.append(_PATHS.get(action, action))
                break
    return list(dict.fromkeys(found))


def _name(staff: Mapping[UUID, Any], staff_id: UUID | None) -> str:
    card = staff.get(staff_id) if staff_id else None
    return card.name if card else ""
