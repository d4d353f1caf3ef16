"""The second look at candidates: how well one text answers a query, in features and weights.

The first stage (the index) knows how often terms occur; this one knows where: whether they stand
together in one passage, in runs of three, in the title; and, for a deep search, how near the
meanings are. `WEIGHTS` were fitted on development queries (docs/decisions/013).

All texts are folded and aligned (`text.aligned`); rarities are what the index says of a term.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backend.domains.retrieval.term_rules import pairs, singles

Rarity = Callable[[str], float]
# Gentle BM25: a policy is not worse for being long.
K1, B = 0.6, 0.4
WEIGHTS: Mapping[str, float] = {
    "index": 3.5,
    "pairs": 2.5,
    "runs": 1.1,
    "runs4": 1.5,
    "rarest": 1.5,
    "window": 2.1,
    "window_runs": 1.1,
    "window_singles": 2.8,
    "length": -2.0,
    "title": 1.0,
    "meaning": 25.0,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query's terms with their rarities: pairs, runs of three and four, single characters."""

    pairs: Mapping[str, float]
    runs: Mapping[str, float]
    runs4: Mapping[str, float]
    singles: Mapping[str, float]

    @property
    def worth(self) -> float:
        """All pairs together."""
        return sum(self.pairs.values()) or 1.0


@dataclass(frozen=True, slots=True)
class Text:
    """A candidate: title, passages, and the score the index gave it."""

    title: str
    passages: Sequence[str]
    score: float


def asked(plain: str, extra: Sequence[str], rarity: Rarity) -> Asked:
    """The terms of a folded query; `extra` are terms that reach over what pairs do."""
    twos = {term: rarity(term) for term in dict.fromkeys([*pairs(plain), *extra])}
    ones = {term: rarity(term) for term in dict.fromkeys(singles(plain))}
    return Asked(twos, _runs(plain, 3, rarity), _runs(plain, 4, rarity), ones)


def _runs(plain: str, size: int, rarity: Rarity) -> dict[str, float]:
    """Runs of so many characters; each at least as rare as the rarest pair in it."""
    found: dict[str, float] = {}
    for piece in plain.split():
        for place in range(len(piece) - size + 1):
            run = piece[place : place + size]
            found[run] = max(rarity(run[at : at + 2]) for at in range(size - 1))
    return found


def _gain(terms: Mapping[str, float], text: str, length: float) -> float:
    total = 0.0
    for term, weight in terms.items():
        count = text.count(term)
        if count:
            total += weight * count * (K1 + 1) / (count + K1 * (1 - B + B * length))
    return total


def _met(terms: Mapping[str, float], text: str) -> float:
    return sum(weight for term, weight in terms.items() if term in text)


def _rarest(terms: Mapping[str, float], text: str) -> float:
    """The rarest term met, next to the rarest asked for: a name that is missing counts."""
    most = max(terms.values(), default=0.0)
    met = max((weight for term, weight in terms.items() if term in text), default=0.0)
    return met / most if most else 0.0


def _share(value: float, terms: Mapping[str, float]) -> float:
    whole = sum(terms.values())
    return value / whole if whole else 0.0


def _title(question: Asked, title: str, rarity: Rarity) -> float:
    """How far the title says the same as the query: the share met both ways."""
    own = {term: rarity(term) for term in dict.fromkeys(pairs(title))}
    if not own:
        return 0.0
    met = _met(question.pairs, title) / question.worth
    said = sum(weight for term, weight in own.items() if term in question.pairs)
    return met * _share(said, own)


def features(
    question: Asked, text: Text, average_length: float, rarity: Rarity
) -> dict[str, float]:
    """What there is to say of one candidate, each relative to what the query could get."""
    whole = "".join(text.passages)
    length = len(whole) / max(average_length, 1.0)
    windows = [
        first + second
        for first, second in zip(text.passages, [*text.passages[1:], ""], strict=False)
    ]
    whole_named = f"{text.title} {whole}"
    return {
        "index": text.score / question.worth,
        "pairs": _share(_gain(question.pairs, whole_named, length), question.pairs),
        "runs": _share(_gain(question.runs, whole_named, length), question.runs),
        "runs4": _share(_met(question.runs4, whole_named), question.runs4),
        "rarest": _rarest(question.pairs, whole_named),
        "window": _share(_best(question.pairs, windows), question.pairs),
        "window_runs": _share(_best(question.runs, windows), question.runs),
        "window_singles": _share(_best(question.singles, windows), question.singles),
        "length": math.log1p(len(whole)) / 5,
        "title": _title(question, text.title, rarity),
    }


def _best(terms: Mapping[str, float], windows: Sequence[str]) -> float:
    return max((_met(terms, window) for window in windows), default=0.0)


def total(found: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """The weighted sum."""
    return sum(weights[name] * value for name, value in found.items())
