"""Rules of community life at their edges."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.neighbourhood import (
    care_rules,
    certificate_rules,
    code_rules,
    party_rules,
    point_rules,
    rules,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        (timedelta(days=3), timedelta(hours=12)),
        (13 * HOUR, 12 * HOUR),
        (13 * HOUR - MINUTE, 12 * HOUR - MINUTE),
        (90 * MINUTE, 30 * MINUTE),
        (89 * MINUTE, None),
        (timedelta(0), None),
    ],
)
def test_an_offer_lasts_twelve_hours_ends_an_hour_before_and_is_never_shorter_than_half_an_hour(
    before, offered
):
    found = rules.offer_until(NOON, NOON + before)
    assert found == (NOON + offered if offered is not None else None)


@pytest.mark.parametrize(
    ("state", "opens", "closes", "code"),
    [
        (rules.PUBLISHED, -1, 1, None), (rules.PUBLISHED, 0, 0, None),
        (rules.PUBLISHED, 1, 2, "sign_up_not_open"), (rules.PUBLISHED, -2, -1, "sign_up_over"),
        (rules.CANCELLED, -1, 1, "activity_cancelled"), (rules.RUNNING, -1, 1, "sign_up_over"),
    ],
)  # fmt: skip
def test_sign_up_is_open_from_its_first_to_its_last_moment(state, opens, closes, code):
    found = rules.sign_up_problem(state, NOON, NOON + opens * HOUR, NOON + closes * HOUR)
    assert (found[0] if found else None) == code


@pytest.mark.parametrize(
    ("state", "starts", "ends", "code"),
    [
        (rules.RUNNING, 0, 60, None), (rules.PUBLISHED, 30, 60, None),
        (rules.PUBLISHED, 31, 60, "check_in_too_early"), (rules.RUNNING, -60, 0, None),
        (rules.RUNNING, -60, -1, "check_in_over"), (rules.ENDED, -60, 60, "check_in_over"),
    ],
)  # fmt: skip
def test_check_in_is_open_from_half_an_hour_before_to_the_end(state, starts, ends, code):
    found = rules.check_in_problem(state, NOON, NOON + starts * MINUTE, NOON + ends * MINUTE)
    assert (found[0] if found else None) == code


@pytest.mark.parametrize(
    ("mode", "coded", "distance", "missing"),
    [
        ("code", True, None, None), ("code", False, 5.0, "code"),
        ("place", False, 200.0, None), ("place", True, None, "place"),
        ("place", True, 200.1, "far"),
        ("both", True, 5.0, None), ("both", False, 5.0, "code"), ("both", True, None, "place"),
        ("both", True, 500.0, "far"),
        ("either", True, None, None), ("either", False, 5.0, None),
        ("either", False, None, "code"), ("either", False, 500.0, "far"),
    ],
)  # fmt: skip
def test_each_mode_of_check_in_says_what_is_missing(mode, coded, distance, missing):
    assert rules.proof_problem(mode, coded=coded, distance_m=distance, radius_m=200) == missing


@pytest.mark.parametrize(
    ("came", "length", "minutes"),
    [(-20, 120, 120), (0, 120, 120), (7, 120, 110), (119, 120, 0), (130, 120, 0),
     (0, 4000, 1440)],
)  # fmt: skip
def test_minutes_run_from_the_arrival_to_the_end_in_whole_steps_of_five(came, length, minutes):
    found = rules.minutes_served(NOON + came * MINUTE, NOON, NOON + length * MINUTE)
    assert found == minutes


@pytest.mark.parametrize(
    ("start", "end", "opens", "closes", "field"),
    [
        (1, 2, -1, 1, None), (0, 2, -1, 0, "starts_at"), (1, 1, -1, 1, "ends_at"),
        (1, 74, -1, 1, "ends_at"), (1, 73, -1, 1, None), (1, 2, -1, 1.1, "sign_up_until"),
        (1, 2, 1, 1, "sign_up_from"),
    ],
)  # fmt: skip
def test_impossible_times_name_their_field(start, end, opens, closes, field):
    at = [NOON + by * HOUR for by in (start, end, opens, closes)]
    found = rules.times_problem(NOON, *at)
    assert (found[0] if found else None) == field


def test_a_reminder_is_a_day_before_or_two_hours_before_or_never():
    assert rules.reminder_at(NOON, NOON + 25 * HOUR) == NOON + HOUR
    assert rules.reminder_at(NOON, NOON + 24 * HOUR) == NOON + 22 * HOUR
    assert rules.reminder_at(NOON, NOON + 2 * HOUR) is None


def test_help_is_asked_for_within_thirty_days():
    assert care_rules.until_problem(NOON, NOON)
    assert care_rules.until_problem(NOON, NOON + timedelta(days=30)) is None
    assert care_rules.until_problem(NOON, NOON + timedelta(days=30, seconds=1))


def test_points_are_for_full_half_hours():
    assert [point_rules.of_minutes(n) for n in (0, 29, 30, 59, 60, 121)] == [0, 0, 1, 1, 2, 4]
    texts = [point_rules.hours_text(n) for n in (0, 30, 60, 150)]
    assert texts == ["0分钟", "30分钟", "1小时", "2小时30分钟"]


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)))
def test_a_number_reads_back_from_however_it_is_typed(day):
    number = certificate_rules.new_number(day)
    assert certificate_rules.normalise(number) == number
    assert certificate_rules.normalise(f" {number.lower().replace('-', '')} ") == number
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in number)
    assert certificate_rules.normalise(wide) == number


@given(st.integers(0, 13), st.sampled_from(certificate_rules.ALPHABET))
def test_every_single_wrong_letter_of_a_number_is_found(place, letter):
    number = certificate_rules.new_number(date(2026, 11, 23))
    plain = number.replace("-", "")
    spot = place + 2
    if plain[spot] == letter or (place < 4 and not letter.isdigit()):
        return
    assert certificate_rules.normalise(plain[:spot] + letter + plain[spot + 1 :]) is None


def test_what_cannot_be_a_number_is_none():
    good = certificate_rules.new_number(date(2026, 11, 23)).replace("-", "")
    for typed in ("", "HY", good[:-1], good + "2", "XX" + good[2:], "HYA" + good[3:],
                  good[:8] + "0" + good[9:]):  # fmt: skip
        assert certificate_rules.normalise(typed) is None


def test_a_period_runs_forward_and_not_into_the_future():
    monday = date(2026, 11, 23)
    assert certificate_rules.period_problem(monday, monday, monday) is None
    later = monday + timedelta(days=1)
    assert certificate_rules.period_problem(later, monday, later)[0] == "until"
    assert certificate_rules.period_problem(monday, later, monday)[0] == "until"


def _sign(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


ONE = UUID("01234567-89ab-7def-8123-456789abcdef")


def test_a_code_holds_for_its_half_minute_and_the_next():
    start = datetime.fromtimestamp(code_rules.window(NOON) * code_rules.SECONDS, UTC)
    word, digits = code_rules.token(_sign, ONE, start), code_rules.digits(_sign, ONE, start)
    assert code_rules.ends(start) == start + timedelta(seconds=30)
    assert len(digits) == 6
    for text in (word, digits, f" {word} "):
        assert code_rules.genuine(_sign, ONE, text, start)
        assert code_rules.genuine(_sign, ONE, text, start + timedelta(seconds=59))
        assert not code_rules.genuine(_sign, ONE, text, start + timedelta(seconds=60))
        assert not code_rules.genuine(_sign, ONE, text, start - timedelta(seconds=1))
        assert not code_rules.genuine(_sign, uuid4(), text, start)


def test_a_word_names_its_activity_and_nothing_else_does():
    assert code_rules.activity_of(code_rules.token(_sign, ONE, NOON)) == ONE
    for text in ("", "123456", "HY1.a.b.c", f"{code_rules.PREFIX}.zz.1.x", "HYA1.a.b"):
        assert code_rules.activity_of(text) is None


@given(st.text(max_size=60))
def test_no_other_text_is_a_code(text):
    right = (code_rules.digits(_sign, ONE, NOON), code_rules.token(_sign, ONE, NOON))
    if text.strip() not in right:
        earlier = NOON - timedelta(seconds=code_rules.SECONDS)
        if text.strip() != code_rules.digits(_sign, ONE, earlier):
            assert not code_rules.genuine(_sign, ONE, text, NOON)


def test_nobody_acts_but_those_the_tables_name():
    tables = (
        rules.ACTIVITY_TRANSITIONS, rules.SIGNUP_TRANSITIONS, care_rules.WISH_TRANSITIONS,
        care_rules.HELP_TRANSITIONS, care_rules.OFFER_TRANSITIONS,
        party_rules.REPORT_TRANSITIONS, party_rules.POST_TRANSITIONS,
        party_rules.CLAIM_TRANSITIONS, certificate_rules.CERTIFICATE_TRANSITIONS,
    )  # fmt: skip
    assert all(way.who for table in tables for way in table.values())


def test_every_state_and_choice_has_words():
    assert set(rules.HOLDING) < set(rules.LIVE) < set(rules.SIGNUP_TEXT)
    assert set(rules.SHOWN) == set(rules.STATE_TEXT) - {rules.DRAFT}
    assert set(rules.KIND_TEXT) >= rules.SERVICE_KINDS
