"""How well questions find their documents: a corpus and questions in, one set of figures out.

The same index, readings and ranking as in service; only the database is left out.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np

from backend.domains.retrieval import asking, query_rules
from backend.domains.retrieval.index import Clause
from backend.domains.retrieval.meaning import PassageEmbedder, said
from backend.domains.retrieval.meanings import NOTHING, Meanings
from backend.domains.retrieval.model import SearchDocument
from backend.domains.retrieval.passage_rules import MOST_COMPARED, passages
from backend.domains.retrieval.ranking import Deep, Request, rank
from backend.domains.retrieval.store import Horizon, Stored
from backend.domains.retrieval.tantivy_index import TantivyIndex
from backend.domains.retrieval.text import fold

TOP = 10
BATCH = 16
Progress = Callable[[Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Task:
    """Texts (title, body) to be found, and questions with the place of what answers them.

    `unanswerable` questions were left out: no text answers them.
    """

    texts: Sequence[tuple[str, str]]
    questions: Sequence[tuple[str, int]]
    unanswerable: int = 0


def stored(number: int, title: str, body: str) -> Stored:
    """A text as the index takes it; `number` from 0 becomes its revision, plus 1."""
    row = SearchDocument(
        id=UUID(int=number + 1), kind="article", ref_id=UUID(int=number + 1), title=title,
        keywords=[], aliases=[], audience="public", department_id=None, region_codes=[],
        category_code="", material_kind="", effective_on=None, expires_on=None, boost=1.0,
        extra={}, revision=number + 1,
    )  # fmt: skip
    return Stored(row, [(text, False) for text in passages(body)])


def meanings_of(documents: Sequence[Stored], embedder: PassageEmbedder, done: Progress) -> Meanings:
    """The vectors of all passages that are compared."""
    rows = [
        (one.row.revision, said(one.row.title, text))
        for one in documents
        for text, _ in one.passages[:MOST_COMPARED]
    ]
    parts = [
        embedder.passages([text for _, text in rows[start : start + BATCH]])
        for start in done(range(0, len(rows), BATCH))
    ]
    numbers = np.array([revision for revision, _ in rows], np.int64)
    return Meanings(np.concatenate(parts), numbers, np.zeros(len(rows), np.bool_))


def evaluate(
    task: Task, embedder: PassageEmbedder | None, done: Progress = lambda rows: rows
) -> dict[str, float | int]:
    """Ask every question: n, mrr@10, recall@1, recall@10, p50_ms, p95_ms, index_seconds.

    The time of a question is that of the whole search, its vector included; the index's that of
    the words and, with an embedder, of all passages' vectors.
    """
    start = time.perf_counter()
    documents = [stored(at, title, body) for at, (title, body) in enumerate(task.texts)]
    index = TantivyIndex()
    index.write(documents, (), Horizon(1, "evaluation"))
    meanings = meanings_of(documents, embedder, done) if embedder and documents else NOTHING
    index_seconds = time.perf_counter() - start
    clause = Clause(internal=False, today=date(2026, 1, 1))
    ranks: list[int] = []
    times: list[float] = []
    for text, wanted in task.questions:
        start = time.perf_counter()
        reading = query_rules.read(fold(text), {})
        deep = Deep(meanings, embedder.query(text)) if embedder else None
        request = Request(reading, asking.wanted_of(index, reading), clause, TOP, deep)
        found, _ = rank(index, request)
        times.append((time.perf_counter() - start) * 1000)
        numbers = [one.candidate.revision - 1 for one in found]
        ranks.append(numbers.index(wanted) + 1 if wanted in numbers else 0)
    return {**figures(ranks, times), "index_seconds": round(index_seconds, 2)}


def figures(ranks: Sequence[int], times: Sequence[float]) -> dict[str, float | int]:
    """The figures of ranks (0: not among the first ten) and milliseconds."""
    count = len(ranks) or 1
    p50, p95 = np.percentile(times or [0.0], [50, 95])
    return {
        "n": len(ranks),
        "mrr@10": round(sum(1 / rank for rank in ranks if rank) / count, 4),
        "recall@1": round(sum(rank == 1 for rank in ranks) / count, 4),
        "recall@10": round(sum(rank > 0 for rank in ranks) / count, 4),
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
    }
