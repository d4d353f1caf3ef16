"""What anybody may know of events: kind, rough place, where it stands. Never who called, or words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from backend.domains.dispatch import rules, showing
from backend.domains.dispatch.model import Event, EventClock, EventFile
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.grid import service as grid
from backend.domains.organisation import service as organisation
from backend.kernel.trace import TraceEntry
from backend.kernel.uow import UnitOfWork

#: A public place is rounded to this many decimals of a degree, about 100 m.
DECIMALS = 3
# What never was a matter of the street, or goes on elsewhere.
_HIDDEN = (rules.CANCELLED, rules.TRANSFERRED, rules.MERGED, rules.TICKETED)


@dataclass(frozen=True, slots=True)
class PublishedCategory:
    """A category that can be chosen by anybody, with the group it stands in."""

    code: str
    name: str
    hint: str
    group: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """The public part of one event; the place is WGS-84, rounded, and named by its community."""

    id: UUID
    title: str
    category_code: str
    category_name: str
    state_text: str
    open: bool
    street_name: str
    address: str
    latitude: float | None
    longitude: float | None
    called_at: datetime
    updated_at: datetime
    due_at: datetime | None
    result: str
    photo_path: str | None


def categories(uow: UnitOfWork) -> list[PublishedCategory]:
    """Every active public category that is not only a group, in the district's order."""
    rows = uow.session.scalars(
        select(EventCategory).where(EventCategory.active).order_by(EventCategory.position)
    ).all()
    groups = {row.code: row.name for row in rows}
    parents = {row.parent_code for row in rows}
    return [
        PublishedCategory(
            row.code, row.name, row.hint, groups.get(row.parent_code or "", ""),
            tuple(row.keywords),
        )
        for row in rows
        if row.public and row.code not in parents
    ]  # fmt: skip


def events(
    uow: UnitOfWork,
    *,
    ids: Sequence[UUID] | None = None,
    codes: Sequence[str] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    open_: bool | None = None,
    limit: int,
) -> list[PublishedEvent]:
    """Public events, newest first. With `ids` the other conditions are void.

    `open_` asks for open (True) or ended (False) ones; `start` and `end` bound the call.
    """
    query = visible()
    if ids is not None:
        query = query.where(Event.id.in_(ids))
    else:
        if codes:
            query = query.where(Event.category_code.in_(codes))
        if start is not None:
            query = query.where(Event.called_at >= start)
        if end is not None:
            query = query.where(Event.called_at <= end)
        if open_ is not None:
            query = query.where(Event.is_open.is_(open_))
    query = query.order_by(Event.called_at.desc(), Event.id.desc()).limit(limit)
    rows = [(row[0], row[1]) for row in uow.session.execute(query)]
    return _shown(uow, rows)


def visible() -> Select[Event, str]:
    """Events that anybody may know of, each with its category's name."""
    return (
        select(Event, EventCategory.name)
        .join(EventCategory, EventCategory.code == Event.category_code)
        .where(
            EventCategory.public, Event.confidential.is_(False), Event.state.not_in(_HIDDEN)
        )
    )  # fmt: skip


def _shown(uow: UnitOfWork, rows: Sequence[tuple[Event, str]]) -> list[PublishedEvent]:
    ids = [event.id for event, _ in rows]
    updated = _updated(uow, ids)
    due = _due(uow, ids)
    ended = {event.id for event, _ in rows if not event.is_open}
    shown = ended - showing.hidden(uow, ended)
    photos = _photos(uow, list(shown))
    names = grid.area_names(uow, {event.community_id for event, _ in rows})
    streets = organisation.place_names(uow, "street")
    found = []
    for event, category in rows:
        street = streets.get(event.street_id, "") if event.street_id else ""
        community = names.get(event.community_id, "") if event.community_id else ""
        place = f"{street}{community}"
        found.append(
            PublishedEvent(
                id=event.id,
                title=f"{category}（{place}）" if place else category,
                category_code=event.category_code,
                category_name=category,
                state_text=rules.STATE_TEXT[event.state],
                open=event.is_open,
                street_name=street,
                address=place,
                latitude=_rounded(event.latitude),
                longitude=_rounded(event.longitude),
                called_at=event.called_at,
                updated_at=updated.get(event.id, event.called_at),
                due_at=due.get(event.id),
                result=event.public_result if event.id in shown else "",
                photo_path=photos.get(event.id),
            )
        )
    return found


def _updated(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    query = (
        select(TraceEntry.subject_id, func.max(TraceEntry.at))
        .where(TraceEntry.subject_kind == "event", TraceEntry.subject_id.in_(ids))
        .group_by(TraceEntry.subject_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(query)}


def _due(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    query = select(EventClock.event_id, EventClock.due_at).where(
        EventClock.event_id.in_(ids),
        EventClock.kind == "dispose",
        EventClock.stopped_at.is_(None),
        EventClock.due_at.is_not(None),
    )
    return {row.event_id: row.due_at for row in uow.session.execute(query) if row.due_at}


def _photos(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The address of one picture of the result, of events that have ended."""
    query = (
        select(EventFile.event_id, EventFile.file_id)
        .where(EventFile.event_id.in_(ids), EventFile.public, EventFile.role == "after")
        .order_by(EventFile.file_id)
    )
    return {
        row.event_id: f"/api/v1/public/events/{row.event_id}/files/{row.file_id}"
        for row in uow.session.execute(query)
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
