"""An appointment as its owner sees it."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appointments import views
from appointments.booking import Booking
from appointments.model import Appointment, Hall, Rating, Window
from appointments.rules import (
    AT_WINDOW,
    ENDS,
    RATING_DAYS,
    State,
    cancel_deadline,
    local_midnight,
    may_cancel,
    reschedules_left,
)
from appointments.tokens import sign
from appointments.video_rules import CHANNEL as VIDEO
from backend.domains.appointments import company, desk, qr, video_view, wording
from backend.kernel import receipts
from backend.kernel.receipts import ReceiptRow
from backend.kernel.services import Services
from backend.kernel.trace import TraceEntry
from backend.kernel.uow import UnitOfWork

ACTOR_TEXT = {"person": "本人", "staff": "工作人员", "kiosk": "自助机", "system": "系统"}
_QUEUED = frozenset({State.CHECKED_IN, State.SKIPPED, State.PARKED}) | AT_WINDOW


def qr_key(services: Services) -> bytes:
    """The key that signs check-in codes."""
    return services.privacy.sign("check-in", "appointment-qr")


def qr_token(services: Services, appointment: Appointment) -> str:
    """The signed word in the QR code; it ends when the booked day does."""
    expires = local_midnight(appointment.day + timedelta(days=1))
    return sign(qr_key(services), appointment.id, appointment.qr_nonce, expires)


def receipt_numbers(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Receipt numbers by appointment."""
    rows = uow.session.execute(
        select(ReceiptRow.subject_id, ReceiptRow.number).where(
            ReceiptRow.kind == desk.KIND, ReceiptRow.subject_id.in_(list(ids))
        )
    )
    return {row.subject_id: row.number for row in rows}


def one(uow: UnitOfWork, appointment: Appointment) -> dict[str, Any]:
    """The answer for one appointment."""
    return many(uow, [appointment])[0]


def fresh(uow: UnitOfWork, made: Booking, number: str, entry: TraceEntry) -> dict[str, Any]:
    """The answer for a booking just made, from what is at hand: no queries."""
    return _shown(
        uow,
        made.appointment,
        made.hall,
        window=None,
        number=number,
        rating=None,
        lines=[_line(entry, made.appointment)],
        others=_others(uow, made.appointment),
        video=video_view.shown(uow, made.appointment, made.hall.policy, None),
    )


def _others(uow: UnitOfWork, row: Appointment) -> dict[str, Any]:
    if row.agent_key is None and row.visit_id is None:
        return company.ALONE
    return company.of(uow, [row])[row.id]


def many(uow: UnitOfWork, rows: Sequence[Appointment]) -> list[dict[str, Any]]:
    """Answers for several, with a fixed number of queries (but one more for each that waits)."""
    ids = [row.id for row in rows]
    halls = _by_id(uow, Hall, {row.hall_id for row in rows})
    windows = _by_id(uow, Window, {row.window_id for row in rows if row.window_id})
    numbers = receipt_numbers(uow, ids)
    ratings = views.ratings(uow.session, ids)
    lines = timelines(uow, rows)
    others = company.of(uow, rows)
    rooms = video_view.rooms(uow, rows)
    return [
        _shown(
            uow,
            row,
            halls[row.hall_id],
            window=windows.get(row.window_id) if row.window_id else None,
            number=numbers.get(row.id, ""),
            rating=ratings.get(row.id),
            lines=lines.get(row.id, []),
            others=others[row.id],
            video=video_view.shown(uow, row, halls[row.hall_id].policy, rooms.get(row.id)),
        )
        for row in rows
    ]


def _by_id(uow: UnitOfWork, table: Any, ids: set[UUID]) -> dict[UUID, Any]:
    if not ids:
        return {}
    return {row.id: row for row in uow.session.scalars(select(table).where(table.id.in_(ids)))}


