"""Answers while somebody is still typing: for staff over everything, for residents the public part.

Who may find what is said to the search as a scope, so that totals and snippets never knew of
anything else. What was asked without an answer is noted for the departments, after the answer and
in a transaction of its own.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.catalog import service as catalog
from backend.domains.dispatch import service as dispatch
from backend.domains.grid import service as grid
from backend.domains.knowledge import access, listing, misses, rules, usage
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.domains.organisation import service as organisation
from backend.domains.retrieval import service as retrieval
from backend.domains.retrieval.ports import INTERNAL, PUBLIC
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

ARTICLE, ITEM, TICKET, EVENT = "article", "item", "ticket", "event"
PUBLIC_KINDS = frozenset({ARTICLE, ITEM})
PER_MINUTE = "120 per minute"
FEEDBACK_PER_DAY = "60 per day"
MOST = 50


def for_staff(uow: UnitOfWork, who: Principal, query: dict[str, Any]) -> dict[str, Any]:
    """What answers the words, for a member of staff: internal parts where they may be read."""
    began = time.perf_counter()
    kinds = _kinds(query["kinds"]) & _permitted(who) - {EVENT}
    region = query["region"] or _region_at(uow, query["latitude"], query["longitude"])
    asked = retrieval.Query(
        text=query["q"],
        scope=retrieval.Scope(PUBLIC, local_date(uow.now)),
        kinds=kinds,
        department_id=listing.department(uow, query["department"]) if query["department"] else None,
        region=region or None,
        material_kind=query["material_kind"] or None,
        category=query["category"] or None,
        limit=query["limit"],
        deep=query["deep"],
    )
    hits, total, as_of = _within(uow, access.sight(who), asked)
    items = _staff_cards(uow, who, hits)
    events = _events(uow, who, query)
    took = round((time.perf_counter() - began) * 1000)
    return {"items": items, "events": events, "total": total, "took_ms": took, "as_of": as_of}


def _events(uow: UnitOfWork, who: Principal, query: dict[str, Any]) -> list[dispatch.EventBrief]:
    """Open events nearby, or in the street named, that tell of the same; for the desk's people."""
    if EVENT not in _kinds(query["kinds"]) & _permitted(who):
        return []
    latitude, longitude, words = query["latitude"], query["longitude"], query["q"]
    if latitude is not None and longitude is not None:
        return dispatch.events_near(uow, latitude=latitude, longitude=longitude, words=words)
    streets = {street.code: street.id for street in organisation.streets(uow.session)}
    street_id = streets.get(query["region"])
    return dispatch.events_alike(uow, street_id, words) if street_id else []


def note_staff_miss(
    services: Services, query: dict[str, Any], found: dict[str, Any], who: Principal
) -> None:
    """Note that nothing answered; only once typing has paused, since half a word is no question."""
    narrowed = query["department"] or query["kinds"] or query["material_kind"]
    if query["deep"] and not found["total"] and not narrowed:
        misses.noticed(services, query["q"], rules.INTERNAL, str(who.actor.id))


def note_resident_miss(
    services: Services, query: dict[str, Any], found: dict[str, Any], address: str
) -> None:
    """Note that nothing answered a resident."""
    if not found["total"] and not query["kind"]:
        misses.noticed(services, query["q"], rules.PUBLIC, address)


def _within(
    uow: UnitOfWork, seen: access.Sight, asked: retrieval.Query
) -> tuple[list[retrieval.Hit], int, Any]:
    """Ask within what this reader may find.

    Whoever reads internal parts of some departments only asks twice: all that is public, and
    everything of those departments; the better of two finds of one thing counts.
    """
    services, session, today = uow.services, uow.session, asked.scope.today
    if seen.internal is None:
        whole = replace(asked, scope=retrieval.Scope(INTERNAL, today))
        found = retrieval.search(services, session, whole)
        return found.hits, found.total, found.as_of
    found = retrieval.search(services, session, asked)
    # Closed tickets are for those who read all of them.
    own = retrieval.Scope(INTERNAL, today, seen.internal)
    more = retrieval.search(services, session, replace(asked, scope=own))
    best = {(hit.kind, hit.ref_id): hit for hit in found.hits}
    added = 0
    for hit in more.hits:
        key = (hit.kind, hit.ref_id)
        added += key not in best and hit.extra.get("audience") == rules.INTERNAL
        if key not in best or hit.score > best[key].score:
            best[key] = hit
    hits = sorted(best.values(), key=lambda hit: -hit.score)[: asked.limit]
    return hits, found.total + added, found.as_of


def _region_at(uow: UnitOfWork, latitude: float | None, longitude: float | None) -> str:
    """The street a WGS-84 point lies in by its code; empty outside the district."""
    if latitude is None or longitude is None:
        return ""
    place = grid.locate(uow, latitude, longitude)
    codes = {street.id: street.code for street in organisation.streets(uow.session)}
    return codes.get(place.street_id, "") if place is not None else ""


def _kinds(text: str) -> frozenset[str]:
    wanted = frozenset(part.strip() for part in text.split(",") if part.strip())
    known = frozenset({ARTICLE, ITEM, TICKET, EVENT})
    if wanted - known:
        raise Invalid("bad_kinds", detail="没有这种内容", fields={"kinds": ["请从列表中选择"]})
    return wanted or known


