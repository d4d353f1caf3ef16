"""Clocks: rows that start, pause, go on and stop, each with a timer to remind and one to be due.

Locks are taken in one order, event before clock before timer; a timer that is being fired at
this moment is passed over, and finds its clock stopped when its turn comes.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Integer, case, cast, delete, func, insert, null, select, update

from backend.domains.dispatch import clock_rules, ports
from backend.domains.dispatch.clock_rules import IsWorking, Limit
from backend.domains.dispatch.model import Event, EventClock
from backend.kernel.database import table_of
from backend.kernel.ids import new_id
from backend.kernel.timers import Timer
from backend.kernel.uow import UnitOfWork
from backend.kernel.workdays import CalendarUnknown

SUBJECT = "event_clock"
WARN, DUE, PLAN = "dispatch.clock_warn", "dispatch.clock_due", "dispatch.clock_plan"
KINDS = (WARN, DUE, PLAN)
_TIMERS = insert(table_of(Timer)).inline()
_COLUMNS = table_of(EventClock).columns.keys()
_CLOCKS = insert(table_of(EventClock)).inline()


@dataclass(frozen=True, slots=True)
class New:
    """A clock to start; without a subject it is the event's own."""

    kind: str
    limit: Limit
    subject_kind: str = "event"
    subject_id: UUID | None = None


def start(uow: UnitOfWork, event: Event, *wanted: New) -> list[EventClock]:
    """Start clocks now, with their timers, in two statements."""
    working = ports.working(uow)
    made = [_fresh(uow, event, new, working) for new in wanted]
    uow.session.execute(_CLOCKS, [{key: getattr(one, key) for key in _COLUMNS} for one in made])
    _arm(uow, [clock for clock in made if clock.paused_at is None])
    return made


def start_order(uow: UnitOfWork, event: Event, order_id: UUID, due_at: datetime) -> EventClock:
    """Start the clock of a supervisor's order: due at the moment named, which no hold moves."""
    minutes = max(math.ceil((due_at - uow.now) / timedelta(minutes=1)), 1)
    new = New(clock_rules.SUPERVISE, Limit(minutes, clock_rules.MINUTES), "order", order_id)
    clock = _fresh(uow, event, new, ports.working(uow))
    clock.due_at = due_at
    clock.warn_at = uow.now + (due_at - uow.now) * clock_rules.WARN_SHARE
    uow.session.execute(_CLOCKS, {key: getattr(clock, key) for key in _COLUMNS})
    _arm(uow, [clock])
    return clock


def stop(
    uow: UnitOfWork,
    event_id: UUID,
    kinds: Iterable[str] | None = None,
    *,
    subject_id: UUID | None = None,
    cancelled: bool = False,
) -> None:
    """Stop running clocks of the event: met or overdue, or cancelled where nothing was due.

    One statement; a pause that was on ends with it and is counted.
    """
    clock = EventClock
    late = (clock.outcome == "overdue") | (func.coalesce(clock.paused_at, uow.now) > clock.due_at)
    paused = func.round(func.extract("epoch", uow.now - clock.paused_at))
    stopped = (
        update(clock)
        .where(clock.event_id == event_id, clock.stopped_at.is_(None))
        .values(
            stopped_at=uow.now,
            paused_seconds=clock.paused_seconds + cast(func.coalesce(paused, 0), Integer),
            paused_at=null(),
            outcome=case((late, "overdue"), else_="cancelled" if cancelled else "met"),
        )
        .returning(clock.id)
    )
    if kinds is not None:
        stopped = stopped.where(clock.kind.in_(list(kinds)))
    if subject_id is not None:
        stopped = stopped.where(clock.subject_id == subject_id)
    ended = stopped.cte("ended")
    _forget(uow, select(ended.c.id))


def pause(uow: UnitOfWork, event_id: UUID) -> None:
    """An approved hold began: every running clock of the event stands still."""
    held = (
        update(EventClock)
        .where(
            EventClock.event_id == event_id,
            EventClock.stopped_at.is_(None),
            EventClock.paused_at.is_(None),
            # An order's day stays the day the supervisor named.
            EventClock.kind != clock_rules.SUPERVISE,
        )
        .values(paused_at=uow.now)
        .returning(EventClock.id)
        .cte("held")
    )
    _forget(uow, select(held.c.id))


