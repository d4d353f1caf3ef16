"""Tickets and questions as their own caller sees them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from backend.domains.hotline import access, card_view, linked, photos, resident_words, rules
from backend.domains.hotline.model import Ticket, TicketCallback, TicketPin, TicketUrge
from backend.domains.organisation import service as organisation
from backend.kernel import receipts, trace
from backend.kernel.clock import local_date
from backend.kernel.trace import Subject, TraceEntry
from backend.kernel.uow import UnitOfWork

ASK = "ask"
_ACTOR = {"person": "您", "staff": "工作人员"}


def query_mine(person_id: UUID, open_: bool | None) -> Select[Any]:
    """The person's tickets and questions."""
    query = select(Ticket).where(Ticket.person_id == person_id)
    if open_ is not None:
        waits = or_(Ticket.is_open, Ticket.state == rules.MERGED)
        query = query.where(waits if open_ else ~waits)
    return query


def cards(uow: UnitOfWork, rows: Sequence[Ticket]) -> list[dict[str, Any]]:
    """Rows of the own list."""
    urged = _urged_today(uow, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "number": row.number,
            "kind": row.kind,
            "kind_text": rules.KIND_TEXT[row.kind],
            "title": row.title,
            "state": row.state,
            "state_text": resident_words.state_text(row),
            "next_text": resident_words.next_text(row),
            "created_at": row.created_at,
            "open": resident_words.is_open(row),
            "question": row.source == ASK,
            "can": resident_words.can(row, urged_today=row.id in urged),
        }
        for row in rows
    ]


def show(uow: UnitOfWork, person_id: UUID, ticket_id: UUID) -> dict[str, Any]:
    """The person's own ticket with everything about it; anybody else's is `NotFound`."""
    ticket = access.enter_caller(uow, person_id, ticket_id, lock=False).ticket
    card = cards(uow, [ticket])[0]
    events = linked.event_ids(uow, ticket.id)
    reply = resident_words.reply(ticket)
    return {
        **card,
        "query_code": receipts.query_code(uow.services, ticket.number),
        "due_text": _due(uow, ticket),
        "words": ticket.words,
        "files": photos.shown_to_caller(uow, ticket.id, person_id),
        "address": ticket.address,
        "confidential": ticket.confidential,
        "unit_name": _unit(uow, ticket),
        "reply": reply,
        "replied_at": _replied_at(ticket) if reply else None,
        "rating": _rating(uow, ticket),
        "urge_text": _urge_text(ticket, card["can"]),
        "event": {"id": events[0]} if events else None,
        "timeline": timeline(uow, ticket.id),
    }


def question(uow: UnitOfWork, person_id: UUID, ticket_id: UUID) -> dict[str, Any]:
    """The person's own question and its answer; a ticket that is none is `NotFound`."""
    ticket = access.enter_caller(uow, person_id, ticket_id, lock=False).ticket
    if ticket.source != ASK:
        raise access.unknown()
    card = cards(uow, [ticket])[0]
    answer = resident_words.reply(ticket)
    return {
        "id": ticket.id,
        "number": ticket.number,
        "query_code": receipts.query_code(uow.services, ticket.number),
        "query": ticket.question,
        "words": ticket.words,
        "state": ticket.state,
        "state_text": card["state_text"],
        "next_text": card["next_text"],
        "due_text": _due(uow, ticket),
        "asked_at": ticket.created_at,
        "answered_at": _replied_at(ticket) if answer else None,
        "answer": answer,
        "answered_by": (_unit(uow, ticket) or "12345热线") if answer else "",
        "sources": _sources(uow, ticket) if answer else [],
        "can": card["can"],
        "timeline": timeline(uow, ticket.id),
    }


def timeline(uow: UnitOfWork, ticket_id: UUID) -> list[dict[str, Any]]:
    """What callers may read of a ticket's trace, the newest first."""
    entries = trace.entries(uow.session, Subject("ticket", ticket_id))
    return [_line(entry) for entry in reversed(entries) if entry.public_text]


def _line(entry: TraceEntry) -> dict[str, Any]:
    actor = _ACTOR.get(entry.actor_kind, "系统")
    # Told to whoever called about themselves; they may have written and not rung.
    text = entry.public_text.replace("来电人", "您").replace("本人", "您")
    return {"at": entry.at, "text": text, "actor_text": actor}


def _due(uow: UnitOfWork, ticket: Ticket) -> str:
    clocks = card_view.running_clocks(uow, [ticket.id]).get(ticket.id, [])
    return resident_words.due_text(ticket, clocks)


def _unit(uow: UnitOfWork, ticket: Ticket) -> str:
    names = organisation.place_names(uow, "department")
    return names.get(ticket.lead_unit_id, "") if ticket.lead_unit_id else ""


def _replied_at(ticket: Ticket) -> Any:
    return ticket.passed_at or ticket.replied_at or ticket.closed_at


def _sources(uow: UnitOfWork, ticket: Ticket) -> list[dict[str, Any]]:
    """Only public ones: an internal article is not even named."""
    query = select(TicketPin).where(TicketPin.ticket_id == ticket.id, TicketPin.public)
    rows = uow.session.scalars(query.order_by(TicketPin.at, TicketPin.version_id))
    return [{"kind": pin.kind, "id": pin.source_id, "title": pin.title} for pin in rows]


def _rating(uow: UnitOfWork, ticket: Ticket) -> dict[str, Any] | None:
    row = uow.session.scalar(
        select(TicketCallback)
        .where(TicketCallback.ticket_id == ticket.id, TicketCallback.contacted)
        .order_by(TicketCallback.at.desc(), TicketCallback.attempt.desc())
        .limit(1)
    )
    if row is None:
        return None
    # What an agent wrote down is no word to the caller.
    comment = row.note if row.by is None else ""
    return {"solved": row.solved, "satisfied": row.satisfied, "comment": comment}


def _urge_text(ticket: Ticket, can: Sequence[str]) -> str:
    if "urge" in can or not resident_words.urgeable(ticket):
        return ""
    return rules.urge_problem("today", "today") or ""


def _urged_today(uow: UnitOfWork, ids: Sequence[UUID]) -> set[UUID]:
    query = select(TicketUrge.ticket_id).where(
        TicketUrge.ticket_id.in_(ids), TicketUrge.day == local_date(uow.now)
    )
    return set(uow.session.scalars(query))
