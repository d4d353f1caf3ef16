"""What happens by itself: no-shows, the end of the hall's day, the next day's slots."""

from appointments import booking, queue, schedules
from appointments.model import Appointment, Hall
from appointments.rules import ENDS, State, check_in_closes
from backend.domains.appointments import desk, halls, offering, planning, waiting
from backend.kernel import timers
from backend.kernel.timers import Timer, Timers
from backend.kernel.uow import UnitOfWork


def register(known: Timers) -> None:
    """Let the worker's timers know this domain's deadlines."""
    known.register(desk.NO_SHOW_TIMER, no_show)
    known.register(desk.CLOSE_DAY_TIMER, close_day)
    known.register(planning.SLOTS_TIMER, make_slots)
    known.register(waiting.LAPSE_TIMER, offering.lapse)
    known.register(waiting.FEED_TIMER, waiting.feed)


def no_show(uow: UnitOfWork, timer: Timer) -> None:
    """Check-in has closed: a booking nobody came for ends. Acting twice changes nothing."""
    appointment = uow.session.get(Appointment, timer.subject_id, with_for_update=True)
    if appointment is not None and appointment.state == State.BOOKED:
        hall = uow.session.get_one(Hall, appointment.hall_id)
        closes = check_in_closes(appointment.fact(hall.policy))
        if uow.now < closes:
            # The hall keeps its door open longer since this was armed: come back then.
            timer.fired_at = uow.now
            uow.session.flush()
            timers.arm(uow, desk.NO_SHOW_TIMER, desk.subject(appointment.id), closes)
            return
        desk.changed(uow, booking.expire(uow.session, appointment, uow.now))


def close_day(uow: UnitOfWork, timer: Timer) -> None:
    """The hall's day is over: end what was left open."""
    appointment = uow.session.get(Appointment, timer.subject_id, with_for_update=True)
    if appointment is not None and State(appointment.state) not in ENDS:
        desk.changed(uow, queue.close_day(uow.session, appointment, uow.now))


def make_slots(uow: UnitOfWork, timer: Timer) -> None:
    """A new day has come into reach: make its slots, and come back tomorrow."""
    hall = uow.session.get(Hall, timer.subject_id)
    if hall is None or not hall.active:
        return
    # Marked first: one pending timer a kind and hall is all the schema allows.
    timer.fired_at = uow.now
    uow.session.flush()
    schedules.ensure_slots(uow.session, hall, uow.now, halls.working_days(uow))
    planning.arm_slots(uow, hall.id)
