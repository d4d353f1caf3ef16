"""Decisions about messages: states, retries, quiet hours, what an error code means. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import IntEnum, StrEnum

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Priority(IntEnum):
    """Lower goes first."""

    CALL = 0
    CHANGE = 1
    CONFIRMATION = 2
    REMINDER = 3
    NEWS = 4


#: What stops first when a provider's quota or the counting of it is gone.
BULK = Priority.NEWS


def is_bulk(priority: int) -> bool:
    """Whether a message must make room for all others."""
    return priority >= BULK


def may_be_capped(priority: int) -> bool:
    """Whether a day's cap holds it back: calls and changes are always told."""
    return priority > Priority.CHANGE


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an action leads, and why it happens."""

    to: str
    why: str


WAITING = ("created", "temporary_failure")
OPEN = (*WAITING, "leased")
ENDS = (
    "delivered",
    "permanent_failure",
    "technical_failure",
    "expired",
    "suppressed",
    "gathered",
)
#: Ends in which the message surely did not reach anybody outside the inbox.
UNSENT = ("permanent_failure", "expired", "suppressed")
#: ``accepted`` may stay the last state: not every provider reports the delivery.
STATES = ("created", "leased", "sending", "accepted", "temporary_failure", *ENDS)

TRANSITIONS: dict[tuple[str, str], Transition] = {
    ("created", "lease"): Transition("leased", "a worker takes it"),
    ("temporary_failure", "lease"): Transition("leased", "the pause is over"),
    ("leased", "lease"): Transition("leased", "the lease ended before anything was sent"),
    ("leased", "send"): Transition("sending", "the call is about to leave"),
    ("sending", "accept"): Transition("accepted", "the provider took it"),
    ("sending", "retry"): Transition("temporary_failure", "busy, or surely not arrived"),
    ("sending", "wait"): Transition("created", "the provider's quota is used up; bulk waits"),
    ("sending", "next"): Transition("created", "this channel cannot; the next one is tried"),
    ("sending", "refuse"): Transition("permanent_failure", "no repetition would help"),
    ("sending", "give_up"): Transition("technical_failure", "unclear, or too many attempts"),
    ("sending", "expire"): Transition("expired", "the next attempt would come too late"),
    ("accepted", "deliver"): Transition("delivered", "the receipt says so"),
    ("accepted", "next"): Transition("created", "the receipt says no; the next channel is tried"),
    ("accepted", "refuse"): Transition("permanent_failure", "the receipt says no"),
    ("accepted", "lose"): Transition("technical_failure", "no receipt came in 72 hours"),
    ("leased", "wait"): Transition("created", "night, an empty bucket or a pause: it goes later"),
    ("temporary_failure", "accept"): Transition("accepted", "the answer came after the lease"),
    ("leased", "give_up"): Transition(
        "technical_failure", "it may have arrived, and nobody would drop a repetition now"
    ),
    ("leased", "suppress"): Transition("suppressed", "nothing reaches this person, or enough did"),
    ("created", "gather"): Transition("gathered", "the evening's one message tells it"),
    ("leased", "expire"): Transition("expired", "its life is over"),
    ("created", "expire"): Transition("expired", "its life is over"),
    ("temporary_failure", "expire"): Transition("expired", "its life is over"),
    ("created", "cancel"): Transition("suppressed", "it no longer holds"),
    ("temporary_failure", "cancel"): Transition("suppressed", "it no longer holds"),
    ("leased", "cancel"): Transition("suppressed", "it no longer holds"),
}


def after(state: str, action: str) -> str:
    """The state that follows; KeyError for an action that the state does not allow."""
    return TRANSITIONS[state, action].to


def sources(action: str) -> tuple[str, ...]:
    """The states in which an action is allowed."""
    return tuple(state for state, named in TRANSITIONS if named == action)


class Verdict(StrEnum):
    """What an attempt came to."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    NEXT_CHANNEL = "next_channel"
    FINAL = "final"
    UNCLEAR = "unclear"
    QUOTA = "quota"


#: Consent spent (43101) or not a follower (43004): this person is reached some other way.
_ELSEWHERE = frozenset({43101, 43004})
#: Openid, template, page, value, word: wrong today and tomorrow; an operator has to look.
_WRONG = frozenset({40003, 40037, 41030, 40165, 47001, 47003, 45168, 48001})
NO_CONSENT = 43101
#: A message with this id of ours is there already. Documented for mass messages alone; what a
#: template message answers to a repeated ``client_msg_id`` is documented nowhere.
_KNOWN = 45065
#: So many were sent that WeChat takes no more for a while, or for the day.
_QUOTA = 45009


