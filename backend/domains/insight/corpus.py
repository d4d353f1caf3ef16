"""Messages as numbers: words, titles, names, days and areas, and how alike two messages are.

Likeness of two messages is the cosine of their words (title and body, weighted by rareness,
with the word pairs that titles repeat), lowered when they lie months apart, in different areas,
or name different places in their titles. The numbers were chosen on development data; what
helped and what did not is in docs/decisions/010-hot-issues.md.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy import sparse

from backend.domains.insight import name_rules

Matrix = NDArray[np.float32]

# Characters of the body that count; what follows is mostly the writer's history.
BODY, HEAD = 400, 200
# Share that stays of the likeness: of messages far apart in time, in other areas, of other names.
FAR_IN_TIME, OTHER_AREA, OTHER_NAMES = 0.6, 0.7, 0.6
DAYS = 90.0
_RUN = re.compile(r"[\u4e00-\u9fff0-9A-Za-z·.]+")
_WORD = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]+")
_PARTICLES = frozenset("的了在是和与及对为被把将请有我们你他这那就都也还不没很太吗呢")
_PAIR = "_"
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Text:
    """A message as the clustering sees it: `day` counts from anywhere, `areas` are codes."""

    title: str
    body: str
    day: float
    areas: frozenset[str] = field(default=frozenset())


class Corpus:
    """All messages of one finding."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.size = len(texts)
        titles = [rjieba.cut(text.title) for text in texts]
        bodies = [rjieba.cut(f"{text.title} {text.body[:BODY]}") for text in texts]
        title_pairs = [_pairs(words) for words in titles]
        seen = Counter(pair for pairs in title_pairs for pair in set(pairs))
        repeated = {pair for pair, messages in seen.items() if messages > 1}
        self.vocabulary, self.words = _weighted(
            [_terms(words, _pairs(words), repeated) for words in bodies]
        )
        _, self.titles = _weighted(
            [
                _terms(words, pairs, repeated)
                for words, pairs in zip(titles, title_pairs, strict=True)
            ]
        )
        self._days = np.array([text.day for text in texts], dtype=np.float32)
        self._areas = _marks([text.areas for text in texts], lambda _: 1.0)
        self._names, self._heads = _named(texts)

    def nearness(self) -> Matrix:
        """What time, area and names leave of the likeness of each two messages, 0 … 1."""
        made = np.empty((self.size, self.size), dtype=np.float32)
        has_area = _filled(self._areas)
        has_name = _filled(self._names)
        for start in range(0, self.size, _BLOCK):
            rows = slice(start, start + _BLOCK)
            apart = np.abs(self._days[rows, None] - self._days[None])
            block = FAR_IN_TIME + (1 - FAR_IN_TIME) * np.exp(-apart / DAYS)
            common = (self._areas[rows] @ self._areas.T).toarray() > 0
            block[np.outer(has_area[rows], has_area) & ~common] *= OTHER_AREA
            # How much of one title's names stands in the other message: the better direction.
            shared = np.maximum(
                (self._names[rows] @ self._heads.T).toarray(),
                (self._heads[rows] @ self._names.T).toarray(),
            )
            named = OTHER_NAMES + (1 - OTHER_NAMES) * np.minimum(shared, 1)
            made[rows] = block * np.where(np.outer(has_name[rows], has_name), named, 1)
        return made

    def keywords(self, center: NDArray[Any], most: int = 5) -> tuple[str, ...]:
        """The heaviest terms of a center, without numbers; none overlaps with another."""
        kept: list[str] = []
        for place in np.argsort(-center, kind="stable")[: most * 4]:
            if center[place] == 0 or len(kept) == most:
                break
            term = self.vocabulary[place]
            if term.find(_PAIR) == 1 and not term[0].isascii():
                continue  # 里_社区: begins with the end of another name
            word = term.replace(_PAIR, "")
            parts = [other for other in kept if other in word]
            if parts:
                # 丽发 and 新城 become 丽发新城, at the place of the first of them.
                kept[kept.index(parts[0])] = word
                kept = [other for other in kept if other not in parts]
            elif not word.isascii() and not name_rules.pairs([word]) & name_rules.pairs(kept):
                kept.append(word)
        return tuple(kept)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The rows scaled to length 1; empty rows stay empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    length[length == 0] = 1
    return sparse.csr_matrix(sparse.diags(1 / length) @ matrix, dtype=np.float32)


