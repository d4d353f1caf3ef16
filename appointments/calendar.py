"""Which days are open and which slots a weekly schedule makes of them. Pure.

The working-day calendar is handed in as a function that answers True, False, or None for
a year whose holidays are not published: such a day is not opened on a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appointments.rules import ZONE, Policy, Refused

WorkingDay = Callable[[date], bool | None]
CHANNELS = ("online", "on_site", "elderly", "video")
LOOK_AHEAD_DAYS = 21
_MONDAY = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a weekly schedule; `weekday` 1 (Monday) to 7, `capacity` per slot."""

    group: str
    weekday: int
    start: time
    end: time
    slot_minutes: int
    capacity: int
    channel: str = "online"


@dataclass(frozen=True, slots=True)
class Planned:
    """A slot as the schedule wants it."""

    group: str
    channel: str
    start: datetime
    end: datetime
    capacity: int


def is_open(
    day: date, policy: Policy, overrides: Mapping[date, bool], working: WorkingDay
) -> bool | None:
    """Whether the hall works on `day`: its own override first, then the calendar."""
    if day in overrides:
        return overrides[day]
    if policy.every_day:
        return True
    return working(day)


def horizon(
    today: date, policy: Policy, overrides: Mapping[date, bool], working: WorkingDay
) -> list[date]:
    """The open days that can be booked now: today, and the next `days_ahead` open days.

    Ends early where the calendar is not published.
    """
    days: list[date] = []
    later = 0
    for offset in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=offset)
        opened = is_open(day, policy, overrides, working)
        if opened is None or later == policy.days_ahead:
            break
        if opened:
            days.append(day)
            later += offset > 0
    return days


def check_rules(rules: Sequence[Rule], groups: Iterable[str]) -> None:
    """Refuse a schedule with unknown groups, impossible times or rows that overlap."""
    known = set(groups)
    seen: dict[tuple[str, int, str], list[Rule]] = {}
    for number, rule in enumerate(rules):
        _check_rule(number, rule, known)
        others = seen.setdefault((rule.group, rule.weekday, rule.channel), [])
        if any(rule.start < other.end and other.start < rule.end for other in others):
            raise Refused("schedule_overlap", row=number)
        others.append(rule)


def _check_rule(number: int, rule: Rule, known: set[str]) -> None:
    if rule.group not in known:
        raise Refused("schedule_unknown_group", row=number)
    if rule.channel not in CHANNELS or not 1 <= rule.weekday <= 7:
        raise Refused("schedule_invalid", row=number)
    if not 5 <= rule.slot_minutes <= 240 or not 0 <= rule.capacity <= 500:
        raise Refused("schedule_invalid", row=number)
    if minutes_of(rule.end) - minutes_of(rule.start) < rule.slot_minutes:
        raise Refused("schedule_too_short", row=number)


def minutes_of(moment: time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


def plan(day: date, rules: Sequence[Rule]) -> list[Planned]:
    """The slots of an open day, whole ones only.

    A Saturday or Sunday worked for a holiday (调休), or opened by the hall itself, runs on
    Monday's rows unless the schedule has rows of its own for that weekday.
    """
    weekday = day.isoweekday()
    todays = [rule for rule in rules if rule.weekday == weekday]
    if not todays and weekday > 5:
        todays = [rule for rule in rules if rule.weekday == _MONDAY]
    return [slot for rule in todays for slot in _cut(day, rule)]


def _cut(day: date, rule: Rule) -> list[Planned]:
    first = datetime.combine(day, rule.start, ZONE)
    length = timedelta(minutes=rule.slot_minutes)
    count = (minutes_of(rule.end) - minutes_of(rule.start)) // rule.slot_minutes
    return [
        Planned(rule.group, rule.channel, start, start + length, rule.capacity)
        for start in (first + number * length for number in range(count))
    ]
