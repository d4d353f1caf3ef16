"""What every change of an appointment leaves behind: a trace entry, an event, its timers."""

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from appointments import missed, video
from appointments.booking import Booking
from appointments.model import Appointment, Hall, Window
from appointments.moves import Change, hall_of
from appointments.rules import AT_WINDOW, ENDS, RELEASED, Action, State, check_in_closes
from appointments.schedules import next_check
from appointments.video_rules import CHANNEL as VIDEO
from backend.domains.appointments import events, waiting, wording
from backend.kernel import receipts, timers, trace
from backend.kernel.access import Actor
from backend.kernel.trace import Subject, TraceEntry
from backend.kernel.uow import UnitOfWork

KIND = "appointment"
NO_SHOW_TIMER = "appointment.no_show"
CLOSE_DAY_TIMER = "appointment.close_day"

_EVENTS: dict[Action, type[events.AppointmentEvent]] = {
    Action.CANCEL: events.AppointmentCancelled,
    Action.HALL_CANCEL: events.AppointmentCancelled,
    Action.CHECK_IN: events.AppointmentCheckedIn,
    Action.REQUEUE: events.AppointmentCheckedIn,
    Action.CALL: events.AppointmentCalled,
    Action.RECALL: events.AppointmentCalled,
    Action.SKIP: events.AppointmentSkipped,
    Action.START: events.AppointmentStarted,
    Action.FINISH: events.AppointmentFinished,
    Action.NO_SHOW: events.AppointmentNoShow,
    Action.PARK: events.AppointmentParked,
    Action.TRANSFER: events.AppointmentTransferred,
    Action.RESCHEDULE: events.AppointmentRescheduled,
}
_END_EVENTS: dict[State, type[events.AppointmentEvent]] = {
    State.CANCELLED: events.AppointmentCancelled,
    State.NO_SHOW: events.AppointmentNoShow,
    State.FINISHED: events.AppointmentFinished,
}
_BY = {"person": "resident", "staff": "staff"}


def subject(appointment_id: UUID) -> Subject:
    """What trace entries, receipt and timers of an appointment are filed under."""
    return Subject(KIND, appointment_id)


def window_number(uow: UnitOfWork, appointment: Appointment) -> int | None:
    """The number of the window the appointment was called to."""
    if appointment.window_id is None:
        return None
    return uow.session.get_one(Window, appointment.window_id).number


def booked(uow: UnitOfWork, made: Booking, receipt_number: str) -> TraceEntry:
    """Leave the traces of a fresh booking and arm its no-show timer; answers its trace entry."""
    appointment, hall = made.appointment, made.hall
    entry = trace.record(
        uow,
        subject=subject(appointment.id),
        action="book",
        to_state=appointment.state,
        public_text=wording.booked_text(
            appointment.start_at, hall.name, by_video=appointment.channel == VIDEO
        ),
        first=True,
    )
    closes = check_in_closes(appointment.fact(hall.policy))
    timers.arm(uow, NO_SHOW_TIMER, subject(appointment.id), closes)
    told = _event(
        uow,
        events.AppointmentBooked,
        appointment,
        hall,
        receipt_number=receipt_number,
        actor=uow.actor,
        reason="",
    )
    uow.emit(told)
    return entry


def walked_in(uow: UnitOfWork, change: Change) -> Appointment:
    """Leave the traces of a ticket taken at the door; who is known finds it in her matters."""
    appointment = change.appointment
    timers.arm(uow, CLOSE_DAY_TIMER, subject(appointment.id), next_check(uow.now))
    trace.record(
        uow,
        subject=subject(appointment.id),
        action="walk_in",
        to_state=appointment.state,
        public_text=wording.walked_in_text(appointment.ticket_no),
        first=True,
    )
    if nobody(appointment):
        return appointment
    receipt = receipts.issue(
        uow,
        kind=KIND,
        subject=subject(appointment.id),
        person_id=appointment.person_key,
        title=appointment.details["item_name"],
    )
    told = _event(
        uow,
        events.AppointmentCheckedIn,
        appointment,
        hall_of(uow.session, appointment.hall_id),
        receipt_number=receipt.number,
        actor=uow.actor,
        reason="",
    )
    uow.emit(told)
    return appointment


def entered(uow: UnitOfWork, change: Change) -> Appointment:
    """Leave the traces of a ticket that was given on paper; nobody is told to wait for it now."""
    appointment = change.appointment
    trace.record(
        uow,
        subject=subject(appointment.id),
        action="paper",
        to_state=appointment.state,
        public_text=f"大厅断网时取的纸质号 {appointment.ticket_no}，事后补录",
        first=True,
    )
    if not nobody(appointment):
        receipts.issue(
            uow,
            kind=KIND,
            subject=subject(appointment.id),
            person_id=appointment.person_key,
            title=appointment.details["item_name"],
        )
    return appointment


