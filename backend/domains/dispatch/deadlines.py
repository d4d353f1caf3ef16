"""What happens by itself: reminders at 80 %, escalation when a limit passes, the silent end.

A handler holds the event first and then reads the clock anew, so that whoever acted a moment
before wins; acting twice changes nothing.
"""

from uuid import UUID

from backend.domains.dispatch import (
    calling,
    categories,
    clock_rules,
    clocks,
    endings,
    events,
    moves,
    requests,
    rules,
    telling,
    windup,
)
from backend.domains.dispatch.model import Event, EventClock
from backend.kernel.timers import Timer, Timers
from backend.kernel.uow import UnitOfWork


def register(timers: Timers) -> None:
    """Let the worker's timers know this domain's deadlines."""
    timers.register(clocks.WARN, warn)
    timers.register(clocks.DUE, due)
    timers.register(clocks.PLAN, plan)
    timers.register(windup.CLOSE_TIMER, close)
    timers.register(windup.HOLD_TIMER, hold_over)


def warn(uow: UnitOfWork, timer: Timer) -> None:
    """80 % have passed: remind the holders."""
    event, clock = _running(uow, timer)
    if clock is None or event is None:
        return
    what = clock_rules.KIND_TEXT[clock.kind]
    moves.note(uow, event, "remind", internal=f"{what}时限已过八成，已提醒")
    uow.emit(
        events.ClockWarned(
            **telling.facts(uow, event),
            clock_kind=clock.kind,
            due_at=clock.due_at,
            staff_ids=tuple(telling.holders(uow, event, clock)),
        )
    )


def due(uow: UnitOfWork, timer: Timer) -> None:
    """The limit has passed: the clock is overdue; an unclaimed call goes up the chain."""
    event, clock = _running(uow, timer)
    if clock is None or event is None:
        return
    told = [*telling.holders(uow, event, clock), *telling.above(uow, event, clock)]
    clock.outcome = "overdue"
    uow.session.flush()
    if clock.kind == clock_rules.CLAIM:
        kind = categories.read(uow, event.category_code)
        if calling.escalate(uow, event, kind) is not None:
            return
    what = clock_rules.KIND_TEXT[clock.kind]
    moves.note(uow, event, "overdue", internal=f"{what}已超时")
    uow.emit(
        events.ClockOverdue(
            **telling.facts(uow, event),
            clock_kind=clock.kind,
            due_at=clock.due_at,
            staff_ids=tuple(dict.fromkeys(told)),
        )
    )


def plan(uow: UnitOfWork, timer: Timer) -> None:
    """Ask the calendar again for a clock whose year was not published when it started."""
    _, clock = _running(uow, timer)
    if clock is not None and clock.due_at is None:
        clocks.replan(uow, clock)


def close(uow: UnitOfWork, timer: Timer) -> None:
    """Seven days after the check: closed, rated or not."""
    event = _held(uow, timer.subject_id)
    if event is not None and event.state == rules.VERIFIED:
        endings.close(uow, event.id)


def hold_over(uow: UnitOfWork, timer: Timer) -> None:
    """The time of a hold is over: the clocks go on."""
    event = _held(uow, timer.subject_id)
    if event is not None:
        requests.hold_over(uow, event)


def _running(uow: UnitOfWork, timer: Timer) -> tuple[Event | None, EventClock | None]:
    """The held event and its clock, if that still runs unpaused."""
    event = _held(uow, UUID(timer.payload["event"]))
    clock = uow.session.get(EventClock, timer.subject_id, populate_existing=True)
    if clock is None or clock.stopped_at is not None or clock.paused_at is not None:
        return event, None
    return event, clock


def _held(uow: UnitOfWork, event_id: UUID) -> Event | None:
    return uow.session.get(Event, event_id, with_for_update=True, populate_existing=True)
