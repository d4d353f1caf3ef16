"""What may happen to an appointment, by whom and when. Pure: no database, no clock.

The states and their transitions are data (`TRANSITIONS`); `decide` is the only reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
ELDER_AGE = 60
RATING_DAYS = 30
#: How often one booking may be moved to another time; after that it is cancelled and booked anew.
MOST_RESCHEDULES = 3
#: Halls and groups whose code begins so are booked through another door (a community's shared
#: rooms): lists of service halls and their business leave them out.
APART = "share."


class State(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    CALLED = "called"
    SKIPPED = "skipped"
    PARKED = "parked"
    SERVING = "serving"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Action(StrEnum):
    """What can be done to it."""

    CANCEL = "cancel"
    HALL_CANCEL = "hall_cancel"
    CHECK_IN = "check_in"
    CALL = "call"
    RECALL = "recall"
    SKIP = "skip"
    REQUEUE = "requeue"
    PARK = "park"
    TRANSFER = "transfer"
    RESCHEDULE = "reschedule"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    CLOSE_DAY = "close_day"
    PAPER_FINISH = "paper_finish"
    PAPER_NO_SHOW = "paper_no_show"
    PAPER_LEAVE = "paper_leave"


class Who(StrEnum):
    """Who acts."""

    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"


class Refused(Exception):
    """The engine's one error: `code` is stable and the caller words it for people."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Policy:
    """A hall's own limits, in minutes and days."""

    lead_minutes: int = 30
    days_ahead: int = 5
    cancel_minutes: int = 120
    early_check_in_minutes: int = 0
    late_minutes: int = 30
    grace_minutes: int = 10
    every_day: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """The facts of one appointment that a decision may look at."""

    state: State
    day: date
    start: datetime
    end: datetime
    policy: Policy


@dataclass(frozen=True, slots=True)
class Transition:
    """`needs` names a guard in `GUARDS`; `releases` gives the place in the slot back."""

    to: State
    who: frozenset[Who]
    needs: str = ""
    releases: bool = False


def local_midnight(day: date) -> datetime:
    """The aware instant at which `day` begins in the district."""
    return datetime.combine(day, time.min, ZONE)


def cancel_deadline(fact: Booked) -> datetime:
    """The last instant at which the resident may still cancel."""
    return fact.start - timedelta(minutes=fact.policy.cancel_minutes)


def check_in_opens(fact: Booked) -> datetime:
    """From the start of the booked day, or earlier by what the hall allows."""
    return local_midnight(fact.day) - timedelta(minutes=fact.policy.early_check_in_minutes)


def check_in_closes(fact: Booked) -> datetime:
    """After this a booking nobody came for counts as a no-show."""
    return fact.end + timedelta(minutes=fact.policy.late_minutes)


def _before_deadline(fact: Booked, now: datetime) -> None:
    deadline = cancel_deadline(fact)
    if now > deadline:
        raise Refused("cancel_too_late", deadline=deadline)


def _check_in_window(fact: Booked, now: datetime) -> None:
    if now < check_in_opens(fact):
        raise Refused("check_in_too_early", day=fact.day, start=fact.start)
    if now > check_in_closes(fact):
        raise Refused("check_in_too_late", end=fact.end)


def _after_closing(fact: Booked, now: datetime) -> None:
    if now < check_in_closes(fact):
        raise Refused("no_show_too_early", closes=check_in_closes(fact))


GUARDS: Mapping[str, Callable[[Booked, datetime], None]] = {
    "before_deadline": _before_deadline,
    "check_in_window": _check_in_window,
    "after_closing": _after_closing,
}

_RESIDENT = frozenset({Who.RESIDENT})
_STAFF = frozenset({Who.STAFF})
_SYSTEM = frozenset({Who.SYSTEM})
_HALL = _STAFF | _SYSTEM

START = State.BOOKED
ENDS = frozenset({State.FINISHED, State.CANCELLED, State.NO_SHOW})
LIVE = frozenset(State) - ENDS
AT_WINDOW = frozenset({State.CALLED, State.SERVING})
# A place is held by every appointment but these; the reconciler counts by this set.
RELEASED = frozenset({State.CANCELLED, State.NO_SHOW})

