"""The machine of a vote, its question, and when a batch of secret ballots is taken in. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.domains.deliberation.kind_rules import (
    ABSTAIN,
    AGREE,
    AREA,
    BALLOT_TEXT,
    CHOICE_TEXT,
    HEADS,
    OPPOSE,
    PROJECTS,
    RANKED,
    SINGLE,
    VoteRule,
)
from backend.kernel.state import Transition

PREPARED, OPEN, CLOSING = "prepared", "open", "closing"
COUNTED, PUBLISHED = "counted", "published"
CANCELLED, ANNULLED = "cancelled", "annulled"
VOTE_STATE_TEXT = {
    PREPARED: "筹备中", OPEN: "表决中", CLOSING: "正在计票", COUNTED: "已计票", PUBLISHED: "已公布",
    CANCELLED: "已取消", ANNULLED: "已作废",
}  # fmt: skip
VOTE_STATES = tuple(VOTE_STATE_TEXT)
VOTE_ENDS = frozenset({CANCELLED, ANNULLED})
# Its roll is frozen, and what was cast counts or is being counted.
RUNNING = (OPEN, CLOSING)
ENDED = (COUNTED, PUBLISHED)

WORKER, STREET, SYSTEM = "community", "street", "system"


def _way(to: str, *who: str, needs: Iterable[str] = ()) -> Transition:
    return Transition(to, frozenset(who), frozenset(needs))


VOTE_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (PREPARED, "open"): _way(OPEN, WORKER, needs=["question", "roll"]),
    # By itself when the topic ends without it.
    (PREPARED, "cancel"): _way(CANCELLED, WORKER, SYSTEM, needs=["reason"]),
    (OPEN, "close"): _way(CLOSING, SYSTEM),
    # A vote that runs can only be stopped as a whole, and what was cast is never counted then.
    (OPEN, "annul"): _way(ANNULLED, STREET, needs=["reason"]),
    (CLOSING, "count"): _way(COUNTED, SYSTEM),
    # A key that is lost, a sheet nobody can read any more: no count will ever come.
    (CLOSING, "annul"): _way(ANNULLED, STREET, needs=["reason"]),
    (COUNTED, "publish"): _way(PUBLISHED, SYSTEM),
    (PUBLISHED, "annul"): _way(ANNULLED, STREET, needs=["reason"]),
}

PAPER_ENTERED, PAPER_DIFFERS = "entered", "differing"
PAPER_AGREED, PAPER_VOID = "agreed", "void"
PAPER_TEXT = {
    PAPER_ENTERED: "待复录", PAPER_DIFFERS: "两次不一致，待第三人核对", PAPER_AGREED: "已核对",
    PAPER_VOID: "已作废",
}  # fmt: skip
PAPER_ENDS = frozenset({PAPER_AGREED, PAPER_VOID})
PAPER_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (PAPER_ENTERED, "agree"): _way(PAPER_AGREED, "second_worker"),
    (PAPER_ENTERED, "differ"): _way(PAPER_DIFFERS, "second_worker"),
    (PAPER_ENTERED, "void"): _way(PAPER_VOID, WORKER, needs=["reason"]),
    (PAPER_DIFFERS, "settle"): _way(PAPER_AGREED, "third_look"),
    (PAPER_DIFFERS, "void"): _way(PAPER_VOID, WORKER, needs=["reason"]),
}

OPENLY, SECRETLY = "open", "secret"
SECRECY_TEXT = {OPENLY: "记名（按房号公布）", SECRETLY: "不记名"}
# Where area does not count, no room is published, and the auditors alone can look one up.
BY_NUMBER_TEXT = "记名（只公布编号，监票员能看到房号）"


def secrecy_text(secrecy: str, *, by_area: bool) -> str:
    """Who will be able to read whose choice, in words for the voter."""
    if secrecy == OPENLY and not by_area:
        return BY_NUMBER_TEXT
    return SECRECY_TEXT[secrecy]


ONLINE, BY_PROXY, ON_PAPER = "online", "proxy", "paper"
HOW_TEXT = {ONLINE: "本人手机", BY_PROXY: "受托人", ON_PAPER: "纸质票"}
MOST_OPTIONS = 40
# More than this nobody puts in order by hand, and ties among more could not be followed up.
MOST_RANKED = 10


class BadQuestion(ValueError):
    """A question that cannot be put; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something one may choose; `cost_cents` for projects with a budget."""

    code: str
    text: str
    cost_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked and how it is answered.

    `least` and `most` bound how many options a ballot names; `budget_cents` is what the chosen
    projects may cost together.
    """

    method: str
    options: tuple[Option, ...]
    least: int = 1
    most: int = 1
    budget_cents: int | None = None

    @property
    def codes(self) -> list[str]:
        """The options' codes in the order they are shown."""
        return [option.code for option in self.options]


