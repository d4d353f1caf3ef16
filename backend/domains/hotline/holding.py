"""延期 once and before expiry, and 挂账 with the clocks standing still; a supervisor decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline import access, clock_rules, clocks, moves, requests, rules, telling
from backend.domains.hotline.model import Ticket, TicketRequest
from backend.domains.hotline.parts import Part, system
from backend.kernel import timers
from backend.kernel.access import SYSTEM, Principal
from backend.kernel.clock import moment_text
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

HOLD_TIMER = "hotline.hold_over"


def ask_extension(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    days: int,
    reason: str,
    *,
    version: int | None = None,
) -> TicketRequest:
    """Ask for more days: once for a ticket, before it is due. The clock runs while it is decided."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    moves.allowed(rules.TICKET_TRANSITIONS, ticket.state, "ask_extension", viewer)
    clock = clocks.work(uow, ticket.id)
    asked = select(TicketRequest.id).where(
        TicketRequest.ticket_id == ticket.id, TicketRequest.kind == rules.EXTENSION
    )
    problem = rules.extension_problem(
        extended=ticket.extended, asked=uow.session.scalar(asked.limit(1)) is not None,
        due_at=clock.due_at if clock else None, days=days, now=uow.now,
    )  # fmt: skip
    if problem and not 1 <= days <= rules.LONGEST_EXTENSION:
        raise Invalid("bad_days", detail=problem, fields={"days": [problem]})
    if problem:
        raise Conflict("no_extension", title=problem)
    why = moves.needs(reason, "reason", "请写明延期的原因")
    row = requests.add(
        uow, ticket, rules.EXTENSION, why, department_id=ticket.lead_unit_id, days=days
    )
    moves.move(uow, viewer, "ask_extension", internal=f"申请延期{days}天", reason=why)
    _decide_by(uow, row, ticket)
    return row


def ask_hold(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    until: datetime,
    reason: str,
    *,
    version: int | None = None,
) -> TicketRequest:
    """Ask to hold it until a moment at most 90 days ahead."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    moves.allowed(rules.TICKET_TRANSITIONS, ticket.state, "ask_hold", viewer)
    problem = rules.hold_problem(until, uow.now)
    if problem:
        raise Invalid("bad_until", detail=problem, fields={"until": [problem]})
    why = moves.needs(reason, "reason", "请写明挂账的原因")
    row = requests.add(uow, ticket, rules.HOLD, why, department_id=ticket.lead_unit_id, until=until)
    moves.move(uow, viewer, "ask_hold", internal=f"申请挂账到{moment_text(until)}", reason=why)
    _decide_by(uow, row, ticket)
    return row


def decide_extension(
    uow: UnitOfWork, by: Principal, request_id: UUID, approved: bool, note: str = ""
) -> TicketRequest:
    """Granted, the days count from the start of the work, so that none is won by asking late."""
    row, decider = requests.enter(uow, by, request_id, rules.EXTENSION)
    requests.settle(uow, decider, approved, note)
    ticket = decider.ticket
    assert row.days is not None
    words = f"{'同意' if approved else '不同意'}延期{row.days}天"
    moves.move(
        uow, decider, "decide_extension", values={"extended": True} if approved else {},
        public=f"办理时限延长{row.days}天" if approved else "",
        internal="；".join(filter(None, [words, row.note])),
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.DECIDE)
    if approved:
        clocks.extend(uow, ticket, row.days)
    requests.tell_decided(uow, decider, approved)
    return row


def decide_hold(
    uow: UnitOfWork, by: Principal, request_id: UUID, approved: bool, note: str = ""
) -> TicketRequest:
    """Approved, the clocks of the work stand still until the moment asked for."""
    row, decider = requests.enter(uow, by, request_id, rules.HOLD)
    ticket = decider.ticket
    assert row.until is not None
    if approved and row.until <= uow.now:
        moves.allowed(rules.REQUEST_TRANSITIONS, row.state, "approve", decider)
        raise Conflict(
            "hold_too_late", title="申请的恢复时间已经过了", action="请选不同意，需要时重新申请"
        )
    requests.settle(uow, decider, approved, note)
    clocks.stop(uow, ticket, clock_rules.DECIDE)
    if approved:
        moves.move(
            uow, decider, "approve_hold", public=f"暂缓办理，{moment_text(row.until)}前恢复",
            internal=row.reason,
        )  # fmt: skip
        clocks.pause(uow, ticket.id)
        timers.arm(uow, HOLD_TIMER, moves.subject(ticket.id), row.until)
    else:
        moves.move(uow, decider, "reject_hold", internal=row.note)
    requests.tell_decided(uow, decider, approved)
    return row


def end_hold(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, *, version: int | None = None
) -> Ticket:
    """Go on before the time is over."""
    viewer = access.enter(uow, by, ticket_id, version)
    _go_on(uow, viewer)
    timers.disarm(uow, HOLD_TIMER, moves.subject(ticket_id))
    return viewer.ticket


def hold_over(uow: UnitOfWork, ticket: Ticket) -> None:
    """The time of a hold has passed; the ticket is held by this unit of work."""
    if ticket.state == rules.ON_HOLD:
        _go_on(uow, system(ticket))


def _go_on(uow: UnitOfWork, part: Part) -> None:
    actor = SYSTEM if part.id is None else None
    moves.move(uow, part, "end_hold", public="恢复办理", internal="挂账结束，时限恢复", actor=actor)
    clocks.resume(uow, part.ticket.id)


def _decide_by(uow: UnitOfWork, row: TicketRequest, ticket: Ticket) -> None:
    due_at = clocks.start(uow, ticket, clock_rules.DECIDE)[0].due_at
    requests.tell_asked(uow, row, ticket, telling.supervisors(uow), due_at)
