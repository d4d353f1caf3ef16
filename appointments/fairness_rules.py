"""What waiting and missing cost, as rules. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

#: So many no-shows within so many days, and online booking rests for so long after the last.
MOST_MISSED = 3
WITHIN = timedelta(days=90)
BARRED_FOR = timedelta(days=30)
#: How often a kept place may lapse before its owner is taken off the waitlist.
MOST_LAPSES = 2
#: A place is not offered to anybody who would have less than this to answer.
LEAST_TO_ANSWER = timedelta(minutes=5)
#: How long a place is kept for somebody whose hall closed.
KEPT_AFTER_CLOSING = timedelta(hours=24)


def barred_until(missed: Sequence[datetime], now: datetime) -> datetime | None:
    """When online booking is open again to somebody who missed these; None: it is open."""
    times = sorted(missed)
    ends = [
        third + BARRED_FOR
        for first, third in zip(times, times[MOST_MISSED - 1 :], strict=False)
        if third - first <= WITHIN
    ]
    return max((end for end in ends if end > now), default=None)


def hall_was_late(
    start: datetime, came: datetime | None, called: datetime | None, late_minutes: int
) -> bool:
    """Whether somebody who came was called so late that leaving was not her fault.

    That is more than `late_minutes` (the hall's own) after her time, or after she came.
    """
    if came is None or called is None:
        return False
    return called - max(start, came) > timedelta(minutes=late_minutes)


def answer_by(
    now: datetime, start: datetime, *, kept: timedelta, lead_minutes: int
) -> datetime | None:
    """Until when a place of a slot is kept; None where that would be too short to answer."""
    end = min(now + kept, start - timedelta(minutes=lead_minutes))
    return end if end - now >= LEAST_TO_ANSWER else None
