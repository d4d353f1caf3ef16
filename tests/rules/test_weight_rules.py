"""Shares of providers: who gets a message, when they move, and that nothing is lost of the whole."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.weight_rules import (
    EVERY,
    LEAP,
    RECOVERY,
    STEP,
    WHOLE,
    Figures,
    Share,
    another,
    bases,
    chosen,
    judged,
    pick,
    trouble,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(("found", "points"), [
    (Figures(), 0),
    (Figures(attempts=4, errors=4), 0),
    (Figures(attempts=10, errors=1), 0),
    (Figures(attempts=10, errors=2), STEP),
    (Figures(attempts=10, errors=5), LEAP),
    (Figures(attempts=1000, errors=51), STEP),
    (Figures(attempts=1000, errors=50), 0),
    (Figures(attempts=20, slow=3), STEP),
    (Figures(attempts=20, slow=2), 0),
    (Figures(due=20, late=3, reports=True), STEP),
    (Figures(due=20, late=3), 0),
    (Figures(due=4, late=4, reports=True), 0),
    (Figures(due=20, late=2, reports=True), 0),
])  # fmt: skip
def test_what_counts_as_trouble(found: Figures, points: int) -> None:
    taken, why = trouble(found)
    assert taken == points
    assert bool(why) == bool(points)


BAD = Figures(attempts=10, errors=3)


def share(weight: int, base: int, ago: timedelta = timedelta(hours=1)) -> Share:
    return Share(weight, base, NOW - ago)


def test_one_in_trouble_gives_to_the_others() -> None:
    before = {"a": share(40, 40), "b": share(30, 30), "c": share(30, 30)}
    after = judged(before, {"a": BAD}, NOW)
    assert {name: one.weight for name, one in after.items()} == {"a": 30, "b": 35, "c": 35}
    assert after["a"].changed_at == NOW
    assert "出错" in after["a"].reason


def test_nothing_moves_when_all_suffer_or_there_is_nobody_else() -> None:
    both = {"a": share(60, 60), "b": share(40, 40)}
    assert judged(both, {"a": BAD, "b": BAD}, NOW) == both
    alone = {"a": share(100, 100)}
    assert judged(alone, {"a": BAD}, NOW) == alone


def test_who_has_nothing_left_gives_nothing() -> None:
    before = {"a": share(0, 50), "b": share(100, 50)}
    assert judged(before, {"a": BAD}, NOW) == before


def test_a_share_comes_back_only_after_a_rest() -> None:
    lately = {"a": share(30, 50, EVERY), "b": share(70, 50)}
    assert judged(lately, {}, NOW) == lately
    rested = {"a": share(44, 50, RECOVERY), "b": share(56, 50)}
    after = judged(rested, {}, NOW)
    assert [after[name].weight for name in "ab"] == [50, 50]
    assert after["a"].reason == after["b"].reason == ""


def test_with_three_the_way_back_is_a_step_at_a_time() -> None:
    before = {"a": share(10, 34), "b": share(20, 33), "c": share(70, 33)}
    after = judged(before, {}, NOW)
    assert {name: one.weight for name, one in after.items()} == {"a": 20, "b": 20, "c": 60}


def test_picking_follows_the_weights() -> None:
    weights = {"a": 70, "b": 30}
    assert [pick(weights, chance) for chance in (0.0, 0.69, 0.7, 0.99)] == ["a", "a", "b", "b"]
    assert pick({"a": 0, "b": 0}, 0.6) == "b"
    assert pick({"a": 1, "b": 0}, 1.0) == "a"


def test_who_gets_the_next_attempt() -> None:
    weights = {"a": 90, "b": 10}
    ask = {"may_repeat": False, "chance": 0.0}
    assert chosen(weights, [], **ask) == "a"
    assert chosen(weights, [("a", "retry")], **ask) == "b"
    assert chosen(weights, [("a", None), ("a", "retry")], **ask) == "a"
    assert chosen(weights, [("gone", "unclear")], **ask) == "a"
    assert chosen(weights, [("a", "unclear")], may_repeat=True, chance=0.0) == "b"
    assert chosen({"a": 1}, [("a", "retry")], **ask) == "a"


def test_everybody_is_asked_once_a_round() -> None:
    assert [another(2, tried) for tried in (1, 2, 3, 4)] == [True, False, True, False]
    assert not another(1, 1)


def test_bases_are_parts_of_the_whole() -> None:
    assert bases({"a": 60, "b": 40}) == {"a": 60, "b": 40}
    assert bases({"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert bases({"a": 0, "b": 0}) == {"a": 50, "b": 50}
    assert bases({}) == {}


_FIGURES = st.builds(
    Figures, attempts=st.integers(0, 200), errors=st.integers(0, 200), slow=st.integers(0, 200),
    due=st.integers(0, 50), late=st.integers(0, 50), reports=st.booleans(),
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 100), min_size=1),
    st.lists(st.tuples(st.dictionaries(st.sampled_from("abc"), _FIGURES), st.integers(1, 600))),
)
def test_whatever_happens_the_whole_stays_whole(
    wanted: dict[str, int], story: list[tuple[dict[str, Figures], int]]
) -> None:
    at = NOW
    shares = {name: Share(one, one, at) for name, one in bases(wanted).items()}
    for figures, seconds in story:
        at += timedelta(seconds=seconds)
        before, shares = shares, judged(shares, figures, at)
        assert sum(share.weight for share in shares.values()) == WHOLE
        assert all(0 <= share.weight <= WHOLE for share in shares.values())
        assert all(abs(shares[one].weight - before[one].weight) <= 2 * LEAP for one in shares)
    for _ in range(60):
        at += RECOVERY
        shares = judged(shares, {}, at)
    assert all(share.weight == share.base for share in shares.values()), "it all comes back"