TRANSITIONS: Mapping[tuple[State, Action], Transition] = {
    (State.BOOKED, Action.CANCEL): Transition(
        State.CANCELLED, _RESIDENT, "before_deadline", releases=True
    ),
    (State.BOOKED, Action.HALL_CANCEL): Transition(State.CANCELLED, _HALL, releases=True),
    # To another time (改期): both places change hands in one transaction, see `moving.reschedule`.
    (State.BOOKED, Action.RESCHEDULE): Transition(
        State.BOOKED, _RESIDENT | _HALL, "before_deadline"
    ),
    (State.BOOKED, Action.CHECK_IN): Transition(
        State.CHECKED_IN, _RESIDENT | _HALL, "check_in_window"
    ),
    (State.BOOKED, Action.NO_SHOW): Transition(
        State.NO_SHOW, _HALL, "after_closing", releases=True
    ),
    (State.CHECKED_IN, Action.CALL): Transition(State.CALLED, _STAFF),
    # Nobody called her before the hall closed: the hall's doing, so never a no-show.
    (State.CHECKED_IN, Action.CLOSE_DAY): Transition(State.CANCELLED, _SYSTEM, releases=True),
    (State.CALLED, Action.RECALL): Transition(State.CALLED, _STAFF),
    (State.CALLED, Action.SKIP): Transition(State.SKIPPED, _STAFF),
    (State.CALLED, Action.START): Transition(State.SERVING, _STAFF),
    (State.CALLED, Action.NO_SHOW): Transition(State.NO_SHOW, _HALL, releases=True),
    (State.CALLED, Action.CLOSE_DAY): Transition(State.NO_SHOW, _SYSTEM, releases=True),
    # Put aside while a paper is fetched or copied: the window is free, the person is not gone.
    (State.SERVING, Action.PARK): Transition(State.PARKED, _STAFF),
    (State.PARKED, Action.CALL): Transition(State.CALLED, _STAFF),
    (State.PARKED, Action.FINISH): Transition(State.FINISHED, _STAFF),
    (State.PARKED, Action.CLOSE_DAY): Transition(State.FINISHED, _SYSTEM),
    # To another window, with the place in the queue kept.
    (State.CHECKED_IN, Action.TRANSFER): Transition(State.CHECKED_IN, _STAFF),
    (State.CALLED, Action.TRANSFER): Transition(State.CHECKED_IN, _STAFF),
    (State.SERVING, Action.TRANSFER): Transition(State.CHECKED_IN, _STAFF),
    (State.SKIPPED, Action.REQUEUE): Transition(State.CHECKED_IN, _STAFF),
    (State.SKIPPED, Action.CALL): Transition(State.CALLED, _STAFF),
    (State.SKIPPED, Action.NO_SHOW): Transition(State.NO_SHOW, _HALL, releases=True),
    (State.SKIPPED, Action.CLOSE_DAY): Transition(State.NO_SHOW, _SYSTEM, releases=True),
    (State.SERVING, Action.FINISH): Transition(State.FINISHED, _STAFF),
    # A clerk forgot the last click: the service did take place.
    (State.SERVING, Action.CLOSE_DAY): Transition(State.FINISHED, _SYSTEM),
    # Caught up with from paper after the network was gone: whatever the state was here meanwhile.
    **{(state, Action.PAPER_FINISH): Transition(State.FINISHED, _STAFF) for state in sorted(LIVE)},
    **{
        (state, Action.PAPER_NO_SHOW): Transition(State.NO_SHOW, _STAFF, releases=True)
        for state in sorted(LIVE)
    },
    # She left before she was called: nobody's fault, and no no-show.
    **{
        (state, Action.PAPER_LEAVE): Transition(State.CANCELLED, _STAFF, releases=True)
        for state in sorted(LIVE)
    },
}


def decide(fact: Booked, action: Action, who: Who, now: datetime) -> Transition:
    """The transition that `action` by `who` makes now; `Refused` says why it may not be."""
    transition = TRANSITIONS.get((fact.state, action))
    if transition is None:
        raise Refused("wrong_state", state=fact.state, action=action)
    if who not in transition.who:
        raise Refused("not_for_you", action=action, who=who)
    if transition.needs:
        GUARDS[transition.needs](fact, now)
    return transition


def may_cancel(fact: Booked, now: datetime) -> bool:
    """Whether the resident's cancel button works at this instant."""
    return fact.state is State.BOOKED and now <= cancel_deadline(fact)


def check_reschedules(done: int) -> None:
    """Refuse another reschedule of a booking that was moved often enough."""
    if done >= MOST_RESCHEDULES:
        raise Refused("rescheduled_too_often", most=MOST_RESCHEDULES)


def reschedules_left(done: int) -> int:
    """How often a booking can still be moved."""
    return max(MOST_RESCHEDULES - done, 0)


def check_bookable(
    *,
    start: datetime,
    release_at: datetime,
    closed: bool,
    channel: str,
    channels: tuple[str, ...],
    lead_minutes: int,
    now: datetime,
) -> None:
    """Refuse a slot that is past, too near, not yet released, closed or for others."""
    if closed:
        raise Refused("slot_closed")
    if channel not in channels:
        raise Refused("slot_reserved", channel=channel)
    if start <= now:
        raise Refused("slot_past")
    if start < now + timedelta(minutes=lead_minutes):
        raise Refused("slot_too_soon", lead_minutes=lead_minutes)
    if release_at > now:
        raise Refused("slot_not_released", release_at=release_at)


def channels_for(age: int) -> tuple[str, ...]:
    """The quotas a resident of this age books from, the preferred one first."""
    return ("elderly", "online") if age >= ELDER_AGE else ("online",)


def check_rating(state: State, finished_at: datetime | None, score: int, now: datetime) -> None:
    """A finished service is rated from 1 to 5 within 30 days."""
    if state is not State.FINISHED or finished_at is None:
        raise Refused("rating_not_finished")
    if now > finished_at + timedelta(days=RATING_DAYS):
        raise Refused("rating_too_late", days=RATING_DAYS)
    if not 1 <= score <= 5:
        raise Refused("rating_out_of_range")
