"""The engine's pure decisions, every branch, and a walk through the state table."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from appointments import calendar, queue_rules, rules, tokens
from appointments.calendar import Rule
from appointments.rules import Action, Booked, Policy, Refused, State, Who
from tests.appointments_world import MONDAY, NOW, at, weekdays

KEY = b"k" * 32


def booked(state: State = State.BOOKED, policy: Policy | None = None) -> Booked:
    return Booked(state, MONDAY, at(9), at(9, 30), policy or Policy())


def refusal(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_the_table_is_closed():
    """Every state can be reached; every state but the ends has a way out; guards exist."""
    ways_out = {state for state, _ in rules.TRANSITIONS}
    assert ways_out == set(State) - rules.ENDS
    reached = {transition.to for transition in rules.TRANSITIONS.values()} | {rules.START}
    assert reached == set(State)
    needs = {t.needs for t in rules.TRANSITIONS.values() if t.needs}
    assert needs == set(rules.GUARDS)
    assert all(transition.who for transition in rules.TRANSITIONS.values())


def test_places_are_released_exactly_on_the_way_to_a_released_state():
    for transition in rules.TRANSITIONS.values():
        assert transition.releases == (transition.to in rules.RELEASED)


def test_the_hall_can_end_every_live_state_by_itself():
    for state in rules.LIVE - {State.BOOKED}:
        assert (state, Action.CLOSE_DAY) in rules.TRANSITIONS


def test_who_may():
    assert refusal(lambda: rules.decide(booked(), Action.CANCEL, Who.STAFF, NOW)) == "not_for_you"
    assert refusal(lambda: rules.decide(booked(), Action.FINISH, Who.STAFF, NOW)) == "wrong_state"
    assert rules.decide(booked(), Action.HALL_CANCEL, Who.STAFF, NOW).to is State.CANCELLED


def test_cancel_deadline():
    assert rules.cancel_deadline(booked()) == at(7)
    assert rules.decide(booked(), Action.CANCEL, Who.RESIDENT, at(7)).releases
    late = at(7, 1)
    assert refusal(lambda: rules.decide(booked(), Action.CANCEL, Who.RESIDENT, late)) == (
        "cancel_too_late"
    )
    assert rules.may_cancel(booked(), at(7))
    assert not rules.may_cancel(booked(), late)
    assert not rules.may_cancel(booked(State.CALLED), at(7))


def test_check_in_hours():
    def come(moment, policy=None):
        return rules.decide(booked(policy=policy), Action.CHECK_IN, Who.STAFF, moment)

    assert come(at(0)).to is State.CHECKED_IN
    assert come(at(10)).to is State.CHECKED_IN
    night = at(0) - timedelta(minutes=1)
    assert refusal(lambda: come(night)) == "check_in_too_early"
    assert refusal(lambda: come(at(10, 1))) == "check_in_too_late"
    assert come(night, Policy(early_check_in_minutes=1)).to is State.CHECKED_IN


def test_no_show_only_after_check_in_has_closed():
    assert refusal(lambda: rules.decide(booked(), Action.NO_SHOW, Who.SYSTEM, at(9, 59))) == (
        "no_show_too_early"
    )
    assert rules.decide(booked(), Action.NO_SHOW, Who.SYSTEM, at(10)).releases
    called = booked(State.CALLED)
    assert rules.decide(called, Action.NO_SHOW, Who.STAFF, at(9)).to is State.NO_SHOW


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"closed": True}, "slot_closed"),
        ({"channel": "elderly"}, "slot_reserved"),
        ({"start": at(8)}, "slot_past"),
        ({"start": at(8, 29)}, "slot_too_soon"),
        ({"release_at": at(8, 1)}, "slot_not_released"),
    ],
)
def test_what_cannot_be_booked(changes, code):
    facts = {
        "start": at(9),
        "release_at": at(0),
        "closed": False,
        "channel": "online",
        "channels": ("online",),
        "lead_minutes": 30,
        "now": NOW,
    }
    rules.check_bookable(**facts)
    assert refusal(lambda: rules.check_bookable(**{**facts, **changes})) == code


def test_quotas_by_age():
    assert rules.channels_for(59) == ("online",)
    assert rules.channels_for(60) == ("elderly", "online")


def test_rating_rules():
    rules.check_rating(State.FINISHED, NOW, 1, NOW)
    assert refusal(lambda: rules.check_rating(State.FINISHED, None, 1, NOW)) == (
        "rating_not_finished"
    )
    assert refusal(lambda: rules.check_rating(State.CALLED, NOW, 1, NOW)) == "rating_not_finished"
    late = NOW + timedelta(days=30, seconds=1)
    assert refusal(lambda: rules.check_rating(State.FINISHED, NOW, 1, late)) == "rating_too_late"
    for score in (0, 6):
        assert refusal(lambda score=score: rules.check_rating(State.FINISHED, NOW, score, NOW)) == (
            "rating_out_of_range"
        )


@settings(max_examples=300)
@given(
    st.sampled_from(State),
    st.sampled_from(Action),
    st.sampled_from(Who),
    st.datetimes(datetime(2026, 11, 22), datetime(2026, 11, 25)),
)
def test_a_decision_is_a_transition_or_a_refusal(state, action, who, moment):
    try:
        transition = rules.decide(booked(state), action, who, moment.replace(tzinfo=rules.ZONE))
    except Refused:
        return
    assert rules.TRANSITIONS[state, action] is transition
    assert who in transition.who


class Walk(RuleBasedStateMachine):
    """One appointment pushed about by everybody at any time of its day."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.now, self.held, self.ended = rules.START, at(7), True, False

    @rule(action=st.sampled_from(Action), who=st.sampled_from(Who))
    def act(self, action, who):
        try:
            step = rules.decide(booked(self.state), action, who, self.now)
        except Refused:
            return
        assert not self.ended, "an ended appointment moved"
        self.state = step.to
        self.held = self.held and not step.releases
        self.ended = step.to in rules.ENDS

    @rule(minutes=st.integers(1, 90))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @invariant()
    def a_place_is_held_until_it_is_given_back(self):
        assert self.held == (self.state not in rules.RELEASED)


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)


