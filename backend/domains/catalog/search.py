"""The search over a catalogue: lexical and by meaning, usable with or without a database.

`CatalogIndex` is immutable; build a new one when the catalogue changes. Scores add
- BM25 over the item's names (its own name and everyday names, the best one counts) and, a
  little, over its other fields; the query's everyday words also look for the official ones;
- the cosine similarity of meanings, where vectors are given;
- a hair for the level nearer to the resident, which decides between equals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backend.domains.catalog.search_dense import DIMENSION, Embedder, Vectors
from backend.domains.catalog.search_lexical import Bm25, Scores, weigh
from backend.domains.catalog.search_text import fold, fold_cached, grams
from backend.domains.catalog.search_words import Reading, read

SINGLE_WEIGHT = 0.7
OFFICIAL_WEIGHT = 0.5
BODY_WEIGHT = 0.05
DENSE_WEIGHT = 2.0
# multilingual-e5 puts unrelated texts at about .80 and the same text at 1.
DENSE_FLOOR = 0.80
DENSE_SPAN = 0.20
MEANING_AT_LEAST = 0.88
# Above this a meaning is taken as met even where no word is shared ("跟老公离婚").
MEANING_SURE = 0.93
LEXICAL_AT_LEAST = 0.25
WELL_COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Document:
    """One item as search sees it; `vectors` has a row for the name and each alias, or is None."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    body: str = ""
    nearness: int = 0
    hint: str = ""
    vectors: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Keys best first; `relaxed` says that nothing fitted the whole query."""

    keys: list[str]
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: the item, its name, and why it is offered (an alias or the department)."""

    key: str
    name: str
    hint: str


