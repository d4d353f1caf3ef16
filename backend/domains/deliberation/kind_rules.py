"""The kinds of topics as versioned presets: stages, thresholds, weights, periods. Pure.

A law changes; a topic that began under an older text ends under it. So each preset carries a
version and the day it comes into force, a topic keeps the version it began with, and nothing is
ever changed in `kind_data_rules` but by adding a version. Shares are exact fractions.

What 以上 means: the number itself counts (民法典 1259), therefore `>=`; 过半数 is more than half,
therefore `>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

MATTER, SURVEY, INTENT, BUDGET = "matter", "survey", "intent", "budget"
OWNERS_ORDINARY, OWNERS_MAJOR, LIFT = "owners_ordinary", "owners_major", "lift"
VILLAGE = "village"
KIND_TEXT = {
    MATTER: "议事", OWNERS_ORDINARY: "业主共同决定（一般事项）",
    OWNERS_MAJOR: "业主共同决定（重大事项）", LIFT: "加装电梯", VILLAGE: "四议两公开",
    SURVEY: "问卷调查", INTENT: "意向征集", BUDGET: "参与式选择",
}  # fmt: skip

HEADS, AREA = "heads", "area"
WEIGHT_TEXT = {HEADS: "人数", AREA: "专有部分面积"}

OWNERS, RESIDENTS, HOUSEHOLDS = "owners", "residents", "households"
VILLAGERS, PARTY_MEMBERS = "villagers", "party_members"
ELECTORATE_TEXT = {
    OWNERS: "全体业主", RESIDENTS: "本社区居民", HOUSEHOLDS: "每户一名代表",
    VILLAGERS: "十八周岁以上的村民", PARTY_MEMBERS: "村党员",
}  # fmt: skip

COMMUNITY, BUILDING, ENTRANCE = "community", "building", "entrance"
SCOPE_TEXT = {COMMUNITY: "全小区", BUILDING: "本楼", ENTRANCE: "本单元"}
ESTATE, VILLAGE_COMMUNITY = "estate", "village"

SINGLE, MULTIPLE, RANKED, PROJECTS = "single", "multiple", "ranked", "budget"
BALLOT_TEXT = {
    SINGLE: "选一项", MULTIPLE: "可选多项", RANKED: "按喜好排序", PROJECTS: "在预算内选项目",
}  # fmt: skip

# How a resident may vote on a proposal put as a plain question.
AGREE, OPPOSE, ABSTAIN = "agree", "oppose", "abstain"
CHOICE_TEXT = {AGREE: "同意", OPPOSE: "不同意", ABSTAIN: "弃权"}

INTENTION, RESOLUTION = "intention", "resolution"
WORTH_TEXT = {INTENTION: "意向征集", RESOLUTION: "议事表决"}

MORE_THAN, AT_LEAST = ">", ">="
TAKING_PART, ENTITLED = "taking_part", "entitled"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share that must be passed (`>`) or reached (`>=`), of whom (`of`)."""

    operator: str
    share: Fraction
    of: str = ENTITLED

    def met(self, part: int, *, entitled: int, taking_part: int) -> bool:
        """Whether `part` meets it; exact in integers. Of nobody, nothing is met.

        All three are counts of heads, or all three areas in hundredths of a square metre.
        """
        whole = entitled if self.of == ENTITLED else taking_part
        if whole <= 0:
            return False
        left, right = part * self.share.denominator, whole * self.share.numerator
        return left > right if self.operator == MORE_THAN else left >= right

    @property
    def text(self) -> str:
        """In words, with 以上 and 过半数 as the law uses them."""
        whole = "应参加" if self.of == ENTITLED else "参与表决"
        if self.operator == MORE_THAN and self.share == Fraction(1, 2):
            return f"超过{whole}的一半"
        sign = "超过" if self.operator == MORE_THAN else "达到"
        return f"{sign}{whole}的{chinese_fraction(self.share)}"


_DIGITS = "零一二三四五六七八九十"


def chinese_fraction(share: Fraction) -> str:
    """`三分之二` for 2/3; figures where a number is greater than ten."""

    def word(number: int) -> str:
        return _DIGITS[number] if number <= 10 else str(number)

    return f"{word(share.denominator)}分之{word(share.numerator)}"


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a stage: what may be chosen, and what is chosen where nobody chooses."""

    least: int
    usual: int
    most: int

    def fits(self, days: int) -> bool:
        """Whether so many days are allowed."""
        return self.least <= days <= self.most


@dataclass(frozen=True, slots=True)
class Seconding:
    """联名: how many besides the proposer must support a proposal before it is handed in.

    The proposer is one of those the rule asks for.
    """

    people: int = 0
    share: Fraction = Fraction(0)
    most: int | None = None

    def needed(self, entitled: int) -> int:
        """How many supporters besides the proposer, of so many entitled; never all the rest."""
        by_share = -(-entitled * self.share.numerator // self.share.denominator)
        wanted = max(self.people, by_share)
        if self.most is not None:
            wanted = min(wanted, self.most)
        return max(0, min(wanted, entitled) - 1)


@dataclass(frozen=True, slots=True)
class VoteRule:
    """One vote of a kind: who, with what weight, how many must take part and agree.

    `quorum` maps each weight to its share of the whole roll; `passing` each weight to the share
    that must agree. Both empty: nothing is decided, the answer only shows what people wish.
    `silence_allowed`: the community may switch 未投从多数 on for one vote (off by default), where
    its own rules of procedure provide for it. `proxies`: principals one holder may stand for.
    `days`: how long it may be open. `k`: the smallest batch of a secret vote, and the smallest
    total that is published.
    """

    code: str
    name: str
    electorate: str
    weights: tuple[str, ...]
    quorum: Mapping[str, Threshold]
    passing: Mapping[str, Threshold]
    ballots: tuple[str, ...] = (SINGLE,)
    secrecy: tuple[str, ...] = ("open",)
    changeable: bool = True
    silence_with_majority: bool = False
    silence_allowed: bool = False
    proxies: int = 0
    days: Period = Period(3, 7, 30)
    k: int = 10

    @property
    def decides(self) -> bool:
        """Whether something passes or fails by it."""
        return bool(self.passing)


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something the law asks for beside the vote; `before` is the stage it must be met before.

    It is met by a paper, of which a picture is kept; `unless` are the words that stand in the note
    where no paper is needed.
    """

    code: str
    text: str
    before: str
    unless: str = ""

    def needs_paper(self, note: str) -> bool:
        """Whether it is met by a paper only, with what was written down about it."""
        return not (self.unless and self.unless in note)


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind in one version. `stages` are the states a topic of it goes through, in order."""

    kind: str
    version: int
    name: str
    in_force_from: date
    communities: tuple[str, ...]
    scopes: tuple[str, ...]
    stages: tuple[str, ...]
    seconding: Seconding
    discussion: Period
    notice: Period
    objection: Period
    votes: tuple[VoteRule, ...]
    basis: str
    worth: str
    worth_text: str
    least_storeys: int = 0
    requirements: tuple[Requirement, ...] = ()
    vote_needed: bool = True
    notes: tuple[str, ...] = field(default=())

    @property
    def proposers(self) -> str:
        """Whose topic it is: those entitled in its last vote."""
        return self.votes[-1].electorate if self.votes else RESIDENTS

    def vote(self, turn: int) -> VoteRule:
        """The rule of the vote number `turn`, from 0; `IndexError` when there is none."""
        return self.votes[turn]


def requirement(preset: Preset, code: str) -> Requirement | None:
    """The requirement of that code, None where the preset has none."""
    return next((one for one in preset.requirements if one.code == code), None)
