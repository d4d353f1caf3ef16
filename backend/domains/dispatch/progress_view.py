"""Calls on the progress page: where each stands, and whose trace tells its steps."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import resident_words
from backend.domains.dispatch.model import Event, EventCaller
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


def matters(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """By caller's id (which the receipt is for): the state of the event waited for.

    `trace` names the event (or what it was merged into): its steps are those of all who called.
    """
    calls = list(uow.session.scalars(select(EventCaller).where(EventCaller.id.in_(list(ids)))))
    events = _by_id(uow, {call.event_id for call in calls})
    parents = _by_id(uow, {row.parent_id for row in events.values() if row.parent_id})
    found = {}
    for call in calls:
        event = events[call.event_id]
        now = parents[event.parent_id] if event.parent_id else event
        found[call.id] = {
            "kind_text": "反映事项",
            "state_text": resident_words.state_text(event, now),
            "next_text": resident_words.next_text(event, now),
            "open": now.is_open,
            "trace": Subject("event", now.id),
        }
    return found


def _by_id(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Event]:
    rows = uow.session.scalars(select(Event).where(Event.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}
