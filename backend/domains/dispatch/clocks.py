"""The clocks of events: the kernel's, bound to this domain's table."""

from datetime import datetime
from uuid import UUID

from backend.domains.dispatch import clock_rules
from backend.domains.dispatch.model import Event, EventClock
from backend.kernel.clock_rules import MINUTES, Limit
from backend.kernel.clocks import Clocks, New
from backend.kernel.uow import UnitOfWork

__all__ = [
    "DUE", "PLAN", "WARN", "New", "pause", "relimit", "replan", "resume", "running", "start",
    "start_order", "stop",
]  # fmt: skip

# An order's day stays the day the supervisor named.
CLOCKS = Clocks(EventClock, "event_id", "event_clock", "dispatch", [clock_rules.SUPERVISE])
WARN, DUE, PLAN = CLOCKS.kinds

stop, pause, resume = CLOCKS.stop, CLOCKS.pause, CLOCKS.resume
replan, running = CLOCKS.replan, CLOCKS.running


def start(uow: UnitOfWork, event: Event, *wanted: New) -> list[EventClock]:
    """Start clocks now; those of an event on hold begin when the hold has ended."""
    return CLOCKS.start(uow, event.id, *wanted, held=event.on_hold)


def start_order(uow: UnitOfWork, event: Event, order_id: UUID, due_at: datetime) -> EventClock:
    """Start the clock of a supervisor's order: due at the moment named, which no hold moves."""
    new = New(clock_rules.SUPERVISE, Limit(1, MINUTES), "order", order_id)
    return CLOCKS.start_until(uow, event.id, new, due_at)


def relimit(uow: UnitOfWork, event: Event, limits: dict[str, Limit]) -> None:
    """Category or urgency were corrected: running clocks of these kinds get the new limits."""
    CLOCKS.relimit(uow, event.id, limits)
