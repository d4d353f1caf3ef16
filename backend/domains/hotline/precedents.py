"""Closed tickets as precedents: how a matter like the caller's was answered before.

Only what ended well (the caller satisfied, nothing excluded), was not confidential and told of
nobody (举报 never) is found, by staff alone, and without names and numbers.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from backend.domains.hotline import events, rules
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.scrub import scrubbed
from backend.domains.retrieval import service as retrieval
from backend.domains.retrieval.ports import INTERNAL, Document
from backend.kernel.clock import local_date
from backend.kernel.events import EventBus
from backend.kernel.uow import UnitOfWork

KIND = "ticket"
#: A precedent older than this answers no more.
KEPT_FOR = timedelta(days=730)
#: Matters that tell of somebody else, or ask for nothing.
UNFIT_KINDS = ("report", "praise")
_ENDED_WELL = (rules.CLOSED, rules.ARCHIVED)
_PAGE = 500


def fit() -> ColumnElement[bool]:
    """Tickets that may answer others."""
    return and_(
        Ticket.state.in_(_ENDED_WELL),
        Ticket.satisfied.is_(True),
        Ticket.excluded.is_(False),
        Ticket.confidential.is_(False),
        Ticket.kind.not_in(UNFIT_KINDS),
        Ticket.reply_public != "",
    )


class Precedents:
    """What the search compares its index with."""

    def documents(self, uow: UnitOfWork) -> Iterator[Document]:
        """All precedents, the newest first."""
        query = (
            select(Ticket)
            .where(fit(), Ticket.closed_at > uow.now - KEPT_FOR)
            .order_by(Ticket.closed_at.desc(), Ticket.id)
            .execution_options(yield_per=_PAGE)
        )
        for ticket in uow.session.scalars(query):
            yield document(uow, ticket)


def subscribe(bus: EventBus) -> None:
    """Follow tickets that end, and those that are opened again."""
    bus.subscribe(events.TicketClosed, lambda uow, event: follow(uow, event.ticket_id))
    bus.subscribe(events.TicketArchived, lambda uow, event: follow(uow, event.ticket_id))
    bus.subscribe(events.WorkAgain, lambda uow, event: follow(uow, event.ticket_id))


def follow(uow: UnitOfWork, ticket_id: UUID) -> None:
    """Put the ticket in, or take it out, as it stands now."""
    ticket = uow.session.scalar(select(Ticket).where(Ticket.id == ticket_id, fit()))
    if ticket is None:
        retrieval.remove(uow, KIND, ticket_id)
    else:
        retrieval.put(uow, document(uow, ticket))


def document(uow: UnitOfWork, ticket: Ticket) -> Document:
    """What is found of a ticket: scrubbed title, question and answer; for staff only."""
    closed_at = ticket.closed_at or uow.now
    reply = scrubbed(uow, ticket, ticket.reply_public)
    return Document(
        kind=KIND,
        ref_id=ticket.id,
        title=scrubbed(uow, ticket, ticket.title),
        body=f"{scrubbed(uow, ticket, ticket.words)}\n\n答复：{reply}",
        audience=INTERNAL,
        department_id=ticket.lead_unit_id,
        category_code=ticket.category_code,
        expires_on=local_date(closed_at + KEPT_FOR),
        boost=0.8,
        extra={"number": ticket.number, "reply": reply, "kind_text": rules.KIND_TEXT[ticket.kind]},
    )
