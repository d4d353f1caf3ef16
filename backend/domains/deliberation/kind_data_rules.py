"""The presets themselves, and which version is in force on a day. Pure data.

Legal bases are told in our own words with the article they come from. What no law sets (a number
of supporters, the days of a discussion) is this platform's own choice and says so in `notes`.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from backend.domains.deliberation import rules
from backend.domains.deliberation.kind_rules import (
    AREA,
    AT_LEAST,
    BUDGET,
    BUILDING,
    COMMUNITY,
    ENTITLED,
    ENTRANCE,
    ESTATE,
    HEADS,
    HOUSEHOLDS,
    INTENT,
    INTENTION,
    KIND_TEXT,
    LIFT,
    MATTER,
    MORE_THAN,
    MULTIPLE,
    OWNERS,
    OWNERS_MAJOR,
    OWNERS_ORDINARY,
    PARTY_MEMBERS,
    PROJECTS,
    RANKED,
    RESIDENTS,
    RESOLUTION,
    SINGLE,
    SURVEY,
    TAKING_PART,
    VILLAGE,
    VILLAGE_COMMUNITY,
    VILLAGERS,
    Period,
    Preset,
    Requirement,
    Seconding,
    Threshold,
    VoteRule,
)

_HALF, _TWO_THIRDS, _THREE_QUARTERS = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)
_BOTH = (HEADS, AREA)
_ANY_COMMUNITY = (ESTATE, VILLAGE_COMMUNITY)
_ASKED = (rules.PROPOSED, rules.SECONDING, rules.SUBMITTED, rules.ACCEPTED)
_VOTE = (
    rules.NOTICING, rules.VOTING, rules.COUNTING, rules.RESULT_NOTICE, rules.OBJECTION,
    rules.CARRYING_OUT, rules.CLOSED,
)  # fmt: skip
_ALL = (*_ASKED, rules.DISCUSSING, rules.DRAFTING, *_VOTE)


def _both(operator: str, share: Fraction, of: str) -> dict[str, Threshold]:
    return {weight: Threshold(operator, share, of) for weight in _BOTH}


def _heads(operator: str, share: Fraction, of: str) -> dict[str, Threshold]:
    return {HEADS: Threshold(operator, share, of)}


_RESIDENTS_VOTE = VoteRule(
    "main", "居民表决", HOUSEHOLDS, (HEADS,),
    quorum=_heads(MORE_THAN, _HALF, ENTITLED), passing=_heads(MORE_THAN, _HALF, TAKING_PART),
    secrecy=("open", "secret"), days=Period(3, 7, 30),
)  # fmt: skip
_MATTER_NOTES = ("联名 5 户、讨论 7 天、公示 3 天是本平台的约定，法律没有规定。",)
_MATTER_WORTH = (
    "议事表决：参加的户数过半、参加的户过半数同意即为通过，由居民委员会组织落实；"
    "不能代替业主依法共同决定的事项。"
)
MATTER_1 = Preset(
    kind=MATTER, version=1, name="议事", in_force_from=date(1990, 1, 1),
    communities=_ANY_COMMUNITY, scopes=(COMMUNITY, BUILDING, ENTRANCE), stages=_ALL,
    seconding=Seconding(people=5), discussion=Period(3, 7, 30), notice=Period(3, 3, 15),
    objection=Period(3, 5, 15), votes=(_RESIDENTS_VOTE,),
    basis="《城市居民委员会组织法》（1989）第九条：居民会议可以由每户派代表参加，过半数出席才能举行，"
          "出席人的过半数通过。",
    worth=RESOLUTION, worth_text=_MATTER_WORTH, vote_needed=False, notes=_MATTER_NOTES,
)  # fmt: skip
MATTER_2 = Preset(
    kind=MATTER, version=2, name="议事", in_force_from=date(2026, 1, 1),
    communities=_ANY_COMMUNITY, scopes=(COMMUNITY, BUILDING, ENTRANCE), stages=_ALL,
    seconding=Seconding(people=5), discussion=Period(3, 7, 30), notice=Period(3, 3, 15),
    objection=Period(3, 5, 15), votes=(_RESIDENTS_VOTE,),
    basis="《城市居民委员会组织法》（2025 年 10 月 28 日修订，2026 年 1 月 1 日起施行）第四章“居民会议和居民代表会议”。"
          "门槛沿用修订前第九条：每户一名代表，过半数参加、参加者过半数同意。",
    worth=RESOLUTION, worth_text=_MATTER_WORTH, vote_needed=False,
    # Title, dates and chapter of the revised law are known to us, its articles are not: no number
    # is given, and who runs the platform is told to look.
    notes=(
        *_MATTER_NOTES,
        "门槛没有和修订后的条文逐条核对；条文另有规定的，从其规定，并更新本规则的版本。",
    ),
)  # fmt: skip

_OWNERS_NOTES = (
    "同一业主有几套房算一人，面积相加；共有的房只投一票。",
    "联名人数、讨论天数是本平台的约定；公示不少于 15 天参照《物业管理条例》第十四条开会前通知的期限。",
)
_OWNERS_WORTH = (
    "议事表决：供业主大会形成决定。只有在住建部门指定的平台上投出的票才直接产生法律效力，本平台的结果须由业主大会或"
    "业主委员会按规定确认。"
)
_QUORUM_278 = _both(AT_LEAST, _TWO_THIRDS, ENTITLED)
# 《物业管理条例》第十三条: a fifth of the owners may ask for an extraordinary assembly.
_A_FIFTH = Seconding(people=2, share=Fraction(1, 5))
_PUBLISHED = "只公布房号和面积，不公布姓名；结果一个工作日内公布。"


def _owners_rule(operator: str, share: Fraction, name: str = "业主表决") -> VoteRule:
    return VoteRule(
        "main", name, OWNERS, _BOTH, quorum=_QUORUM_278,
        passing=_both(operator, share, TAKING_PART), silence_allowed=True, proxies=3,
        days=Period(7, 15, 60),
    )  # fmt: skip


def _owners_2007(share: Fraction, operator: str) -> VoteRule:
    passing = _both(operator, share, ENTITLED)
    return VoteRule("main", "业主表决", OWNERS, _BOTH, quorum={}, passing=passing, proxies=3,
                    days=Period(7, 15, 60))  # fmt: skip


def _owners(which: tuple[str, int], start: date, vote: VoteRule, basis: str) -> Preset:
    kind, version = which
    return Preset(
        kind=kind, version=version, name=KIND_TEXT[kind], in_force_from=start, communities=(ESTATE,),
        scopes=(COMMUNITY, BUILDING), stages=_ALL, seconding=_A_FIFTH,
        discussion=Period(3, 7, 60), notice=Period(15, 15, 60), objection=Period(3, 7, 30),
        votes=(vote,), basis=basis, worth=RESOLUTION, worth_text=_OWNERS_WORTH,
        notes=_OWNERS_NOTES,
    )  # fmt: skip


OWNERS_ORDINARY_1 = _owners(
    (OWNERS_ORDINARY, 1), date(2007, 10, 1), _owners_2007(_HALF, MORE_THAN),
    "《物权法》第七十六条（2020 年底失效）：一般事项须占建筑物总面积过半数且占总人数过半数的业主同意。",
)  # fmt: skip
OWNERS_MAJOR_1 = _owners(
    (OWNERS_MAJOR, 1), date(2007, 10, 1), _owners_2007(_TWO_THIRDS, AT_LEAST),
    "《物权法》第七十六条（2020 年底失效）：筹集维修资金、改建重建须占总面积和总人数各三分之二以上的业主同意。",
)  # fmt: skip
OWNERS_ORDINARY_2 = _owners(
    (OWNERS_ORDINARY, 2), date(2021, 1, 1), _owners_rule(MORE_THAN, _HALF),
    "《民法典》第二百七十八条：专有部分面积和人数各占三分之二以上的业主参与表决；一般事项须参与表决的面积过半数且"
    "人数过半数同意。" + _PUBLISHED,
)  # fmt: skip
OWNERS_MAJOR_2 = _owners(
    (OWNERS_MAJOR, 2), date(2021, 1, 1), _owners_rule(AT_LEAST, _THREE_QUARTERS),
    "《民法典》第二百七十八条第一款第六至八项：筹集维修资金、改建重建、改变共有部分用途或用于经营，须面积和人数各占"
    "三分之二以上的业主参与，参与表决的面积和人数各四分之三以上同意。" + _PUBLISHED,
)  # fmt: skip

LIFT_1 = Preset(
    kind=LIFT, version=1, name="加装电梯", in_force_from=date(2021, 1, 1), communities=(ESTATE,),
    scopes=(ENTRANCE,), stages=_ALL, seconding=Seconding(people=2, share=Fraction(1, 5)),
    discussion=Period(7, 15, 90), notice=Period(10, 10, 30), objection=Period(7, 10, 30),
    votes=(_owners_rule(AT_LEAST, _THREE_QUARTERS, "本单元业主表决"),),
    basis="《民法典》第二百七十八条第一款第七项：加装电梯属于改建建筑物附属设施，本单元专有部分面积和人数各占三分之二以上的"
          "业主参与，参与表决的面积和人数各四分之三以上同意；占用谁的专有部分，须谁同意。",
    worth=RESOLUTION,
    worth_text="议事表决：通过后用于申请加装电梯联合审批，不代替审批；对结果有异议，由街道调解。",
    least_storeys=4,
    requirements=(
        Requirement("agreement",
                    "本单元业主书面协议，写明实施人、费用分摊、使用维护和补偿", rules.VOTING),
        Requirement("exclusive_space", "专有部分被占用的业主书面同意；没有占用的，由社区核实",
                    rules.CARRYING_OUT, unless="没有占用"),
    ),
    notes=("只用于四层以上、没有电梯的楼。", "公示不少于 10 天、联名五分之一是本平台的约定。"),
)  # fmt: skip

VILLAGE_1 = Preset(
    kind=VILLAGE, version=1, name="四议两公开", in_force_from=date(2018, 12, 29),
    communities=(VILLAGE_COMMUNITY,), scopes=(COMMUNITY,), stages=_ALL,
    seconding=Seconding(people=5, share=Fraction(1, 10)), discussion=Period(3, 7, 60),
    notice=Period(3, 5, 30), objection=Period(3, 5, 15),
    votes=(
        VoteRule(
            "party_meeting", "党员大会审议", PARTY_MEMBERS, (HEADS,),
            quorum=_heads(AT_LEAST, _TWO_THIRDS, ENTITLED),
            passing=_heads(MORE_THAN, _HALF, ENTITLED),
            secrecy=("open", "secret"), days=Period(1, 3, 15),
        ),
        VoteRule(
            "assembly", "村民会议决议", VILLAGERS, (HEADS,),
            quorum=_heads(MORE_THAN, _HALF, ENTITLED),
            passing=_heads(MORE_THAN, _HALF, TAKING_PART),
            secrecy=("open", "secret"), days=Period(1, 7, 30),
        ),
    ),
    basis="四议两公开：村党组织提议、村“两委”商议、党员大会审议（三分之二以上党员到会，应到会党员过半数同意）、村民会议决议"
          "（《村民委员会组织法》第二十二条：十八周岁以上村民过半数参加，到会人员过半数通过）；决议公开、实施结果公开。",
    worth=RESOLUTION,
    worth_text="议事表决：村民会议的决议由村民委员会执行，决议和实施结果都要公开。",
    notes=("联名十分之一参照《村民委员会组织法》第二十一条召集村民会议的人数。",),
)  # fmt: skip


def _asking(
    kind: str, name: str, ballots: tuple[str, ...], basis: str, *, discussed: bool
) -> Preset:
    """A kind that shows what people wish and decides nothing."""
    middle = (rules.DISCUSSING,) if discussed else ()
    return Preset(
        kind=kind, version=1, name=name, in_force_from=date(2021, 1, 1),
        communities=_ANY_COMMUNITY, scopes=(COMMUNITY, BUILDING, ENTRANCE),
        stages=(*_ASKED, *middle, rules.DRAFTING, *_VOTE), seconding=Seconding(people=3),
        discussion=Period(3, 7, 30), notice=Period(0, 1, 15), objection=Period(0, 3, 15),
        votes=(
            VoteRule("main", name, RESIDENTS, (HEADS,), quorum={}, passing={}, ballots=ballots,
                     secrecy=("open", "secret"), days=Period(1, 7, 60)),
        ),
        basis=basis, worth=INTENTION,
        worth_text="意向征集：只反映参加者的想法，不产生决定；社区要说明采纳了什么、没有采纳什么。",
        notes=("没有法定门槛，期限是本平台的约定。",),
    )  # fmt: skip


SURVEY_1 = _asking(
    SURVEY, "问卷调查", (SINGLE, MULTIPLE, RANKED),
    "社区协商听取意见，没有法定门槛。", discussed=False,
)  # fmt: skip
INTENT_1 = _asking(
    INTENT, "意向征集", (SINGLE, MULTIPLE, RANKED),
    "为以后的议事或业主共同决定了解意愿，没有法定门槛，不能代替依法表决。", discussed=True,
)  # fmt: skip
BUDGET_1 = _asking(
    BUDGET, "参与式选择", (PROJECTS,),
    "参与式预算：居民在公布的金额内选项目，得票多的先列入，放得下为止；没有法定门槛。", discussed=True,
)  # fmt: skip

PRESETS: tuple[Preset, ...] = (
    MATTER_1, MATTER_2, OWNERS_ORDINARY_1, OWNERS_ORDINARY_2, OWNERS_MAJOR_1, OWNERS_MAJOR_2,
    LIFT_1, VILLAGE_1, SURVEY_1, INTENT_1, BUDGET_1,
)  # fmt: skip
_BY_KEY = {(one.kind, one.version): one for one in PRESETS}


def preset(kind: str, version: int) -> Preset:
    """The preset a topic keeps; `KeyError` for one that never was."""
    return _BY_KEY[kind, version]


def in_force(kind: str, day: date) -> Preset:
    """The version a topic that begins on `day` gets; `KeyError` when the kind had none yet."""
    return _latest(kind, (one for one in PRESETS if one.in_force_from <= day))


def current(day: date, community_kind: str) -> list[Preset]:
    """The presets one may begin with on `day` in a community of this kind."""
    kinds = dict.fromkeys(one.kind for one in PRESETS if community_kind in one.communities)
    return [in_force(kind, day) for kind in kinds]


def _latest(kind: str, among: Iterable[Preset]) -> Preset:
    found = [one for one in among if one.kind == kind]
    if not found:
        raise KeyError(kind)
    return max(found, key=lambda one: one.version)
