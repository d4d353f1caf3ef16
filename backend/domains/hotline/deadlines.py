"""What happens by itself: reminders at 80 %, limits that pass, the end of a hold, the archive.

A handler holds the ticket first and then reads the clock anew, so that whoever acted a moment
before wins; acting twice changes nothing.
"""

from uuid import UUID

from backend.domains.hotline import (
    clock_rules,
    clocks,
    closing,
    events,
    holding,
    moves,
    telling,
)
from backend.domains.hotline.model import Ticket, TicketClock
from backend.kernel.timers import Timer, Timers
from backend.kernel.uow import UnitOfWork


def register(timers: Timers) -> None:
    """Let the worker's timers know this domain's deadlines."""
    timers.register(clocks.WARN, warn)
    timers.register(clocks.DUE, due)
    timers.register(clocks.PLAN, plan)
    timers.register(holding.HOLD_TIMER, hold_over)
    timers.register(closing.ARCHIVE_TIMER, archive)


def warn(uow: UnitOfWork, timer: Timer) -> None:
    """80 % have passed: remind the holders."""
    ticket, clock = _running(uow, timer)
    if clock is None or ticket is None:
        return
    what = clock_rules.KIND_TEXT[clock.kind]
    moves.note(uow, ticket, "remind", internal=f"{what}时限已过八成，已提醒")
    uow.emit(
        events.ClockWarned(
            **telling.facts(uow, ticket), clock_kind=clock.kind, clock_text=what,
            due_at=clock.due_at, staff_ids=telling.holders(uow, ticket, clock.kind),
        )
    )  # fmt: skip


def due(uow: UnitOfWork, timer: Timer) -> None:
    """The limit has passed: the clock is overdue; those above hear of it too."""
    ticket, clock = _running(uow, timer)
    if clock is None or ticket is None:
        return
    clock.outcome = "overdue"
    uow.session.flush()
    what = clock_rules.KIND_TEXT[clock.kind]
    moves.note(uow, ticket, "overdue", internal=f"{what}已超时")
    told = (
        *telling.holders(uow, ticket, clock.kind), *telling.above(uow, ticket, clock.kind)
    )  # fmt: skip
    uow.emit(
        events.ClockOverdue(
            **telling.facts(uow, ticket), clock_kind=clock.kind, clock_text=what,
            due_at=clock.due_at, staff_ids=tuple(dict.fromkeys(told)),
        )
    )  # fmt: skip


def plan(uow: UnitOfWork, timer: Timer) -> None:
    """Ask the calendar again for a clock whose year was not published when it started."""
    _, clock = _running(uow, timer)
    if clock is not None and clock.due_at is None:
        clocks.replan(uow, clock)


def hold_over(uow: UnitOfWork, timer: Timer) -> None:
    """The time of a hold is over: the clocks go on."""
    ticket = _held(uow, timer.subject_id)
    if ticket is not None:
        holding.hold_over(uow, ticket)


def archive(uow: UnitOfWork, timer: Timer) -> None:
    """Closed long enough."""
    ticket = _held(uow, timer.subject_id)
    if ticket is not None:
        closing.archive(uow, ticket)


def _running(uow: UnitOfWork, timer: Timer) -> tuple[Ticket | None, TicketClock | None]:
    """The held ticket and its clock, if that still runs unpaused."""
    ticket = _held(uow, UUID(timer.payload["ticket"]))
    clock = uow.session.get(TicketClock, timer.subject_id, populate_existing=True)
    if clock is None or clock.stopped_at is not None or clock.paused_at is not None:
        return ticket, None
    return ticket, clock


def _held(uow: UnitOfWork, ticket_id: UUID) -> Ticket | None:
    return uow.session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
