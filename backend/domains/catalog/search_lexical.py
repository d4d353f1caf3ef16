"""BM25 over characters and pairs, held in NumPy arrays: built in a second, read by any thread.

An index is never changed once built; a new catalogue makes a new index.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from backend.domains.catalog.search_text import grams

Scores = NDArray[np.float64]
K1 = 1.2
B = 0.6


def weigh(folded: str, single_weight: float, factor: float = 1.0) -> dict[str, float]:
    """Return the weighted terms of a folded text; characters count `single_weight`, pairs 1."""
    singles, pairs = grams(folded)
    terms: dict[str, float] = {}
    for single in singles:
        terms["1" + single] = single_weight * factor
    for pair in pairs:
        terms["2" + pair] = factor
    return terms


class Bm25:
    """BM25 over texts; `score` adds up the weighted terms of a query."""

    def __init__(self, folded_texts: Sequence[str], *, singles: bool = True) -> None:
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.size = len(folded_texts)
        lengths = np.zeros((2, max(self.size, 1)))
        for number, text in enumerate(folded_texts):
            ones, pairs = grams(text)
            lengths[:, number] = len(ones), len(pairs)
            counted = Counter("2" + pair for pair in pairs)
            if singles:
                counted.update("1" + one for one in ones)
            for term, count in counted.items():
                postings[term].append((number, count))
        averages = np.maximum(lengths.mean(axis=1), 1.0)
        self.idf: dict[str, float] = {}
        self._postings: dict[str, tuple[NDArray[np.intp], Scores]] = {}
        for term, rows in postings.items():
            where = np.array([row for row, _ in rows], dtype=np.intp)
            times = np.array([repeats for _, repeats in rows], dtype=np.float64)
            kind = 0 if term[0] == "1" else 1
            idf = float(np.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5)))
            length = lengths[kind, where] / averages[kind]
            self.idf[term] = idf
            gain = idf * times * (K1 + 1) / (times + K1 * (1 - B + B * length))
            self._postings[term] = (where, gain)
        self.rarest = float(np.log(1 + (self.size + 0.5) / 0.5))

    def score(self, terms: Mapping[str, float]) -> Scores:
        """Return one score for each text; 0 means that no term occurs."""
        scores = np.zeros(self.size)
        for term, weight in terms.items():
            found = self._postings.get(term)
            if found is not None:
                scores[found[0]] += weight * found[1]
        return scores

    def matched(self, terms: Mapping[str, float]) -> Scores:
        """Return for each text the sum of idf x weight of the terms that occur in it."""
        scores = np.zeros(self.size)
        for term, weight in terms.items():
            found = self._postings.get(term)
            if found is not None:
                scores[found[0]] += weight * self.idf[term]
        return scores

    def worth(self, terms: Mapping[str, float]) -> float:
        """Return what `matched` gives a text that has every term; unknown ones count as rare."""
        return sum(weight * self.idf.get(term, self.rarest) for term, weight in terms.items())
