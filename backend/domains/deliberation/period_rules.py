"""When a stage ends: whole days, ending at an hour when people are awake. Pure.

Moments are in the district's own time; the last hour of a day of this platform is 22:00.
"""

from datetime import datetime, time, timedelta

LAST_HOUR = time(22, 0)


def period_end(start: datetime, days: int) -> datetime:
    """The first 22:00 after so many full days; `start` itself for none."""
    if days == 0:
        return start
    earliest = start + timedelta(days=days)
    same_day = datetime.combine(earliest.date(), LAST_HOUR, earliest.tzinfo)
    return same_day if same_day >= earliest else same_day + timedelta(days=1)
