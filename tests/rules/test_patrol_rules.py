"""Patrol rules: which points belong to a track, how long a way is, what a check must say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.grid.coordinate_rules import distance_m
from backend.domains.patrols import rules as r

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
minutes = lambda n: timedelta(minutes=n)  # noqa: E731 - a word for the tables below


def length(points: list[r.Point]) -> float:
    return r.length_m(points, distance_m)


def point(after: float, east: float = 0.0, accuracy: float | None = 10) -> r.Point:
    """`after` minutes and `east` metres from the start, on the equator."""
    return r.Point(NOON + minutes(after), 0.0, east / 111_195.08, accuracy)


def test_moments_that_phones_tell():
    assert r.moment_problem(NOON, NOON) is None
    assert r.moment_problem(NOON - timedelta(days=29), NOON) is None
    assert "将来" in r.moment_problem(NOON + timedelta(days=2), NOON)
    assert "太久" in r.moment_problem(NOON - timedelta(days=31), NOON)


@pytest.mark.parametrize(
    ("after", "finished", "inside"),
    [(0, None, True), (-4, None, True), (-6, None, False), (60, None, True),
     (17 * 60, None, False), (64, 60, True), (66, 60, False)],
)  # fmt: skip
def test_points_of_another_time_do_not_belong(after, finished, inside):
    end = None if finished is None else NOON + minutes(finished)
    assert r.belongs(point(after), NOON, end, NOON + minutes(10)) is inside


def test_a_way_is_the_sum_of_its_steps():
    assert length([]) == 0
    assert length([point(0), point(1, 60), point(2, 120)]) == pytest.approx(120, abs=0.1)


def test_rough_fixes_and_jumps_do_not_lengthen_a_way():
    rough = r.Point(NOON + minutes(1), 0.0, 0.01, 500)
    jump = r.Point(NOON + minutes(1.5), 0.0, 1.0, 5)
    unsure = r.Point(NOON + minutes(1.7), 0.0, 30 / 111_195.08)
    way = [point(0), rough, jump, unsure, point(2, 60)]
    assert length(way) == pytest.approx(60, abs=0.1)


@given(order=st.permutations(list(range(8))))
def test_the_order_of_arrival_does_not_matter(order):
    way = [point(n, n * 50) for n in range(8)]
    assert length([way[n] for n in order]) == length(way)


ITEMS = [{"key": "exit"}, {"key": "gas"}]


def answer(key, ok=True, note="", file_ids=()):
    return {"key": key, "ok": ok, "note": note, "file_ids": list(file_ids)}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ([answer("exit"), answer("gas")], None),
        ([answer("exit", ok=False, note="堵了"), answer("gas", ok=False, file_ids=["x"])], None),
        ([answer("exit"), answer("roof")], "answers.1.key"),
        ([answer("exit"), answer("exit")], "answers.1.key"),
        ([answer("exit", ok=False), answer("gas")], "answers.0.note"),
        ([answer("exit")], "answers"),
    ],
)
def test_each_item_has_one_answer_and_a_fault_says_what_it_is(answers, field):
    problem = r.answers_problem(ITEMS, answers)
    assert (problem[0] if problem else None) == field


def test_a_list_has_items_with_keys_of_their_own():
    assert r.list_problem("catering", ITEMS) is None
    assert r.list_problem("Catering!", ITEMS)[0] == "place_type"
    assert r.list_problem("catering", [])[0] == "items"
    assert r.list_problem("catering", [*ITEMS, ITEMS[0]])[0] == "items.2.key"


def test_a_phone_with_an_older_list_is_understood():
    versions = {1: ITEMS, 2: [*ITEMS, {"key": "roof"}]}
    assert r.fitting(versions, ["exit", "gas", "roof"], None) == 2
    assert r.fitting(versions, ["gas", "exit"], None) == 1
    assert r.fitting(versions, ["gas"], None) == 2
    assert r.fitting(versions, [], 1) == 1
    assert r.fitting(versions, ["gas"], 3) is None
    assert r.fitting({}, ["gas"], None) is None
