"""Times that fit several items one after the other, and what goes together."""

from datetime import timedelta
from uuid import uuid4

import pytest

from appointments.rules import Refused
from appointments.visits_rules import Free, Place, chains, check_together
from tests.appointments_world import MONDAY, at

A, B, C = uuid4(), uuid4(), uuid4()


def free(hour, minute=0, left=1, length=30) -> Free:
    start = at(hour, minute)
    return Free(start, start + timedelta(minutes=length), ((uuid4(), left),))


def shape(found) -> list[list[tuple]]:
    return [[(part.item, part.start) for part in chain] for chain in found]


def test_two_businesses_one_after_the_other():
    times = {"shebao": [free(9), free(10)], "huji": [free(9, 30), free(11)]}
    found = shape(chains({A: "shebao", B: "huji"}, times))
    assert found == [
        [(A, at(9)), (B, at(9, 30))],
        [(B, at(9, 30)), (A, at(10))],
        [(A, at(10)), (B, at(11))],
    ]


def test_a_gap_of_half_an_hour_at_most_and_no_overlap():
    assert chains({A: "x", B: "y"}, {"x": [free(9)], "y": [free(10, 1)]}) == []
    assert len(chains({A: "x", B: "y"}, {"x": [free(9)], "y": [free(10)]})) == 1
    assert chains({A: "x", B: "y"}, {"x": [free(9)], "y": [free(9, 15)]}) == []


def test_one_business_shares_a_time_with_places_for_both():
    wanted = {A: "x", B: "x"}
    (chain,) = chains(wanted, {"x": [free(9, left=2)]})
    assert {part.start for part in chain} == {at(9)}
    assert len({part.slot for part in chain}) == 1
    assert chains(wanted, {"x": [free(9, left=1)]}) == []
    two = Free(at(9), at(9, 30), ((uuid4(), 1), (uuid4(), 1)))
    (chain,) = chains(wanted, {"x": [two]})
    assert len({part.slot for part in chain}) == 2
    assert [part.start for part in chains(wanted, {"x": [free(9), free(9, 30)]})[0]] == [
        at(9), at(9, 30),
    ]  # fmt: skip


def test_the_way_that_ends_first_is_kept_for_each_start():
    times = {"x": [free(9), free(9, 30)], "y": [free(9), free(10)], "z": [free(9, 30)]}
    found = chains({A: "x", B: "y", C: "z"}, times)
    assert shape(found)[0] == [(A, at(9)), (C, at(9, 30)), (B, at(10))]
    assert chains({A: "x", B: "w"}, times) == []


def refusal(kind, *parts) -> str | None:
    try:
        check_together(kind, parts)
    except Refused as refused:
        return refused.code
    return None


def test_what_goes_together():
    hall, me, her = uuid4(), uuid4(), uuid4()

    def part(who=me, hour=9, minute=0, where=hall, day=MONDAY):
        start = at(hour, minute, day)
        return Place(where, who, start, start + timedelta(minutes=30))

    assert refusal("items", part(), part(minute=30)) is None
    assert refusal("items", part(), part()) is None
    assert refusal("items", part(), part(minute=15)) == "visit_overlap"
    assert refusal("group", part(), part(her)) is None
    assert refusal("group", part(), part(her, minute=15)) is None
    assert refusal("group", part(), part()) == "visit_kind"
    assert refusal("items", part(), part(her)) == "visit_kind"
    assert refusal("items", part(), part(hour=10, where=uuid4())) == "visit_apart"
    tomorrow = MONDAY + timedelta(days=1)
    assert refusal("items", part(), part(day=tomorrow)) == "visit_apart"


@pytest.mark.parametrize("count", [2, 3])
def test_no_chain_takes_more_than_there_is(count):
    items = [uuid4() for _ in range(count)]
    times = {"x": [free(9, left=1), free(9, 30, left=1), free(10, left=1)]}
    for chain in chains(dict.fromkeys(items, "x"), times):
        assert len({part.slot for part in chain}) == count
