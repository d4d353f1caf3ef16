"""What must hold of an event at any moment."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.kernel import clock_rules


def check_clocks(world: Any, event_id: UUID, now: datetime) -> None:
    """Every clock: running time and pauses are the time on the wall; a late stop is overdue."""
    event = world.event(event_id)
    for clock in world.clocks(event_id):
        wall = (clock.stopped_at or now) - clock.started_at
        paused = timedelta(seconds=clock.paused_seconds)
        if clock.paused_at is not None:
            assert event.on_hold and clock.stopped_at is None
            paused += now - clock.paused_at
        assert timedelta() <= paused <= wall
        if clock.limit_unit != "working_days" and clock.paused_at is None:
            limit = clock_rules.Limit(clock.limit_amount, clock.limit_unit).span
            moved = clock.due_at - clock.started_at - limit
            assert timedelta() <= moved <= paused
            late = clock.stopped_at is not None and clock.stopped_at > clock.due_at
            assert not late or clock.outcome == "overdue"
    assert event.is_open or all(c.stopped_at for c in world.clocks(event_id))
