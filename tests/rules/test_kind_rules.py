"""Each kind's preset against the text of the rule it stands on; thresholds exact at the edges."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.deliberation import kind_data_rules as data
from backend.domains.deliberation import kind_rules as k
from backend.domains.deliberation import rules

TODAY = date(2026, 11, 23)


def met(threshold, part, *, of, among=None):
    return threshold.met(part, entitled=of, taking_part=of if among is None else among)


@pytest.mark.parametrize("kind", [k.OWNERS_ORDINARY, k.OWNERS_MAJOR, k.LIFT])
@pytest.mark.parametrize("weight", [k.HEADS, k.AREA])
def test_civil_code_278_wants_two_thirds_of_all_owners_to_take_part(kind, weight):
    """民法典 278: 面积占比三分之二以上且人数占比三分之二以上的业主参与表决；以上 includes it."""
    quorum = data.in_force(kind, TODAY).vote(0).quorum[weight]
    assert quorum == k.Threshold(k.AT_LEAST, Fraction(2, 3), k.ENTITLED)
    assert met(quorum, 64, of=96)
    assert not met(quorum, 63, of=96)
    assert met(quorum, 67, of=100)
    assert not met(quorum, 66, of=100)


@pytest.mark.parametrize("weight", [k.HEADS, k.AREA])
def test_civil_code_278_ordinary_matters_need_more_than_half_of_those_taking_part(weight):
    """过半数: exactly half is not enough; silence counts for nothing."""
    passing = data.in_force(k.OWNERS_ORDINARY, TODAY).vote(0).passing[weight]
    assert not passing.met(32, entitled=96, taking_part=64)
    assert passing.met(33, entitled=96, taking_part=64)


@pytest.mark.parametrize("kind", [k.OWNERS_MAJOR, k.LIFT])
def test_civil_code_278_major_matters_need_three_quarters_of_those_taking_part(kind):
    """四分之三以上: exactly three quarters is enough. 加装电梯 is 改建 (第一款第七项)."""
    rule = data.in_force(kind, TODAY).vote(0)
    for weight in (k.HEADS, k.AREA):
        assert rule.passing[weight].met(48, entitled=96, taking_part=64)
        assert not rule.passing[weight].met(47, entitled=96, taking_part=64)


@pytest.mark.parametrize("kind", [k.OWNERS_ORDINARY, k.OWNERS_MAJOR, k.LIFT])
def test_owners_votes_are_open_and_silence_counts_only_where_it_is_switched_on(kind):
    """A unique area would give a secret ballot away; 未投从多数 is off by default."""
    rule = data.in_force(kind, TODAY).vote(0)
    assert rule.weights == (k.HEADS, k.AREA)
    assert rule.secrecy == ("open",)
    assert not rule.silence_with_majority
    assert rule.silence_allowed


def test_before_2021_the_property_law_counted_all_owners():
    """物权法 76: 过半数 of all, and 三分之二以上 of all for major matters; no quorum."""
    ordinary = data.in_force(k.OWNERS_ORDINARY, date(2020, 12, 31))
    major = data.in_force(k.OWNERS_MAJOR, date(2020, 12, 31))
    assert (ordinary.version, major.version) == (1, 1)
    assert not ordinary.vote(0).passing[k.AREA].met(50, entitled=100, taking_part=50)
    assert ordinary.vote(0).passing[k.AREA].met(51, entitled=100, taking_part=51)
    assert major.vote(0).passing[k.HEADS].met(2, entitled=3, taking_part=2)
    assert not major.vote(0).quorum
    assert data.in_force(k.OWNERS_MAJOR, date(2021, 1, 1)).version == 2


def test_lifts_are_for_entrances_of_four_storeys_and_more_with_agreement_and_consent():
    preset = data.in_force(k.LIFT, TODAY)
    assert preset.least_storeys == 4
    assert preset.scopes == (k.ENTRANCE,)
    assert k.requirement(preset, "agreement").before == rules.VOTING
    assert "费用分摊" in k.requirement(preset, "agreement").text
    assert k.requirement(preset, "exclusive_space").before == rules.CARRYING_OUT
    assert k.requirement(preset, "unknown") is None


def test_a_village_decides_in_two_votes():
    """四议两公开: two thirds of the party members attend and more than half of all agree; then the
    assembly (村民委员会组织法 22): more than half attend, more than half of those agree."""
    preset = data.in_force(k.VILLAGE, TODAY)
    party, assembly = preset.votes
    assert (party.electorate, assembly.electorate) == (k.PARTY_MEMBERS, k.VILLAGERS)
    assert met(party.quorum[k.HEADS], 20, of=30)
    assert not met(party.quorum[k.HEADS], 19, of=30)
    assert not party.passing[k.HEADS].met(15, entitled=30, taking_part=20)
    assert party.passing[k.HEADS].met(16, entitled=30, taking_part=20)
    assert not met(assembly.quorum[k.HEADS], 50, of=100)
    assert met(assembly.quorum[k.HEADS], 51, of=100)
    assert assembly.passing[k.HEADS].met(26, entitled=100, taking_part=51)
    assert preset.proposers == k.VILLAGERS


def test_the_residents_committees_law_of_2026_begins_with_the_year():
    """城市居民委员会组织法, revised, in force since 2026-01-01: topics keep the older before."""
    assert data.in_force(k.MATTER, date(2025, 12, 31)).version == 1
    assert data.in_force(k.MATTER, date(2026, 1, 1)).version == 2


@pytest.mark.parametrize("kind", [k.SURVEY, k.INTENT, k.BUDGET])
def test_what_only_asks_decides_nothing_and_says_so(kind):
    preset = data.in_force(kind, TODAY)
    assert not preset.vote(0).decides
    assert preset.worth == k.INTENTION
    assert "意向征集" in preset.worth_text


def test_of_nobody_nothing_is_met():
    assert not k.Threshold(k.AT_LEAST, Fraction(0)).met(0, entitled=0, taking_part=0)


@given(
    st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 9), st.integers(1, 9),
    st.sampled_from([k.MORE_THAN, k.AT_LEAST]),
)  # fmt: skip
def test_thresholds_are_exact(part, whole, above, below, operator):
    share = Fraction(min(above, below), max(above, below))
    threshold = k.Threshold(operator, share)
    wanted = Fraction(part, whole)
    assert threshold.met(part, entitled=whole, taking_part=1) == (
        wanted > share if operator == k.MORE_THAN else wanted >= share
    )


def test_thresholds_in_words():
    assert k.Threshold(k.MORE_THAN, Fraction(1, 2), k.TAKING_PART).text == "超过参与表决的一半"
    assert k.Threshold(k.AT_LEAST, Fraction(3, 4)).text == "达到应参加的四分之三"
    assert k.Threshold(k.MORE_THAN, Fraction(1, 3)).text == "超过应参加的三分之一"
    assert k.chinese_fraction(Fraction(3, 20)) == "20分之三"


@pytest.mark.parametrize(
    ("rule", "entitled", "needed"),
    [
        (k.Seconding(people=5), 100, 4),
        (k.Seconding(people=5), 3, 2),
        (k.Seconding(people=2, share=Fraction(1, 5)), 80, 15),
        (k.Seconding(people=2, share=Fraction(1, 5)), 81, 16),
        (k.Seconding(people=2, share=Fraction(1, 5)), 0, 0),
        (k.Seconding(share=Fraction(1, 5), most=10), 1000, 9),
        (k.Seconding(), 50, 0),
    ],
)
def test_the_proposer_is_one_of_those_who_must_support(rule, entitled, needed):
    assert rule.needed(entitled) == needed


def test_days_have_bounds():
    period = k.Period(3, 7, 30)
    assert [period.fits(days) for days in (2, 3, 30, 31)] == [False, True, True, False]


@pytest.mark.parametrize("preset", data.PRESETS, ids=lambda one: f"{one.kind}-{one.version}")
def test_every_preset_is_whole(preset):
    assert data.preset(preset.kind, preset.version) is preset
    assert preset.name == k.KIND_TEXT[preset.kind]
    assert preset.stages[0] == rules.PROPOSED
    assert preset.stages[-1] == rules.CLOSED
    assert preset.basis
    assert preset.worth_text.startswith(k.WORTH_TEXT[preset.worth])
    for period in (preset.discussion, preset.notice, preset.objection):
        assert period.least <= period.usual <= period.most
    for rule in preset.votes:
        assert set(rule.quorum) <= set(rule.weights)
        assert set(rule.passing) in (set(), set(rule.weights))
        assert all(one.of == k.ENTITLED for one in rule.quorum.values())
        assert set(rule.ballots) <= set(k.BALLOT_TEXT)
        assert k.AREA not in rule.weights or "secret" not in rule.secrecy


def test_a_kind_that_never_was_is_refused():
    with pytest.raises(KeyError):
        data.in_force(k.MATTER, date(1980, 1, 1))
    with pytest.raises(KeyError):
        data.preset(k.MATTER, 99)


def test_a_village_has_its_own_kinds():
    estate = {one.kind for one in data.current(TODAY, k.ESTATE)}
    village = {one.kind for one in data.current(TODAY, k.VILLAGE_COMMUNITY)}
    assert k.VILLAGE not in estate
    assert k.OWNERS_MAJOR in estate
    assert village == {k.MATTER, k.VILLAGE, k.SURVEY, k.INTENT, k.BUDGET}


def test_a_requirement_is_met_by_a_paper_unless_the_rule_knows_a_case_without() -> None:
    agreement, space = data.preset(k.LIFT, 1).requirements
    assert agreement.needs_paper("没有占用")
    assert space.needs_paper("三户都同意") and not space.needs_paper("经核实，没有占用")
