"""What an end leaves behind: no running clock, no open task, nobody still asked."""

from uuid import UUID

from backend.domains.dispatch import calling, clocks, moves, rules
from backend.domains.dispatch.model import Event, EventRequest, Subtask, SupervisionOrder, Whistle
from backend.domains.dispatch.parts import system
from backend.kernel import timers
from backend.kernel.uow import UnitOfWork

CLOSE_TIMER = "dispatch.close"
HOLD_TIMER = "dispatch.hold_over"


def wind_up(uow: UnitOfWork, event: Event) -> None:
    """Stop, withdraw and forget everything that was still under way for an event that is over."""
    calling.end_attempts(uow, event.id, "over")
    clocks.stop(uow, event.id, cancelled=True)
    end_parts(uow, event)
    end_requests(uow, event)
    for row in moves.rows_of(uow, SupervisionOrder, event.id, (rules.ORDER_OPEN,)):
        moves.set_state(
            uow, row, rules.ORDER_TRANSITIONS, "close", system(event), closed_at=uow.now
        )
    timers.disarm(uow, CLOSE_TIMER, moves.subject(event.id))


def end_parts(uow: UnitOfWork, event: Event) -> None:
    """Withdraw open subtasks and whistles; their clocks are stopped by the caller."""
    for task in moves.rows_of(uow, Subtask, event.id, rules.SUBTASK_OPEN):
        moves.set_state(uow, task, rules.SUBTASK_TRANSITIONS, "withdraw", system(event))
    for whistle in moves.rows_of(uow, Whistle, event.id, rules.WHISTLE_OPEN):
        moves.set_state(uow, whistle, rules.WHISTLE_TRANSITIONS, "withdraw", system(event))


def end_requests(uow: UnitOfWork, event: Event, *, but: UUID | None = None) -> None:
    """Withdraw what waits for a decision and end what was approved."""
    for row in moves.rows_of(uow, EventRequest, event.id, (rules.PENDING, rules.APPROVED)):
        if row.id == but:
            continue
        action = "withdraw" if row.state == rules.PENDING else "end"
        moves.set_state(
            uow, row, rules.REQUEST_TRANSITIONS, action, system(event), ended_at=uow.now
        )
    if event.on_hold:
        event.on_hold = False
        uow.session.flush()
    timers.disarm(uow, HOLD_TIMER, moves.subject(event.id))
