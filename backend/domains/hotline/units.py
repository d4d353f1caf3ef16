"""The parts departments have in a ticket: given, answered, ended."""

from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline import moves, rules
from backend.domains.hotline.model import Ticket, TicketUnit
from backend.domains.hotline.parts import system
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

HELD = (rules.WAITING, rules.SIGNED, rules.REPLIED)


def give(uow: UnitOfWork, ticket: Ticket, department_id: UUID, role: str, note: str) -> TicketUnit:
    """The department has a part in it from now on."""
    row = TicketUnit(
        id=new_id(), ticket_id=ticket.id, department_id=department_id, role=role,
        state=rules.WAITING, note=note.strip(), given_by=uow.actor.id, given_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    return row


def held(uow: UnitOfWork, ticket_id: UUID) -> list[TicketUnit]:
    """The parts that count now (not given back, not over), oldest first."""
    query = select(TicketUnit).where(TicketUnit.ticket_id == ticket_id, TicketUnit.state.in_(HELD))
    return list(uow.session.scalars(query.order_by(TicketUnit.given_at, TicketUnit.id)))


def lead(uow: UnitOfWork, ticket_id: UUID) -> TicketUnit:
    """The lead's part; there is one from the dispatch on."""
    return next(row for row in held(uow, ticket_id) if row.role == rules.LEAD_ROLE)


def copy(uow: UnitOfWork, row: TicketUnit, child: Ticket) -> None:
    """The same part in a duplicate, as far as it has come."""
    kept = ("department_id", "role", "state", "note", "given_by", "signed_by", "signed_at",
            "reply", "replied_by", "replied_at")  # fmt: skip
    values = {name: getattr(row, name) for name in kept}
    uow.session.add(TicketUnit(id=new_id(), ticket_id=child.id, given_at=uow.now, **values))
    uow.session.flush()


def again(uow: UnitOfWork, ticket: Ticket) -> None:
    """The lead must go on: what it had answered is open again."""
    row = lead(uow, ticket.id)
    if row.state == rules.REPLIED:
        moves.set_state(uow, row, rules.UNIT_TRANSITIONS, "again", system(ticket))