def _terms(words: Sequence[str], pairs: Sequence[str], repeated: set[str]) -> list[str]:
    long = [word for word in words if len(word) > 1 and _WORD.fullmatch(word)]
    return long + [pair for pair in pairs if pair in repeated]


def _pairs(words: Sequence[str]) -> list[str]:
    """Neighbouring words, which put together again what the segmenter tore apart (丽发 新城)."""
    return [
        f"{left}{_PAIR}{right}" for left, right in pairwise(words) if _plain(left) and _plain(right)
    ]


def _plain(word: str) -> bool:
    return word not in _PARTICLES and _WORD.fullmatch(word) is not None


def _rareness(messages: int, size: int) -> float:
    return math.log((1 + size) / (1 + messages)) + 1


def _weighted(documents: Sequence[Sequence[str]]) -> tuple[list[str], sparse.csr_matrix]:
    """All terms, and the documents as unit rows over them: rare terms weigh more.

    Terms of one document alone stay: they make it less like any other.
    """
    counts = [Counter(document) for document in documents]
    spread = Counter(term for count in counts for term in count)
    vocabulary = list(spread)
    rare = {term: _rareness(spread[term], len(documents)) for term in vocabulary}
    rows = [{term: (1 + math.log(n)) * rare[term] for term, n in count.items()} for count in counts]
    return vocabulary, unit_rows(_sparse(rows, vocabulary))


def _marks(documents: Sequence[Iterable[str]], weight: Callable[[str], float]) -> sparse.csr_matrix:
    rows = [{term: weight(term) for term in document} for document in documents]
    vocabulary = sorted({term for row in rows for term in row})
    return _sparse(rows, vocabulary)


def _sparse(rows: Sequence[dict[str, float]], vocabulary: Sequence[str]) -> sparse.csr_matrix:
    column = {term: place for place, term in enumerate(vocabulary)}
    data = [value for row in rows for value in row.values()]
    places = [column[term] for row in rows for term in row]
    starts = np.cumsum([0, *(len(row) for row in rows)])
    shape = (len(rows), max(len(vocabulary), 1))
    return sparse.csr_matrix((data, places, starts), shape=shape, dtype=np.float32)


def _filled(matrix: sparse.csr_matrix) -> NDArray[np.bool_]:
    filled: NDArray[np.bool_] = np.diff(matrix.indptr) > 0
    return filled


def _named(texts: Sequence[Text]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Character pairs of the names in each title (weights sum to 1), and of each message's head.

    Their product is the share of the one's names that stands in the other, rare pairs first.
    """
    named = [name_rules.pairs(title_names(text.title)) for text in texts]
    spread = Counter(pair for pairs in named for pair in pairs)
    vocabulary = sorted(spread)
    rare = {pair: math.log(len(texts) / messages) + 0.01 for pair, messages in spread.items()}
    names = []
    for pairs in named:
        total = sum(rare[pair] for pair in pairs)
        names.append({pair: rare[pair] / total for pair in sorted(pairs)})
    heads = []
    for text in texts:
        found = name_rules.pairs([f"{text.title} {text.body[:HEAD]}"])
        heads.append(dict.fromkeys(sorted(found & rare.keys()), 1.0))
    return _sparse(names, vocabulary), _sparse(heads, vocabulary)


def title_names(title: str) -> set[str]:
    """The names of places, firms and projects in a title."""
    return {name for run in _RUN.findall(title) for name in name_rules.names(rjieba.tag(run))}
