"""From what happened to an appointment to what its owner is told, in the same transaction."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from backend.domains.appointments.events import (
    AppointmentBooked,
    AppointmentCalled,
    AppointmentCancelled,
    AppointmentCheckedIn,
    AppointmentEvent,
    AppointmentFinished,
    AppointmentNoShow,
    AppointmentRescheduled,
    AppointmentSkipped,
    AppointmentStarted,
    VideoRoomOpened,
)
from backend.domains.messages import kinds, kinds_video, service
from backend.domains.messages.kinds import KINDS
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.fitting import cut
from notifications.outbox import Draft
from notifications.rules import day_before, still_ahead

_HOURS_BEFORE = timedelta(hours=2)
_MOST_REASON = 60


def subscribe(events: EventBus) -> None:
    """Hear of everything that residents are told about."""
    events.subscribe(AppointmentBooked, on_booked)
    events.subscribe(AppointmentCancelled, on_cancelled)
    events.subscribe(AppointmentRescheduled, on_rescheduled)
    events.subscribe(AppointmentCheckedIn, on_checked_in)
    events.subscribe(AppointmentCalled, on_called)
    events.subscribe(VideoRoomOpened, on_room_opened)
    events.subscribe(AppointmentSkipped, on_call_over)
    events.subscribe(AppointmentStarted, on_call_over)
    events.subscribe(AppointmentFinished, on_finished)
    events.subscribe(AppointmentNoShow, on_no_show)


def on_booked(uow: UnitOfWork, event: AppointmentBooked) -> None:
    """Confirm, and lay the reminders ready; one whose moment has passed is left out."""
    drafts = [_draft(uow, event, "appointment_booked", expires_at=event.start)]
    _write(uow, event, [*drafts, *_reminders(uow, event)])


def _reminders(uow: UnitOfWork, event: AppointmentEvent, again: str = "") -> list[Draft]:
    drafts = []
    evening = still_ahead(day_before(event.start), uow.now)
    shortly = event.start - _HOURS_BEFORE
    if evening:
        kind = "appointment_reminder_day"
        drafts.append(_draft(uow, event, kind, not_before=evening, expires_at=shortly, again=again))
    if still_ahead(shortly, uow.now):
        kind = "appointment_reminder_hours"
        draft = _draft(uow, event, kind, not_before=shortly, expires_at=event.start, again=again)
        drafts.append(draft)
    return drafts


def on_rescheduled(uow: UnitOfWork, event: AppointmentRescheduled) -> None:
    """Say the new time, take back what named the old one, and lay new reminders ready."""
    _stop(uow, event, *kinds.UPCOMING)
    again = _moment(uow)
    kind = "appointment_rescheduled"
    told = _draft(uow, event, kind, expires_at=event.start, again=again)
    _write(uow, event, [told, *_reminders(uow, event, again)])


def _moment(uow: UnitOfWork) -> str:
    return f"{uow.now:%Y%m%d%H%M%S%f}"


def on_cancelled(uow: UnitOfWork, event: AppointmentCancelled) -> None:
    """Take back what no longer holds. Who cancelled it herself reads it in the inbox alone."""
    _stop(uow, event, *kinds.UPCOMING, *kinds.CALLS)
    by_herself = event.by == "resident"
    _send(uow, event, "appointment_cancelled", ladder=() if by_herself else None)


def on_checked_in(uow: UnitOfWork, event: AppointmentCheckedIn) -> None:
    """She is there: no reminder."""
    _stop(uow, event, *kinds.REMINDERS)


def on_called(uow: UnitOfWork, event: AppointmentCalled) -> None:
    """Each further call is told again, and replaces the one before where that still waits.

    By video it is the open room that calls: before that there is nowhere to go.
    """
    if not event.video:
        _stop(uow, event, kinds.CALL)
        _send(uow, event, kinds.CALL, again=_moment(uow))


def on_room_opened(uow: UnitOfWork, event: AppointmentEvent) -> None:
    """The clerk is in the room: come now."""
    _stop(uow, event, kinds_video.OPENED.key)
    _send(uow, event, kinds_video.OPENED.key, again=_moment(uow))


def on_call_over(uow: UnitOfWork, event: AppointmentEvent) -> None:
    """At the window, or passed over: the call no longer holds."""
    _stop(uow, event, *kinds.CALLS)


def on_finished(uow: UnitOfWork, event: AppointmentFinished) -> None:
    """Ask how it was."""
    _stop(uow, event, *kinds.UPCOMING, *kinds.CALLS)
    _send(uow, event, "appointment_finished")


def on_no_show(uow: UnitOfWork, event: AppointmentNoShow) -> None:
    """Say so, and how to book anew."""
    _stop(uow, event, *kinds.UPCOMING, *kinds.CALLS)
    _send(uow, event, "appointment_no_show")


def _send(
    uow: UnitOfWork,
    event: AppointmentEvent,
    kind: str,
    *,
    ladder: tuple[str, ...] | None = None,
    again: str = "",
) -> None:
    _write(uow, event, [_draft(uow, event, kind, ladder=ladder, again=again)])


def _draft(
    uow: UnitOfWork,
    event: AppointmentEvent,
    kind: str,
    *,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    ladder: tuple[str, ...] | None = None,
    again: str = "",
) -> Draft:
    if event.video:
        kind = kinds_video.INSTEAD.get(kind, kind)
    found = KINDS[kind]
    allowed = not found.grace or service.may_send(uow, event.person_id, found.template_key)
    return Draft(
        found,
        dedupe_key=f"{kind}:{event.appointment_id}:{again}".rstrip(":"),
        not_before=not_before,
        expires_at=expires_at,
        ladder=ladder,
        hold=timedelta() if allowed else found.grace,
    )


def _write(uow: UnitOfWork, event: AppointmentEvent, drafts: list[Draft]) -> None:
    """To the person, and the same to whoever booked for her: he is the one who goes."""
    people = [(event.person_id, drafts)]
    if event.agent_id is not None:
        again = [replace(one, dedupe_key=f"{one.dedupe_key}:agent") for one in drafts]
        people.append((event.agent_id, again))
    for person, own in people:
        outbox.enqueue_many(
            uow.session,
            uow.now,
            own,
            person_key=person,
            subject=_subject(event),
            values=_values(event),
        )


def _stop(uow: UnitOfWork, event: AppointmentEvent, *keys: str) -> None:
    outbox.cancel(uow.session, _subject(event), keys, uow.now)


def _subject(event: AppointmentEvent) -> Subject:
    return Subject("appointment", event.appointment_id)


def _values(event: AppointmentEvent) -> dict[str, Any]:
    before = {}
    if isinstance(event, AppointmentRescheduled):
        before = {"from_start": event.from_start, "from_hall_name": event.from_hall_name}
    return {
        **before,
        "appointment_id": event.appointment_id,
        "item_name": event.item_name,
        "hall_name": event.hall_name,
        "hall_address": event.hall_address,
        "hall_floor": event.hall_floor,
        "start": event.start,
        "receipt_number": event.receipt_number,
        "ticket_no": event.ticket_no,
        "window_number": event.window_number,
        "reason_text": f"：{cut(event.reason, _MOST_REASON)}" if event.reason else "",
    }
