"""The clocks of tickets: the kernel's, bound to this domain's table; and the limits of each."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.hotline import clock_rules, ports, rules
from backend.domains.hotline.model import Ticket, TicketClock, TicketLimit
from backend.kernel.clock_rules import MINUTES, Limit, Rule, limit_of
from backend.kernel.clocks import Clocks, New
from backend.kernel.uow import UnitOfWork

# An order's day stays the day the supervisor named.
CLOCKS = Clocks(TicketClock, "ticket_id", "ticket_clock", "hotline", [clock_rules.SUPERVISE])
WARN, DUE, PLAN = CLOCKS.kinds

pause, resume = CLOCKS.pause, CLOCKS.resume
replan, running = CLOCKS.replan, CLOCKS.running


def start(uow: UnitOfWork, ticket: Ticket, *kinds: str) -> list[TicketClock]:
    """Start the ticket's own clocks of these kinds now, each with its limit."""
    wanted = [New(kind, limit) for kind, limit in limits(uow, ticket, kinds).items()]
    return CLOCKS.start(uow, ticket.id, *wanted, held=ticket.state == rules.ON_HOLD)


def start_until(
    uow: UnitOfWork, ticket: Ticket, kind: str, due_at: datetime, order_id: UUID | None = None
) -> TicketClock:
    """Start a clock that is due at the moment named; of an order, where one is given."""
    new = New(kind, Limit(1, MINUTES), "order" if order_id else "", order_id)
    return CLOCKS.start_until(uow, ticket.id, new, due_at)


def stop(
    uow: UnitOfWork,
    ticket: Ticket,
    *kinds: str,
    subject_id: UUID | None = None,
    cancelled: bool = False,
) -> None:
    """Stop running clocks of these kinds (without any: all of them): met or overdue."""
    CLOCKS.stop(uow, ticket.id, kinds or None, subject_id=subject_id, cancelled=cancelled)


def relimit(uow: UnitOfWork, ticket: Ticket) -> None:
    """Category, urgency or difficulty were corrected: running clocks get the new limits.

    An extension that was granted stays; an order, and work sent back, keep their own day.
    """
    fixed = {clock_rules.SUPERVISE}
    kinds = [
        clock.kind
        for clock in running(uow, ticket.id)
        if clock.kind not in fixed and clock.limit_unit != MINUTES
    ]
    if ticket.extended:
        kinds = [kind for kind in kinds if kind not in clock_rules.WORK]
    CLOCKS.relimit(uow, ticket.id, limits(uow, ticket, kinds))


def extend(uow: UnitOfWork, ticket: Ticket, days: int) -> datetime | None:
    """Give the work so many days more, counted from its start; when it is due now."""
    rows = [clock for clock in running(uow, ticket.id) if clock.kind in clock_rules.WORK]
    more = {clock.kind: clock_rules.extended(clock.limit, days) for clock in rows}
    CLOCKS.relimit(uow, ticket.id, more)
    return max((clock.due_at for clock in rows if clock.due_at), default=None)


def work(uow: UnitOfWork, ticket_id: UUID) -> TicketClock | None:
    """The running clock of the work itself."""
    rows = [clock for clock in running(uow, ticket_id) if clock.kind in clock_rules.WORK]
    return rows[0] if rows else None


def last_work(uow: UnitOfWork, ticket_id: UUID) -> TicketClock | None:
    """The latest clock of the work, running or not."""
    query = select(TicketClock).where(
        TicketClock.ticket_id == ticket_id, TicketClock.kind.in_(clock_rules.WORK)
    )
    query = query.order_by(TicketClock.started_at.desc(), TicketClock.id.desc())
    return uow.session.scalar(query.limit(1))


def limits(uow: UnitOfWork, ticket: Ticket, kinds: Iterable[str]) -> dict[str, Limit]:
    """The limits of these kinds for the ticket: the district's own, else the facts'."""
    wanted = list(kinds)
    line = ports.category(uow, ticket.category_code).line
    rows = uow.session.scalars(
        select(TicketLimit).where(
            TicketLimit.kind.in_(wanted),
            or_(TicketLimit.category_code.is_(None), TicketLimit.category_code.in_(line)),
        )
    )
    own = [
        Rule(row.kind, row.category_code, row.qualifier, Limit(row.amount, row.unit))
        for row in rows
    ]
    found = {}
    for kind in wanted:
        qualifier = clock_rules.qualifier(kind, ticket.urgency, ticket.difficulty)
        default = clock_rules.default_limit(kind, ticket.urgency, ticket.difficulty)
        found[kind] = limit_of(own, kind, line, qualifier, default=default)
    return found
