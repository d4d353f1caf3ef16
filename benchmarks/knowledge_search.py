"""Searching articles: type-ahead, search and deep search, beside SQLite FTS5 and PostgreSQL.

Articles are made up from the demo's items and a thousand made-up places, of about 400 characters;
the queries are the items' everyday names with and without a place. Each engine answers the same
queries from 1, 10 and 50 connections (threads) in one process, so a figure at 50 connections is
mostly waiting for the processor. Vectors of a deep search are random: time does not depend on them.
"""

import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from backend.demo import seed_catalog
from backend.domains.retrieval import asking, evaluation, query_rules
from backend.domains.retrieval.index import Clause
from backend.domains.retrieval.meaning import DIMENSION
from backend.domains.retrieval.meanings import Meanings
from backend.domains.retrieval.ranking import Deep, Request, rank
from backend.domains.retrieval.store import Horizon, Stored
from backend.domains.retrieval.tantivy_index import TantivyIndex
from backend.domains.retrieval.term_rules import pairs
from backend.domains.retrieval.text import fold
from backend.kernel.services import Services
from benchmarks.place import Place

SIZES = (1_000, 10_000, 100_000)
CONNECTIONS = (1, 10, 50)
QUERIES = 200
PASSAGES = 3
LENGTH = 400
Ask = Callable[[str], object]


def run(installation: Place, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """Milliseconds by engine, size and connections; seconds to build each index."""
    return {f"articles_{size}": _of_size(installation.services, size) for size in sizes}


def _of_size(services: Services, size: int) -> dict[str, Any]:
    articles = list(_articles(size))
    queries = _queries()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, build in (("tantivy", _tantivy), ("sqlite_fts5", _sqlite)):
            start = time.perf_counter()
            asks = build(articles, Path(folder))
            seconds = time.perf_counter() - start
            for kind, ask in asks.items():
                found[f"{name}_{kind}"] = _times(ask, queries, round(seconds, 1))
        start = time.perf_counter()
        ask = _postgres(services, articles)
        seconds = time.perf_counter() - start
        found["postgres_tsvector"] = _times(ask, queries, round(seconds, 1))
        with services.db.transaction() as session:
            session.execute(text("drop table bench_article"))
    return found


def _articles(size: int) -> Iterator[tuple[str, str]]:
    dice = random.Random(4)
    contents = [row["content"] for _, row in seed_catalog.items()]
    bodies = ["。".join([c["summary"], *c["conditions"]]) for c in contents]
    places = [f"{dice.choice('东西南北中')}{dice.choice('湖山河溪岭')}{n}号" for n in range(1000)]
    for _ in range(size):
        content, place = dice.choice(contents), dice.choice(places)
        body = f"{place}{content['name']}。" + "。".join(dice.sample(bodies, 4))
        yield f"{content['name']}（{place}）", body[:LENGTH]


def _queries() -> list[str]:
    names = [alias for _, row in seed_catalog.items() for alias in row["content"]["aliases"]]
    random.Random(5).shuffle(names)
    asked = [name if at % 2 else f"东湖{at}号{name}怎么办理" for at, name in enumerate(names)]
    return (asked * (1 + QUERIES // len(asked)))[:QUERIES]


def _times(ask: Ask, queries: Sequence[str], build_seconds: float) -> dict[str, Any]:
    found: dict[str, Any] = {"index_seconds": build_seconds}
    for connections in CONNECTIONS:
        spent = _spent(ask, queries, connections)
        p50, p95, p99 = np.percentile(spent, [50, 95, 99])
        found[f"c{connections}"] = "/".join(f"{value:.1f}" for value in (p50, p95, p99))
    return found


def _spent(ask: Ask, queries: Sequence[str], connections: int) -> list[float]:
    """Milliseconds of each query, asked from so many threads at once."""
    spent: list[float] = []
    waiting = list(queries)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                query = waiting.pop()
            start = time.perf_counter()
            ask(query)
            spent.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spent


def _tantivy(articles: Sequence[tuple[str, str]], folder: Path) -> dict[str, Ask]:
    index = TantivyIndex(folder)
    index.write(_stored(articles), (), Horizon(1, "bench"))
    clause = Clause(internal=True, today=date(2026, 11, 23))
    vectors = np.random.default_rng(6).standard_normal(
        (len(articles) * PASSAGES, DIMENSION), dtype=np.float32
    )
    revisions = np.repeat(np.arange(1, len(articles) + 1), PASSAGES)
    meanings = Meanings(vectors, revisions, np.zeros(len(revisions), np.bool_))

    def search(query: str, deep: Deep | None = None) -> object:
        reading = query_rules.read(fold(query), {})
        wanted = asking.wanted_of(index, reading)
        return rank(index, Request(reading, wanted, clause, 10, deep))

    def type_ahead(query: str) -> object:
        reading = query_rules.read(fold(query[:6]), {})
        return index.complete(fold(query[:6]), asking.wanted_of(index, reading), clause, 8)

    return {
        "type_ahead": type_ahead,
        "search": search,
        "deep_without_model": lambda query: search(query, Deep(meanings, vectors[0])),
    }


def _stored(articles: Sequence[tuple[str, str]]) -> Iterator[Stored]:
    for number, (title, body) in enumerate(articles):
        yield evaluation.stored(number, title, body)


def _sqlite(articles: Sequence[tuple[str, str]], folder: Path) -> dict[str, Ask]:
    path = folder / "fts.db"
    base = sqlite3.connect(path)
    base.execute("create virtual table article using fts5(title, body)")
    base.executemany(
        "insert into article values (?, ?)",
        ((" ".join(pairs(fold(t))), " ".join(pairs(fold(b)))) for t, b in articles),
    )
    base.commit()
    base.close()
    local = threading.local()

    def search(query: str) -> object:
        if not hasattr(local, "base"):
            local.base = sqlite3.connect(path)
        words = " OR ".join(f'"{pair}"' for pair in pairs(fold(query)))
        return local.base.execute(
            "select rowid from article where article match ? order by bm25(article) limit 10",
            (words,),
        ).fetchall()

    return {"search": search}


def _postgres(services: Services, articles: Sequence[tuple[str, str]]) -> Ask:
    with services.db.transaction() as session:
        session.execute(text("create table bench_article (id bigint, words tsvector)"))
        for start in range(0, len(articles), 1000):
            session.execute(
                text("insert into bench_article values (:id, to_tsvector('simple', :words))"),
                [
                    {"id": start + at, "words": " ".join(pairs(fold(f"{title} {body}")))}
                    for at, (title, body) in enumerate(articles[start : start + 1000])
                ],
            )
        session.execute(text("create index on bench_article using gin (words)"))

    statement = text(
        "select id from bench_article, to_tsquery('simple', :asked) asked "
        "where words @@ asked order by ts_rank(words, asked) desc limit 10"
    )

    def search(query: str) -> object:
        asked = " | ".join(pairs(fold(query)))
        with services.db.transaction() as session:
            return session.execute(statement, {"asked": asked}).all()

    return search
