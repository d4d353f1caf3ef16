"""Limits of a person's bookings: which hold, and what they count."""

from datetime import timedelta
from uuid import uuid4

import pytest

from appointments.limits_rules import BUILT_IN, Held, Limit, check, in_force, monday
from appointments.rules import Refused
from tests.appointments_world import MONDAY

HALL, ITEM = uuid4(), uuid4()


def held(day=MONDAY, state="booked", hall=HALL, group="shebao", item=ITEM) -> Held:
    return Held(hall, group, item, day, state)


def refused(others, rows=(), wanted=None) -> tuple[str, int] | None:
    try:
        check(wanted or held(), others, list(rows))
    except Refused as refusal:
        assert refusal.code == "limit_reached"
        return refusal.facts["per"], refusal.facts["most"]
    return None


def test_the_built_in_ones_hold_where_nothing_else_does():
    assert {row.per: row.most for row in in_force([])} == BUILT_IN
    assert refused([held()] * 2) is None
    assert refused([held()] * 3) == ("day", 3)
    week = [held(MONDAY + timedelta(days=n % 4 + 1)) for n in range(6)]
    assert refused(week) == ("week", 6)
    assert refused(week[:5]) is None
    later = [held(MONDAY + timedelta(days=7 + n)) for n in range(8)]
    assert refused(later) == ("live", 8)


def test_what_was_served_counts_for_day_and_week_but_not_at_once():
    assert refused([held(state="finished")] * 3) == ("day", 3)
    later = [held(MONDAY + timedelta(days=7 + n), "finished") for n in range(8)]
    assert refused(later) is None


def test_a_limit_for_everywhere_takes_the_place_of_the_built_in_one():
    rows = [Limit("day", 1), Limit("week", 100)]
    assert refused([held()], rows) == ("day", 1)
    assert {row.per: row.most for row in in_force(rows)} == {"day": 1, "week": 100, "live": 8}
    assert refused([held(MONDAY + timedelta(days=1))] * 7, rows) is None


@pytest.mark.parametrize(
    ("limit", "counted", "not_counted"),
    [
        (Limit("day", 1, hall=HALL), held(), held(hall=uuid4())),
        (Limit("day", 1, group="shebao"), held(), held(group="huji")),
        (Limit("live", 1, item=ITEM), held(), held(item=uuid4())),
    ],
)
def test_a_limit_of_a_place_counts_what_is_there(limit, counted, not_counted):
    assert refused([counted], [limit]) == (limit.per, 1)
    assert refused([not_counted], [limit]) is None
    assert refused([counted], [limit], wanted=not_counted) is None


def test_a_limit_of_a_place_does_not_lift_the_built_in_one():
    assert refused([held()] * 3, [Limit("day", 9, hall=HALL)]) == ("day", 3)


def test_weeks_begin_on_monday():
    assert monday(MONDAY) == MONDAY
    assert monday(MONDAY + timedelta(days=6)) == MONDAY
    assert monday(MONDAY - timedelta(days=1)) == MONDAY - timedelta(days=7)