def _permitted(who: Principal) -> frozenset[str]:
    # Precedents are tickets of anybody, events are told of at the desk: for those who see all.
    if who.scope_ids("tickets.view", "department") is None:
        return frozenset({ARTICLE, ITEM, TICKET, EVENT})
    return PUBLIC_KINDS


def _staff_cards(
    uow: UnitOfWork, who: Principal, hits: Sequence[retrieval.Hit]
) -> list[dict[str, Any]]:
    texts = _public_texts(uow, who, [hit.ref_id for hit in hits if hit.kind == ARTICLE])
    items = catalog.live_versions(uow, [hit.ref_id for hit in hits if hit.kind == ITEM])
    names = organisation.place_names(uow, "department")
    today = local_date(uow.now)
    cards = []
    for hit in hits:
        version = texts.get(hit.ref_id)
        item = items.get(hit.ref_id)
        pinned = version or item
        if hit.kind in PUBLIC_KINDS and pinned is None:
            continue
        cards.append(
            {
                **_card(hit, names),
                "number": item.implementation_code if item else str(hit.extra.get("number", "")),
                "audience": version.audience if version else hit.extra.get("audience", PUBLIC),
                "version_id": pinned.id if pinned else None,
                "version_number": pinned.number if pinned else None,
                "expires_on": hit.expires_on,
                "expires_soon": rules.expires_soon(hit.expires_on, today),
                "public_text": version.public_text
                if version
                else str(hit.extra.get("public_text", "")),
                "score": round(hit.score, 4),
            }
        )
    return cards


def _public_texts(uow: UnitOfWork, who: Principal, ids: list[UUID]) -> dict[UUID, ArticleVersion]:
    """The live versions in sight: what is inserted is what is live, to the letter."""
    query = (
        select(ArticleVersion)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(
            Article.id.in_(ids),
            Article.state == rules.PUBLISHED,
            ArticleVersion.state == rules.PUBLISHED,
            access.visible(access.sight(who)),
        )
    )
    return {version.article_id: version for version in uow.session.scalars(query)}


def _card(hit: retrieval.Hit, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "id": hit.ref_id,
        "title": hit.title,
        "title_parts": hit.title_parts,
        "snippet": hit.snippet,
        "department_name": names.get(hit.department_id, "") if hit.department_id else "",
    }


def for_residents(uow: UnitOfWork, query: dict[str, Any], address: str) -> dict[str, Any]:
    """What answers a resident's words."""
    uow.services.limiter.hit(PER_MINUTE, "answers", address)
    kinds = PUBLIC_KINDS if not query["kind"] else frozenset({query["kind"]}) & PUBLIC_KINDS
    start = _start(query["cursor"])
    limit = query["limit"]
    asked = retrieval.Query(
        text=query["q"],
        scope=_resident_scope(uow),
        kinds=kinds,
        region=query["region"] or None,
        limit=min(start + limit, MOST),
        deep=True,
    )
    found = retrieval.search(uow.services, uow.session, asked)
    names = organisation.place_names(uow, "department")
    shown = found.hits[start : start + limit]
    items = [_card(hit, names) | {"updated_at": hit.extra.get("updated_at")} for hit in shown]
    following = start + limit
    more = len(found.hits) >= following and found.total > following and following < MOST
    return {
        "items": items,
        "total": found.total,
        "query_id": new_id(),
        "next_cursor": str(following) if more else None,
    }


def suggestions(uow: UnitOfWork, text: str, address: str) -> list[dict[str, Any]]:
    """Titles of public things that begin or hold what was typed."""
    uow.services.limiter.hit(PER_MINUTE, "suggestions", address)
    hits = retrieval.suggest(uow.services, uow.session, text, _resident_scope(uow))
    return [
        {"kind": hit.kind, "id": hit.ref_id, "title": hit.title}
        for hit in hits
        if hit.kind in PUBLIC_KINDS
    ]


def _resident_scope(uow: UnitOfWork) -> retrieval.Scope:
    return retrieval.Scope(PUBLIC, local_date(uow.now))


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and int(cursor[:4]) < MOST):
        raise Invalid("bad_cursor", title="翻页标记无效", action="请回到第一页")
    return int(cursor[:4])


def feedback(uow: UnitOfWork, body: dict[str, Any], address: str) -> None:
    """A resident found an answer helpful or not; the words of what did not help are noted."""
    uow.services.limiter.hit(FEEDBACK_PER_DAY, "answer_feedback", address)
    if body["kind"] == ARTICLE:
        row = uow.session.execute(
            select(Article.id, ArticleVersion.id)
            .join(ArticleVersion, ArticleVersion.article_id == Article.id)
            .where(Article.id == body["id"], access.public())
        ).first()
        if row is None:
            raise access.missing()
        kind = rules.HELPFUL if body["helpful"] else rules.UNHELPFUL
        usage.count(uow, row[0], row[1], kind, rules.PUBLIC)
    if not body["helpful"]:
        misses.record(uow, body["query"], rules.PUBLIC)
