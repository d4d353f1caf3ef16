"""Working days: China's public calendar with 调休, plus the district's own overrides."""

from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.kernel.database import Base
from backend.kernel.errors import Unavailable


class WorkdayOverride(Base):
    """A day on which the district decided differently from the national calendar."""

    __tablename__ = "workday_override"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    note: Mapped[str] = mapped_column(String(100))


class CalendarUnknown(Unavailable):
    """The State Council has not published that year's holidays yet; guessing is worse."""

    code = "calendar_unknown"
    title = "日历还没有公布"


class Workdays:
    """The calendar as it stands in one transaction; overrides are read once."""

    def __init__(self, overrides: dict[date, bool]) -> None:
        self._overrides = overrides

    @classmethod
    def load(cls, session: Session) -> "Workdays":
        """The calendar with the overrides in the database."""
        rows = session.execute(select(WorkdayOverride.day, WorkdayOverride.working))
        return cls({row.day: row.working for row in rows})

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`; raises `CalendarUnknown` for an unpublished year."""
        if day in self._overrides:
            return self._overrides[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            raise CalendarUnknown(
                detail=f"{day.year}年的放假安排还没有公布，暂时算不出工作日"
            ) from None

    def add(self, day: date, count: int) -> date:
        """The day `count` (≥ 0) working days after `day`; the day itself is not counted."""
        if count < 0:
            raise ValueError("count must not be negative")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def ahead(self, today: date, count: int) -> list[date]:
        """The first `count` working days from `today` on, today included if it is one.

        Ends early, without an error, where the published calendar ends.
        """
        found: list[date] = []
        day = today
        while len(found) < count:
            try:
                if self.is_working_day(day):
                    found.append(day)
            except CalendarUnknown:
                break
            day += timedelta(days=1)
        return found


_PLAIN = Workdays({})


def is_working_day(day: date) -> bool:
    """The national calendar alone, without overrides."""
    return _PLAIN.is_working_day(day)


def add_working_days(day: date, count: int) -> date:
    """`Workdays.add` on the national calendar alone."""
    return _PLAIN.add(day, count)


def working_days_ahead(today: date, count: int) -> list[date]:
    """`Workdays.ahead` on the national calendar alone."""
    return _PLAIN.ahead(today, count)
