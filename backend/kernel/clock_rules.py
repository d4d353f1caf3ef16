"""Limits and lights of clocks. Pure: the calendar comes in as a predicate.

A working day has 24 hours of working time, from midnight to midnight in Asia/Shanghai; a day off
has none, so that a limit in working days that starts on one begins at the next working midnight.
Working hours are counted the same way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MINUTES, HOURS = "minutes", "hours"
WORKING_HOURS, WORKING_DAYS = "work_hours", "working_days"
UNIT_TEXT = {
    MINUTES: "分钟", HOURS: "小时", WORKING_HOURS: "个工作小时", WORKING_DAYS: "个工作日",
}  # fmt: skip
# Units whose time stands still on days off.
WORKED = frozenset({WORKING_HOURS, WORKING_DAYS})
WARN_SHARE = 0.8
GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "none"

IsWorking = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many minutes, hours, working hours or working days."""

    amount: int
    unit: str

    @property
    def span(self) -> timedelta:
        """The working time it allows; a working day counts 24 hours."""
        if self.unit == MINUTES:
            return timedelta(minutes=self.amount)
        return timedelta(hours=self.amount * (24 if self.unit == WORKING_DAYS else 1))

    @property
    def text(self) -> str:
        """`30分钟`."""
        return f"{self.amount}{UNIT_TEXT[self.unit]}"


@dataclass(frozen=True, slots=True)
class Plan:
    """When a clock reminds and when it is over."""

    warn_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """A district's own limit; None stands for every category or urgency."""

    kind: str
    category: str | None
    urgency: str | None
    limit: Limit


def limit_of(
    rules: Iterable[Rule],
    kind: str,
    categories: tuple[str, ...],
    urgency: str,
    *,
    default: Limit,
    base: Limit | None = None,
) -> Limit:
    """The most specific limit: own category, then its parent's, then all; then by urgency.

    `categories` is the matter's category and those above it, nearest first. `base` (the
    category's own time for the work) yields only to rules that name the category itself;
    without it and without a rule, `default` holds.
    """
    rank = {code: place for place, code in enumerate(categories)}
    last = len(categories)
    best: tuple[tuple[int, int], Limit] | None = None
    for rule in rules:
        if rule.kind != kind or rule.urgency not in (None, urgency):
            continue
        if rule.category is not None and rule.category not in rank:
            continue
        place = last if rule.category is None else rank[rule.category]
        if base is not None and place > 0:
            continue
        order = (place, 0 if rule.urgency else 1)
        if best is None or order < best[0]:
            best = (order, rule.limit)
    if best is not None:
        return best[1]
    return base or default


def plan(start: datetime, limit: Limit, is_working: IsWorking, ends: time | None = None) -> Plan:
    """When a clock started at `start` reminds (80 %) and is due.

    With `ends` (Asia/Shanghai), a limit in working days is over at that time of its last day,
    the day of the start not counted: people who were given two days are told the evening of the
    second, not an hour of the night or the minute of a call.
    """
    if ends is not None and limit.unit == WORKING_DAYS:
        due_at = _evening(start, limit.amount, is_working, ends)
        share = measure(start, due_at, limit.unit, is_working) * WARN_SHARE
        return Plan(warn_at=add_time(start, share, limit.unit, is_working), due_at=due_at)
    return Plan(
        warn_at=add_time(start, limit.span * WARN_SHARE, limit.unit, is_working),
        due_at=add_time(start, limit.span, limit.unit, is_working),
    )


def shifted(
    moment: datetime, paused_at: datetime, resumed_at: datetime, unit: str, is_working: IsWorking
) -> datetime:
    """Where a moment ahead of a pause lies after it; what had passed before stays where it was."""
    if moment <= paused_at:
        return moment
    rest = measure(paused_at, moment, unit, is_working)
    return add_time(resumed_at, rest, unit, is_working)


def add_time(start: datetime, span: timedelta, unit: str, is_working: IsWorking) -> datetime:
    """The moment `span` of counted time after `start`; days off count only in other units."""
    if unit not in WORKED:
        return start + span
    at = start.astimezone(ZONE)
    while True:
        midnight = _midnight(at.date() + timedelta(days=1))
        if is_working(at.date()):
            # Reaching midnight exactly is the end of this day, not the start of another.
            if at + span <= midnight:
                return (at + span).astimezone(start.tzinfo)
            span -= midnight - at
        at = midnight


def measure(start: datetime, end: datetime, unit: str, is_working: IsWorking) -> timedelta:
    """The counted time between two moments; nothing when `end` comes first."""
    if unit not in WORKED:
        return max(end - start, timedelta())
    at, until = start.astimezone(ZONE), end.astimezone(ZONE)
    total = timedelta()
    while at < until:
        stop = min(_midnight(at.date() + timedelta(days=1)), until)
        if is_working(at.date()):
            total += stop - at
        at = stop
    return total


def light(
    now: datetime, warn_at: datetime | None, due_at: datetime | None, paused_at: datetime | None
) -> str:
    """Green below 80 % of the limit, yellow to 100 %, red above; a pause stops the time."""
    if due_at is None or warn_at is None:
        return NONE
    at = paused_at or now
    if at > due_at:
        return RED
    return YELLOW if at >= warn_at else GREEN


def worst(lights: Iterable[str]) -> str:
    """The light to show for several clocks."""
    found = set(lights)
    return next((one for one in (RED, YELLOW, GREEN) if one in found), NONE)


def outcome(stopped_at: datetime, due_at: datetime | None, paused_at: datetime | None) -> str:
    """`met` when the work was done within the limit (the pause's start counts), else `overdue`."""
    if due_at is not None and (paused_at or stopped_at) > due_at:
        return "overdue"
    return "met"


def _evening(start: datetime, days: int, is_working: IsWorking, ends: time) -> datetime:
    day = start.astimezone(ZONE).date()
    while days:
        day += timedelta(days=1)
        days -= is_working(day)
    return datetime.combine(day, ends, ZONE).astimezone(start.tzinfo)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)
