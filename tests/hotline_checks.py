"""What must hold of a ticket at any moment."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from backend.domains.hotline import rules
from backend.domains.hotline.model import TicketClock
from backend.kernel.clock_rules import WORKED


def check_clocks(world: Any, ticket_id: UUID, now: datetime) -> None:
    """Every clock: running time and pauses are the time on the wall; a late stop is overdue."""
    ticket = world.ticket(ticket_id)
    clocks = world.rows(TicketClock, ticket_id)
    for clock in clocks:
        wall = (clock.stopped_at or now) - clock.started_at
        paused = timedelta(seconds=clock.paused_seconds)
        if clock.paused_at is not None:
            assert ticket.state == rules.ON_HOLD and clock.stopped_at is None
            paused += now - clock.paused_at
        assert timedelta() <= paused <= wall
        if clock.due_at is None:
            # The calendar of that year is not published yet.
            continue
        late = clock.stopped_at is not None and clock.stopped_at > clock.due_at
        assert not late or clock.outcome == "overdue"
        # Work sent back, and orders, are due at a moment: their minutes are rounded up.
        if clock.limit_unit not in WORKED and clock.paused_at is None:
            moved = clock.due_at - clock.started_at - clock.limit.span
            assert timedelta(minutes=-1) <= moved <= paused
    over = ticket.state not in rules.OPEN_STATES
    assert not over or all(clock.stopped_at for clock in clocks)


def check_trace(world: Any, ticket_id: UUID) -> None:
    """The trace is unbroken, every change in it is a way of the table, its end is the state."""
    ticket, entries = world.ticket(ticket_id), world.trace(ticket_id)
    assert entries[-1].to_state == ticket.state
    for one, after in pairwise(entries):
        assert after.from_state == one.to_state and after.previous_hash == one.hash
        if after.from_state != after.to_state:
            way = rules.TICKET_TRANSITIONS[after.from_state, after.action]
            assert way.to == after.to_state
    assert {entry.action for entry in entries} <= rules.ACTION_TEXT.keys()