def _shown(
    uow: UnitOfWork,
    row: Appointment,
    hall: Hall,
    *,
    window: Window | None,
    number: str,
    rating: Rating | None,
    lines: list[dict[str, Any]],
    others: dict[str, Any],
    video: dict[str, Any] | None,
) -> dict[str, Any]:
    state = State(row.state)
    fact = row.fact(hall.policy)
    moves_left = reschedules_left(row.rescheduled)
    queue = _queue(uow, row, window)
    token = qr_token(uow.services, row) if state is State.BOOKED else None
    rateable = row.finished_at and uow.now <= row.finished_at + timedelta(days=RATING_DAYS)
    return {
        "id": row.id,
        "receipt_number": number,
        "query_code": receipts.query_code(uow.services, number),
        "state": state.value,
        "state_text": _state_text(row),
        "next_text": _next_text(row, hall, queue, opened=bool(video and video["join_url"])),
        "item": {"id": row.item_key, "name": row.details["item_name"]},
        "hall": {
            "id": hall.id,
            "name": hall.name,
            "address": hall.address,
            "floor": hall.floor,
        },
        "start": row.start_at,
        "end": row.end_at,
        "can_cancel": may_cancel(fact, uow.now),
        "cancel_deadline": cancel_deadline(fact),
        "channel": row.channel,
        "source": row.source,
        "video": video,
        "can_reschedule": may_cancel(fact, uow.now) and moves_left > 0,
        "reschedules_left": moves_left,
        **others,
        "check_in_code": row.check_in_code,
        "qr_token": token,
        "qr_image": qr.image(token) if token else None,
        "materials": row.details.get("materials", []),
        "queue": queue,
        "can_rate": bool(state is State.FINISHED and rateable and rating is None),
        "rating": {"score": rating.score, "comment": rating.comment} if rating else None,
        "timeline": lines,
        "etag": _etag(row, queue, rating, video),
    }


def _queue(uow: UnitOfWork, row: Appointment, window: Window | None) -> dict[str, Any] | None:
    state = State(row.state)
    if state not in _QUEUED:
        return None
    waiting = state is State.CHECKED_IN
    place = views.position(uow.session, row) if waiting else None
    at_window = state in AT_WINDOW or state is State.PARKED
    return {
        "ticket_no": row.ticket_no,
        "ahead": place.ahead if place else 0,
        "wait_minutes": place.wait_minutes if place else None,
        "window_number": window.number if window and at_window else None,
        "called_at": row.called_at if at_window else None,
    }


def _state_text(row: Appointment) -> str:
    state = State(row.state)
    if row.channel == VIDEO:
        return wording.video_state_text(state)
    return wording.STATE_TEXT[state]


def _next_text(
    row: Appointment, hall: Hall, queue: dict[str, Any] | None, *, opened: bool = False
) -> str:
    known = queue or {}
    if row.channel == VIDEO:
        return wording.video_next_text(
            State(row.state),
            row.start_at,
            opened=opened,
            ahead=known.get("ahead") or 0,
            wait_minutes=known.get("wait_minutes"),
        )
    return wording.next_text(
        State(row.state),
        row.start_at,
        hall.name,
        ahead=known.get("ahead"),
        wait_minutes=known.get("wait_minutes"),
        window_number=known.get("window_number"),
    )


def _etag(
    row: Appointment,
    queue: dict[str, Any] | None,
    rating: Rating | None,
    video: dict[str, Any] | None,
) -> str:
    seen = (row.id, row.version, row.call_count, queue, rating is not None, video)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]


def timelines(
    uow: UnitOfWork, appointments: Sequence[Appointment]
) -> dict[UUID, list[dict[str, Any]]]:
    """The public lines of each appointment's trace, newest first."""
    of = {row.id: row for row in appointments}
    rows = uow.session.scalars(
        select(TraceEntry)
        .where(TraceEntry.subject_kind == desk.KIND, TraceEntry.subject_id.in_(of))
        .order_by(TraceEntry.seq.desc())
    )
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        if row.public_text:
            line = _line(row, of[row.subject_id])
            found.setdefault(row.subject_id, []).append(line)
    return found


def _line(entry: TraceEntry, of: Appointment) -> dict[str, Any]:
    acted = entry.actor_id is not None and entry.actor_id == of.agent_key
    return {
        "at": entry.at,
        "action": entry.action,
        "text": entry.public_text,
        "actor_text": "代办人" if acted else ACTOR_TEXT.get(entry.actor_kind, "系统"),
    }


def matters(uow: UnitOfWork, rows: Sequence[Appointment]) -> dict[UUID, dict[str, Any]]:
    """What the progress page says of these appointments."""
    halls = _by_id(uow, Hall, {row.hall_id for row in rows})
    windows = _by_id(uow, Window, {row.window_id for row in rows if row.window_id})
    found = {}
    for row in rows:
        window = windows.get(row.window_id) if row.window_id else None
        queue = _queue(uow, row, window)
        found[row.id] = {
            "kind_text": "窗口预约",
            "state_text": _state_text(row),
            "next_text": _next_text(row, halls[row.hall_id], queue),
            "open": State(row.state) not in ENDS,
        }
    return found
