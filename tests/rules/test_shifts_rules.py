"""What shifts and a pace make: whole places, no leaks between quotas, no place without a window."""

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from appointments.shifts_rules import Staffed, Tempo, from_shifts, joined, shares

MONDAY = date(2026, 11, 23)
HALF = Tempo("shebao", 30, 4, (("online", 50), ("on_site", 25), ("elderly", 25), ("video", 0)))


def window(*spans: tuple[int, int], groups: tuple[str, ...] = ("shebao",)) -> Staffed:
    return Staffed(frozenset(groups), tuple((time(a), time(b)) for a, b in spans))


def places(found, channel="online"):
    return {
        (one.start.hour, one.start.minute): one.capacity for one in found if one.channel == channel
    }


def test_a_window_counts_where_somebody_is_there_throughout():
    found = from_shifts(
        MONDAY, HALF, [window((9, 11)), window((10, 12), groups=("shebao", "huji"))]
    )
    assert places(found) == {
        (9, 0): 2, (9, 30): 2, (10, 0): 4, (10, 30): 4, (11, 0): 2, (11, 30): 2,
    }  # fmt: skip
    assert places(found, "elderly")[10, 0] == 2
    assert places(found, "video") == {}


def test_who_takes_over_leaves_no_gap_and_a_pause_of_all_begins_anew():
    long = Tempo("shebao", 120, 1, (("online", 100),))
    found = from_shifts(MONDAY, long, [window((9, 10), (10, 11)), window((13, 16))])
    assert places(found) == {(9, 0): 1, (13, 0): 1}


def test_another_business_has_nothing_of_it():
    assert from_shifts(MONDAY, HALF, [window((9, 11), groups=("huji",))]) == []


def test_spans_are_joined_where_they_touch():
    assert joined([(5, 7), (1, 2), (2, 3), (6, 9)]) == [(1, 3), (5, 9)]


def test_the_largest_remainders_come_first():
    assert shares(10, (("online", 55), ("on_site", 25), ("elderly", 20))) == {
        "online": 6, "on_site": 2, "elderly": 2,
    }  # fmt: skip


@given(st.integers(0, 400), st.lists(st.integers(0, 100), min_size=2, max_size=4))
def test_quotas_make_up_the_whole(total, weights):
    whole = sum(weights) or 1
    percents = [weight * 100 // whole for weight in weights]
    percents[0] += 100 - sum(percents)
    found = shares(total, [(str(number), one) for number, one in enumerate(percents)])
    assert sum(found.values()) == total
    for number, percent in enumerate(percents):
        assert abs(found[str(number)] - total * percent / 100) < 1


def test_a_window_of_several_businesses_with_a_pace_is_shared_by_them():
    both = window((9, 10), groups=("shebao", "huji"))
    shared = from_shifts(MONDAY, HALF, [both], paced=("shebao", "huji"))
    assert sum(one.capacity for one in shared if one.start.minute == 0) == HALF.places // 2
    # A business without a pace of its own has its places from the week and takes none of these.
    alone = from_shifts(MONDAY, HALF, [both], paced=("shebao",))
    assert sum(one.capacity for one in alone if one.start.minute == 0) == HALF.places
    # Two halves make one; less than one is one, for nobody is kept out of what is served.
    single = Tempo("shebao", 30, 1, (("online", 100),))
    for count, wanted in ((1, 1), (2, 1), (3, 1), (4, 2)):
        found = from_shifts(MONDAY, single, [both] * count, paced=("shebao", "huji"))
        assert places(found) == {(9, 0): wanted, (9, 30): wanted}
