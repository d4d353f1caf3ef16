"""When the places of a day are given out (放号), and how many of them at first. Pure.

Days are counted in working days of the hall. Where the calendar that far back is not published,
nothing is counted on a guess: the day is on offer as soon as it comes into reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appointments.rules import ZONE, Refused, local_midnight

Opened = Callable[[date], bool | None]
_FARTHEST_BACK = 60


@dataclass(frozen=True, slots=True)
class ReleaseRule:
    """A hall's rule: `days` working days ahead at `at`; the rest `rest_days` ahead at `rest_at`."""

    days: int | None = None
    at: time = time(9)
    first_percent: int = 100
    rest_days: int = 1
    rest_at: time = time(18)


@dataclass(frozen=True, slots=True)
class Batches:
    """The moments of a day's places; `rest_at` None: all come at once. None: when in reach."""

    first_at: datetime | None
    rest_at: datetime | None


def check(rule: ReleaseRule, days_ahead: int) -> None:
    """Refuse a release that could not be kept: too far ahead, or the rest before the first."""
    if rule.days is None:
        return
    if rule.days > days_ahead:
        raise Refused("release_beyond_reach", days_ahead=days_ahead)
    if rule.first_percent < 100 and (-rule.rest_days, rule.rest_at) <= (-rule.days, rule.at):
        raise Refused("release_rest_first")


def working_days_before(day: date, count: int, opened: Opened) -> date | None:
    """The `count`-th working day before `day` (`day` itself for none); None where unknown."""
    found, left = day, count
    for _ in range(_FARTHEST_BACK):
        if left == 0:
            return found
        found -= timedelta(days=1)
        works = opened(found)
        if works is None:
            return None
        left -= works
    return None


def batches(day: date, rule: ReleaseRule, opened: Opened) -> Batches:
    """When the places of `day` come."""
    if rule.days is None:
        return Batches(None, None)
    first = working_days_before(day, rule.days, opened)
    if first is None:
        return Batches(None, None)
    first_at = datetime.combine(first, rule.at, ZONE)
    if rule.first_percent == 100:
        return Batches(first_at, None)
    rest = working_days_before(day, rule.rest_days, opened)
    if rest is None:
        return Batches(first_at, None)
    rest_at = datetime.combine(rest, rule.rest_at, ZONE)
    return Batches(first_at, rest_at if rest_at > first_at else None)


def in_time(moment: datetime, day: date, start: datetime, lead_minutes: int) -> datetime:
    """`moment`, or the beginning of the day where it is too late to book this start any more."""
    latest = start - timedelta(minutes=lead_minutes)
    return moment if moment < latest else local_midnight(day)


def first_places(capacity: int, percent: int) -> int:
    """The first batch of a slot; a part of a place is a place, so that none begins with nothing."""
    return -(-capacity * percent // 100)
