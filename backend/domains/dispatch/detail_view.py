"""One event with everything about it, as staff see it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import select

from backend.domains.dispatch import (
    access,
    attachments,
    caller_view,
    card_view,
    categories,
    clock_rules,
    rules,
    similar,
    work_view,
)
from backend.domains.dispatch.access import Viewer
from backend.domains.dispatch.model import Event, EventClock, EventFile
from backend.kernel import trace
from backend.kernel.clocks import light_of
from backend.kernel.trace import Subject, TraceEntry
from backend.kernel.uow import UnitOfWork

_SHOWN_WITH = {
    "report": ("call", "join"), "before": ("call", "dispose"), "after": ("dispose",),
    "result": ("dispose",), "note": ("note",), "verify": ("verify", "send_back"),
    "voice": ("call",),
}  # fmt: skip
_WHO = {"person": "反映人", "system": "系统", "public": "访客"}


def show(uow: UnitOfWork, viewer: Viewer, base: str) -> dict[str, Any]:
    """The event, and what this viewer may do; `base` is where the viewer's files are."""
    event = viewer.event
    files = files_of(uow, event.id)
    pictures = [row for row in files if row.role != "voice"]
    kind = categories.read(uow, event.category_code)
    clocks = _clocks(uow, event.id)
    card = card_view.cards(uow, [event], base=base)[0]
    return {
        **card,
        "mine": mine(viewer),
        "words": event.words,
        "confidential": event.confidential,
        "voice": voice_of(uow, files, base),
        "photos": [attachments.photo(row, base) for row in pictures],
        "before_photo": kind.before_photo,
        "after_photo": kind.after_photo,
        "result": event.result,
        "public_result": event.public_result,
        "visit_at": event.visit_at,
        "ticket_number": event.ticket_number,
        "external_number": event.external_number or None,
        "callers": caller_view.callers(uow, viewer),
        "subtasks": work_view.subtasks(uow, viewer, clocks, pictures, base),
        "whistles": work_view.whistles(uow, viewer, clocks),
        "requests": work_view.requests(uow, viewer),
        "orders": work_view.orders(uow, viewer),
        "clocks": [_clock(clock, uow) for clock in clocks],
        "duplicates": _alike(uow, event, base),
        "parent": _brief(uow.session.get(Event, event.parent_id)) if event.parent_id else None,
        "children": [_brief(child) for child in _children(uow, event.id)],
        "timeline": _timeline(uow, event, pictures, base),
        "navigation_url": navigation_url(event),
        "can": _can(uow, viewer),
    }


def _can(uow: UnitOfWork, viewer: Viewer) -> list[str]:
    """The viewer's actions; a correction is three of them in addresses."""
    found = access.can(uow, viewer.by, viewer.event)
    return [*found, "urgency", "category", "place"] if "correct" in found else found


def mine(viewer: Viewer) -> str | None:
    """The viewer's weightiest part."""
    parts = (
        (rules.LEAD, "lead"), (rules.DEPARTMENT, "department"), (rules.CO, "co"),
        (rules.CANDIDATE, "candidate"), (rules.VERIFIER, "verify"),
    )  # fmt: skip
    return next((text for part, text in parts if viewer.plays(part)), None)


def files_of(uow: UnitOfWork, event_id: UUID) -> list[EventFile]:
    """All files of an event, the oldest first."""
    query = select(EventFile).where(EventFile.event_id == event_id)
    return list(uow.session.scalars(query.order_by(EventFile.at, EventFile.file_id)))


def voice_of(uow: UnitOfWork, files: Sequence[EventFile], base: str) -> dict[str, Any] | None:
    """The voice note of a call."""
    note = next((row for row in files if row.role == "voice"), None)
    return attachments.voice(uow, note, base)