# -- the queue -----------------------------------------------------------------------------


def test_latecomers_stand_where_they_arrive():
    assert queue_rules.queue_at(at(9), at(8, 30), 10) == at(9)
    assert queue_rules.queue_at(at(9), at(9, 10), 10) == at(9)
    assert queue_rules.queue_at(at(9), at(9, 11), 10) == at(9, 11)


def test_ticket_numbers():
    assert queue_rules.ticket_no("A", 12) == "A012"
    assert queue_rules.ticket_no("A", 1234) == "A1234"


def test_averages_leave_out_forgotten_clicks():
    assert queue_rules.service_minutes([]) == 10
    assert queue_rules.service_minutes([4, 6]) == 10
    assert queue_rules.service_minutes([4, 6, 8, 0, 500]) == 6


def test_wait_estimate():
    assert queue_rules.wait_minutes(3, 7, 2) == 11
    assert queue_rules.wait_minutes(0, 7, 2) == 0
    assert queue_rules.wait_minutes(3, 7, 0) is None


def test_numbers_are_spoken_digit_by_digit():
    assert queue_rules.speech("A012", "3") == "请A零一二号，到3号窗口"


# -- the calendar --------------------------------------------------------------------------


def test_the_next_working_days():
    friday = date(2026, 11, 27)
    days = calendar.horizon(friday, Policy(days_ahead=2), {}, weekdays)
    assert [day.day for day in days] == [27, 30, 1]
    saturday = calendar.horizon(date(2026, 11, 28), Policy(days_ahead=2), {}, weekdays)
    assert [day.day for day in saturday] == [30, 1]


def test_overrides_come_before_the_calendar_and_every_day_before_both_unknown():
    saturday = date(2026, 11, 28)
    assert calendar.is_open(saturday, Policy(), {saturday: True}, weekdays) is True
    assert calendar.is_open(MONDAY, Policy(), {MONDAY: False}, weekdays) is False
    assert calendar.is_open(saturday, Policy(every_day=True), {}, weekdays) is True
    assert calendar.is_open(MONDAY, Policy(), {}, lambda day: None) is None


