"""When places are given out: counted in working days, in one batch or two."""

from datetime import date, time, timedelta

import pytest

from appointments import release_rules as rules
from appointments.release_rules import Batches, ReleaseRule
from appointments.rules import Refused
from tests.appointments_world import MONDAY, at, weekdays

FRIDAY = MONDAY + timedelta(days=4)


def test_days_are_counted_in_working_days():
    assert rules.working_days_before(MONDAY, 1, weekdays) == MONDAY - timedelta(days=3)
    assert rules.working_days_before(FRIDAY, 4, weekdays) == MONDAY
    assert rules.working_days_before(FRIDAY, 0, weekdays) == FRIDAY
    assert rules.working_days_before(MONDAY, 1, lambda day: None) is None
    assert rules.working_days_before(MONDAY, 1, lambda day: False) is None


def test_one_batch_or_two():
    one = ReleaseRule(days=3)
    two = ReleaseRule(days=3, first_percent=60)
    tuesday, thursday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    assert rules.batches(FRIDAY, ReleaseRule(), weekdays) == Batches(None, None)
    assert rules.batches(FRIDAY, one, weekdays) == Batches(at(9, day=tuesday), None)
    assert rules.batches(FRIDAY, two, weekdays) == Batches(at(9, day=tuesday), at(18, day=thursday))


def test_an_unpublished_calendar_is_not_guessed():
    def from_thursday(day: date) -> bool | None:
        return None if day < MONDAY + timedelta(days=3) else True

    assert rules.batches(FRIDAY, ReleaseRule(days=3), from_thursday) == Batches(None, None)


def test_a_batch_too_late_to_book_comes_with_the_day():
    start = at(9, 30)
    assert rules.in_time(at(9), MONDAY, start, 30) == at(0)
    assert rules.in_time(at(8, 59), MONDAY, start, 30) == at(8, 59)


@pytest.mark.parametrize(
    ("capacity", "percent", "first"), [(10, 60, 6), (1, 1, 1), (3, 50, 2), (0, 50, 0), (7, 100, 7)]
)
def test_a_part_of_a_place_is_a_place(capacity, percent, first):
    assert rules.first_places(capacity, percent) == first


def test_what_could_not_be_kept_is_refused():
    rules.check(ReleaseRule(days=5), 5)
    rules.check(ReleaseRule(), 0)
    rules.check(ReleaseRule(days=1, first_percent=50), 5)
    for rule, code in (
        (ReleaseRule(days=6), "release_beyond_reach"),
        (ReleaseRule(days=1, first_percent=50, rest_days=2), "release_rest_first"),
        (ReleaseRule(days=1, first_percent=50, rest_at=time(9)), "release_rest_first"),
    ):
        with pytest.raises(Refused, match=code):
            rules.check(rule, 5)
