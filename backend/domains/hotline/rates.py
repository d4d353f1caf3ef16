"""三率 counted twice: live from the tickets' columns, and anew from nothing but their traces.

Both are of the tickets that came in within a span of time. A test holds them against each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, func, null, or_, select, true

from backend.domains.hotline import clock_rules, moves, rates_rules, rules, trace_rules
from backend.domains.hotline.model import Ticket, TicketClock
from backend.domains.hotline.rates_rules import Matter, Rate
from backend.domains.hotline.trace_rules import Step
from backend.kernel.trace import TraceEntry
from backend.kernel.uow import UnitOfWork

Rates = dict[str, Rate]
_CLOSED = (rules.CLOSED, rules.ARCHIVED)


def came_in(start: datetime | None, end: datetime | None) -> ColumnElement[bool]:
    """Tickets that came in from `start` to before `end`; an open side has no bound."""
    wanted = []
    if start is not None:
        wanted.append(Ticket.created_at >= start)
    if end is not None:
        wanted.append(Ticket.created_at < end)
    return and_(true(), *wanted)


def live(uow: UnitOfWork, wanted: ColumnElement[bool]) -> Rates:
    """The rates of the tickets that fit, from their columns."""
    found = by_group(uow, wanted)
    return found.get(None) or rates_rules.rates([])


def by_group(uow: UnitOfWork, wanted: ColumnElement[bool], key: Any = None) -> dict[Any, Rates]:
    """The rates of each value of a column (all tickets under None where there is none)."""
    # Tickets are counted by sort in the database, whatever their number.
    sort: list[Any] = [
        _merged().label("merged"),
        _responded().label("responded"),
        Ticket.state.in_(_CLOSED).label("closed"),
        Ticket.excluded,
        Ticket.solved,
        Ticket.satisfied,
    ]
    named = [key] if key is not None else []
    query = select(func.count(), *named, *sort).where(wanted, measured()).group_by(*named, *sort)
    groups: dict[Any, list[tuple[Matter, int]]] = defaultdict(list)
    for row in uow.session.execute(query):
        count, *rest = row
        name = rest.pop(0) if named else None
        groups[name].append((Matter(*rest), count))
    return {name: rates_rules.rates(matters) for name, matters in groups.items()}


def measured() -> ColumnElement[bool]:
    """Tickets the rates are about: dispatched to a unit, or merged into one that was."""
    return or_(Ticket.first_dispatched_at.is_not(None), Ticket.parent_id.is_not(None))


def _merged() -> ColumnElement[bool]:
    return Ticket.first_dispatched_at.is_(None)


def _responded() -> ColumnElement[Any]:
    """The first contact's; without one, unknown as long as the unit's limit for it runs."""
    running = exists().where(
        TicketClock.ticket_id == Ticket.id,
        TicketClock.kind == clock_rules.CONTACT,
        TicketClock.outcome == "running",
        TicketClock.started_at >= Ticket.dispatched_at,
    )
    return case(
        (Ticket.responded_in_time.is_not(None), Ticket.responded_in_time),
        (running, null()),
        else_=false(),
    )


def recompute_from_trace(
    uow: UnitOfWork, start: datetime | None = None, end: datetime | None = None
) -> Rates:
    """The rates of the tickets that came in within the span, read from trace entries only."""
    first = select(TraceEntry.subject_id).where(
        TraceEntry.subject_kind == moves.KIND, TraceEntry.seq == 1
    )
    if start is not None:
        first = first.where(TraceEntry.at >= start)
    if end is not None:
        first = first.where(TraceEntry.at < end)
    query = (
        select(
            TraceEntry.subject_id, TraceEntry.action, TraceEntry.to_state,
            TraceEntry.public_text, TraceEntry.internal_text,
        )
        .where(TraceEntry.subject_kind == moves.KIND, TraceEntry.subject_id.in_(first))
        .order_by(TraceEntry.subject_id, TraceEntry.seq)
        .execution_options(yield_per=2000)
    )  # fmt: skip
    return rates_rules.rates((matter, 1) for matter in _matters(uow.session.execute(query)))


def _matters(rows: Iterable[Any]) -> Iterable[Matter]:
    steps: list[Step] = []
    current: UUID | None = None
    for subject_id, action, to_state, public, internal in rows:
        if subject_id != current and steps:
            yield from _matter(steps)
            steps = []
        current = subject_id
        steps.append(Step(action, to_state or "", public, internal))
    if steps:
        yield from _matter(steps)


def _matter(steps: Sequence[Step]) -> list[Matter]:
    found = trace_rules.matter(steps)
    return [found] if found else []
