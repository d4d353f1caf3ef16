"""How well questions find their documents: a corpus and questions in, one set of figures out.

The same index, readings and ranking as in service; only the database is left out.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from backend.domains.retrieval import asking, query_rules
from backend.domains.retrieval.index import Clause
from backend.domains.retrieval.meaning import PassageEmbedder, said
from backend.domains.retrieval.meanings import NOTHING, Meanings
from backend.domains.retrieval.model import SearchDocument
from backend.domains.retrieval.passage_rules import MOST_COMPARED, lead, passages
from backend.domains.retrieval.ranking import Deep, Request, rank
from backend.domains.retrieval.store import Horizon, Stored
from backend.domains.retrieval.tantivy_index import TantivyIndex
from backend.domains.retrieval.text import fold
from backend.kernel.jsonl import read_jsonl

TOP = 10
Progress = Callable[[Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Task:
    """Texts (title, body) to be found, and questions with the place of what answers them."""

    texts: Sequence[tuple[str, str]]
    questions: Sequence[tuple[str, int]]


def knowledge(corpus: Path, questions: Path) -> Task:
    """Rows of `docid` and `text`; questions with `docid`, of which only those in the corpus."""
    rows = list(read_jsonl(corpus))
    places = {str(row["docid"]): at for at, row in enumerate(rows)}
    asked = [
        (str(row["question"]), places[str(row["docid"])])
        for row in read_jsonl(questions)
        if row.get("doc_available", True) and str(row["docid"]) in places
    ]
    return Task([(lead(str(row["text"])), str(row["text"])) for row in rows], asked)


def replies(file: Path) -> Task:
    """Rows of `title` and `reply`: the title is the question, the index holds replies alone."""
    rows = list(read_jsonl(file))
    asked = [(str(row["title"]), at) for at, row in enumerate(rows)]
    return Task([("", str(row["reply"])) for row in rows], asked)


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
    vectors = [embedder.passage(text) for _, text in done(rows)]
    numbers = np.array([revision for revision, _ in rows], np.int64)
    return Meanings(np.stack(vectors), numbers, np.zeros(len(rows), np.bool_))


def evaluate(
    task: Task, embedder: PassageEmbedder | None, done: Progress = lambda rows: rows
) -> dict[str, float | int]:
    """Ask every question: mrr@10, recall@1, recall@10, p50_ms, p95_ms, n.

    The time is that of the whole search, the question's vector included.
    """
    documents = [stored(at, title, body) for at, (title, body) in enumerate(task.texts)]
    index = TantivyIndex()
    index.write(documents, (), Horizon(1, "evaluation"))
    meanings = meanings_of(documents, embedder, done) if embedder and documents else NOTHING
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
    return figures(ranks, times)


def figures(ranks: Sequence[int], times: Sequence[float]) -> dict[str, float | int]:
    """The figures of ranks (0: not among the first ten) and milliseconds."""
    count = len(ranks) or 1
    p50, p95 = np.percentile(times or [0.0], [50, 95])
    return {
        "mrr@10": round(sum(1 / rank for rank in ranks if rank) / count, 4),
        "recall@1": round(sum(rank == 1 for rank in ranks) / count, 4),
        "recall@10": round(sum(rank > 0 for rank in ranks) / count, 4),
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "n": len(ranks),
    }
