"""All passages' vectors side by side, so that what is near a query is found among everything.

Kept on disk as plain arrays and mapped into memory, so the processes of a machine share one
copy. A row belongs to one revision of a document: vectors of an outdated revision meet nothing.
Nothing is decided here about who may read what: the index looks at what is proposed.
"""

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domains.retrieval.likeness import HIDDEN, Likeness, Products
from backend.domains.retrieval.meaning import DIMENSION, Vector
from backend.domains.retrieval.model import SearchDocument, SearchPassage
from backend.domains.retrieval.passage_rules import MOST_COMPARED

_BATCH = 20_000
_FILES = ("vectors.npy", "revisions.npy", "internal.npy")


class Meanings:
    """Vectors (one a row) with the revision of their document, in order of revisions."""

    def __init__(
        self, vectors: Vector, revisions: NDArray[np.int64], internal: NDArray[np.bool_]
    ) -> None:
        self.vectors, self.revisions, self.internal = vectors, revisions, internal
        first = np.r_[True, revisions[1:] != revisions[:-1]][: len(revisions)]
        self._starts = np.flatnonzero(first)
        self._names = revisions[self._starts]
        self._products = Products(vectors)

    def likeness(self, asked: Vector, *, internal: bool) -> Likeness:
        """How near each document's nearest passage is to a query.

        Passages for staff only do not count unless `internal`.
        """
        if not len(self.revisions):
            return Likeness(self._names, np.zeros(0, np.float32))
        found = self._products.of(asked)
        if not internal:
            found = np.where(self.internal, HIDDEN, found)
        return Likeness(self._names, np.maximum.reduceat(found, self._starts))


NOTHING = Meanings(
    np.zeros((0, DIMENSION), np.float32), np.zeros(0, np.int64), np.zeros(0, np.bool_)
)


def state(session: Session) -> tuple[int, int]:
    """Changes whenever vectors do: how many there are, and the last revision."""
    count = session.scalar(
        select(func.count()).select_from(SearchPassage).where(SearchPassage.vector.is_not(None))
    )
    last = session.scalar(select(func.max(SearchDocument.revision)))
    return count or 0, last or 0


def read(session: Session) -> Meanings:
    """All vectors of the database, in memory."""
    rows = session.execute(
        select(SearchDocument.revision, SearchPassage.internal, SearchPassage.vector)
        .join(SearchDocument, SearchDocument.id == SearchPassage.document_id)
        .where(
            SearchPassage.vector.is_not(None),
            SearchPassage.ordinal < MOST_COMPARED,
            SearchDocument.deleted.is_(False),
        )
        .order_by(SearchDocument.revision, SearchPassage.ordinal)
        .execution_options(yield_per=_BATCH)
    )
    revisions: list[int] = []
    internal: list[bool] = []
    parts: list[Vector] = []
    for batch in rows.partitions():
        revisions += [row[0] for row in batch]
        internal += [row[1] for row in batch]
        joined = np.frombuffer(b"".join(row[2] or b"" for row in batch), dtype=np.float16)
        parts.append(joined.reshape(-1, DIMENSION).astype(np.float32))
    if not parts:
        return NOTHING
    return Meanings(
        np.concatenate(parts), np.array(revisions, np.int64), np.array(internal, np.bool_)
    )


def save(meanings: Meanings, place: Path) -> str:
    """Write beside what is there; the name to open it by. Old ones go, but for the last."""
    name = uuid4().hex[:12]
    target = place / name
    target.mkdir(parents=True)
    arrays: tuple[NDArray[Any], ...] = (
        meanings.vectors, meanings.revisions, meanings.internal,
    )  # fmt: skip
    for file, array in zip(_FILES, arrays, strict=True):
        np.save(target / file, array)
    for old in sorted(place.iterdir(), key=lambda one: one.stat().st_mtime)[:-2]:
        shutil.rmtree(old, ignore_errors=True)
    return name


def load(place: Path, name: str) -> Meanings:
    """Open what `save` wrote, mapped, not read; `OSError` or `ValueError` if it cannot be."""
    vectors, revisions, internal = (
        np.load(place / name / file, mmap_mode="r", allow_pickle=False) for file in _FILES
    )
    if vectors.shape != (len(revisions), DIMENSION) or len(internal) != len(revisions):
        raise ValueError("the arrays do not belong together")
    return Meanings(vectors, np.asarray(revisions), np.asarray(internal))