def navigation_url(event: Event) -> str:
    """A link that opens the phone's map with the way there; empty without a place."""
    if event.latitude is None or event.longitude is None:
        return ""
    at = card_view.place(event.latitude, event.longitude)["gcj02"]
    name = quote(event.address or event.title, safe="")
    to = f"{at['longitude']},{at['latitude']},{name}"
    return f"https://uri.amap.com/navigation?to={to}&mode=walk&coordinate=gaode&callnative=1"


def _clocks(uow: UnitOfWork, event_id: UUID) -> list[EventClock]:
    query = select(EventClock).where(EventClock.event_id == event_id)
    return list(uow.session.scalars(query.order_by(EventClock.started_at, EventClock.id)))


def _clock(clock: EventClock, uow: UnitOfWork) -> dict[str, Any]:
    paused = clock.paused_seconds
    if clock.paused_at is not None:
        paused += round((uow.now - clock.paused_at).total_seconds())
    return {
        "kind": clock.kind,
        "kind_text": clock_rules.KIND_TEXT[clock.kind],
        "state_text": _clock_text(clock),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "stopped_at": clock.stopped_at,
        "light": light_of(clock, uow.now),
        "paused_minutes": max(0, paused // 60),
    }


def _clock_text(clock: EventClock) -> str:
    if clock.paused_at is not None:
        return "挂账暂停"
    if clock.stopped_at is None:
        return "已超时" if clock.outcome == "overdue" else "计时中"
    return {"met": "按时完成", "overdue": "超时完成"}.get(clock.outcome, "已取消")


def _alike(uow: UnitOfWork, event: Event, base: str) -> list[dict[str, Any]]:
    """Open events nearby that tell of the same, as cards with their distance."""
    if not event.is_open or event.latitude is None or event.longitude is None:
        return []
    found = similar.similar(
        uow, latitude=event.latitude, longitude=event.longitude, words=event.words,
        category_code=event.category_code, limit=6,
    )  # fmt: skip
    others = [one for one in found if one.event.id != event.id][:5]
    cards = card_view.cards(uow, [one.event for one in others], base=base)
    return [
        {**card, "distance_m": round(one.distance_m)}
        for card, one in zip(cards, others, strict=True)
    ]


def _children(uow: UnitOfWork, event_id: UUID) -> Sequence[Event]:
    query = select(Event).where(Event.parent_id == event_id).order_by(Event.called_at)
    return list(uow.session.scalars(query.limit(600)))


def _brief(event: Event | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {
        "id": event.id,
        "number": event.number,
        "title": event.title,
        "state_text": rules.STATE_TEXT[event.state],
    }


def _timeline(
    uow: UnitOfWork, event: Event, pictures: Sequence[EventFile], base: str
) -> list[dict[str, Any]]:
    entries = trace.entries(uow.session, Subject("event", event.id))
    shown = with_photos(entries, pictures)
    return [
        {
            "at": entry.at,
            "action": entry.action,
            "action_text": rules.ACTION_TEXT.get(entry.action, entry.action),
            "actor_name": entry.actor_name or _WHO.get(entry.actor_kind, "系统"),
            "role_text": entry.actor_role,
            "text": entry.public_text,
            "internal_text": _internal(entry),
            "photos": [attachments.photo(row, base) for row in shown.get(entry.seq, [])],
        }
        for entry in reversed(entries)
    ]


def _internal(entry: TraceEntry) -> str:
    parts = [entry.internal_text, entry.reason]
    return "；".join(dict.fromkeys(part for part in parts if part))


def with_photos(
    entries: Sequence[TraceEntry], pictures: Sequence[EventFile]
) -> dict[int, list[EventFile]]:
    """The pictures that came with each entry, by its sequence: written at the same moment."""
    found: dict[int, list[EventFile]] = {}
    for row in pictures:
        same = [entry for entry in entries if entry.at == row.at]
        fitting = [one for one in same if one.action in _SHOWN_WITH.get(row.role, ())]
        for entry in (fitting or same)[:1]:
            found.setdefault(entry.seq, []).append(row)
    return found
