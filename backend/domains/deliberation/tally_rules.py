"""Counting: heads and area side by side, thresholds exact, ties said to be ties. Pure.

Two different denominators (民法典 278): whether enough took part is measured on the whole roll,
whether enough agreed on those who took part, unless the rule says otherwise. An abstention takes
part. Areas are hundredths of a square metre; nothing is ever rounded.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from backend.domains.deliberation import choosing_rules
from backend.domains.deliberation.kind_rules import (
    ABSTAIN,
    AGREE,
    ENTITLED,
    HEADS,
    PROJECTS,
    RANKED,
    Threshold,
)
from backend.domains.deliberation.vote_rules import SECRETLY, Question

PASSED, NOT_PASSED, NO_QUORUM = "passed", "not_passed", "no_quorum"
TOO_FEW, COUNTED, TIED = "too_few", "counted", "tied"
OUTCOME_TEXT = {
    PASSED: "通过", NOT_PASSED: "未通过", NO_QUORUM: "参加人数或面积不够，表决无效",
    TOO_FEW: "参加的人太少，不公布结果", COUNTED: "已计票", TIED: "并列，没有分出先后",
}  # fmt: skip
FORMAT = "huying-result/1"

Weight = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that counts, with what it weighs. A secret one weighs one head and no area."""

    choice: tuple[str, ...]
    area: int = 0

    def weight(self, name: str) -> int:
        """Its share in heads or area."""
        return 1 if name == HEADS else self.area


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that the count depends on beside the ballots."""

    question: Question
    weights: tuple[str, ...]
    quorum: Mapping[str, Threshold]
    passing: Mapping[str, Threshold]
    secrecy: str
    k: int
    silence_with_majority: bool = False


def terms_of(question: Question, rule: Mapping[str, Any], *, secrecy: str, silence: bool) -> Terms:
    """The terms from a rule as it is kept with its vote (`vote_rules.rule_as_data`)."""

    def thresholds(name: str) -> dict[str, Threshold]:
        return {
            weight: Threshold(operator, Fraction(share), of)
            for weight, (operator, share, of) in rule[name].items()
        }

    return Terms(
        question, tuple(rule["weights"]), thresholds("quorum"), thresholds("passing"), secrecy,
        rule["k"], silence,
    )  # fmt: skip


def count(terms: Terms, entitled: Weight, cast: Sequence[Cast]) -> dict[str, Any]:
    """The result as it is published; `entitled` are the sums of the roll by weight.

    Secret and below the smallest total that is published: nothing but that too few took part.
    """
    whole = {name: entitled[name] for name in terms.weights}
    part = {name: sum(one.weight(name) for one in cast) for name in terms.weights}
    found: dict[str, Any] = {
        "format": FORMAT, "method": terms.question.method, "entitled": whole, "taking_part": part,
    }  # fmt: skip
    if terms.secrecy == SECRETLY and len(cast) < terms.k:
        # Not even how many: the smallest numbers say the most.
        return found | {"taking_part": None, "below": terms.k, "outcome": TOO_FEW, "passed": None}
    votes = _votes(terms, cast)
    found["options"] = votes
    found["quorum"] = _judged(terms.quorum, part, whole, part)
    if terms.passing:
        return found | _decision(terms, votes, whole, part, found["quorum"])
    return found | _wishes(terms, votes, cast)


def _votes(terms: Terms, cast: Sequence[Cast]) -> dict[str, dict[str, int]]:
    """What each option got: first preferences when ranked, every mention otherwise."""
    found = {code: dict.fromkeys(terms.weights, 0) for code in terms.question.codes}
    for one in cast:
        named = one.choice[:1] if terms.question.method == RANKED else one.choice
        for code in named:
            for name in terms.weights:
                found[code][name] += one.weight(name)
    return found


def _judged(
    thresholds: Mapping[str, Threshold], part: Weight, whole: Weight, taking_part: Weight
) -> dict[str, Any]:
    """Each threshold with its numbers: who it asks for, of how many, and whether it is met."""
    found = {}
    for name, needs in thresholds.items():
        of = whole if needs.of == ENTITLED else taking_part
        found[name] = {
            "part": part[name],
            "of": of[name],
            "needs": [needs.operator, f"{needs.share.numerator}/{needs.share.denominator}"],
            "met": needs.met(part[name], entitled=whole[name], taking_part=taking_part[name]),
        }
    return found


def _met(judged: Mapping[str, Any]) -> bool:
    return all(one["met"] for one in judged.values())


def _decision(
    terms: Terms,
    votes: Mapping[str, Weight],
    whole: Weight,
    part: Weight,
    quorum: Mapping[str, Any],
) -> dict[str, Any]:
    """Whether something passes, and what."""
    silence = _silence(terms, votes, whole, part) if _met(quorum) else None
    taking_part = whole if silence else part
    candidates = [AGREE] if AGREE in votes else [code for code in votes if code != ABSTAIN]
    judged = {}
    for code in candidates:
        extra = silence if silence and silence["to"] == code else None
        weights = {
            name: votes[code][name] + (extra[name] if extra else 0) for name in terms.weights
        }
        judged[code] = _judged(terms.passing, weights, whole, taking_part)
    winners = [code for code in candidates if _met(judged[code])]
    if not _met(quorum):
        outcome, winners = NO_QUORUM, []
    else:
        outcome = PASSED if winners else NOT_PASSED
    return {
        "silence": silence, "passing": judged, "winners": winners, "outcome": outcome,
        "passed": outcome == PASSED,
    }  # fmt: skip


def _silence(
    terms: Terms, votes: Mapping[str, Weight], whole: Weight, part: Weight
) -> dict[str, Any] | None:
    """未投从多数: whom the silent are counted with, where the vote has it switched on.

    With the one option that leads by every weight; nobody otherwise. Enough must have taken part
    without them: silence never makes a quorum.
    """
    if not terms.silence_with_majority:
        return None
    leading = [
        code for code in votes
        if code != ABSTAIN and all(
            votes[code][name] > max(votes[other][name] for other in votes if other != code)
            for name in terms.weights
        )
    ]  # fmt: skip
    if not leading:
        return None
    return {"to": leading[0], **{name: whole[name] - part[name] for name in terms.weights}}


def _wishes(terms: Terms, votes: Mapping[str, Weight], cast: Sequence[Cast]) -> dict[str, Any]:
    """What people wish, where nothing is decided: by each weight its own order."""
    found: dict[str, Any] = {"passed": None}
    if terms.question.method == RANKED:
        found["ranked"] = {
            name: choosing_rules.runoff(terms.question.codes, _ballots(cast, name))
            for name in terms.weights
        }
        winners = {name: one["winners"] for name, one in found["ranked"].items()}
    elif terms.question.method == PROJECTS:
        budget = terms.question.budget_cents or 0
        costs = {o.code: o.cost_cents or 0 for o in terms.question.options}
        found["projects"] = {
            name: choosing_rules.within_budget(
                costs, {code: votes[code][name] for code in votes}, budget
            )
            for name in terms.weights
        }
        tied = any(one["tied"] for one in found["projects"].values())
        return found | {"outcome": TIED if tied else COUNTED}
    else:
        winners = {name: _leading(votes, name) for name in terms.weights}
    found["winners"] = winners
    tied = any(len(codes) > 1 for codes in winners.values())
    return found | {"outcome": TIED if tied else COUNTED}


def _ballots(cast: Sequence[Cast], name: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for one in cast:
        found[one.choice] += one.weight(name)
    return found


def _leading(votes: Mapping[str, Weight], name: str) -> list[str]:
    """The options with the most, if anybody chose anything; several are a tie."""
    most = max((weights[name] for weights in votes.values()), default=0)
    return [code for code, weights in votes.items() if most and weights[name] == most]
