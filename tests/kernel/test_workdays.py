"""Working days: 调休 is known, the district may differ, an unpublished year is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.errors import Unavailable
from backend.kernel.workdays import (
    CalendarUnknown,
    WorkdayOverride,
    Workdays,
    add_working_days,
    is_working_day,
    working_days_ahead,
)

PUBLISHED = st.dates(date(2025, 1, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 9, 20), True),  # Sunday, worked for 国庆节
        (date(2026, 9, 30), True),
        *[(date(2026, 10, number), False) for number in range(1, 8)],
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # Saturday, worked for 国庆节
        (date(2026, 10, 11), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
    ],
)
def test_the_national_holiday_of_2026_with_its_exchanged_days(day: date, working: bool) -> None:
    assert is_working_day(day) is working


def test_a_deadline_jumps_the_holiday_and_counts_the_exchanged_saturday() -> None:
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert add_working_days(date(2026, 9, 30), 4) == date(2026, 10, 12)


def test_a_year_that_is_not_published_is_refused_not_guessed() -> None:
    with pytest.raises(CalendarUnknown) as caught:
        is_working_day(date(2031, 5, 6))
    assert isinstance(caught.value, Unavailable)
    assert "2031" in caught.value.detail
    with pytest.raises(CalendarUnknown):
        add_working_days(date(2026, 12, 30), 20)


def test_days_ahead_end_where_the_calendar_ends() -> None:
    ahead = working_days_ahead(date(2026, 12, 28), 30)
    assert ahead == [date(2026, 12, day) for day in (28, 29, 30, 31)]


@given(PUBLISHED, st.integers(0, 20))
def test_adding_counts_exactly_the_working_days_between(day: date, count: int) -> None:
    end = add_working_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(map(is_working_day, between)) == count
    assert count == 0 or is_working_day(end)


@given(PUBLISHED, st.integers(0, 15))
def test_days_ahead_are_the_first_working_days_from_today(day: date, count: int) -> None:
    ahead = working_days_ahead(day, count)
    assert len(ahead) == count
    assert ahead == sorted(set(ahead))
    assert all(is_working_day(found) and found >= day for found in ahead)
    if ahead and is_working_day(day):
        assert ahead[0] == day


def test_a_negative_count_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 11, 23), -1)


def test_the_district_may_open_and_close_other_days(uow) -> None:
    uow.session.add_all([
        WorkdayOverride(day=date(2026, 10, 3), working=True, note="国庆值班"),
        WorkdayOverride(day=date(2026, 11, 24), working=False, note="停电检修"),
        WorkdayOverride(day=date(2031, 5, 6), working=True, note="提前公布"),
    ])  # fmt: skip
    uow.session.flush()
    days = Workdays.load(uow.session)
    assert days.is_working_day(date(2026, 10, 3))
    assert days.add(date(2026, 11, 23), 1) == date(2026, 11, 25)
    assert days.ahead(date(2026, 11, 23), 2) == [date(2026, 11, 23), date(2026, 11, 25)]
    assert days.is_working_day(date(2031, 5, 6))
    assert not is_working_day(date(2026, 10, 3))
