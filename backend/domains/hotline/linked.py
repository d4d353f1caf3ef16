"""What a ticket is tied to: events, cases, merged tickets, and what it was merged into."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import service as dispatch
from backend.domains.hotline import rules
from backend.domains.hotline.model import Ticket, TicketLink
from backend.kernel.uow import UnitOfWork

_MOST = 200


def shown(uow: UnitOfWork, ticket: Ticket) -> dict[str, Any]:
    """Events, cases, children and parent, each in one line."""
    query = select(TicketLink).where(TicketLink.ticket_id == ticket.id)
    rows = list(uow.session.scalars(query.order_by(TicketLink.at, TicketLink.id)))
    wanted = [row.ref_id for row in rows if row.kind == "event" and row.ref_id]
    events = dispatch.event_briefs(uow, wanted)
    children = select(Ticket).where(Ticket.parent_id == ticket.id).order_by(Ticket.created_at)
    parent = uow.session.get(Ticket, ticket.parent_id) if ticket.parent_id else None
    return {
        "events": [events[one] for one in wanted if one in events],
        "cases": [
            {"id": row.ref_id or row.id, "number": row.number, "title": "", "state_text": ""}
            for row in rows
            if row.kind == "case"
        ],
        "children": [_brief(row) for row in uow.session.scalars(children.limit(_MOST))],
        "parent": _brief(parent) if parent else None,
    }


def event_ids(uow: UnitOfWork, ticket_id: UUID) -> list[UUID]:
    """The events of a ticket, oldest link first."""
    query = select(TicketLink.ref_id).where(
        TicketLink.ticket_id == ticket_id, TicketLink.kind == "event"
    )
    return [one for one in uow.session.scalars(query.order_by(TicketLink.at)) if one]


def _brief(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "number": ticket.number,
        "title": ticket.title,
        "state_text": rules.STATE_TEXT[ticket.state],
    }
