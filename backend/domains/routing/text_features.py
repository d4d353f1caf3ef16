"""Words as numbers: pieces of characters and words, counted, weighted and brought to length one.

Digits become 0 and only pieces that occur often enough are kept, so that a model holds
neither telephone numbers nor house numbers nor what one person alone has written.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

CLIP = 3000
_TITLE_SHARE = 3
_DIGITS = re.compile(r"\d+")
_NOISE = re.compile(r"[\s，。、！？：；,.!?:;“”‘’\"'（）()【】\[\]《》<>~…*—_-]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One way to look at a text. `part`: title, text or both; `unit`: char or word.

    `low` and `high` bound the length of pieces of characters; `weight` is the length of the
    field's vector beside those of the others; pieces in fewer than `least` texts are dropped.
    """

    part: str
    unit: str
    low: int
    high: int
    weight: float
    least: int = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to learn: the fields, the C of the support vector machines, and the contrast.

    The weight of a piece for a class is multiplied by |log(its share inside / outside)| to
    the power of `contrast` before learning; 0 leaves it as it is.
    """

    fields: tuple[Field, ...]
    cost: float
    contrast: float


# Found on the development data, see docs/decisions/009.
TITLED = Recipe(
    fields=(
        Field("title", "char", 1, 3, 1.0),
        Field("text", "char", 1, 2, 1.4),
        Field("title", "word", 1, 1, 0.7),
        Field("both", "word", 2, 2, 1.0),
    ),
    cost=0.7,
    contrast=0.5,
)
PLAIN = Recipe(fields=(Field("text", "char", 1, 2, 1.0),), cost=1.0, contrast=0.0)


def normal(text: str) -> str:
    """The text without what differs by typing only: width, case, digits, punctuation."""
    text = unicodedata.normalize("NFKC", text[:CLIP]).lower()
    return _NOISE.sub(" ", _DIGITS.sub("0", text)).strip()


def pieces(field: Field, title: str, text: str) -> Iterator[str]:
    """The pieces of a title and a text (both `normal`) that a field counts."""
    source = {"title": title, "text": text, "both": text}[field.part]
    if field.unit == "word":
        words = _cut(source)
        if field.part == "both":
            words = _cut(title) * _TITLE_SHARE + words
        # `low` is the shortest word here.
        return (word for word in words if len(word) >= field.low and word.strip())
    return (
        source[start : start + size]
        for size in range(field.low, field.high + 1)
        for start in range(len(source) - size + 1)
    )


def _cut(text: str) -> list[str]:
    import rjieba

    return list(rjieba.cut(text))


class Features:
    """Turns a title and a text into (columns, values); made by `learn`, then never changed."""

    def __init__(
        self, fields: Sequence[Field], columns: Sequence[dict[str, int]], rarity: NDArray[Any]
    ) -> None:
        self.fields = tuple(fields)
        self.columns = list(columns)
        self.rarity = np.asarray(rarity, dtype=np.float32)
        # A list is read one by one much faster than an array.
        self._rarity: list[float] = self.rarity.tolist()
        self._rarest = max(self._rarity, default=1.0)

    @classmethod
    def learn(cls, fields: Sequence[Field], rows: Sequence[tuple[str, str]]) -> "Features":
        """The pieces of the rows' titles and texts, with their inverse document frequencies."""
        columns: list[dict[str, int]] = []
        rarity: list[float] = []
        plain = [(normal(title), normal(text)) for title, text in rows]
        for field in fields:
            counts: Counter[str] = Counter()
            for title, text in plain:
                counts.update(set(pieces(field, title, text)))
            kept = sorted(piece for piece, count in counts.items() if count >= field.least)
            columns.append({piece: len(rarity) + place for place, piece in enumerate(kept)})
            rarity += [log((1 + len(rows)) / (1 + counts[piece])) + 1 for piece in kept]
        return cls(fields, columns, np.array(rarity, dtype=np.float32))

    def of(self, title: str, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The columns that are not zero, and their values."""
        title, text = normal(title), normal(text)
        places: list[int] = []
        values: list[float] = []
        rarest = self._rarest
        for field, known in zip(self.fields, self.columns, strict=True):
            counts = Counter(pieces(field, title, text))
            weighted = {
                piece: (1 + log(count)) * (self._rarity[known[piece]] if piece in known else rarest)
                for piece, count in counts.items()
            }
            # Unknown pieces make the vector longer and so the model less sure, just as a piece
            # does in training that only the row itself has.
            length = sqrt(sum(value * value for value in weighted.values()))
            for piece, value in weighted.items():
                if piece in known:
                    places.append(known[piece])
                    values.append(value * field.weight / length)
        return np.array(places, dtype=np.int32), np.array(values, dtype=np.float32)

    def matrix(self, rows: Sequence[tuple[str, str]]) -> Any:
        """All rows as one sparse matrix (scipy, CSR)."""
        from scipy.sparse import csr_matrix

        parts = [self.of(title, text) for title, text in rows]
        ends = np.cumsum([0, *(len(places) for places, _ in parts)])
        places = np.concatenate([places for places, _ in parts] or [np.zeros(0, np.int32)])
        values = np.concatenate([values for _, values in parts] or [np.zeros(0, np.float32)])
        return csr_matrix((values, places, ends), shape=(len(rows), len(self.rarity)))
