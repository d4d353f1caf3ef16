"""The index in tantivy: fields, how documents are written, and how they are read back."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import tantivy

from backend.domains.retrieval import tantivy_query as query
from backend.domains.retrieval.index import Candidate, Clause, Wanted
from backend.domains.retrieval.sounds import sound_pairs, ways_to_type
from backend.domains.retrieval.store import GONE, Horizon, Stored
from backend.domains.retrieval.term_rules import joined, pairs, singles
from backend.domains.retrieval.text import aligned, fold

# Raised whenever fields or terms change: an index of another number is built anew.
SCHEMA_NUMBER = 1
HEAP_BYTES = 60_000_000
_STAMP = "horizon"
_RAW = ("key", "version", "kind", "audience", "department", "region", "material", "category")
_TERMS = ("title2", "body2", "body1", "keyword2", "inner2", "sound2", "name")


def schema() -> tantivy.Schema:
    """The fields: raw ones for clauses, tokenised ones for words, one stored card."""
    builder = tantivy.SchemaBuilder()
    for name in _RAW:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("effective", "expires", "revision", "length"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in _TERMS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("card", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def terms_of(text: str) -> list[str]:
    """The pairs of a text, and its Latin words with their neighbours."""
    folded = fold(text)
    return pairs(folded) + joined(folded)


class TantivyIndex:
    """An index at a place on disk, or in memory without one."""

    def __init__(self, path: Path | None = None) -> None:
        self.schema = schema()
        place = None if path is None else str(path)
        self._index = tantivy.Index(self.schema, path=place)
        self._index.config_reader(reload_policy="manual")
        self._searcher = self._index.searcher()
        self._average = self._measure()
        self._rarity = lru_cache(maxsize=4096)(self._look_up_rarity)

    def reload(self) -> None:
        """See what another process has written."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self._average = self._measure()
        self._rarity.cache_clear()

    def _measure(self) -> float:
        asked = {"average": {"avg": {"field": "length"}}}
        found = self._searcher.aggregate(tantivy.Query.all_query(), asked)
        return float(found["average"]["value"] or 0.0)

    def __len__(self) -> int:
        return max(self._searcher.num_docs - 1, 0)

    def horizon(self) -> Horizon | None:
        """As the protocol says."""
        found = self._searcher.search(query.term(self.schema, "kind", _STAMP), 1)
        if not found.hits:
            return None
        card = json.loads(self._searcher.doc(found.hits[0][1])["card"][0])
        return Horizon(card["transaction"], card["lineage"])

    def write(self, documents: Iterable[Stored], gone: Iterable[UUID], horizon: Horizon) -> int:
        """As the protocol says; a crash half-way leaves the index as it was."""
        writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)
        count = 0
        try:
            for key in gone:
                writer.delete_documents_by_term("key", key.hex)
            for document in documents:
                writer.delete_documents_by_term("key", document.row.id.hex)
                writer.add_document(_document(document))
                count += 1
            writer.delete_documents_by_term("kind", _STAMP)
            stamp = {"transaction": horizon.transaction, "lineage": horizon.lineage}
            writer.add_document(tantivy.Document(kind=_STAMP, card=json.dumps(stamp)))
            writer.commit()
            writer.wait_merging_threads()
        except BaseException:
            writer.rollback()
            raise
        finally:
            del writer
        self.reload()
        return count

    def outdated(self, present: Mapping[UUID, int]) -> list[UUID]:
        """Which of these documents are not here in this revision (`GONE`: are still here)."""
        return [key for key, revision in present.items() if not self._has(key, revision)]

    def _has(self, key: UUID, revision: int) -> bool:
        if revision == GONE:
            asked = query.term(self.schema, "key", key.hex)
        else:
            asked = query.term(self.schema, "version", query.version(key, revision))
        return bool(self._searcher.search(asked, 1).hits) != (revision == GONE)

    def find(self, wanted: Wanted, clause: Clause, limit: int) -> tuple[list[Candidate], int]:
        """As the protocol says."""
        asked = query.scoped(self.schema, query.words(self.schema, wanted, clause), clause)
        searcher = self._searcher
        hits = searcher.search(asked, max(limit, 1), count=False).hits
        candidates = [
            _candidate(searcher.doc(address)["card"][0], score, clause) for score, address in hits
        ]
        return candidates, self._count(wanted, clause)

    def _count(self, wanted: Wanted, clause: Clause) -> int:
        """How many documents have so much of the query that they are about it."""
        asked = query.scoped(self.schema, query.about(self.schema, wanted, clause), clause)
        counted = self._searcher.aggregate(asked, {"all": {"value_count": {"field": "revision"}}})
        return int(counted["all"]["value"])

    def among(
        self, revisions: Sequence[int], wanted: Wanted, clause: Clause, limit: int
    ) -> list[Candidate]:
        """As the protocol says."""
        asked = query.scoped(
            self.schema, query.these(self.schema, revisions, wanted, clause), clause
        )
        searcher = self._searcher
        hits = searcher.search(asked, max(len(revisions), 1), count=False).hits
        numbers = searcher.fast_field_values("revision", [address for _, address in hits])
        order = {revision: place for place, revision in enumerate(revisions)}
        ranked = sorted(zip(numbers, hits, strict=True), key=lambda one: order[int(one[0] or 0)])
        return [
            _candidate(searcher.doc(address)["card"][0], score, clause)
            for _, (score, address) in ranked[:limit]
        ]

    def average_length(self) -> float:
        """As the protocol says."""
        return self._average or 1.0

    def complete(self, prefix: str, wanted: Wanted, clause: Clause, limit: int) -> list[Candidate]:
        """As the protocol says."""
        asked = query.scoped(self.schema, query.names(self.schema, prefix, wanted), clause)
        searcher = self._searcher
        hits = searcher.search(asked, max(limit, 1), count=False).hits
        return [
            _candidate(searcher.doc(address)["card"][0], score, clause) for score, address in hits
        ]

    def rarity(self, term: str) -> float:
        """As the protocol says."""
        return self._rarity(term)

    def _look_up_rarity(self, term: str) -> float:
        size = max(self._searcher.num_docs, 1)
        field = "body1" if len(term) == 1 else "body2"
        seen = min(self._searcher.doc_freq(field, term), size)
        return math.log(1 + (size - seen + 0.5) / (seen + 0.5))


