"""An event as one of its callers sees it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from backend.domains.dispatch import (
    access,
    actions,
    attachments,
    card_view,
    detail_view,
    ports,
    resident_words,
    rules,
)
from backend.domains.dispatch.model import Event, EventCaller, EventFile
from backend.domains.organisation import service as organisation
from backend.kernel import receipts
from backend.kernel.files import Served
from backend.kernel.receipts import ReceiptRow
from backend.kernel.trace import TraceEntry
from backend.kernel.uow import UnitOfWork

RESULT_ROLES = ("before", "after")


def query_mine(person_id: UUID, open_: bool | None) -> Select[EventCaller]:
    """The person's calls; a merged one is as open as what it was merged into."""
    query = select(EventCaller).where(EventCaller.person_id == person_id)
    if open_ is not None:
        parent = aliased(Event)
        query = (
            query.join(Event, Event.id == EventCaller.event_id)
            .outerjoin(parent, parent.id == Event.parent_id)
            .where(func.coalesce(parent.is_open, Event.is_open).is_(open_))
        )
    return query


def cards(uow: UnitOfWork, calls: Sequence[EventCaller]) -> list[dict[str, Any]]:
    """Rows of the own list."""
    own = _by_id(uow, {call.event_id for call in calls})
    parents = _by_id(uow, {row.parent_id for row in own.values() if row.parent_id})
    numbers = _numbers(uow, calls)
    names = card_view.category_names(uow, {row.category_code for row in own.values()})
    photos = _own_photos(uow, calls)
    found = []
    for call in calls:
        event = own[call.event_id]
        now = parents[event.parent_id] if event.parent_id else event
        file_id = photos.get((call.event_id, call.person_id))
        url = f"{card_view.RESIDENT}/{event.id}/files/{file_id}?size=small" if file_id else None
        found.append(
            {
                "id": event.id,
                "number": numbers.get(call.id, ""),
                "title": event.title
                if call.kind == "first"
                else names.get(event.category_code, ""),
                "category": {
                    "code": event.category_code,
                    "name": names.get(event.category_code, card_view.OTHER_TEXT),
                },
                "state": now.state,
                "state_text": resident_words.state_text(event, now),
                "next_text": resident_words.next_text(event, now),
                "address": event.address,
                "called_at": call.joined_at,
                "callers_count": now.callers_count,
                "photo_url": url,
                "can": actions.of_caller(
                    uow, now, rated=call.score is not None, own_event_id=call.event_id
                ),
            }
        )
    return found


def show(uow: UnitOfWork, person_id: UUID, event_id: UUID) -> dict[str, Any]:
    """The person's own call with everything about it; anybody else's is `NotFound`."""
    before = access.enter_caller(uow, person_id, event_id, lock=False)
    call, now = before.caller, before.event
    event = uow.session.get_one(Event, call.event_id)
    ids = list(dict.fromkeys([event.id, now.id]))
    files = [row for one in ids for row in detail_view.files_of(uow, one)]
    mine = [row for row in files if row.by == person_id]
    pictures = [row for row in mine if row.role != "voice"]
    results = [row for row in files if row.role in RESULT_ROLES] if now.disposed_at else []
    note = next((row for row in mine if row.role == "voice"), None)
    first = call.kind == "first"
    card = cards(uow, [call])[0]
    return {
        **card,
        **card_view.place(event.latitude, event.longitude),
        "query_code": receipts.query_code(uow.services, card["number"]),
        "due_text": resident_words.due_text(now, card_view.running_clocks(uow, [now.id])[now.id]),
        "words": f"{event.words if first else ''}\n{call.words}".strip(),
        "voice": attachments.voice(uow, note, card_view.RESIDENT, event.id),
        "confidential": event.confidential,
        "photos": _photos(pictures, event.id),
        "result_photos": _photos(results, event.id),
        "public_result": now.public_result if now.disposed_at else "",
        "handler_text": _handler(uow, now),
        "rating": {"score": call.score, "comment": call.comment} if call.score else None,
        "timeline": _timeline(uow, ids, [*pictures, *results], event.id),
    }


def served(uow: UnitOfWork, person_id: UUID, event_id: UUID, file_id: UUID, size: str) -> Served:
    """A file of an own call: what one sent, and the pictures of the result once it is there."""
    before = access.enter_caller(uow, person_id, event_id, lock=False)
    seen = EventFile.by == person_id
    if before.event.disposed_at is not None:
        seen = or_(seen, EventFile.role.in_(RESULT_ROLES))
    ids = {before.caller.event_id, before.event.id}
    return attachments.of_events(uow, ids, file_id, size, seen)


def timeline_entries(uow: UnitOfWork, ids: Sequence[UUID]) -> list[TraceEntry]:
    """What callers may read of these events' traces, the newest first."""
    rows = uow.session.scalars(
        select(TraceEntry)
        .where(
            TraceEntry.subject_kind == "event",
            TraceEntry.subject_id.in_(ids),
            TraceEntry.public_text != "",
        )
        .order_by(TraceEntry.at.desc(), TraceEntry.seq.desc())
    )
    return list(rows)


def line(entry: TraceEntry) -> dict[str, Any]:
    """One line for callers; who did it is told by the office, not by name."""
    text = {"person": "反映人", "staff": "工作人员"}.get(entry.actor_kind, "系统")
    return {"at": entry.at, "action": entry.action, "text": entry.public_text, "actor_text": text}


def _timeline(
    uow: UnitOfWork, ids: Sequence[UUID], pictures: Sequence[EventFile], event_id: UUID
) -> list[dict[str, Any]]:
    entries = timeline_entries(uow, ids)
    found = []
    for one in entries:
        own = [entry for entry in entries if entry.subject_id == one.subject_id]
        shown = detail_view.with_photos(
            own, [row for row in pictures if row.event_id == one.subject_id]
        )
        found.append({**line(one), "photos": _photos(shown.get(one.seq, []), event_id)})
    return found


def _photos(rows: Sequence[EventFile], event_id: UUID) -> list[dict[str, Any]]:
    return [attachments.photo(row, card_view.RESIDENT, event_id) for row in rows]


def _by_id(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Event]:
    if not ids:
        return {}
    return {row.id: row for row in uow.session.scalars(select(Event).where(Event.id.in_(ids)))}


def _numbers(uow: UnitOfWork, calls: Sequence[EventCaller]) -> dict[UUID, str]:
    rows = uow.session.execute(
        select(ReceiptRow.subject_id, ReceiptRow.number).where(
            ReceiptRow.kind == "event", ReceiptRow.subject_id.in_([call.id for call in calls])
        )
    )
    return {row.subject_id: row.number for row in rows}


def _own_photos(
    uow: UnitOfWork, calls: Sequence[EventCaller]
) -> dict[tuple[UUID, UUID | None], UUID]:
    rows = uow.session.execute(
        select(EventFile.event_id, EventFile.by, EventFile.file_id)
        .where(
            EventFile.event_id.in_([call.event_id for call in calls]),
            EventFile.by.in_([call.person_id for call in calls]),
            EventFile.role == "report",
        )
        .order_by(EventFile.at.desc(), EventFile.file_id.desc())
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _handler(uow: UnitOfWork, event: Event) -> str:
    """Who is at it: office and name of a public servant."""
    if event.lead_id is None:
        return f"已通知{rules.LEVEL_TEXT[event.level]}" if event.is_open else ""
    card = ports.staff(uow, [event.lead_id]).get(event.lead_id)
    streets = organisation.place_names(uow, "street")
    street = streets.get(event.street_id, "") if event.street_id else ""
    return f"{street}{card.role_text} {card.name}" if card else street
