"""What may happen to a telephone call. Pure: standard library and the tables.

Telephone systems send their events more than once and not always in order: a call never goes
back, and what comes late only fills in what was missing.
"""

from collections.abc import Mapping

from backend.kernel.state import Transition

RINGING, ANSWERED, ENDED, MISSED = "ringing", "answered", "ended", "missed"
CALL_TEXT = {RINGING: "响铃中", ANSWERED: "通话中", ENDED: "已结束", MISSED: "未接"}
CALL_STATES = tuple(CALL_TEXT)
CALL_OPEN = (RINGING, ANSWERED)
CALL_ENDS = frozenset({ENDED, MISSED})

_SYSTEM = frozenset({"system"})
CALL_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (RINGING, ANSWERED): Transition(ANSWERED, frozenset({"system", "agent"})),
    (RINGING, MISSED): Transition(MISSED, _SYSTEM),
    # Its answer was lost on the way.
    (RINGING, ENDED): Transition(ENDED, _SYSTEM),
    (ANSWERED, ENDED): Transition(ENDED, frozenset({"system", "agent"})),
}

READY, AWAY, OFF = "ready", "away", "off"
AGENT_TEXT = {READY: "示闲", AWAY: "示忙", OFF: "未签入"}
AGENT_STATES = tuple(AGENT_TEXT)


def after(state: str | None, event: str) -> str:
    """The state once `event` is known; a new call begins in it, an older event changes nothing."""
    if state is None:
        return event
    way = CALL_TRANSITIONS.get((state, event))
    return way.to if way else state


def moment_of(event: str) -> str:
    """The column that keeps when this event happened."""
    return {RINGING: "rang_at", ANSWERED: "answered_at"}.get(event, "ended_at")


def tells(state: str, event: str) -> bool:
    """Whether an event's moment belongs to a call in `state`: a missed one was never answered."""
    if event == ANSWERED:
        return state in (ANSWERED, ENDED)
    return event in (RINGING, state)


def normal_number(text: str) -> str:
    """A telephone number as it is compared: digits only, without +86, 0086 or a trunk zero."""
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if digits.startswith("0086"):
        digits = digits[4:]
    elif digits.startswith("86") and (text.strip().startswith("+") or len(digits) == 13):
        digits = digits[2:]
    # Exchanges put a zero before mobile numbers of other cities.
    if len(digits) == 12 and digits.startswith("01"):
        digits = digits[1:]
    return digits
