"""What the hotline asks of dispatch: kinds, dangers, events beside a ticket or of a caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import (
    access,
    card_view,
    emergency_rules,
    moves,
    reporting,
    rules,
)
from backend.domains.dispatch.model import Event, EventCaller
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.dispatch.similar import alike_in, similar
from backend.kernel.uow import UnitOfWork

_MOST = 20


@dataclass(frozen=True, slots=True)
class EventBrief:
    """An event in one line; a confidential one without its title."""

    id: UUID
    number: str
    title: str
    state: str
    state_text: str
    open: bool
    called_at: datetime
    distance_m: int | None = None


def suggested_kinds(uow: UnitOfWork, words: str) -> list[dict[str, Any]]:
    """At most three categories the words speak for: code, name, parent_name, sure (0 … 1)."""
    return reporting.suggested_kinds(uow, words)


def category_names(uow: UnitOfWork, codes: Iterable[str]) -> dict[str, str]:
    """Names of categories by code; unknown codes are left out."""
    return card_view.category_names(uow, codes)


def category_codes(uow: UnitOfWork) -> set[str]:
    """Every category there is, groups and those not in use too."""
    return set(uow.session.scalars(select(EventCategory.code)))


def danger(words: str) -> dict[str, Any] | None:
    """Whom to call at once where the words tell of danger; None where they do not."""
    return reporting.danger(emergency_rules.guidance(words))


def events_of_person(uow: UnitOfWork, person_id: UUID) -> list[EventBrief]:
    """The open events a person waits for, the newest first, at most 20."""
    rows = uow.session.scalars(
        select(Event)
        .join(EventCaller, EventCaller.event_id == Event.id)
        .where(EventCaller.person_id == person_id, Event.is_open)
        .order_by(Event.called_at.desc(), Event.id.desc())
        .limit(_MOST)
    )
    return [_brief(row) for row in rows]


def event_briefs(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, EventBrief]:
    """Events by id; unknown ids are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = uow.session.scalars(select(Event).where(Event.id.in_(wanted)))
    return {row.id: _brief(row) for row in rows}


def event_by_number(uow: UnitOfWork, number: str) -> EventBrief | None:
    """The event with this number; None where there is none."""
    row = uow.session.scalar(select(Event).where(Event.number == number))
    return _brief(row) if row else None


def ticket_tied(uow: UnitOfWork, event_number: str, ticket_number: str) -> None:
    """Note on the event that a 12345 ticket goes with it."""
    event_id = uow.session.scalar(select(Event.id).where(Event.number == event_number))
    if event_id is not None:
        event = access.locked(uow, event_id)
        moves.note(uow, event, "tie", internal=f"关联12345工单 {ticket_number}")


def events_near(
    uow: UnitOfWork, *, latitude: float | None, longitude: float | None, words: str
) -> list[EventBrief]:
    """Open events within 500 m that may be the same, the likeliest first; confidential ones not."""
    found = similar(uow, latitude=latitude, longitude=longitude, words=words)
    return [_brief(one.event, one.distance_m) for one in found if not one.event.confidential]


def events_alike(uow: UnitOfWork, street_id: UUID, words: str) -> list[EventBrief]:
    """Open events of a street that may be the same, the likeliest first; confidential ones not."""
    return [_brief(one) for one in alike_in(uow, street_id, words) if not one.confidential]


def _brief(event: Event, distance_m: int | None = None) -> EventBrief:
    return EventBrief(
        id=event.id,
        number=event.number,
        title="（要求保密）" if event.confidential else event.title,
        state=event.state,
        state_text=rules.STATE_TEXT[event.state],
        open=bool(event.is_open),
        called_at=event.called_at,
        distance_m=distance_m,
    )
