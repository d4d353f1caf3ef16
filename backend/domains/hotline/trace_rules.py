"""What the rates need to know of a ticket, read from nothing but its trace. Pure.

The trace tells when a unit got it, whether it spoke with the caller in time (`respond`,
`respond_late`, the clock's `overdue`), and how the last call-back ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domains.hotline import clock_rules, rules
from backend.domains.hotline.rates_rules import Matter

_CLOSED = (rules.CLOSED, rules.ARCHIVED)
_RESPONSES = {"respond": True, "respond_late": False}
_JOINED = {"merge": True, "separate": False}
_EXCLUDED = {"exclude": True, "reopen": False}
_WORDS = ("satisfied", "dissatisfied", "unreached")
#: How the entry of a call-back begins whose caller called it solved.
SOLVED_MARK = "已解决"
_CONTACT_OVER = clock_rules.KIND_TEXT[clock_rules.CONTACT]


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a trace."""

    action: str
    to_state: str
    public: str
    internal: str


def matter(steps: Sequence[Step]) -> Matter | None:
    """The ticket as the rates see it; None for one that no unit was ever asked about."""
    given = [place for place, step in enumerate(steps) if _gives(step)]
    joined = _last(steps, _JOINED)
    if not given and not joined:
        return None
    word = next((step for step in reversed(steps) if step.action in _WORDS), None)
    reached = word is not None and word.action != "unreached"
    return Matter(
        merged=not given,
        responded=_responded(steps, given[-1]) if given else None,
        closed=steps[-1].to_state in _CLOSED,
        excluded=bool(_last(steps, _EXCLUDED)),
        solved=word.internal.startswith(SOLVED_MARK) if word and reached else None,
        satisfied=word.action == "satisfied" if word and reached else None,
    )


def _gives(step: Step) -> bool:
    """Whether a unit gets the ticket by this step; an arbitration may leave it where it was."""
    if step.action == "arbitrate":
        return bool(step.public)
    return step.action in ("dispatch", "approve_return")


def _last(steps: Sequence[Step], meanings: dict[str, bool]) -> bool | None:
    """What the last step with a meaning says."""
    return next((meanings[s.action] for s in reversed(steps) if s.action in meanings), None)


def _responded(steps: Sequence[Step], given: int) -> bool | None:
    first = next((_RESPONSES[s.action] for s in steps if s.action in _RESPONSES), None)
    if first is not None:
        return first
    return False if any(map(_ends_the_limit, steps[given:])) else None


def _ends_the_limit(step: Step) -> bool:
    """Whether nobody waits for the first contact any more: too late, or answered without one."""
    if step.action == "overdue":
        return step.internal.startswith(_CONTACT_OVER)
    return step.action == "submit_reply"
