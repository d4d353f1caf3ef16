"""What must hold of a ticket at any moment, written down anew from the facts page."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from backend.domains.hotline import rates, rules
from backend.domains.hotline.model import Ticket, TicketClock
from backend.kernel.clock_rules import WORKED
from backend.kernel.trace import TraceEntry
from tests.hotline_world import PEOPLE

_ROLE = {name: (role, scope) for name, role, _, scope in PEOPLE}
_OPERATORS, _DISPATCHERS, _SUPERVISORS = {"operator"}, {"hotline_dispatcher"}, {"supervisor"}
_REVIEWERS = {"hotline_reviewer"}
_CALLING = {"callback_agent", "hotline_reviewer"}
# Who takes each way, beside the unit that has it.
_WHO = {
    "accept": _OPERATORS | _DISPATCHERS, "reject": _OPERATORS, "answer": _OPERATORS,
    "dispatch": _DISPATCHERS, "merge": _DISPATCHERS, "separate": _DISPATCHERS,
    "approve_return": _DISPATCHERS | _SUPERVISORS, "reject_return": _DISPATCHERS | _SUPERVISORS,
    "arbitrate": _SUPERVISORS, "decide_extension": _SUPERVISORS,
    "approve_hold": _SUPERVISORS, "reject_hold": _SUPERVISORS, "end_hold": _SUPERVISORS,
    "pass_centre": _REVIEWERS, "send_back": _REVIEWERS,
    "satisfied": _CALLING, "dissatisfied": _CALLING, "unreached": _CALLING,
    "redo": _REVIEWERS | _SUPERVISORS, "explain": _REVIEWERS | _SUPERVISORS,
    "exclude": _REVIEWERS | _SUPERVISORS, "reopen": _SUPERVISORS,
}  # fmt: skip
_UNITS = {
    "sign", "ask_return", "return_again", "ask_extension", "ask_hold", "end_hold",
    "submit_reply", "send_back",
}  # fmt: skip
_APART = {"pass_centre", "satisfied", "dissatisfied", "unreached", "redo", "explain", "exclude"}


def check_who(before: Ticket, name: str, done: list[TraceEntry]) -> None:
    """Every change of state is one that this member of staff may make of that ticket.

    `before` is the ticket as it was; `done` is what was written since. All tickets here lie in no
    street, so that whoever supervises a street only has no part in any.
    """
    role, scope = _ROLE[name]
    for entry in done:
        if entry.from_state == entry.to_state or entry.actor_kind != "staff":
            continue
        assert name != "street", entry.action
        own = scope is not None and scope == before.lead_unit_id
        if entry.action == "pass_unit":
            assert own and role == "department_head" and entry.actor_id != before.replied_by
        elif entry.action in _UNITS and own:
            assert role in ("department_handler", "department_head")
        else:
            assert role in _WHO.get(entry.action, ()), (entry.action, role)
        if entry.action in _APART:
            assert entry.actor_id not in (before.replied_by, before.first_signer_id)


def check_rates(world: Any) -> None:
    """三率 counted from the columns are those counted from nothing but the traces."""
    with world.unit() as uow:
        assert rates.live(uow, rates.came_in(None, None)) == rates.recompute_from_trace(uow)


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
