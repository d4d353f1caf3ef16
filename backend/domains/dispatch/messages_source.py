"""Events as messages for the finding of hot issues."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnExpressionArgument, func, or_, select

from backend.domains.dispatch.model import Event, EventCaller
from backend.domains.grid import service as grid
from backend.domains.insight.ports import Message
from backend.domains.organisation import service as organisation
from backend.kernel.uow import UnitOfWork

# Ends that leave the matter itself in the world; what was cancelled or merged is told elsewhere.
_HANDED_ON = ("transferred", "ticketed")


def recent_messages(uow: UnitOfWork, since: datetime, most: int) -> list[Message]:
    """Events open now, closed since then, or called since then and handed on; the newest `most`.

    Confidential events are left out: a list of issues is read by more people than an event.
    """
    found: dict[UUID, Event] = {}
    for condition in (
        Event.is_open,
        (Event.state == "closed") & (Event.closed_at >= since),
        Event.state.in_(_HANDED_ON) & (Event.called_at >= since),
    ):
        found.update({event.id: event for event in _newest(uow, condition, most)})
    events = sorted(found.values(), key=lambda event: (event.called_at, event.id), reverse=True)
    events = events[:most]
    communities = grid.area_names(uow, [event.community_id for event in events])
    streets = {street.id: street.name for street in organisation.streets(uow.session)}
    callers = _callers(uow, [event.id for event in events])
    return [
        Message(
            id=event.id,
            kind="event",
            title=event.title,
            text=event.words,
            at=event.called_at,
            place=_place(event, communities, streets),
            street_id=event.street_id,
            callers=max(event.callers_count, 1),
            who=frozenset(callers.get(event.id, ())),
        )
        for event in events
    ]


def _newest(uow: UnitOfWork, condition: ColumnExpressionArgument[bool], most: int) -> list[Event]:
    query = select(Event).where(condition, Event.confidential.is_(False))
    return list(uow.session.scalars(query.order_by(Event.called_at.desc()).limit(most)))


def _callers(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, set[str]]:
    """Who called about each event or one merged into it, as far as they are known."""
    about = func.coalesce(Event.parent_id, Event.id)
    rows = uow.session.execute(
        select(about, EventCaller.person_id)
        .join(EventCaller, EventCaller.event_id == Event.id)
        .where(or_(Event.id.in_(ids), Event.parent_id.in_(ids)))
    )
    found: dict[UUID, set[str]] = {}
    for event_id, person_id in rows:
        if person_id is not None:
            found.setdefault(event_id, set()).add(person_id.hex)
    return found


def _place(event: Event, communities: dict[UUID, str], streets: dict[UUID, str]) -> str:
    for area, names in ((event.community_id, communities), (event.street_id, streets)):
        if area is not None and area in names:
            return names[area]
    return ""