def day(value: date | None, otherwise: int) -> int:
    """A day as a number."""
    return otherwise if value is None else value.toordinal()


def _document(stored: Stored) -> tantivy.Document:
    row = stored.row
    public = [text for text, internal in stored.passages if not internal]
    names = [row.title, *row.aliases]
    body = " ".join([row.title, *row.aliases, *row.keywords, *public])
    folded = fold(body)
    return tantivy.Document(
        key=row.id.hex,
        version=query.version(row.id, row.revision),
        kind=row.kind,
        audience=row.audience,
        department=row.department_id.hex if row.department_id else query.NONE,
        region=list(row.region_codes) or [query.EVERYWHERE],
        material=row.material_kind or query.NONE,
        category=query.prefixes(row.category_code),
        effective=day(row.effective_on, query.FIRST_DAY),
        revision=row.revision,
        length=sum(map(len, public)),
        expires=day(row.expires_on, query.LAST_DAY),
        title2=" ".join(term for name in names for term in terms_of(name)),
        body2=" ".join(pairs(folded) + joined(folded)),
        body1=" ".join(singles(folded)),
        keyword2=" ".join(term for word in row.keywords for term in terms_of(word)),
        inner2=" ".join(
            term for text, internal in stored.passages if internal for term in terms_of(text)
        ),
        sound2=" ".join(pair for name in (*names, *row.keywords) for pair in sound_pairs(name)),
        name=[way[: query.LONGEST_NAME] for name in names for way in ways_to_type(name)],
        card=json.dumps(_card(stored), ensure_ascii=False),
    )


def _card(stored: Stored) -> dict[str, Any]:
    row = stored.row
    return {
        "id": row.id.hex,
        "kind": row.kind,
        "ref_id": row.ref_id.hex,
        "title": row.title,
        "aliases": row.aliases,
        "keywords": row.keywords,
        "revision": row.revision,
        "passages": [text for text, _ in stored.passages],
        "folded": [aligned(text) for text, _ in stored.passages],
        "internal": [at for at, (_, internal) in enumerate(stored.passages) if internal],
        "department_id": row.department_id.hex if row.department_id else None,
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "boost": row.boost,
        "extra": row.extra,
    }


def _candidate(text: str, score: float, clause: Clause) -> Candidate:
    card = json.loads(text)
    hidden = set() if clause.internal else set(card["internal"])
    return Candidate(
        id=UUID(card["id"]),
        kind=card["kind"],
        ref_id=UUID(card["ref_id"]),
        title=card["title"],
        aliases=tuple(card["aliases"]),
        keywords=tuple(card["keywords"]),
        passages=tuple(p for at, p in enumerate(card["passages"]) if at not in hidden),
        folded=tuple(p for at, p in enumerate(card["folded"]) if at not in hidden),
        revision=card["revision"],
        department_id=UUID(card["department_id"]) if card["department_id"] else None,
        expires_on=date.fromisoformat(card["expires_on"]) if card["expires_on"] else None,
        boost=card["boost"],
        extra=card["extra"],
        score=float(score),
    )
