"""Calls: a state never goes back, and a number is one however it is written."""

import pytest

from backend.domains.hotline import call_rules as rules


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        (None, "ended", "ended"),
        ("ringing", "answered", "answered"),
        ("ringing", "missed", "missed"),
        ("ringing", "ended", "ended"),
        ("answered", "ringing", "answered"),
        ("answered", "missed", "answered"),
        ("missed", "answered", "missed"),
        ("ended", "answered", "ended"),
    ],
)
def test_a_call_never_goes_back(state, event, after) -> None:
    assert rules.after(state, event) == after


def test_the_moment_of_an_event_is_kept_where_it_belongs() -> None:
    assert [rules.moment_of(one) for one in rules.CALL_STATES] == [
        "rang_at", "answered_at", "ended_at", "ended_at",
    ]  # fmt: skip
    assert rules.tells("ended", "answered") and not rules.tells("missed", "answered")
    assert rules.tells("ended", "ringing") and not rules.tells("answered", "ended")


@pytest.mark.parametrize(
    "written",
    ["13812345678", "+86 138-1234-5678", "0086 13812345678", "8613812345678", "013812345678"],
)
def test_a_number_is_the_same_however_it_is_written(written) -> None:
    assert rules.normal_number(written) == "13812345678"


def test_short_and_fixed_numbers_stay() -> None:
    assert rules.normal_number("12345") == "12345"
    assert rules.normal_number("0571-86000001") == "057186000001"
    assert rules.normal_number("") == ""
