"""The engine's decisions: states, retries, nights, error codes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import rules
from notifications.rules import Priority, Verdict

SHANGHAI = rules.SHANGHAI


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def test_every_state_but_the_ends_has_an_exit_and_every_target_is_a_state() -> None:
    for (state, _), transition in rules.TRANSITIONS.items():
        assert state in rules.STATES
        assert state not in rules.ENDS
        assert transition.to in rules.STATES
        assert transition.why
    left = {state for state, _ in rules.TRANSITIONS}
    assert left == set(rules.STATES) - set(rules.ENDS)


def test_after_and_sources_read_the_table() -> None:
    assert rules.after("created", "lease") == "leased"
    assert rules.sources("cancel") == ("created", "temporary_failure", "leased")
    with pytest.raises(KeyError):
        rules.after("delivered", "lease")


@given(st.lists(st.sampled_from(sorted({action for _, action in rules.TRANSITIONS})), max_size=40))
def test_no_walk_leaves_an_end(actions: list[str]) -> None:
    state = "created"
    for action in actions:
        if (state, action) in rules.TRANSITIONS:
            assert state not in rules.ENDS
            state = rules.after(state, action)
    assert state in rules.STATES


@pytest.mark.parametrize(
    ("code", "arrived", "verdict"),
    [
        (0, True, Verdict.ACCEPTED),
        (43101, False, Verdict.NEXT_CHANNEL),
        (43004, False, Verdict.NEXT_CHANNEL),
        (47003, False, Verdict.FINAL),
        (40003, False, Verdict.FINAL),
        (40037, False, Verdict.FINAL),
        (41030, False, Verdict.FINAL),
        (45009, False, Verdict.QUOTA),
        (45065, False, Verdict.ACCEPTED),
        (-1, False, Verdict.RETRY),
        (40125, False, Verdict.RETRY),
        (None, False, Verdict.RETRY),
        (None, True, Verdict.UNCLEAR),
    ],
)
def test_wechat_codes(code: int | None, arrived: bool, verdict: Verdict) -> None:
    assert rules.wechat_verdict(code, arrived) is verdict


def test_pauses_grow_and_the_last_one_repeats() -> None:
    plain = [rules.pause_after(n, 0.5).total_seconds() for n in range(9)]
    assert plain == [0, 30, 120, 600, 1800, 3600, 7200, 7200, 7200]


@given(st.integers(1, 20), st.floats(0, 1, exclude_max=True))
def test_a_pause_varies_by_a_fifth_at_most(attempts: int, chance: float) -> None:
    plain = rules.pause_after(attempts, 0.5)
    spread = rules.pause_after(attempts, chance)
    assert 0.8 - 1e-6 <= spread / plain <= 1.2 + 1e-6


def test_the_retries_on_one_channel_span_at_least_four_hours() -> None:
    least = sum((rules.pause_after(n, 0.0) for n in range(rules.PATIENCE)), timedelta())
    assert least >= timedelta(hours=4)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(7, 59), at(8)),
        (at(8), at(8)),
        (at(21, 59), at(21, 59)),
        (at(22), at(8, day=24)),
        (at(23, 30), at(8, day=24)),
        (at(0, 10), at(8)),
    ],
)
def test_the_night_delays_what_can_wait(moment: datetime, expected: datetime) -> None:
    assert rules.after_quiet(moment, Priority.REMINDER) == expected
    assert rules.after_quiet(moment, Priority.CONFIRMATION) == expected


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_calls_and_changes_are_told_at_any_hour(moment: datetime) -> None:
    assert rules.after_quiet(moment, Priority.CALL) == moment
    assert rules.after_quiet(moment, Priority.CHANGE) == moment
    assert rules.after_quiet(moment, Priority.NEWS, None) == moment
    later = rules.after_quiet(moment, Priority.NEWS)
    assert later >= moment
    assert 8 <= later.astimezone(SHANGHAI).hour < 22


def test_the_evening_before() -> None:
    assert rules.day_before(at(9, 30)) == at(18, day=22)
    assert rules.day_before(at(0, 30).astimezone(UTC)) == at(18, day=22)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(8), at(18)),
        (at(17, 59), at(18)),
        (at(18), at(18, day=24)),
        (at(23, 30), at(18, day=24)),
        (at(0, 10), at(18)),
    ],
)
def test_what_can_wait_waits_for_the_next_evening(moment: datetime, expected: datetime) -> None:
    assert rules.next_evening(moment) == expected
    assert rules.next_evening(moment.astimezone(UTC)) == expected


def test_a_day_is_a_day_in_shanghai() -> None:
    assert rules.day_of(at(0, 5).astimezone(UTC)).day == 23
    assert rules.day_of(at(23, 55).astimezone(UTC)).day == 23


def test_news_make_room_and_calls_and_changes_are_never_held_back() -> None:
    assert [rules.is_bulk(one) for one in Priority] == [False, False, False, False, True]
    assert [rules.may_be_capped(one) for one in Priority] == [False, False, True, True, True]


def test_what_surely_was_not_sent_has_ended() -> None:
    assert set(rules.UNSENT) < set(rules.ENDS)


def test_a_reminder_whose_moment_has_passed_is_left_out() -> None:
    assert rules.still_ahead(at(9), at(8)) == at(9)
    assert rules.still_ahead(at(8), at(8)) is None
    assert rules.still_ahead(at(7), at(8)) is None


def test_an_orphan_is_repeated_only_if_it_may_arrive_twice() -> None:
    assert rules.orphaned(True, 1, 2) == "retry"
    assert rules.orphaned(True, 2, 2) == "give_up"
    assert rules.orphaned(False, 1, 2) == "give_up"


def test_a_choice_counts_for_everything_but_calls_changes_and_what_has_no_topic() -> None:
    muted = {one for one in Priority if rules.may_be_muted(one, "life")}
    assert muted == {Priority.CONFIRMATION, Priority.REMINDER, Priority.NEWS}
    assert not any(rules.may_be_muted(one, "") for one in Priority)


def test_wechat_is_trusted_for_nine_of_its_ten_minutes_and_a_text_is_dropped_for_good() -> None:
    first = datetime(2026, 11, 23, 10, tzinfo=rules.SHANGHAI)
    soon, late = first + timedelta(minutes=8), first + timedelta(minutes=9)
    assert rules.still_dropped("wechat_service", first, soon)
    assert not rules.still_dropped("wechat_service", first, late)
    assert rules.still_dropped("sms", first, first + timedelta(days=1))
