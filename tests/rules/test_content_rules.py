"""The content check: what follows from WeChat's answers, and what the author is told."""

from datetime import timedelta

import pytest

from backend.domains.content import rules as r


@pytest.mark.parametrize(
    ("states", "action"),
    [
        ((r.PASS, r.PASS), "pass"),
        ((), "pass"),
        ((r.PASS, r.PENDING), None),
        ((r.PASS, r.ASKED), None),
        ((r.DOUBTFUL, r.ASKED), None),
        ((r.DOUBTFUL, r.PASS), "review"),
        ((r.RISKY, r.PENDING), "refuse"),
        ((r.RISKY, r.DOUBTFUL), "refuse"),
    ],
)
def test_one_risky_part_refuses_and_a_doubtful_one_waits_for_the_others(states, action):
    assert r.outcome(states) == action


def test_what_is_not_understood_goes_to_a_person():
    assert [r.item_state(one) for one in ("pass", "risky", "review", "?")] == [
        r.PASS, r.RISKY, r.DOUBTFUL, r.DOUBTFUL,
    ]  # fmt: skip


def test_tries_are_further_and_further_apart():
    pauses = [r.pause(tries) for tries in range(1, 9)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=30)
    assert pauses[-1] == timedelta(minutes=10)


def test_a_reason_names_the_kind_where_it_is_known():
    assert r.reason(20003) == "内容可能涉及辱骂"
    assert r.reason(21000) == "内容不适合公开"


def test_a_long_text_is_asked_in_pieces():
    assert r.parts("  ") == []
    assert r.parts("好") == ["好"]
    assert [len(part) for part in r.parts("好" * 2501)] == [2500, 1]


def test_refused_under_review_and_unavailable_are_three_experiences():
    told = {
        state: r.notice(state, "内容可能涉及广告", "11月24日（周二）18:00", appealed=False)
        for state in (r.REFUSED, r.REVIEW, r.UNAVAILABLE, r.WAITING)
    }
    assert {state: one.experience for state, one in told.items()} == {
        r.REFUSED: "refused", r.REVIEW: "under_review", r.UNAVAILABLE: "unavailable",
        r.WAITING: "checking",
    }  # fmt: skip
    assert told[r.REFUSED].can == ("edit", "appeal")
    assert "广告" in told[r.REFUSED].text
    assert "11月24日（周二）18:00" in told[r.REVIEW].text
    assert told[r.REVIEW].can == told[r.UNAVAILABLE].can == ()
    assert "稍后检查" in told[r.UNAVAILABLE].text
    assert len({one.title for one in told.values()}) == 4


def test_an_appeal_is_possible_once():
    assert r.notice(r.REFUSED, "广告", "", appealed=True).can == ("edit",)


def test_what_is_public_needs_no_words():
    assert r.notice(r.PASSED, "", "", appealed=False) is None


def test_every_way_starts_and_ends_in_a_known_state():
    for (state, _), way in r.CHECK_TRANSITIONS.items():
        assert {state, way.to} <= set(r.STATE_TEXT)
