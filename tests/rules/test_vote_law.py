"""Worked cases for each kind, against the text of the rule that is named.

Sizes are those of small communities, chosen at the edges; `area` is in hundredths of a square
metre. Each row: how many heads and how much area are entitled, what those who voted chose with
what area, and what becomes of it.
"""

import pytest

from backend.domains.deliberation import tally_rules, vote_rules
from backend.domains.deliberation.kind_data_rules import PRESETS, preset
from backend.domains.deliberation.kind_rules import ABSTAIN, AGREE, AREA, HEADS, OPPOSE
from backend.domains.deliberation.tally_rules import Cast

YES_NO = vote_rules.Question("single", vote_rules.YES_OR_NO)
# 100 heads of 80 m² each, unless a row says otherwise.
EIGHTY = 8000
PASSED, NOT_PASSED, NO_QUORUM = "passed", "not_passed", "no_quorum"


def outcome(kind, version, turn, entitled, agree, oppose, abstain=(0, 0)) -> str:
    """Each group is (heads, area of the whole group)."""
    rule = vote_rules.rule_as_data(preset(kind, version).vote(turn))
    terms = tally_rules.terms_of(YES_NO, rule, secrecy="open", silence=False)
    cast = []
    for choice, (heads, area) in ((AGREE, agree), (OPPOSE, oppose), (ABSTAIN, abstain)):
        cast += [
            Cast((choice,), area // heads + (area % heads if not n else 0)) for n in range(heads)
        ]
    whole = {HEADS: entitled[0], AREA: entitled[1]}
    return tally_rules.count(terms, whole, cast)["outcome"]


def each(heads: int, area: int = EIGHTY) -> tuple[int, int]:
    return heads, heads * area


CODE_278 = [
    # 民法典 278: 由专有部分面积占比三分之二以上的业主且人数占比三分之二以上的业主参与表决.
    # 99 heads: two thirds are exactly 66; 以上 includes the number itself (民法典 1259).
    ("owners_ordinary", each(99), each(34), each(32), PASSED),
    ("owners_ordinary", each(99), each(33), each(32), NO_QUORUM),
    # 过半数 of those taking part: half of 66 is not more than half.
    ("owners_ordinary", each(99), each(33), each(33), NOT_PASSED),
    ("owners_ordinary", each(99), each(34), each(65), NOT_PASSED),
    # Enough heads, too little area: the small flats came, the large ones did not.
    ("owners_ordinary", (99, 99 * EIGHTY), (66, 66 * EIGHTY - 1), each(0), NO_QUORUM),
    # Enough area, too few heads.
    ("owners_ordinary", (99, 99 * EIGHTY), (65, 80 * EIGHTY), each(0), NO_QUORUM),
    # More than half of the heads, not more than half of the area.
    ("owners_ordinary", (99, 990_000), (40, 330_000), (26, 330_000), NOT_PASSED),
    ("owners_ordinary", (99, 990_000), (40, 330_001), (26, 330_000), PASSED),
    # 四分之三以上 for major matters (第六至八项): exactly three quarters is enough.
    ("owners_major", each(96), each(54), each(18), PASSED),
    ("owners_major", each(96), each(53), each(19), NOT_PASSED),
    ("owners_major", (96, 960_000), (54, 539_999), (18, 180_001), NOT_PASSED),
    ("owners_major", each(96), each(48), each(15), NO_QUORUM),
    # 加装电梯 is 改建附属设施 (第七项): the same shares among the owners of one entrance, 14 homes.
    ("lift", each(14), each(8), each(2), PASSED),
    ("lift", each(14), each(7), each(3), NOT_PASSED),
    ("lift", each(14), each(9), each(0), NO_QUORUM),
    ("lift", each(14), each(10), each(4), NOT_PASSED),
    ("lift", each(12), each(9), each(3), PASSED),
]


@pytest.mark.requirement("004.11")
@pytest.mark.parametrize(("kind", "entitled", "agree", "oppose", "found"), CODE_278)
def test_owners_decide_as_article_278_of_the_civil_code_says(
    kind, entitled, agree, oppose, found
) -> None:
    version = 1 if kind == "lift" else 2
    assert outcome(kind, version, 0, entitled, agree, oppose) == found


@pytest.mark.parametrize(
    ("kind", "agree", "found"),
    [
        # 物权法 76 (until 2020): of ALL owners, no quorum; silence counted against.
        ("owners_ordinary", 50, NOT_PASSED), ("owners_ordinary", 51, PASSED),
        ("owners_major", 66, NOT_PASSED), ("owners_major", 67, PASSED),
    ],
)  # fmt: skip
def test_before_2021_the_shares_were_of_all_owners(kind, agree, found) -> None:
    assert outcome(kind, 1, 0, each(100), each(agree), each(0)) == found


@pytest.mark.parametrize(
    ("turn", "entitled", "agree", "oppose", "found"),
    [
        # 四议两公开, party meeting: two thirds attend, more than half of those ENTITLED agree.
        (0, 12, 7, 1, PASSED), (0, 12, 6, 2, NOT_PASSED), (0, 12, 7, 0, NO_QUORUM),
        (0, 13, 7, 2, PASSED), (0, 13, 6, 3, NOT_PASSED),
        # 村民委员会组织法 22: more than half of the adults, more than half of those present.
        (1, 200, 51, 50, PASSED), (1, 200, 50, 51, NOT_PASSED), (1, 200, 100, 0, NO_QUORUM),
        (1, 201, 51, 50, PASSED),
    ],
)  # fmt: skip
def test_a_village_decides_by_party_meeting_and_assembly(
    turn, entitled, agree, oppose, found
) -> None:
    assert outcome("village", 1, turn, each(entitled), each(agree), each(oppose)) == found


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("agree", "oppose", "abstain", "found"),
    [
        # 居民委员会组织法 9: more than half of the households, more than half of those present.
        (26, 25, 0, PASSED), (25, 25, 0, NO_QUORUM), (26, 20, 6, NOT_PASSED),
        (27, 20, 6, PASSED),
    ],
)  # fmt: skip
def test_residents_decide_by_household(version, agree, oppose, abstain, found) -> None:
    got = outcome("matter", version, 0, each(100), each(agree), each(oppose), each(abstain))
    assert got == found


@pytest.mark.parametrize("kind", ["survey", "intent", "budget"])
def test_what_only_asks_decides_nothing(kind) -> None:
    rule = preset(kind, 1).vote(0)
    assert not rule.decides
    assert not rule.quorum
    assert preset(kind, 1).worth == "intention"


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: f"{one.kind}-{one.version}")
def test_nothing_counts_silence_by_itself(one) -> None:
    assert not any(rule.silence_with_majority for rule in one.votes)
    assert one.basis
    assert one.worth_text
