"""The roll: nobody twice, sums exact, no name in what is published, a sold seat with its rooms."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.deliberation import record_rules, roll_rules
from backend.domains.deliberation.roll_rules import BadRoll, Entry, Head, Room


def head(ref: str, *rooms: tuple[str, int], persons: tuple[str, ...] = ()) -> Head:
    return Head(ref, tuple(Room(label, label, area) for label, area in rooms), persons)


TWO = [head("b", ("2-1-101", 8000)), head("a", ("1-1-101", 9000), ("1-1-9", 1000))]


@pytest.mark.parametrize(
    ("heads", "why"),
    [
        ([], "没有人"),
        ([head("a", ("1", 1)), head("a", ("2", 1))], "重复"),
        ([head("a", ("1", 1)), head("b", ("1", 1))], "房屋重复"),
        ([head("a", ("1", 0))], "没有面积"),
        ([head("a")], "没有房屋"),
    ],
)
def test_what_cannot_be_a_roll_is_refused(heads: list[Head], why: str) -> None:
    with pytest.raises(BadRoll, match=why):
        roll_rules.checked(heads, by_area=True)


def test_without_area_a_head_needs_no_room() -> None:
    assert roll_rules.checked([head("a"), head("b")], by_area=False) == [head("a"), head("b")]


def test_by_area_the_roll_is_in_the_order_of_rooms() -> None:
    labels = ["3-2-1001", "3-2-501", "商-1", "3-10-101"]
    heads = [head(label, (label, 1)) for label in labels]
    entries = roll_rules.numbered(heads, [b""] * 4, by_area=True)
    assert [entry.head.ref for entry in entries] == ["商-1", "3-2-501", "3-2-1001", "3-10-101"]
    assert [entry.ordinal for entry in entries] == [1, 2, 3, 4]
    kept = roll_rules.numbered(heads, [b""] * 4, by_area=False)
    assert [entry.head.ref for entry in kept] == labels


def test_what_is_published_names_nobody() -> None:
    entries = roll_rules.numbered(
        [head("ref-of-a-person", ("1-101", 8000), persons=("person-1",))], [b"\x01" * 16],
        by_area=True,
    )  # fmt: skip
    open_line = json.dumps(entries[0].line(by_area=True))
    closed_line = json.dumps(entries[0].line(by_area=False))
    for line in (open_line, closed_line):
        assert "person" not in line
    assert "1-101" in open_line and "8000" in open_line
    assert "1-101" not in closed_line and "8000" not in closed_line


@pytest.mark.parametrize(
    "other",
    [
        Entry(1, head("b", ("1", 5)), b"s"),
        Entry(1, head("a", ("1", 6)), b"s"),
        Entry(1, head("a", ("1", 5), persons=("p",)), b"s"),
        Entry(1, head("a", ("1", 5)), b"t"),
    ],
)
def test_the_commitment_holds_everything_that_is_not_published(other: Entry) -> None:
    assert Entry(1, head("a", ("1", 5)), b"s").commitment != other.commitment


def test_a_line_changes_the_leaf() -> None:
    entries = roll_rules.numbered(TWO, [b"1", b"2"], by_area=True)
    leaves = roll_rules.leaves(entries, by_area=True)
    assert len(set(leaves)) == 2
    assert leaves[0] != roll_rules.leaves(entries, by_area=False)[0]
    assert record_rules.canonical(entries[0].opening)


@given(st.lists(st.lists(st.integers(1, 10**7), min_size=1, max_size=4), min_size=1, max_size=30))
def test_the_sums_of_a_roll_are_the_sums_of_its_rooms(areas: list[list[int]]) -> None:
    heads = [
        head(str(n), *((f"{n}-{m}", area) for m, area in enumerate(rooms)))
        for n, rooms in enumerate(areas)
    ]
    entries = roll_rules.numbered(
        roll_rules.checked(heads, by_area=True), [b""] * len(heads), by_area=True
    )
    found = roll_rules.sums(entries)
    assert (found.heads, found.area_centi) == (len(areas), sum(map(sum, areas)))


@pytest.mark.parametrize(
    ("sold", "who"),
    [
        ({}, "frozen"),
        ({"1": "new", "2": "new"}, "new"),
        ({"1": "new"}, "frozen"),
        ({"1": "new", "2": "other"}, "frozen"),
    ],
)
def test_a_seat_goes_along_only_with_all_its_rooms(sold: dict[str, str], who: str) -> None:
    assert roll_rules.holder(["1", "2"], sold, "frozen") == who
    assert roll_rules.holder([], sold, "frozen") == "frozen"
