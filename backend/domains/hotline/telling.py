"""Whom an event of a ticket concerns, and the facts that every event carries."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline import clock_rules, ports, rules
from backend.domains.hotline.model import Ticket, TicketClock, TicketPin, TicketUnit
from backend.domains.identity import service as identity
from backend.kernel.uow import UnitOfWork


def facts(uow: UnitOfWork, ticket: Ticket) -> dict[str, Any]:
    """The fields of `events.TicketEvent`."""
    return {
        "ticket_id": ticket.id,
        "number": ticket.number,
        "title": ticket.title,
        "kind": ticket.kind,
        "source": ticket.source,
        "urgency": ticket.urgency,
        "category_code": ticket.category_code,
        "state": ticket.state,
        "place": ticket.address,
        "confidential": ticket.confidential,
        "person_id": ticket.person_id,
        "lead_unit_id": ticket.lead_unit_id,
        "street_id": ticket.street_id,
        "at": uow.now,
    }


def dispatchers(uow: UnitOfWork) -> tuple[UUID, ...]:
    """Who dispatches, and decides on returns."""
    return tuple(ports.of_centre(uow, ports.DISPATCHERS))


def supervisors(uow: UnitOfWork) -> tuple[UUID, ...]:
    """Who supervises, arbitrates and decides on extensions and holds."""
    return tuple(ports.of_centre(uow, ports.SUPERVISORS))


def judges(uow: UnitOfWork) -> tuple[UUID, ...]:
    """Who judges bad answers."""
    found = [*ports.of_centre(uow, ports.REVIEWERS), *supervisors(uow)]
    return tuple(dict.fromkeys(found))


def handlers(uow: UnitOfWork, ticket: Ticket) -> tuple[UUID, ...]:
    """Who handles it in the lead unit: who signed, else all handlers."""
    row = uow.session.scalar(
        select(TicketUnit).where(
            TicketUnit.ticket_id == ticket.id,
            TicketUnit.role == rules.LEAD_ROLE,
            TicketUnit.state.in_((rules.SIGNED, rules.REPLIED)),
        )
    )
    signed = row.signed_by if row is not None else None
    if signed is not None and identity.staff_cards(uow, [signed])[signed].active:
        return (signed,)
    return tuple(ports.of_department(uow, ticket.lead_unit_id))


def heads(uow: UnitOfWork, ticket: Ticket) -> tuple[UUID, ...]:
    """The heads of the lead unit."""
    return tuple(ports.of_department(uow, ticket.lead_unit_id, ports.HEADS))


def holders(uow: UnitOfWork, ticket: Ticket, kind: str) -> tuple[UUID, ...]:
    """Whose time a clock of this kind measures."""
    found: tuple[UUID, ...]
    match kind:
        case clock_rules.ACCEPT:
            # Operators are many and take what comes: nobody of them is woken.
            found = dispatchers(uow)
        case clock_rules.DISPATCH | clock_rules.RETURN:
            found = dispatchers(uow)
        case clock_rules.ARBITRATE | clock_rules.DECIDE:
            found = supervisors(uow)
        case clock_rules.SIGN:
            found = tuple(ports.of_department(uow, ticket.lead_unit_id))
        case clock_rules.UNIT_REVIEW:
            found = heads(uow, ticket)
        case clock_rules.CENTRE_REVIEW:
            found = tuple(ports.of_centre(uow, ports.REVIEWERS))
        case clock_rules.CALL_BACK:
            found = tuple(ports.of_centre(uow, ports.CALLERS_BACK))
        case clock_rules.JUDGE:
            found = judges(uow)
        case _:
            found = handlers(uow, ticket)
    return found


def above(uow: UnitOfWork, ticket: Ticket, kind: str) -> tuple[UUID, ...]:
    """Who else hears that a limit has passed: the unit's heads, or the supervisors."""
    of_unit = (clock_rules.SIGN, clock_rules.CONTACT, *clock_rules.WORK, clock_rules.SUPERVISE)
    return heads(uow, ticket) if kind in of_unit else supervisors(uow)


def at_it(uow: UnitOfWork, ticket: Ticket) -> tuple[UUID, ...]:
    """Who has it now, in whatever state: the holders of its running clocks."""
    kinds = uow.session.scalars(
        select(TicketClock.kind).where(
            TicketClock.ticket_id == ticket.id, TicketClock.stopped_at.is_(None)
        )
    )
    found = [one for kind in sorted(kinds) for one in holders(uow, ticket, kind)]
    return tuple(dict.fromkeys(found))


def public_sources(uow: UnitOfWork, ticket_id: UUID) -> tuple[tuple[str, UUID, str], ...]:
    """What a resident may read of what its answer stands on: kind, id, title. Internal never."""
    rows = uow.session.execute(
        select(TicketPin.kind, TicketPin.source_id, TicketPin.title)
        .where(TicketPin.ticket_id == ticket_id, TicketPin.public)
        .order_by(TicketPin.at, TicketPin.version_id)
    )
    return tuple((row.kind, row.source_id, row.title) for row in rows)
