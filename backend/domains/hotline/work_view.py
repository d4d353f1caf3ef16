"""The parts of the work on a ticket as staff see them: units, requests, call-backs, orders."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline import offering, rules
from backend.domains.hotline.access import Viewer
from backend.domains.hotline.model import TicketCallback, TicketOrder, TicketRequest, TicketUrge
from backend.domains.identity import service as identity
from backend.kernel.uow import UnitOfWork

CENTRE = "热线中心"


def parts(uow: UnitOfWork, viewer: Viewer, units: dict[UUID, str]) -> dict[str, Any]:
    """Units, requests, call-backs, urges and orders; `units` are the departments' names."""
    ticket_id = viewer.ticket.id
    requests = _rows(uow, TicketRequest, ticket_id, TicketRequest.asked_at)
    callbacks = _rows(uow, TicketCallback, ticket_id, TicketCallback.at)
    urges = _rows(uow, TicketUrge, ticket_id, TicketUrge.at)
    orders = _rows(uow, TicketOrder, ticket_id, TicketOrder.ordered_at)
    people = {row.signed_by for row in viewer.units}
    people |= {one for row in requests for one in (row.asked_by, row.decided_by)}
    people |= {row.by for row in (*callbacks, *urges)} | {row.ordered_by for row in orders}
    names = identity.staff_names(uow, [one for one in people if one])
    return {
        "units": _units(viewer, units, names),
        "requests": [_request(viewer, row, units, names) for row in requests],
        "callbacks": [_callback(row, names) for row in callbacks],
        "urges": [_urge(row, names) for row in urges],
        "orders": [_order(viewer, row, names) for row in orders],
    }


def _rows(uow: UnitOfWork, model: Any, ticket_id: UUID, at: Any) -> Sequence[Any]:
    query = select(model).where(model.ticket_id == ticket_id).order_by(at, model.id)
    return list(uow.session.scalars(query))


def _units(viewer: Viewer, units: dict[UUID, str], names: dict[UUID, str]) -> list[dict[str, Any]]:
    first = viewer.ticket.first_unit_id
    return [
        {
            "id": row.id,
            "department_id": row.department_id,
            "department_name": units.get(row.department_id, ""),
            "role": row.role,
            "role_text": rules.ROLE_TEXT[row.role],
            "state": row.state,
            "state_text": rules.UNIT_TEXT[row.state],
            "signed_by": names.get(row.signed_by) if row.signed_by else None,
            "signed_at": row.signed_at,
            "first": row.department_id == first,
            "reply": row.reply,
        }
        for row in viewer.units
    ]


def _request(
    viewer: Viewer, row: TicketRequest, units: dict[UUID, str], names: dict[UUID, str]
) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_text": rules.REQUEST_KIND_TEXT[row.kind],
        "state": row.state,
        "state_text": rules.REQUEST_TEXT[row.state],
        "department_name": units.get(row.department_id, "") if row.department_id else CENTRE,
        "asked_by": names.get(row.asked_by, ""),
        "asked_at": row.asked_at,
        "legal_basis": row.legal_basis,
        "reason": row.reason,
        "days": row.days,
        "until": row.until,
        "decided_by": names.get(row.decided_by) if row.decided_by else None,
        "decided_at": row.decided_at,
        "note": row.note,
        "can": ["decision"] if offering.may_decide(viewer, row) else [],
    }


def _callback(row: TicketCallback, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "attempt": row.attempt,
        "at": row.at,
        "by_name": names.get(row.by, "") if row.by else "来电人自评",
        "contacted": row.contacted,
        "solved": row.solved,
        "satisfied": row.satisfied,
        "note": row.note,
    }


def _urge(row: TicketUrge, names: dict[UUID, str]) -> dict[str, Any]:
    by = f"话务员{names.get(row.by, '')}代记" if row.by else "来电人"
    return {"at": row.at, "words": row.words, "by_text": by}


def _order(viewer: Viewer, row: TicketOrder, names: dict[UUID, str]) -> dict[str, Any]:
    can = []
    if row.state != rules.ORDER_CLOSED:
        if viewer.plays(rules.LEAD) or viewer.plays(rules.HEAD):
            can.append("reply")
        if viewer.plays(rules.SUPERVISOR):
            can.append("close")
    return {
        "id": row.id,
        "words": row.words,
        "by_name": names.get(row.ordered_by, ""),
        "at": row.ordered_at,
        "due_at": row.due_at,
        "state": row.state,
        "state_text": rules.ORDER_TEXT[row.state],
        "reply": row.reply,
        "can": can,
    }
