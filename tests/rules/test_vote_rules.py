"""What may be asked, how it may be answered, and when secret ballots are taken in."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.deliberation import vote_rules as v
from backend.domains.deliberation.kind_data_rules import PRESETS
from backend.domains.deliberation.kind_rules import (
    AREA,
    ENTITLED,
    HEADS,
    MULTIPLE,
    PROJECTS,
    RANKED,
    SINGLE,
    Threshold,
    VoteRule,
)

ANY = VoteRule("main", "x", "residents", (HEADS,), {}, {},
               ballots=(SINGLE, MULTIPLE, RANKED, PROJECTS), secrecy=("open", "secret"))  # fmt: skip
DECIDING = replace(ANY, passing={HEADS: Threshold(">", Fraction(1, 2))})
AREAS = replace(ANY, weights=(HEADS, AREA))
THREE = tuple(v.Option(code, code) for code in "abc")
MANY = tuple(v.Option(code, code) for code in "abcdefghijk")
PLANS = tuple(v.Option(code, code, cost) for code, cost in (("a", 5), ("b", 7)))


def question(method: str = SINGLE, options=THREE, **more) -> v.Question:
    return v.Question(method, options, **more)


@pytest.mark.parametrize(
    ("asked", "rule", "secrecy", "why"),
    [
        (question(MULTIPLE), replace(ANY, ballots=(SINGLE,)), "open", "只能是"),
        (question(MULTIPLE), DECIDING, "open", "作出决定"),
        (question(options=THREE[:1]), ANY, "open", "2到40"),
        (question(options=THREE + THREE), ANY, "open", "重复"),
        (question(most=2), ANY, "open", "单选"),
        (question(MULTIPLE, least=0, most=2), ANY, "open", "可选项数"),
        (question(MULTIPLE, least=3, most=2), ANY, "open", "可选项数"),
        (question(MULTIPLE, least=1, most=4), ANY, "open", "可选项数"),
        (question(PROJECTS, PLANS, most=2), ANY, "open", "总预算"),
        (question(PROJECTS, THREE, most=2, budget_cents=9), ANY, "open", "金额"),
        (question(SINGLE, PLANS), ANY, "open", "预算类"),
        (question(budget_cents=5), ANY, "open", "预算类"),
        (question(), replace(ANY, secrecy=("open",)), "secret", "记名方式"),
        (question(), AREAS, "secret", "不能不记名"),
        (question(RANKED, MANY, most=11), ANY, "open", "最多10个"),
    ],
)
def test_a_question_that_the_rule_does_not_allow_is_refused(asked, rule, secrecy, why) -> None:
    with pytest.raises(v.BadQuestion, match=why):
        v.checked_question(asked, rule, secrecy)


@pytest.mark.parametrize(
    ("asked", "rule", "secrecy"),
    [
        (question(options=v.YES_OR_NO), DECIDING, "secret"),
        (question(options=v.YES_OR_NO), AREAS, "open"),
        (question(MULTIPLE, least=1, most=3), ANY, "open"),
        (question(MULTIPLE, MANY, most=11), ANY, "open"),
        (question(RANKED, MANY[:10], most=10), ANY, "open"),
        (question(PROJECTS, PLANS, most=2, budget_cents=10), ANY, "secret"),
    ],
)
def test_a_fitting_question_is_taken(asked, rule, secrecy) -> None:
    assert v.checked_question(asked, rule, secrecy) is asked


@pytest.mark.parametrize(
    ("asked", "choice", "why"),
    [
        (question(), ["x"], "不认识"),
        (question(MULTIPLE, most=2), ["a", "a"], "一次"),
        (question(), [], "请选1项"),
        (question(MULTIPLE, most=2), ["a", "b", "c"], "1到2项"),
    ],
)
def test_a_choice_that_does_not_answer_is_refused(asked, choice, why) -> None:
    with pytest.raises(v.BadChoice, match=why):
        v.checked_choice(asked, choice)


@pytest.mark.parametrize(
    ("secrecy", "by_area", "says"),
    [("open", True, "按房号"), ("open", False, "只公布编号"), ("secret", False, "不记名")],
)
def test_voters_are_told_who_can_read_their_choice(secrecy, by_area, says) -> None:
    assert says in v.secrecy_text(secrecy, by_area=by_area)


def test_a_ranking_keeps_its_order_and_other_choices_have_none() -> None:
    assert v.checked_choice(question(RANKED, most=3), ["c", "a"]) == ["c", "a"]
    assert v.checked_choice(question(MULTIPLE, most=3), ["c", "a"]) == ["a", "c"]


@given(st.integers(0, 300), st.integers(1, 30))
def test_no_batch_and_no_rest_is_a_handful(pending: int, k: int) -> None:
    taken = v.batch_size(pending, k, ending=False)
    assert taken == 0 or (taken >= k and pending - taken == k)
    assert v.batch_size(pending, k, ending=True) == pending


@given(st.lists(st.integers(0, 40), max_size=40), st.integers(1, 12))
def test_the_last_batch_is_no_smaller_than_k_unless_it_is_the_only_one(arriving, k) -> None:
    pending, batches = 0, []
    for more in arriving:
        pending += more
        taken = v.batch_size(pending, k, ending=False)
        pending -= taken
        batches += [taken] if taken else []
    last = v.batch_size(pending, k, ending=True)
    assert not batches or last >= k
    assert sum(batches) + last == sum(arriving)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda one: f"{one.kind}-{one.version}")
def test_no_kind_lets_a_vote_by_area_be_secret(preset) -> None:
    for rule in preset.votes:
        assert not (v.weights_of(rule)[AREA] and v.SECRETLY in rule.secrecy)
        assert v.weights_of(rule)[HEADS]


def test_a_rule_is_published_with_exact_fractions() -> None:
    rule = replace(ANY, quorum={HEADS: Threshold(">=", Fraction(2, 3), ENTITLED)})
    assert v.rule_as_data(rule)["quorum"] == {HEADS: [">=", "2/3", ENTITLED]}
