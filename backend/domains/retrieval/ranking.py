"""Two stages: candidates by words (and, deep, by meaning) from the index, then a second look."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from backend.domains.retrieval import ranking_rules
from backend.domains.retrieval.index import Candidate, Clause, SearchIndex, Wanted
from backend.domains.retrieval.likeness import Likeness
from backend.domains.retrieval.meaning import Vector
from backend.domains.retrieval.meanings import Meanings
from backend.domains.retrieval.query_rules import Reading
from backend.domains.retrieval.ranking_rules import Asked, Text
from backend.domains.retrieval.term_rules import joined
from backend.domains.retrieval.text import aligned

# How many candidates by words get the second look; deep, also so many by meaning.
LOOKED_AT, LOOKED_AT_DEEP = 30, 60
NEAR = 30
# So many are asked for by meaning, of which the scope may leave few.
PROPOSED = 200
# What a boost of a document adds, in the units of the weighted sum.
BOOST = 1.0
# Where not one word is met, what is merely nearest in meaning answers only from here on: on the
# demo's articles words of nonsense and of foreign matters stay below 0.5, paraphrases are above 5.
BY_MEANING_ALONE = 1.0


@dataclass(frozen=True, slots=True)
class Deep:
    """What a deep search has more: all meanings, and that of the query."""

    meanings: Meanings
    asked: Vector


@dataclass(frozen=True, slots=True)
class Request:
    """A query as the stages take it."""

    reading: Reading
    wanted: Wanted
    clause: Clause
    limit: int
    deep: Deep | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its final score."""

    candidate: Candidate
    score: float


def rank(index: SearchIndex, request: Request) -> tuple[list[Ranked], int]:
    """The best `limit` candidates and how many documents fit in all."""
    wanted, clause, deep, limit = request.wanted, request.clause, request.deep, request.limit
    looked_at = LOOKED_AT_DEEP if deep else LOOKED_AT
    candidates, total = index.find(wanted, clause, max(looked_at, limit))
    by_words = bool(candidates)
    near: dict[int, float] = {}
    if deep is not None:
        likeness = deep.meanings.likeness(deep.asked, internal=clause.internal)
        candidates += _by_meaning(index, likeness, candidates, request)
        near = _relative(likeness, candidates)
    rarity: Callable[[str], float] = index.rarity
    plain = request.reading.plain
    question = ranking_rules.asked(plain, joined(plain), rarity)
    average = index.average_length()
    ranked = [Ranked(one, _score(question, one, average, rarity, near)) for one in candidates]
    if not by_words:
        ranked = [one for one in ranked if one.score >= BY_MEANING_ALONE]
    ranked.sort(key=lambda one: -one.score)
    return ranked[:limit], max(total, min(len(ranked), limit))


def _by_meaning(
    index: SearchIndex, likeness: Likeness, found: list[Candidate], request: Request
) -> list[Candidate]:
    """Candidates by meaning that words did not find."""
    have = {one.revision for one in found}
    revisions = [one for one in likeness.nearest(PROPOSED) if one not in have]
    return index.among(revisions, request.wanted, request.clause, NEAR) if revisions else []


def _relative(likeness: Likeness, candidates: list[Candidate]) -> dict[int, float]:
    """How near each candidate's meaning is, relative to their mean.

    One without a vector yet is taken to be as near as the others are on average.
    """
    found = likeness.of([one.revision for one in candidates])
    middle = fmean(found.values()) if found else 0.0
    return {revision: value - middle for revision, value in found.items()}


def _score(
    question: Asked,
    one: Candidate,
    average: float,
    rarity: Callable[[str], float],
    near: dict[int, float],
) -> float:
    text = Text(aligned(one.title), one.folded, one.score)
    found = ranking_rules.features(question, text, average, rarity)
    found["meaning"] = near.get(one.revision, 0.0)
    return ranking_rules.total(found) + BOOST * math.log(one.boost)
