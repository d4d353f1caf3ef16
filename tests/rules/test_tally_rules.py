"""Counting is exact at every edge, and ties are said to be ties."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.deliberation import choosing_rules, tally_rules, vote_rules
from backend.domains.deliberation.kind_rules import (
    ABSTAIN,
    AGREE,
    AREA,
    AT_LEAST,
    ENTITLED,
    HEADS,
    MORE_THAN,
    MULTIPLE,
    OPPOSE,
    PROJECTS,
    RANKED,
    SINGLE,
    TAKING_PART,
    Threshold,
)
from backend.domains.deliberation.tally_rules import Cast, Terms, count

BOTH = (HEADS, AREA)
YES_NO = vote_rules.Question(SINGLE, vote_rules.YES_OR_NO)


def both(operator: str, share: Fraction, of: str) -> dict[str, Threshold]:
    return {name: Threshold(operator, share, of) for name in BOTH}


OWNERS = Terms(
    YES_NO, BOTH, both(AT_LEAST, Fraction(2, 3), ENTITLED),
    both(MORE_THAN, Fraction(1, 2), TAKING_PART), "open", 10,
)  # fmt: skip
HEADS_ONLY = Terms(YES_NO, (HEADS,), {}, {}, "open", 10)


def asked(method: str, codes: str, **more) -> Terms:
    options = tuple(vote_rules.Option(code, code, more.pop(code, None)) for code in codes)
    question = vote_rules.Question(method, options, 1, len(codes), **more)
    return replace(HEADS_ONLY, question=question)


def casts(*groups: tuple[str, int, int]) -> list[Cast]:
    """`(choice, how many, area of each)`."""
    return [Cast(tuple(choice.split(",")), area) for choice, n, area in groups for _ in range(n)]


@given(
    st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 60), st.integers(1, 60),
    st.sampled_from([MORE_THAN, AT_LEAST]),
)  # fmt: skip
def test_a_threshold_turns_exactly_at_its_edge(part, whole, top, bottom, operator) -> None:
    share = Fraction(min(top, bottom), max(top, bottom))
    terms = replace(
        HEADS_ONLY, weights=(AREA,), passing={AREA: Threshold(operator, share, ENTITLED)}
    )
    part = min(part, whole)
    found = count(terms, {AREA: whole}, [Cast((AGREE,), part)])
    exact = Fraction(part, whole)
    assert found["passed"] == (exact > share if operator == MORE_THAN else exact >= share)


@pytest.mark.parametrize(
    ("area", "passed"),
    [(200_000_000_000_000_000, True), (199_999_999_999_999_999, False)],
)
def test_one_square_centimetre_decides_where_floats_would_not_see_it(area, passed) -> None:
    """2/3 of 3·10¹⁷ is 2·10¹⁷; a float holds no such difference."""
    whole = {HEADS: 3, AREA: 300_000_000_000_000_000}
    cast = [*casts((AGREE, 2, area // 2)), Cast((AGREE,), area % 2)]
    found = count(OWNERS, whole, cast)
    assert found["quorum"][AREA]["met"] is passed
    assert (found["outcome"] == tally_rules.PASSED) is passed


def test_quorum_is_of_the_roll_and_majority_of_those_who_took_part() -> None:
    whole = {HEADS: 30, AREA: 30_000}
    just = casts((AGREE, 11, 1000), (OPPOSE, 9, 1000))
    found = count(OWNERS, whole, just)
    assert found["outcome"] == tally_rules.PASSED
    assert found["quorum"][HEADS] == {"part": 20, "of": 30, "needs": [">=", "2/3"], "met": True}
    assert found["passing"][AGREE][AREA] == {
        "part": 11_000, "of": 20_000, "needs": [">", "1/2"], "met": True,
    }  # fmt: skip
    assert count(OWNERS, whole, just[1:])["outcome"] == tally_rules.NO_QUORUM


def test_heads_and_area_must_both_agree() -> None:
    whole = {HEADS: 3, AREA: 100}
    large_against = [Cast((AGREE,), 10), Cast((AGREE,), 10), Cast((OPPOSE,), 80)]
    found = count(OWNERS, whole, large_against)
    assert found["passing"][AGREE][HEADS]["met"]
    assert not found["passing"][AGREE][AREA]["met"]
    assert found["outcome"] == tally_rules.NOT_PASSED


def test_an_abstention_takes_part_and_does_not_agree() -> None:
    whole = {HEADS: 4, AREA: 4}
    found = count(OWNERS, whole, casts((AGREE, 2, 1), (ABSTAIN, 2, 1)))
    assert found["quorum"][HEADS]["part"] == 4
    assert found["outcome"] == tally_rules.NOT_PASSED


class TestSilence:
    WHOLE: ClassVar = {HEADS: 30, AREA: 30}
    ON = replace(OWNERS, silence_with_majority=True)

    def test_is_never_counted_unless_switched_on(self) -> None:
        found = count(OWNERS, self.WHOLE, casts((AGREE, 11, 1), (OPPOSE, 9, 1)))
        assert found["silence"] is None

    def test_goes_with_what_leads_by_every_weight(self) -> None:
        found = count(self.ON, self.WHOLE, casts((AGREE, 9, 1), (OPPOSE, 8, 1), (ABSTAIN, 3, 1)))
        assert found["silence"] == {"to": AGREE, HEADS: 10, AREA: 10}
        assert found["passing"][AGREE][HEADS] == {
            "part": 19, "of": 30, "needs": [">", "1/2"], "met": True,
        }  # fmt: skip
        against = count(self.ON, self.WHOLE, casts((AGREE, 9, 1), (OPPOSE, 11, 1)))
        assert against["silence"]["to"] == OPPOSE
        assert against["outcome"] == tally_rules.NOT_PASSED

    def test_goes_with_nobody_when_heads_and_area_part(self) -> None:
        found = count(self.ON, self.WHOLE, [*casts((AGREE, 11, 1)), *casts((OPPOSE, 9, 2))])
        assert found["silence"] is None

    def test_never_makes_a_quorum(self) -> None:
        found = count(self.ON, self.WHOLE, casts((AGREE, 19, 1)))
        assert found["outcome"] == tally_rules.NO_QUORUM
        assert found["silence"] is None


def test_a_secret_vote_of_too_few_says_nothing_else() -> None:
    secret = replace(HEADS_ONLY, secrecy="secret")
    few = count(secret, {HEADS: 100}, casts((AGREE, 9, 0)))
    assert few["outcome"] == tally_rules.TOO_FEW
    assert few["taking_part"] is None
    assert "options" not in few and "winners" not in few
    assert "options" in count(secret, {HEADS: 100}, casts((AGREE, 10, 0)))
    assert "options" in count(HEADS_ONLY, {HEADS: 100}, casts((AGREE, 9, 0)))


def test_several_options_are_counted_each_and_a_tie_is_a_tie() -> None:
    found = count(asked(MULTIPLE, "abc"), {HEADS: 9}, casts(("a,b", 2, 0), ("b,c", 1, 0)))
    assert found["options"] == {"a": {HEADS: 2}, "b": {HEADS: 3}, "c": {HEADS: 1}}
    assert found["winners"] == {HEADS: ["b"]}
    assert found["outcome"] == tally_rules.COUNTED
    tied = count(asked(SINGLE, "abc"), {HEADS: 9}, casts(("a", 2, 0), ("b", 2, 0)))
    assert tied["winners"] == {HEADS: ["a", "b"]}
    assert tied["outcome"] == tally_rules.TIED


def test_where_nobody_chose_nobody_leads() -> None:
    assert count(asked(SINGLE, "ab"), {HEADS: 9}, [])["winners"] == {HEADS: []}


def test_among_plans_the_one_that_meets_every_share_passes() -> None:
    terms = replace(asked(SINGLE, "ab"), passing={HEADS: Threshold(">", Fraction(1, 2), ENTITLED)})
    found = count(terms, {HEADS: 3}, casts(("b", 2, 0), ("a", 1, 0)))
    assert found["winners"] == ["b"]


class TestRunoff:
    @staticmethod
    def run(codes: str, *ballots: tuple[str, int]):
        return choosing_rules.runoff(list(codes), Counter({tuple(b): n for b, n in ballots}))

    def test_the_last_leaves_and_its_ballots_go_on(self) -> None:
        found = self.run("abc", ("a", 4), ("b", 3), ("cb", 2))
        assert found["winners"] == ["b"]
        assert [one["out"] for one in found["rounds"]] == [["c"], []]
        assert found["rounds"][1]["counts"] == {"a": 4, "b": 5}

    def test_a_spent_ballot_counts_no_more(self) -> None:
        found = self.run("abc", ("a", 3), ("b", 4), ("c", 2))
        assert found["rounds"][1]["spent"] == 2
        assert found["winners"] == ["b"]

    def test_all_level_is_a_tie(self) -> None:
        assert self.run("ab", ("a", 2), ("b", 2))["winners"] == ["a", "b"]

    def test_several_hopeless_leave_together(self) -> None:
        found = self.run("abcd", ("a", 5), ("b", 4), ("ca", 1), ("db", 1))
        assert found["rounds"][0]["out"] == ["c", "d"]
        assert found["winners"] == ["a"]

    def test_where_the_order_could_matter_but_does_not_the_winner_wins(self) -> None:
        found = self.run("abc", ("a", 6), ("ba", 4), ("ca", 4))
        assert found["rounds"][0]["any_order"]
        assert found["winners"] == ["a"]

    def test_where_the_order_matters_it_is_a_tie(self) -> None:
        found = self.run("abc", ("a", 4), ("bc", 3), ("cb", 3))
        assert found["winners"] == ["b", "c"]

    def test_nobody_wins_without_ballots(self) -> None:
        assert self.run("ab")["winners"] == []

    @settings(max_examples=60)
    @given(st.lists(st.permutations("abcd").map(lambda p: tuple(p[:3])), min_size=1, max_size=40))
    def test_a_majority_of_first_choices_always_wins(self, ballots) -> None:
        found = choosing_rules.runoff("abcd", Counter(ballots))
        first, votes = Counter(b[0] for b in ballots).most_common(1)[0]
        if 2 * votes > len(ballots):
            assert found["winners"] == [first]
        assert found["winners"]
        again = choosing_rules.runoff("abcd", Counter(reversed(ballots)))
        assert again == found

    def test_a_ranked_vote_shows_first_choices_and_rounds(self) -> None:
        terms = replace(asked(RANKED, "abc"))
        found = count(terms, {HEADS: 9}, casts(("a,b", 4, 0), ("b", 3, 0), ("c,b", 2, 0)))
        assert found["options"]["c"] == {HEADS: 2}
        assert found["winners"] == {HEADS: ["b"]}


class TestBudget:
    def test_most_wanted_first_as_long_as_it_fits(self) -> None:
        found = choosing_rules.within_budget(
            {"a": 60, "b": 50, "c": 40, "d": 10, "e": 1}, {"a": 9, "b": 8, "c": 7, "d": 1, "e": 0},
            100,
        )  # fmt: skip
        assert found == {"chosen": ["a", "c"], "tied": [], "spent_cents": 100}

    def test_level_projects_that_do_not_all_fit_are_tied_and_the_rest_goes_on(self) -> None:
        found = choosing_rules.within_budget(
            {"a": 60, "b": 60, "c": 40}, {"a": 5, "b": 5, "c": 1}, 100
        )
        assert found == {"chosen": ["c"], "tied": ["a", "b"], "spent_cents": 40}

    def test_at_one_level_the_cheaper_goes_first_and_too_dear_is_passed_over(self) -> None:
        found = choosing_rules.within_budget({"a": 90, "b": 20}, {"a": 5, "b": 5}, 100)
        assert found == {"chosen": ["b"], "tied": [], "spent_cents": 20}
        assert choosing_rules.within_budget({"a": 90}, {"a": 1}, 50)["chosen"] == []

    @given(
        st.dictionaries(
            st.sampled_from("abcdefgh"), st.tuples(st.integers(1, 99), st.integers(0, 9)),
            min_size=1,
        ),
        st.integers(1, 300),
    )  # fmt: skip
    def test_never_more_than_the_budget(self, projects, budget) -> None:
        costs = {code: cost for code, (cost, _) in projects.items()}
        found = choosing_rules.within_budget(
            costs, {code: votes for code, (_, votes) in projects.items()}, budget
        )
        assert sum(costs[code] for code in found["chosen"]) == found["spent_cents"] <= budget

    def test_in_a_count(self) -> None:
        terms = asked(PROJECTS, "ab", a=60, b=60, budget_cents=100)
        tied = count(terms, {HEADS: 9}, casts(("a,b", 2, 0)))
        assert tied["projects"][HEADS]["tied"] == ["a", "b"]
        assert tied["outcome"] == tally_rules.TIED
        clear = count(terms, {HEADS: 9}, casts(("a", 2, 0)))
        assert clear["outcome"] == tally_rules.COUNTED


def test_the_terms_come_back_from_the_rule_that_was_kept() -> None:
    from backend.domains.deliberation.kind_data_rules import preset

    rule = preset("owners_major", 2).vote(0)
    terms = tally_rules.terms_of(
        YES_NO, vote_rules.rule_as_data(rule), secrecy="open", silence=True
    )
    assert terms.passing == dict(rule.passing)
    assert terms.quorum == dict(rule.quorum)
    assert terms.silence_with_majority
