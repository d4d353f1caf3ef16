"""A grid worker's own lists on the phone, the nearest first."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from backend.domains.dispatch import access, card_view, claiming, ports, rules
from backend.domains.dispatch.card_view import Point
from backend.domains.dispatch.model import Event, EventClock, Subtask, Whistle
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork

# Sorted by distance: more than these nobody has to choose from.
MOST = 300
SHOWN = 100


def lists(uow: UnitOfWork, by: Principal, which: str, here: Point | None) -> dict[str, Any]:
    """One list with its cards, and how long all four are."""
    queries = {
        "claimable": claiming.claimable(access.by_id(by)),
        "mine": _mine(by),
        "overdue": _overdue(uow, by),
        "verify": _to_verify(uow, by),
    }
    rows = list(uow.session.scalars(_bounded(queries[which])))
    cards = card_view.cards(uow, rows, base=card_view.WORKER, here=here)
    ties = card_view.ties(uow, rows)
    own = access.departments(by)
    for card, row in zip(cards, rows, strict=True):
        card["mine"] = ties.mine(row, access.by_id(by), own, verifies=which == "verify")
    if here is not None:
        cards.sort(key=lambda card: (card["distance_m"] is None, card["distance_m"] or 0))
    counts = {name: _count(uow, query) for name, query in queries.items()}
    return {"items": cards[:SHOWN], "counts": counts}


def _bounded(query: Select[Event]) -> Select[Event]:
    # Urgent ones first, then the oldest: what is cut off at 300 is the least pressing.
    return query.order_by(Event.urgency.desc(), Event.called_at, Event.id).limit(MOST)


def _count(uow: UnitOfWork, query: Select[Event]) -> int:
    some = query.with_only_columns(Event.id).limit(1000).subquery()
    return uow.session.scalar(select(func.count()).select_from(some)) or 0


def _mine(by: Principal) -> Select[Event]:
    """What one leads, or has a part or a whistle to answer in."""
    staff_id, own = access.by_id(by), access.departments(by)
    holds = [Subtask.staff_id == staff_id, Subtask.taken_by == staff_id]
    if own:
        holds.append(and_(Subtask.department_id.in_(own), Subtask.taken_by.is_(None)))
    tasks = select(Subtask.event_id).where(or_(*holds), Subtask.state.in_(rules.SUBTASK_OPEN))
    led = aliased(Event)
    # As one list of ids: an OR across tables would look at every open event.
    parts = [select(led.id).where(led.is_open, led.lead_id == staff_id), tasks]
    if own:
        parts.append(
            select(Whistle.event_id).where(
                Whistle.department_id.in_(own), Whistle.state.in_(rules.WHISTLE_OPEN)
            )
        )
    waiting = Event.state.in_((rules.ASSIGNED, *rules.AT_WORK))
    # These states are open ones: saying so would mislead the planner, who takes it for a second
    # condition and expects a fiftieth of the rows.
    return select(Event).where(waiting, Event.id.in_(union_all(*parts)))


def _overdue(uow: UnitOfWork, by: Principal) -> Select[Event]:
    late = select(EventClock.event_id).where(
        EventClock.stopped_at.is_(None), EventClock.paused_at.is_(None), EventClock.due_at < uow.now
    )
    return _mine(by).where(Event.id.in_(late))


def _to_verify(uow: UnitOfWork, by: Principal) -> Select[Event]:
    """Disposed of by somebody else in one's own cells; one with no hand in it verifies."""
    staff_id = access.by_id(by)
    cells: set[UUID] = ports.duty_cells(uow, staff_id)
    streets = by.scope_ids("events.handle", "street") or set()
    own = access.departments(by)
    holds = [Subtask.staff_id == staff_id, Subtask.taken_by == staff_id]
    if own:
        holds.append(Subtask.department_id.in_(own))
    worked = select(Subtask.event_id).where(
        or_(*holds), Subtask.state.in_((*rules.SUBTASK_OPEN, rules.DONE))
    )
    return select(Event).where(
        Event.state == rules.DISPOSED,
        Event.is_open,
        Event.street_id.in_(streets),
        Event.cell_id.in_(cells),
        Event.lead_id != staff_id,
        Event.disposer_id != staff_id,
        Event.id.not_in(worked),
    )