def test_an_unpublished_year_ends_the_horizon():
    days = calendar.horizon(
        date(2026, 12, 30), Policy(), {}, lambda day: None if day.year > 2026 else weekdays(day)
    )
    assert [day.day for day in days] == [30, 31]


def test_a_long_holiday_ends_the_search():
    assert calendar.horizon(MONDAY, Policy(), {}, lambda day: False) == []


def one(**changes: object) -> Rule:
    facts = {"group": "shebao", "weekday": 1, "start": time(9), "end": time(10),
             "slot_minutes": 30, "capacity": 2, "channel": "online"}  # fmt: skip
    return Rule(**{**facts, **changes})


def test_whole_slots_only():
    planned = calendar.plan(MONDAY, [one(end=time(10, 20))])
    assert [(slot.start, slot.end) for slot in planned] == [
        (at(9), at(9, 30)),
        (at(9, 30), at(10)),
    ]


def test_an_adjusted_saturday_runs_like_monday_unless_it_has_its_own():
    saturday = date(2026, 11, 28)
    assert len(calendar.plan(saturday, [one()])) == 2
    assert len(calendar.plan(saturday, [one(), one(weekday=6, slot_minutes=60)])) == 1
    assert calendar.plan(date(2026, 11, 24), [one()]) == []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([one(group="nope")], "schedule_unknown_group"),
        ([one(channel="phone")], "schedule_invalid"),
        ([one(weekday=8)], "schedule_invalid"),
        ([one(slot_minutes=4)], "schedule_invalid"),
        ([one(capacity=-1)], "schedule_invalid"),
        ([one(end=time(9, 20))], "schedule_too_short"),
        ([one(end=time(8))], "schedule_too_short"),
        ([one(), one(start=time(9, 30), end=time(11))], "schedule_overlap"),
    ],
)
def test_schedules_that_are_refused(rows, code):
    assert refusal(lambda: calendar.check_rules(rows, ["shebao"])) == code


def test_schedules_that_are_fine():
    rows = [one(), one(start=time(10), end=time(11)), one(channel="elderly"), one(weekday=2)]
    calendar.check_rules(rows, ["shebao"])


# -- QR tokens -----------------------------------------------------------------------------


def test_a_token_says_what_was_signed():
    id_ = uuid4()
    token = tokens.sign(KEY, id_, b"nonce678", at(12))
    assert tokens.read(KEY, token, NOW) == tokens.Claim(id_, b"nonce678")
    assert tokens.sign(KEY, id_, b"nonce678", at(12)) == token


def test_a_token_ends():
    token = tokens.sign(KEY, uuid4(), b"nonce678", at(7))
    assert refusal(lambda: tokens.read(KEY, token, NOW)) == "qr_expired"


@pytest.mark.parametrize(
    "token",
    ["", "HY1", "HY1..", "HY2.a.b", "HY1.a.b", "HY1.!!.??", "HY1.AAAA.AAAA", "HY1.å.b", "x" * 300],
)
def test_any_other_text_is_refused(token):
    assert refusal(lambda: tokens.read(KEY, token, NOW)) == "qr_invalid"


@settings(max_examples=300)
@given(st.data())
def test_every_altered_token_is_refused(data):
    token = tokens.sign(KEY, uuid4(), b"nonce678", at(12))
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("ABCxyz019-_.="))
    altered = token[:place] + sign + token[place + 1 :]
    if altered != token:
        assert refusal(lambda: tokens.read(KEY, altered, NOW)) == "qr_invalid"


def test_another_key_signs_nothing_here():
    token = tokens.sign(b"o" * 32, uuid4(), b"nonce678", at(12))
    assert refusal(lambda: tokens.read(KEY, token, NOW)) == "qr_invalid"


def test_a_genuine_mac_over_something_else_is_refused():
    payload = b"short"
    text = f"HY1.{tokens._encode(payload)}.{tokens._encode(tokens._mac(KEY, payload))}"
    assert refusal(lambda: tokens.read(KEY, text, NOW)) == "qr_invalid"