@dataclass
class CatalogIndex:
    """Search over `documents`; safe to share between threads."""

    documents: Sequence[Document]
    embedder: Embedder | None = None
    translate: bool = True
    _titles: list[str] = field(init=False)
    _shown: list[str] = field(init=False)
    _starts: NDArray[np.intp] = field(init=False)

    def __post_init__(self) -> None:
        self._titles, self._shown, starts = [], [], []
        for document in self.documents:
            starts.append(len(self._titles))
            for title in (document.name, *document.aliases):
                self._titles.append(fold(title))
                self._shown.append(title)
        self._starts = np.array(starts, dtype=np.intp)
        self._bodies = [fold(f"{d.name} {' '.join(d.aliases)} {d.body}") for d in self.documents]
        self._lexical = Bm25(self._titles)
        self._body = Bm25([fold(d.body) for d in self.documents], singles=False)
        self._near = np.array([d.nearness for d in self.documents], dtype=np.float64) * 1e-6
        self._matrix, self._has_vector = self._stack()

    def _stack(self) -> tuple[Vectors, NDArray[np.bool_]]:
        matrix = np.zeros((len(self._titles), DIMENSION), dtype=np.float32)
        has = np.zeros(len(self.documents), dtype=np.bool_)
        if self.embedder is None:
            return matrix, has
        for number, document in enumerate(self.documents):
            rows = 1 + len(document.aliases)
            vectors = document.vectors
            if vectors is not None and vectors.shape == (rows, DIMENSION):
                start = self._starts[number]
                matrix[start : start + rows] = vectors
                has[number] = True
        return matrix, has

    def _best_title(self, scores: NDArray[np.floating]) -> Scores:
        return np.maximum.reduceat(scores, self._starts).astype(np.float64)

    def _terms(self, reading: Reading) -> dict[str, float]:
        terms = weigh(reading.plain, SINGLE_WEIGHT)
        for word in reading.official:
            for term, weight in weigh(word, SINGLE_WEIGHT, OFFICIAL_WEIGHT).items():
                terms[term] = max(terms.get(term, 0.0), weight)
        return terms

    def _lexical_scores(self, reading: Reading) -> Scores:
        terms = self._terms(reading)
        scores = self._best_title(self._lexical.score(terms))
        scores += BODY_WEIGHT * self._body.score(terms)
        best = scores.max()
        return scores / best if best > 0 else scores

    def search(self, query: str, limit: int = 50) -> Answer:
        """Return the items for a query in everyday words; a blank query finds nothing."""
        folded = fold_cached(query)
        if not folded or not self.documents:
            return Answer([])
        reading = read(folded, translate=self.translate)
        lexical = self._lexical_scores(reading)
        total = lexical + self._near
        close = np.zeros(len(self.documents), dtype=np.bool_)
        sure = close
        if self.embedder is not None and self._has_vector.any():
            similar = self._best_title(self._matrix @ self.embedder.embed(query.strip()))
            # An item not yet embedded is taken to mean what its words say.
            guess = DENSE_FLOOR + 0.7 * DENSE_SPAN * lexical
            similar = np.where(self._has_vector, similar, guess)
            total = total + DENSE_WEIGHT * (similar - DENSE_FLOOR) / DENSE_SPAN
            close = similar >= max(MEANING_AT_LEAST, float(similar.max()) - 0.02)
            sure = self._has_vector & (similar >= MEANING_SURE)
        order = np.argsort(-total, kind="stable")[:limit]
        kept = [int(i) for i in order if lexical[i] >= LEXICAL_AT_LEAST or close[i]]
        relaxed = bool(kept) and not sure[kept[0]] and not self._covered(reading, kept[:3])
        return Answer([self.documents[i].key for i in kept], relaxed)

    def _covered(self, reading: Reading, numbers: Sequence[int]) -> bool:
        """Whether one of these items is about what was asked, as far as words can tell.

        It is when it has the official words for every everyday phrase, or without such a
        phrase half of what was said, by weight.
        """
        phrases = {phrase: read(phrase).official for phrase in reading.replaced}
        singles, pairs = grams(reading.plain)
        wanted = {piece: self._worth("1" + piece) for piece in singles}
        wanted.update({piece: self._worth("2" + piece) for piece in pairs})
        for number in numbers:
            body = self._bodies[number]
            if phrases and all(
                phrase in body or any(word in body for word in official)
                for phrase, official in phrases.items()
            ):
                return True
            got = sum(weight for piece, weight in wanted.items() if piece in body)
            if got >= WELL_COVERED * sum(wanted.values()):
                return True
        return False

    def _worth(self, term: str) -> float:
        return self._lexical.idf.get(term, self._lexical.rarest)

    def suggest(self, query: str, limit: int = 8) -> list[Suggestion]:
        """Return completions for what has been typed so far; words only, a few milliseconds."""
        folded = fold_cached(query)
        if not folded or not self.documents:
            return []
        reading = read(folded, translate=self.translate)
        lexical = self._lexical.score(self._terms(reading))
        if not reading.replaced:
            # Without an everyday phrase in it, half of what was typed has to be in the title.
            typed = weigh(folded, 1.0)
            lexical[self._lexical.matched(typed) < WELL_COVERED * self._lexical.worth(typed)] = 0
        best = lexical.max()
        scores = lexical / best if best > 0 else lexical
        for number, title in enumerate(self._titles):
            if folded in title:
                scores[number] += (2.0 if title.startswith(folded) else 1.0) + 1 / len(title)
        totals = self._best_title(scores) + self._near
        found: list[Suggestion] = []
        for number in np.argsort(-totals, kind="stable")[: limit * 3]:
            if totals[number] < 0.3 or len(found) == limit:
                break
            found.append(self._suggestion(int(number), scores))
        return found

    def _suggestion(self, number: int, scores: Scores) -> Suggestion:
        document = self.documents[number]
        start = int(self._starts[number])
        rows = scores[start : start + 1 + len(document.aliases)]
        best = int(rows.argmax())
        hint = self._shown[start + best] if best else document.hint
        return Suggestion(document.key, document.name, hint)
