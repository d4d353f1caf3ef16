"""What happens by itself. Each handler holds the row first; acting twice changes nothing."""

from backend.domains.neighbourhood import activities, helping, signups, wishes
from backend.kernel.timers import Timer, Timers
from backend.kernel.uow import UnitOfWork


def register(timers: Timers) -> None:
    """Let the worker's timers know this domain's deadlines."""
    timers.register(activities.START_TIMER, _start)
    timers.register(activities.END_TIMER, _end)
    timers.register(activities.SETTLE_TIMER, _settle)
    timers.register(activities.REMIND_TIMER, _remind)
    timers.register(signups.OFFER_TIMER, _offer)
    timers.register(wishes.TIMER, _wish)
    timers.register(helping.TIMER, _help)


def _start(uow: UnitOfWork, timer: Timer) -> None:
    activities.start(uow, timer.subject_id)


def _end(uow: UnitOfWork, timer: Timer) -> None:
    activities.end_due(uow, timer.subject_id)


def _settle(uow: UnitOfWork, timer: Timer) -> None:
    activities.settle_due(uow, timer.subject_id)


def _remind(uow: UnitOfWork, timer: Timer) -> None:
    activities.remind(uow, timer.subject_id)


def _offer(uow: UnitOfWork, timer: Timer) -> None:
    signups.lapse(uow, timer.subject_id)


def _wish(uow: UnitOfWork, timer: Timer) -> None:
    wishes.due(uow, timer.subject_id)


def _help(uow: UnitOfWork, timer: Timer) -> None:
    helping.lapse(uow, timer.subject_id)