def wechat_verdict(code: int | None, arrived: bool) -> Verdict:
    """What WeChat's error code means (0 is success).

    ``code`` is None where no answer could be read; ``arrived`` then says whether the request
    may have taken effect. A code not known here is retried: busy (-1) and trouble with the
    account's own credentials pass or are mended.
    """
    if code is None:
        return Verdict.UNCLEAR if arrived else Verdict.RETRY
    if code in (0, _KNOWN):
        return Verdict.ACCEPTED
    if code in _ELSEWHERE:
        return Verdict.NEXT_CHANNEL
    if code == _QUOTA:
        return Verdict.QUOTA
    return Verdict.FINAL if code in _WRONG else Verdict.RETRY


_PAUSES = tuple(timedelta(seconds=s) for s in (0, 30, 120, 600, 1800, 3600, 7200))
#: Attempts on one channel: with the last pause repeated they span more than four hours.
PATIENCE = 8
JITTER = 0.2


def pause_after(attempts: int, chance: float) -> timedelta:
    """How long to wait after ``attempts`` failed ones; the last pause repeats.

    ``chance`` in [0, 1) spreads the pause over ± 20 %, so that a recovering server is not
    met by everybody at once.
    """
    pause = _PAUSES[min(attempts, len(_PAUSES) - 1)]
    return pause * (1 - JITTER + 2 * JITTER * chance)


#: From when until when, in Shanghai, people are left in peace.
NIGHT = (time(22), time(8))


def after_quiet(
    moment: datetime, priority: Priority, night: tuple[time, time] | None = NIGHT
) -> datetime:
    """``moment``, moved to the morning when it falls into the night; None: there is no night.

    Calls and changes are told at any hour.
    """
    if priority <= Priority.CHANGE or night is None:
        return moment
    begins, ends = night
    local = moment.astimezone(SHANGHAI)
    if ends <= local.time() < begins:
        return moment
    day = local.date() + timedelta(days=1 if local.time() >= begins else 0)
    return datetime.combine(day, ends, SHANGHAI).astimezone(moment.tzinfo)


def may_be_muted(priority: Priority, topic: str) -> bool:
    """Whether a person's choice counts for such a message.

    A call to a window and a change of what was agreed are told whatever somebody muted; so is
    what belongs to no topic.
    """
    return bool(topic) and priority > Priority.CHANGE


#: When one is reminded of tomorrow, and when messages that could wait go out together.
EVENING = time(18)


def day_before(start: datetime) -> datetime:
    """18:00 in Shanghai on the day before ``start``."""
    day = start.astimezone(SHANGHAI).date() - timedelta(days=1)
    return datetime.combine(day, EVENING, SHANGHAI)


def next_evening(moment: datetime) -> datetime:
    """18:00 in Shanghai, of the same day or, from 18:00 on, of the next."""
    local = moment.astimezone(SHANGHAI)
    day = local.date() + timedelta(days=1 if local.time() >= EVENING else 0)
    return datetime.combine(day, EVENING, SHANGHAI).astimezone(moment.tzinfo)


def day_of(moment: datetime) -> date:
    """The day in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


#: A provider that reports receipts and is silent for so long has lost the message.
UNHEARD = timedelta(hours=72)


def still_ahead(at: datetime, now: datetime) -> datetime | None:
    """``at`` when it is still to come: a reminder whose moment has passed is not sent."""
    return at if at > now else None


#: Channels whose providers drop a repetition only for so long. WeChat documents ten minutes for
#: ``client_msg_id``, and no more; one of them is left for the call itself and for clocks.
FORGETS = {"wechat_service": timedelta(minutes=9)}


def still_dropped(channel: str, first: datetime, again: datetime) -> bool:
    """Whether a message in doubt since ``first`` would still be dropped when repeated ``again``."""
    known = FORGETS.get(channel)
    return known is None or again - first < known


def orphaned(may_repeat: bool, attempts: int, patience: int) -> str:
    """What to do with a message whose sender died in the middle of the call.

    It may have arrived. It is sent again only if it may arrive twice, or its provider drops a
    repetition, and while attempts remain; otherwise an operator sees it.
    """
    return "retry" if may_repeat and attempts < patience else "give_up"