def nobody(appointment: Appointment) -> bool:
    """Whether the ticket is nobody's in particular: there is no one to tell of it."""
    return appointment.person_key == appointment.id


def changed(
    uow: UnitOfWork,
    change: Change,
    *,
    reason: str = "",
    actor: Actor | None = None,
    more: Mapping[str, object] | None = None,
) -> Appointment:
    """Leave the traces of a change and move the timers; answers the appointment.

    `more` are the facts that only this action's event has.
    """
    appointment = change.appointment
    who = actor or uow.actor
    number = window_number(uow, appointment)
    hall = hall_of(uow.session, appointment.hall_id)
    trace.record(
        uow,
        subject=subject(appointment.id),
        action=change.action.value,
        from_state=change.before,
        to_state=change.after.value,
        reason=reason,
        public_text=wording.trace_text(
            change.action,
            change.after,
            ticket_no=appointment.ticket_no,
            window_number=number,
            reason=reason,
            place=wording.place_text(appointment.start_at, hall.name),
            by_video=appointment.channel == VIDEO,
        ),
        actor=who,
    )
    _move_timers(uow, change)
    if change.after is State.NO_SHOW:
        missed.count(uow.session, appointment, uow.now)
    if change.after in ENDS and appointment.channel == VIDEO:
        video.end(uow.session, appointment.id, uow.now)
    _pass_on(uow, change, more)
    # Who left while the network was gone knows it: she is not told that the hall cancelled.
    if nobody(appointment) or change.action is Action.PAPER_LEAVE:
        return appointment
    kind = _EVENTS.get(change.action) or _END_EVENTS[change.after]
    row = receipts.of_subject(uow, subject(appointment.id))
    number_text = row.number if row else ""
    told = _event(
        uow,
        kind,
        appointment,
        hall,
        receipt_number=number_text,
        actor=who,
        reason=reason,
        more=more,
    )
    uow.emit(told)
    return appointment


def _pass_on(uow: UnitOfWork, change: Change, more: Mapping[str, object] | None) -> None:
    # A place that came free goes to whoever waits for one, before anybody else sees it.
    if change.after in RELEASED:
        waiting.place_freed(uow, change.appointment.slot_id)
    if change.action is Action.RESCHEDULE and more is not None:
        waiting.place_freed(uow, cast(UUID, more["from_slot"]))


def _move_timers(uow: UnitOfWork, change: Change) -> None:
    matter = subject(change.appointment.id)
    if change.before is State.BOOKED:
        timers.disarm(uow, NO_SHOW_TIMER, matter)
    if change.action is Action.RESCHEDULE:
        hall = hall_of(uow.session, change.appointment.hall_id)
        closes = check_in_closes(change.appointment.fact(hall.policy))
        timers.arm(uow, NO_SHOW_TIMER, matter, closes)
    if change.action is Action.CHECK_IN:
        timers.arm(uow, CLOSE_DAY_TIMER, matter, next_check(uow.now))
    if change.after in ENDS:
        timers.disarm(uow, CLOSE_DAY_TIMER, matter)


def _event(
    uow: UnitOfWork,
    kind: type[events.AppointmentEvent],
    appointment: Appointment,
    hall: Hall,
    *,
    receipt_number: str,
    actor: Actor,
    reason: str,
    more: Mapping[str, object] | None = None,
) -> events.AppointmentEvent:
    at_window = State(appointment.state) in AT_WINDOW
    return kind(
        appointment_id=appointment.id,
        person_id=appointment.person_key,
        item_id=appointment.item_key,
        item_name=appointment.details["item_name"],
        hall_id=hall.id,
        hall_name=hall.name,
        hall_address=hall.address,
        hall_floor=hall.floor,
        start=appointment.start_at,
        end=appointment.end_at,
        receipt_number=receipt_number,
        check_in_code=appointment.check_in_code,
        ticket_no=appointment.ticket_no,
        window_number=window_number(uow, appointment) if at_window else None,
        by=_by(actor, appointment),
        reason=reason,
        agent_id=appointment.agent_key,
        video=appointment.channel == VIDEO,
        **(more or {}),
    )


def tell(
    uow: UnitOfWork,
    kind: type[events.AppointmentEvent],
    appointment: Appointment,
    *,
    receipt_number: str,
) -> None:
    """Tell the others of something that changes no state."""
    hall = hall_of(uow.session, appointment.hall_id)
    event = _event(
        uow, kind, appointment, hall, receipt_number=receipt_number, actor=uow.actor, reason=""
    )
    uow.emit(event)


def _by(actor: Actor, appointment: Appointment) -> str:
    if appointment.agent_key is not None and actor.id == appointment.agent_key:
        return "agent"
    return _BY.get(actor.kind, "system")
