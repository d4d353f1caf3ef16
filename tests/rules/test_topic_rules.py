"""The machine of a topic: every kind can be walked to its end, nothing is left out on the way."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.deliberation import kind_data_rules as data
from backend.domains.deliberation import rules as r
from backend.domains.deliberation.period_rules import period_end
from backend.kernel.clock import SHANGHAI

TABLES = {
    "topic": (r.TOPIC_TRANSITIONS, r.STATE_TEXT, r.TOPIC_ENDS, r.PROPOSED),
    "objection": (r.OBJECTION_TRANSITIONS, r.OBJECTION_TEXT, r.OBJECTION_ENDS, r.OBJECTED),
    "post": (r.POST_TRANSITIONS, r.POST_TEXT, r.POST_ENDS, r.CHECKING),
    "case": (r.CASE_TRANSITIONS, r.CASE_TEXT, r.CASE_ENDS, r.CASE_OPEN),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_state_is_reached_and_leads_to_an_end(name):
    table, texts, ends, start = TABLES[name]
    known = set(texts)
    assert {state for state, _ in table} | {way.to for way in table.values()} == known
    assert {state for state, _ in table} == known - ends
    reached = {start}
    while fresh := {way.to for (state, _), way in table.items() if state in reached} - reached:
        reached |= fresh
    assert reached == known
    leading = set(ends)
    while more := {state for (state, _), way in table.items() if way.to in leading} - leading:
        leading |= more
    assert leading == known


def walk(preset):
    """The states of the plain way through a kind, with the actions taken."""
    way = {
        r.PROPOSED: "ask_support", r.SECONDING: "submit", r.SUBMITTED: "accept",
        r.ACCEPTED: "discuss", r.DISCUSSING: "draft", r.DRAFTING: "notice",
        r.NOTICING: "open_vote", r.VOTING: "end_vote", r.COUNTING: "passed",
        r.RESULT_NOTICE: "publish_result", r.OBJECTION: "carry_out", r.CARRYING_OUT: "close",
    }  # fmt: skip
    if r.DISCUSSING not in preset.stages:
        way[r.ACCEPTED] = "draft"
    return way


@pytest.mark.parametrize("preset", data.PRESETS, ids=lambda one: f"{one.kind}-{one.version}")
def test_every_kind_is_walked_through_all_its_stages(preset):
    way, state, seen = walk(preset), r.PROPOSED, [r.PROPOSED]
    while state != r.CLOSED:
        action = way[state]
        to = r.TOPIC_TRANSITIONS[state, action].to
        assert r.fits(preset.stages, action, state, to)
        state = to
        seen.append(state)
    assert tuple(seen) == preset.stages


@pytest.mark.parametrize("preset", data.PRESETS, ids=lambda one: f"{one.kind}-{one.version}")
def test_no_stage_is_left_out_and_none_entered_that_the_kind_lacks(preset):
    for (state, action), way in r.TOPIC_TRANSITIONS.items():
        if not r.fits(preset.stages, action, state, way.to):
            continue
        if way.to in r.TOPIC_ENDS and way.to != r.CLOSED:
            continue
        assert {state, way.to} <= set(preset.stages)
        before, after = preset.stages.index(state), preset.stages.index(way.to)
        between = set(preset.stages[before + 1 : after]) - {r.SECONDING}
        assert not between or action == "carry_out"


def test_a_kind_with_a_discussion_does_not_skip_it():
    assert not r.fits(data.MATTER_2.stages, "draft", r.ACCEPTED, r.DRAFTING)
    assert r.fits(data.SURVEY_1.stages, "draft", r.ACCEPTED, r.DRAFTING)
    assert not r.fits(data.SURVEY_1.stages, "discuss", r.ACCEPTED, r.DISCUSSING)


def test_a_proposal_that_needs_nobody_goes_straight_to_the_community():
    assert r.fits(data.MATTER_2.stages, "submit", r.PROPOSED, r.SUBMITTED)


def test_only_the_system_counts_and_only_the_street_sustains():
    assert r.TOPIC_TRANSITIONS[r.COUNTING, "passed"].who == {r.SYSTEM}
    assert r.TOPIC_TRANSITIONS[r.OBJECTION, "sustain"].who == {r.STREET}
    assert r.OBJECTION_TRANSITIONS[r.OBJECTED, "dismiss"].needs == {"reason"}
    assert r.CASE_TRANSITIONS[r.CASE_APPEALED, "uphold"].who == {r.STREET}


def test_everybody_who_waits_reads_what_comes_next():
    for state in r.STATES:
        assert r.next_text(state)
    assert r.next_text(r.OBJECTION, passed=True) == "公示期满、异议办完后开始落实"
    assert r.next_text(r.OBJECTION, passed=False) == "公示期满后结束"


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda one: one.replace(tzinfo=SHANGHAI)
)


@given(MOMENTS, st.integers(1, 90))
def test_a_vote_ends_in_the_evening_after_all_its_days(start, days):
    end = period_end(start, days, time(18, 0))
    assert timedelta(0) <= end - (start + timedelta(days=days)) < timedelta(days=1)
    assert (end.hour, end.minute) == (18, 0)


@given(MOMENTS, st.integers(0, 90))
def test_a_period_is_never_shorter_than_its_days_and_ends_when_people_are_awake(start, days):
    end = period_end(start, days)
    if days == 0:
        assert end == start
        return
    assert timedelta(0) <= end - (start + timedelta(days=days)) < timedelta(days=1)
    assert (end.hour, end.minute) == (22, 0)
