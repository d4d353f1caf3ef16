"""The opinion map: groups that differ, what unites them, and nobody alone on it."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.deliberation import opinion

SIX = [f"s{number}" for number in range(6)]


def camps(first=8, second=6):
    """Two camps: both want light (s0); only the first wants parking (s1-s2), the second trees."""
    one = {"s0": 1, "s1": 1, "s2": 1, "s3": -1, "s4": -1, "s5": 0}
    two = {"s0": 1, "s1": -1, "s2": -1, "s3": 1, "s4": 1, "s5": 0}
    rows = [dict(one) for _ in range(first)] + [dict(two) for _ in range(second)]
    for number, row in enumerate(rows):
        row.pop(SIX[1 + number % 4])
    return rows


def test_two_camps_are_two_groups_and_what_both_want_is_shared():
    drawn = opinion.draw(camps(), SIX)
    assert [group["size"] for group in drawn.drawing["groups"]] == [8, 6]
    assert drawn.drawing["participants"] == len(drawn.drawing["points"]) == 14
    assert [(one["statement"], one["answer"]) for one in drawn.drawing["shared"]] == [
        ("s0", "agree")
    ]
    assert drawn.drawing["shared"][0]["counts"] == {"agree": 14, "disagree": 0, "pass": 0}
    assert {one["statement"] for one in drawn.drawing["apart"]} == {"s1", "s2", "s3", "s4"}
    typical = {one["statement"]: one["answer"] for one in drawn.drawing["groups"][0]["typical"]}
    assert typical["s1"] == "agree"
    assert typical["s3"] == "disagree"


def test_somebody_finds_themselves_where_their_camp_stands():
    drawn = opinion.draw(camps(), SIX)
    assert opinion.place(drawn.model, {"s1": 1, "s3": -1})["group"] == "A"
    assert opinion.place(drawn.model, {"s1": -1, "s4": 1})["group"] == "B"
    assert opinion.place(drawn.model, {"s1": -1}) is None


@pytest.mark.parametrize(
    ("people", "statements"),
    [
        (camps(3, 2), SIX),
        (camps(), SIX[:2]),
        ([{"s0": 1}] * 20, SIX),
        ([{"s0": 0, "s1": 0, "s2": 0}] * 20, SIX),
    ],
)
def test_too_little_is_not_drawn(people, statements):
    rows = [{key: row[key] for key in row if key in statements} for row in people]
    assert opinion.draw(rows, statements) is None


def test_two_who_stand_apart_are_not_a_group_of_their_own():
    lone = [{"s0": -1, "s1": 1, "s2": -1, "s3": 1, "s4": 1, "s5": -1}] * 2
    drawn = opinion.draw([*camps(10, 10), *lone], SIX)
    assert min(group["size"] for group in drawn.drawing["groups"]) >= 3


def test_people_who_agree_on_everything_but_little_are_one_group_without_parting():
    rows = [{"s0": 1, "s1": 1, "s2": 1} for _ in range(9)]
    rows[0]["s2"] = 0
    drawn = opinion.draw(rows, SIX[:3])
    assert len(drawn.drawing["groups"]) == 1
    assert drawn.drawing["apart"] == []


ANSWERS = st.dictionaries(st.sampled_from(SIX), st.sampled_from([-1, 0, 1]), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(ANSWERS, max_size=30))
def test_a_map_shows_each_once_and_no_group_below_three(people):
    drawn = opinion.draw(people, SIX)
    if drawn is None:
        return
    told = drawn.drawing
    kept = [row for row in people if len(row) >= opinion.LEAST_ANSWERS]
    assert told["participants"] == len(told["points"]) == len(kept)
    sizes = [group["size"] for group in told["groups"]]
    assert sum(sizes) == len(kept)
    assert len(sizes) == 1 or min(sizes) >= opinion.LEAST_GROUP
    assert [group["name"] for group in told["groups"]] == list("ABCDE")[: len(sizes)]
    assert np.isfinite([[x, y] for x, y, _ in told["points"]]).all()
    for one in itertools.chain(told["shared"], told["apart"]):
        assert one["statement"] in SIX


def test_the_same_answers_give_the_same_map():
    assert opinion.draw(camps(), SIX) == opinion.draw(camps(), SIX)
