"""How near every passage is to a query: one product of a large matrix, shared by those who wait.

Reading the matrix (half a gigabyte for 300,000 passages) costs more than multiplying it. Queries
that come while another's product is under way wait, and then share the next one: ten at once take
little longer than one, and none makes another's slower.
"""

import threading
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backend.domains.retrieval.meaning import Vector

MOST_AT_ONCE = 16


@dataclass(eq=False, slots=True)
class _Waiting:
    asked: Vector
    found: Vector | None = field(default=None)


class Products:
    """The products of one matrix with the vectors of queries, for many threads."""

    def __init__(self, vectors: Vector) -> None:
        self._vectors = vectors
        self._turn = threading.Lock()
        self._guard = threading.Lock()
        self._waiting: list[_Waiting] = []

    def of(self, asked: Vector) -> Vector:
        """The product of every row with `asked`."""
        mine = _Waiting(asked)
        with self._guard:
            self._waiting.append(mine)
        with self._turn:
            # Whoever had the turn before may have done this one as well.
            if mine.found is None:
                self._together(mine)
        assert mine.found is not None
        return mine.found

    def _together(self, mine: _Waiting) -> None:
        with self._guard:
            batch = [mine, *(one for one in self._waiting if one is not mine)][:MOST_AT_ONCE]
            self._waiting = [one for one in self._waiting if one not in batch]
        product = np.stack([one.asked for one in batch]) @ self._vectors.T
        for one, row in zip(batch, product, strict=True):
            one.found = row


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near each document (`names`, ascending) is to a query by its nearest passage."""

    names: NDArray[np.int64]
    best: Vector

    def nearest(self, count: int) -> list[int]:
        """The names of the `count` nearest, nearest first."""
        count = min(count, len(self.best))
        if not count:
            return []
        top = np.argpartition(-self.best, count - 1)[:count]
        top = top[np.argsort(-self.best[top], kind="stable")]
        return [int(self.names[at]) for at in top if self.best[at] > HIDDEN]

    def of(self, names: list[int]) -> dict[int, float]:
        """The likeness of these, of those that are there."""
        if not len(self.names):
            return {}
        places = np.searchsorted(self.names, names).clip(max=len(self.names) - 1)
        return {
            name: float(self.best[place])
            for name, place in zip(names, places, strict=True)
            if self.names[place] == name and self.best[place] > HIDDEN
        }


# Less than any likeness of two unit vectors: of a passage that the viewer may not know of.
HIDDEN = np.float32(-2.0)
