"""三率: every ticket counts once, or is left out for one stated reason."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.hotline import rates_rules as r

DONE = r.Matter(
    merged=False, responded=True, closed=True, excluded=False, solved=True, satisfied=True,
)  # fmt: skip
MATTERS = st.builds(
    r.Matter,
    merged=st.booleans(),
    responded=st.sampled_from([True, False, None]),
    closed=st.booleans(),
    excluded=st.booleans(),
    solved=st.sampled_from([True, False, None]),
    satisfied=st.sampled_from([True, False, None]),
)


def verdicts(**changes: Any) -> tuple[str, str, str]:
    matter = replace(DONE, **changes)
    return r.response(matter), r.solved(matter), r.satisfied(matter)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("yes", "yes", "yes")),
        ({"responded": False}, ("no", "yes", "yes")),
        ({"responded": None}, ("running", "yes", "yes")),
        ({"closed": False}, ("yes", "open", "open")),
        ({"solved": False, "satisfied": False}, ("yes", "no", "no")),
        # Nobody reached the caller: that is not a satisfied one.
        ({"solved": None, "satisfied": None}, ("yes", "no", "no")),
        ({"merged": True}, ("merged", "yes", "yes")),
        ({"excluded": True, "satisfied": False}, ("excluded", "excluded", "excluded")),
    ],
)
def test_a_ticket_counts_or_is_left_out_for_a_reason(
    changes: dict[str, object], expected: tuple[str, str, str]
) -> None:
    assert verdicts(**changes) == expected


@given(st.lists(st.tuples(MATTERS, st.integers(1, 9)), max_size=30))
def test_counted_and_left_out_add_up(matters: list[tuple[r.Matter, int]]) -> None:
    for rate in r.rates(matters).values():
        assert rate.denominator + sum(rate.excluded.values()) == sum(n for _, n in matters)
        assert 0 <= rate.numerator <= rate.denominator
        assert set(rate.excluded) <= set(r.REASON_TEXT)
        assert (rate.rate is None) == (rate.denominator == 0)


def test_each_rate_says_what_it_counts() -> None:
    assert set(r.RATE_TEXT) == set(r.COUNTED_TEXT) == set(r.OF_TEXT) == set(r.rates([]))
    assert r.rates([(DONE, 1), (replace(DONE, satisfied=False), 3)])["satisfied"].rate == 0.25
