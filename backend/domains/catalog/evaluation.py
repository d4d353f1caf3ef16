"""How well the search finds items: a corpus and a file of queries in, one set of figures out."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from backend.domains.catalog.search import CatalogIndex, Document
from backend.domains.catalog.search_dense import Embedder
from backend.kernel.jsonl import read_jsonl

TOP = 10
_LEVELS = {"国家级": 0, "省级": 1, "市级": 2, "县级": 3, "区级": 3, "镇街级": 4, "村居级": 5}


def _text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_text(part) for part in value)
    return value if isinstance(value, str) else ""


def document(row: dict[str, Any], embedder: Embedder | None) -> Document:
    """Make a search document of one corpus row; it may use any field of the row."""
    name = _text(row.get("name"))
    aliases = tuple(a for a in row.get("aliases") or () if isinstance(a, str) and a.strip())
    body = " ".join(
        _text(row.get(key))
        for key in ("dept", "parent", "themes", "accept_standard", "materials", "targets")
    )
    vectors = None
    if embedder is not None:
        vectors = np.stack([embedder.embed(title) for title in (name, *aliases)])
    return Document(
        key=_text(row.get("code")) or _text(row.get("id")) or name,
        name=name,
        aliases=aliases,
        body=body,
        nearness=_LEVELS.get(_text(row.get("level")), 0),
        vectors=vectors,
    )


def evaluate(
    corpus: Path,
    queries: Path,
    embedder: Embedder | None,
    *,
    translate: bool = True,
    progress: Callable[[Iterable[dict[str, Any]]], Iterable[dict[str, Any]]] = lambda rows: rows,
) -> dict[str, float | int]:
    """Index the corpus, ask every query, and return mrr@10, recall@1, recall@10, p50_ms, p95_ms, n.

    Recall is the share of queries with a wanted item within the first k. The time is that of
    the full search, the query's vector included, each query asked for the first time.
    """
    documents = [document(row, embedder) for row in progress(list(read_jsonl(corpus)))]
    index = CatalogIndex(documents, embedder, translate)
    ranks: list[int] = []
    times: list[float] = []
    for row in read_jsonl(queries):
        start = time.perf_counter()
        keys = index.search(str(row["query"]), TOP).keys
        times.append((time.perf_counter() - start) * 1000)
        wanted = set(row["targets"])
        ranks.append(next((rank for rank, key in enumerate(keys, 1) if key in wanted), 0))
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
