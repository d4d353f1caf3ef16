"""三率: response, solved and satisfied, each with what is counted and what is left out. Pure.

Measured is what a unit was asked to do: tickets that were dispatched, and duplicates merged into
one. A ticket is counted in a rate, or left out of it for one stated reason. A caller whom nobody
reached is counted and is not satisfied; what a judgement found to be explained stays as the
caller said it. Only 剔除 by two people takes a bad answer out of the rates.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

RESPONSE, SOLVED, SATISFIED = "response", "solved", "satisfied"
RATE_TEXT = {RESPONSE: "响应率", SOLVED: "解决率", SATISFIED: "满意率"}
COUNTED_TEXT = {
    RESPONSE: "单位按时联系了来电人的工单",
    SOLVED: "来电人说已解决的工单",
    SATISFIED: "来电人说满意的工单",
}
OF_TEXT = {
    RESPONSE: "已派单，已联系来电人或已超过时限的工单",
    SOLVED: "已办结的工单，未能回访的算在内",
    SATISFIED: "已办结的工单，未能回访的算在内",
}

MERGED, EXCLUDED, RUNNING = "merged", "excluded", "running"
OPEN = "open"
REASON_TEXT = {
    MERGED: "并入重复件，随主件统计",
    EXCLUDED: "不满意研判剔除（两人）",
    RUNNING: "还在联系时限内",
    OPEN: "还没有办结",
}

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Matter:
    """What the rates need to know of one ticket.

    `responded`: the unit spoke with the caller within its limit (True), later or not at all
    though the limit is over (False), or the limit still runs (None). `solved` and `satisfied`
    are the caller's last words; None where nobody was reached.
    """

    merged: bool
    responded: bool | None
    closed: bool
    excluded: bool
    solved: bool | None
    satisfied: bool | None


@dataclass(slots=True)
class Rate:
    """One rate: how many of how many, and how many were left out for which reason."""

    numerator: int = 0
    denominator: int = 0
    excluded: dict[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """The share, or None where nothing was counted."""
        return round(self.numerator / self.denominator, 4) if self.denominator else None

    def add(self, verdict: str, count: int) -> None:
        """Count tickets by their verdict: yes, no, or the reason they are left out for."""
        if verdict in (YES, NO):
            self.denominator += count
            self.numerator += count if verdict == YES else 0
        else:
            self.excluded[verdict] = self.excluded.get(verdict, 0) + count


def response(matter: Matter) -> str:
    """Whether the unit spoke with the caller within its limit; a duplicate has its parent's."""
    if matter.merged:
        return MERGED
    if matter.excluded:
        return EXCLUDED
    if matter.responded is None:
        return RUNNING
    return YES if matter.responded else NO


def solved(matter: Matter) -> str:
    """Whether the caller said that it is solved; each duplicate's caller is asked too."""
    return _said(matter, matter.solved)


def satisfied(matter: Matter) -> str:
    """Whether the caller said to be satisfied."""
    return _said(matter, matter.satisfied)


def _said(matter: Matter, word: bool | None) -> str:
    if matter.excluded:
        return EXCLUDED
    if not matter.closed:
        return OPEN
    return YES if word else NO


_OF: dict[str, Callable[[Matter], str]] = {
    RESPONSE: response, SOLVED: solved, SATISFIED: satisfied,
}  # fmt: skip


def rates(matters: Iterable[tuple[Matter, int]]) -> dict[str, Rate]:
    """The three rates of so many tickets of each sort; counted and left out add up to all."""
    found = {name: Rate() for name in _OF}
    for matter, count in matters:
        for name, verdict in _OF.items():
            found[name].add(verdict(matter), count)
    return found
