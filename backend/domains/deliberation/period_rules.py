"""When a stage ends: whole days, ending at an hour when people are awake. Pure.

Moments are in the district's own time; the last hour of a day of this platform is 22:00, of a
day on which is voted 18:00.
"""

from datetime import datetime, time, timedelta

LAST_HOUR = time(22, 0)


def period_end(start: datetime, days: int, hour: time = LAST_HOUR) -> datetime:
    """The first 22:00 (or `hour`) after so many full days; `start` itself for none."""
    if days == 0:
        return start
    earliest = start + timedelta(days=days)
    same_day = datetime.combine(earliest.date(), hour, earliest.tzinfo)
    return same_day if same_day >= earliest else same_day + timedelta(days=1)
