"""办结 and 归档, reopening by a supervisor, and the caller's taking it back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline import (
    access,
    clock_rules,
    clocks,
    events,
    merging,
    moves,
    rules,
    telling,
    units,
)
from backend.domains.hotline.model import Ticket, TicketOrder
from backend.domains.hotline.parts import system
from backend.kernel import timers
from backend.kernel.access import SYSTEM, Principal
from backend.kernel.uow import UnitOfWork

ARCHIVE_TIMER = "hotline.archive"
# What the last call-back said is asked anew.
NEW_ROUND: dict[str, Any] = {
    "contacted": None, "solved": None, "satisfied": None, "callback_result": None,
    "closed_at": None,
}  # fmt: skip


def closed(uow: UnitOfWork, ticket: Ticket) -> None:
    """What follows from every end of the work: orders and clocks end, the archive waits."""
    end_orders(uow, ticket)
    clocks.stop(uow, ticket, cancelled=True)
    due = uow.now + timedelta(days=rules.ARCHIVE_DAYS)
    timers.arm(uow, ARCHIVE_TIMER, moves.subject(ticket.id), due)
    uow.emit(
        events.TicketClosed(
            **telling.facts(uow, ticket),
            result=ticket.callback_result or "",
            excluded=ticket.excluded,
        )
    )


def archive(uow: UnitOfWork, ticket: Ticket) -> None:
    """Closed long enough: by the system; the ticket is held by this unit of work."""
    if ticket.state != rules.CLOSED:
        return
    moves.move(uow, system(ticket), "archive", values={"archived_at": uow.now}, actor=SYSTEM)
    uow.emit(events.TicketArchived(**telling.facts(uow, ticket)))


def reopen(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, reason: str, *, version: int | None = None
) -> Ticket:
    """A supervisor has it handled again, by the unit that had it, with the full time."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    why = moves.needs(reason, "reason", "请写明重开的原因")
    moves.move(
        uow, viewer, "reopen",
        values={
            **NEW_ROUND, "round": ticket.round + 1, "reopened_at": uow.now, "excluded": False,
        },
        public="重新办理", reason=why,
    )  # fmt: skip
    timers.disarm(uow, ARCHIVE_TIMER, moves.subject(ticket.id))
    units.again(uow, ticket)
    due_at = clocks.start(uow, ticket, clock_rules.HANDLE)[0].due_at
    uow.emit(
        events.WorkAgain(
            **telling.facts(uow, ticket), why="reopened", reason=why,
            staff_ids=telling.handlers(uow, ticket), due_at=due_at,
        )
    )  # fmt: skip
    return ticket


def cancel(uow: UnitOfWork, person_id: UUID, ticket_id: UUID) -> Ticket:
    """The caller takes it back before it is dispatched; duplicates in it go on alone."""
    caller = access.enter_caller(uow, person_id, ticket_id)
    ticket = caller.ticket
    moves.move(uow, caller, "cancel", values={"closed_at": uow.now}, public="本人已撤回")
    clocks.stop(uow, ticket, cancelled=True)
    merging.let_go(uow, ticket)
    uow.emit(events.TicketCancelled(**telling.facts(uow, ticket)))
    return ticket


def end_orders(uow: UnitOfWork, ticket: Ticket) -> None:
    """Orders that were not answered are over with the ticket; replied ones are settled."""
    rows = uow.session.scalars(
        select(TicketOrder).where(
            TicketOrder.ticket_id == ticket.id, TicketOrder.state != rules.ORDER_CLOSED
        )
    )
    for row in list(rows):
        moves.set_state(
            uow, row, rules.ORDER_TRANSITIONS, "close", system(ticket), closed_at=uow.now
        )
