"""What other domains use: put documents in, take them out, and find them.

`put` and `remove` belong to the transaction of the change they follow: what is rolled back was
never found, and what is withdrawn is not found from the commit on, indexed or not.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.domains.retrieval import live, marking_rules, query_rules, store
from backend.domains.retrieval.asking import reading_of, wanted_of
from backend.domains.retrieval.index import Candidate, Clause, SearchIndex
from backend.domains.retrieval.marking_rules import Part
from backend.domains.retrieval.ports import INTERNAL, Document
from backend.domains.retrieval.query_rules import Reading
from backend.domains.retrieval.ranking import Request, rank
from backend.domains.retrieval.text import aligned, fold
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks and when. `internal` for staff; `department_ids` None means all departments."""

    audience: str
    today: date
    department_ids: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. `category` includes what lies in it; `deep` compares meanings as well."""

    text: str
    scope: Scope
    kinds: frozenset[str] | None = None
    department_id: UUID | None = None
    region: str | None = None
    material_kind: str | None = None
    category: str | None = None
    limit: int = 10
    deep: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found; `snippet` is the text in parts, those that were asked for marked."""

    kind: str
    ref_id: UUID
    title: str
    title_parts: list[Part]
    snippet: list[Part]
    score: float
    department_id: UUID | None
    expires_on: date | None
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first; `total` counts all that fit. `as_of` is the moment asked."""

    hits: list[Hit]
    total: int
    variants_used: list[str]
    as_of: datetime


def put(uow: UnitOfWork, document: Document) -> None:
    """Have a document found from the commit of this unit on, within a second or two."""
    store.put(uow.session, document)


def remove(uow: UnitOfWork, kind: str, ref_id: UUID) -> None:
    """Have a document found by nobody from the commit of this unit on."""
    store.remove(uow.session, kind, ref_id)


def search(services: Services, session: Session, query: Query) -> Found:
    """Find what answers `query.text`; an empty text finds nothing. Changes nothing."""
    now = services.clock.now()
    reading = reading_of(services, query.text)
    if not reading.plain:
        return Found([], 0, [], now)
    index = live.of(services).current(session)
    clause = _clause(session, index, query)
    wanted = wanted_of(index, reading)
    deep = live.of(services).deep(session, query.text) if query.deep else None
    with live.of(services).guarded():
        ranked, total = rank(index, Request(reading, wanted, clause, query.limit, deep))
    hits = [_hit(one.candidate, reading, one.score) for one in ranked]
    return Found(hits, total, list(reading.official), now)


def suggest(
    services: Services, session: Session, text: str, scope: Scope, limit: int = 8
) -> list[Hit]:
    """Titles that what was typed so far may become; their snippets are empty."""
    reading = reading_of(services, text)
    if not reading.plain:
        return []
    index = live.of(services).current(session)
    clause = _clause(session, index, Query(text, scope))
    prefix = fold(text).replace(" ", "")[: query_rules.MOST_CHARACTERS]
    with live.of(services).guarded():
        candidates = index.complete(prefix, wanted_of(index, reading), clause, limit)
    return [_hit(one, reading, one.score, with_text=False) for one in candidates]


def _clause(session: Session, index: SearchIndex, query: Query) -> Clause:
    scope = query.scope
    departments = scope.department_ids
    if query.department_id is not None:
        only = frozenset({query.department_id})
        departments = only if departments is None else departments & only
    seen = index.horizon()
    return Clause(
        internal=scope.audience == INTERNAL,
        today=scope.today,
        department_ids=departments,
        kinds=query.kinds,
        region=query.region,
        material_kind=query.material_kind,
        category=query.category,
        changed=store.changed(session, seen) if seen else {},
    )


def _hit(one: Candidate, reading: Reading, score: float, *, with_text: bool = True) -> Hit:
    words = [reading.plain, *reading.official]
    snippet: list[Part] = []
    if with_text and one.passages:
        snippet = marking_rules.snippet(one.passages, one.folded, words)
    return Hit(
        kind=one.kind,
        ref_id=one.ref_id,
        title=one.title,
        title_parts=marking_rules.marked(one.title, aligned(one.title), words),
        snippet=snippet,
        score=score,
        department_id=one.department_id,
        expires_on=one.expires_on,
        extra=one.extra,
    )