YES_OR_NO = tuple(Option(code, CHOICE_TEXT[code]) for code in (AGREE, OPPOSE, ABSTAIN))


def checked_question(question: Question, rule: VoteRule, secrecy: str) -> Question:
    """The question, if the kind's rule allows it; `BadQuestion` otherwise."""
    codes = question.codes
    if question.method not in rule.ballots:
        allowed = "、".join(BALLOT_TEXT[one] for one in rule.ballots)
        raise BadQuestion(f"这类事项的投票方式只能是：{allowed}")
    if rule.decides and question.method != SINGLE:
        raise BadQuestion("要作出决定的表决只能选一项")
    if not 2 <= len(codes) <= MOST_OPTIONS:
        raise BadQuestion(f"选项要有2到{MOST_OPTIONS}个")
    if question.method == RANKED and len(codes) > MOST_RANKED:
        raise BadQuestion(f"排序的选项最多{MOST_RANKED}个")
    if len(set(codes)) != len(codes):
        raise BadQuestion("选项编号重复")
    if question.method == SINGLE and (question.least, question.most) != (1, 1):
        raise BadQuestion("单选只能选一项")
    if not 1 <= question.least <= question.most <= len(codes):
        raise BadQuestion("可选项数不对")
    return _checked_rest(question, rule, secrecy)


def _checked_rest(question: Question, rule: VoteRule, secrecy: str) -> Question:
    if question.method == PROJECTS:
        if not question.budget_cents or question.budget_cents < 1:
            raise BadQuestion("请填写总预算")
        if any(not option.cost_cents or option.cost_cents < 1 for option in question.options):
            raise BadQuestion("每个项目都要有金额")
    elif question.budget_cents is not None or any(o.cost_cents for o in question.options):
        raise BadQuestion("只有预算类表决才填金额")
    if secrecy not in rule.secrecy:
        raise BadQuestion("这类事项不能用这种记名方式")
    if secrecy == SECRETLY and AREA in rule.weights:
        # A unique area would give the ballot away.
        raise BadQuestion("按面积计票的表决不能不记名")
    return question


@dataclass(frozen=True, slots=True)
class Answer:
    """A choice with the phone's own random number (hex), which only the voter can know it by."""

    choice: list[str]
    nonce: str


class BadChoice(ValueError):
    """A ballot that does not answer the question; the text says why, in Chinese."""


def checked_choice(question: Question, choice: Iterable[str]) -> list[str]:
    """The choice as it is kept: ranked as given, otherwise in the order of the options."""
    given = list(choice)
    known = question.codes
    if any(code not in known for code in given):
        raise BadChoice("选票里有不认识的选项")
    if len(set(given)) != len(given):
        raise BadChoice("同一个选项只能选一次")
    if not question.least <= len(given) <= question.most:
        if question.least == question.most:
            raise BadChoice(f"请选{question.most}项")
        raise BadChoice(f"请选{question.least}到{question.most}项")
    if question.method == RANKED:
        return given
    return [code for code in known if code in given]


def batch_size(pending: int, k: int, *, ending: bool) -> int:
    """How many of the pending secret ballots are taken in now.

    While the vote runs a batch holds at least k and leaves exactly k behind, drawn by lot, so that
    neither a batch nor what waits is ever a handful, and the last batch is no smaller than k
    unless the whole vote is.
    """
    if ending:
        return pending
    return pending - k if pending >= 2 * k else 0


def weights_of(rule: VoteRule) -> dict[str, bool]:
    """Which weights count."""
    return {HEADS: HEADS in rule.weights, AREA: AREA in rule.weights}


def rule_as_data(rule: VoteRule) -> dict[str, Any]:
    """The rule as it is published with a vote, exact fractions as `2/3`."""
    return {
        "code": rule.code,
        "name": rule.name,
        "weights": list(rule.weights),
        "quorum": {name: _threshold(one) for name, one in rule.quorum.items()},
        "passing": {name: _threshold(one) for name, one in rule.passing.items()},
        "k": rule.k,
    }


def _threshold(one: Any) -> list[str]:
    share = one.share
    return [one.operator, f"{share.numerator}/{share.denominator}", one.of]