def resume(uow: UnitOfWork, event_id: UUID) -> None:
    """The hold is over: what was left of each limit is left from now on."""
    working = ports.working(uow)
    rows = [clock for clock in running(uow, event_id) if clock.paused_at is not None]
    for clock in rows:
        assert clock.paused_at is not None
        clock.paused_seconds += round((uow.now - clock.paused_at).total_seconds())
        if clock.due_at is not None and clock.warn_at is not None:
            span = (clock.paused_at, uow.now, clock.limit_unit, working)
            try:
                warn_at = clock_rules.shifted(clock.warn_at, *span)
                clock.warn_at, clock.due_at = warn_at, clock_rules.shifted(clock.due_at, *span)
            except CalendarUnknown:
                clock.warn_at = clock.due_at = None
        clock.paused_at = None
    uow.session.flush()
    _arm(uow, [clock for clock in rows if clock.outcome == "running"])


def relimit(uow: UnitOfWork, event: Event, limits: dict[str, Limit]) -> None:
    """Category or urgency were corrected: running clocks of these kinds get the new limits.

    They count from their start, so nobody wins time by a correction; pauses stay counted.
    """
    working = ports.working(uow)
    rows = [clock for clock in running(uow, event.id) if clock.kind in limits]
    for clock in rows:
        limit = limits[clock.kind]
        clock.limit_amount, clock.limit_unit = limit.amount, limit.unit
        _set_plan(clock, limit, working)
        if clock.due_at is not None and clock.due_at > uow.now:
            clock.outcome = "running"
    uow.session.flush()
    _forget(uow, select(EventClock.id).where(EventClock.id.in_([clock.id for clock in rows])))
    ready = [clock for clock in rows if clock.paused_at is None and clock.outcome == "running"]
    _arm(uow, ready)


def replan(uow: UnitOfWork, clock: EventClock) -> None:
    """The calendar may be known by now: set the moments that were left open."""
    _set_plan(clock, Limit(clock.limit_amount, clock.limit_unit), ports.working(uow))
    uow.session.flush()
    _arm(uow, [clock])


def running(uow: UnitOfWork, event_id: UUID) -> list[EventClock]:
    """The event's clocks that have not stopped (paused ones included), locked, oldest first."""
    query = select(EventClock).where(
        EventClock.event_id == event_id, EventClock.stopped_at.is_(None)
    )
    query = query.order_by(EventClock.started_at, EventClock.id).with_for_update()
    return list(uow.session.scalars(query.execution_options(populate_existing=True)))


def _fresh(uow: UnitOfWork, event: Event, new: New, working: IsWorking) -> EventClock:
    clock = EventClock(
        id=new_id(),
        event_id=event.id,
        subject_kind=new.subject_kind,
        subject_id=new.subject_id or event.id,
        kind=new.kind,
        started_at=uow.now,
        limit_amount=new.limit.amount,
        limit_unit=new.limit.unit,
        # What begins during a hold begins when the hold has ended.
        paused_at=uow.now if event.on_hold and new.kind != clock_rules.SUPERVISE else None,
        paused_seconds=0,
        stopped_at=None,
        outcome="running",
    )
    _set_plan(clock, new.limit, working)
    return clock


def _set_plan(clock: EventClock, limit: Limit, working: IsWorking) -> None:
    begin = clock.started_at + timedelta(seconds=clock.paused_seconds)
    try:
        plan = clock_rules.plan(begin, limit, working)
    except CalendarUnknown:
        # Not guessed: asked again each day until the year's holidays are published.
        clock.warn_at = clock.due_at = None
    else:
        clock.warn_at, clock.due_at = plan.warn_at, plan.due_at


def _arm(uow: UnitOfWork, clocks: Sequence[EventClock]) -> None:
    rows = []
    for clock in clocks:
        moments = {WARN: clock.warn_at, DUE: clock.due_at}
        if clock.due_at is None:
            moments = {PLAN: uow.now + timedelta(days=1)}
        for kind, due in moments.items():
            # A reminder whose moment passed before a pause is not given twice.
            if due is not None and (due > uow.now or kind == DUE):
                rows.append(
                    {
                        "id": new_id(), "kind": kind, "subject_kind": SUBJECT,
                        "subject_id": clock.id, "due": due,
                        "payload": {"event": str(clock.event_id)}, "failures": 0,
                    }
                )  # fmt: skip
    if rows:
        uow.session.execute(_TIMERS, rows)


def _forget(uow: UnitOfWork, clock_ids: object) -> None:
    pending = (
        select(Timer.id)
        .where(
            Timer.kind.in_(KINDS),
            Timer.subject_kind == SUBJECT,
            Timer.subject_id.in_(clock_ids),  # type: ignore[arg-type]  # a select of ids
            Timer.fired_at.is_(None),
        )
        .with_for_update(skip_locked=True)
    )
    uow.session.execute(
        delete(Timer).where(Timer.id.in_(pending)).execution_options(synchronize_session=False)
    )
