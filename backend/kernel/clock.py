"""Time: stored in UTC, shown in Asia/Shanghai, and always injected."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"


class Clock(Protocol):
    """Where the present moment comes from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved; for tests."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def now(self) -> datetime:
        """The moment the clock was last set to, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move to `at`, which must be aware."""
        if at.tzinfo is None:
            raise ValueError("an aware moment is needed")
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`."""
        self._at += by


def local(moment: datetime) -> datetime:
    """The same moment in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)


def local_date(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai on which `moment` falls."""
    return local(moment).date()


def day_text(day: date) -> str:
    """`11月23日（周一）`."""
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def moment_text(moment: datetime) -> str:
    """`11月23日（周一）9:30`, in Asia/Shanghai."""
    here = local(moment)
    return f"{day_text(here.date())}{here.hour}:{here.minute:02d}"
