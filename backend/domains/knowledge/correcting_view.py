"""Corrections as lists show them."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from backend.domains.identity import service as identity
from backend.domains.knowledge import corrections, rules
from backend.domains.knowledge.model import Article, ArticleVersion, Correction
from backend.domains.organisation import service as organisation
from backend.http.schemas import paginate
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork

_SHOWN = 20


def page(
    uow: UnitOfWork, who: Principal, *, state: str | None, limit: int, cursor: str | None
) -> dict[str, Any]:
    """One's own corrections and those of one's departments, the newest first."""
    seen = corrections.in_sight(who)
    query = select(Correction).join(Article, Article.id == Correction.article_id)
    if seen.inside is not None:
        mine = Correction.asked_by == uow.actor.id
        query = query.where(or_(mine, Article.department_id.in_(seen.inside)))
    if state:
        query = query.where(Correction.state == state)
    rows, following = paginate(
        uow.session, query, [Correction.asked_at, Correction.id], limit=limit, cursor=cursor
    )
    return {"items": views(uow, who, rows), "next_cursor": following}


def of_article(
    uow: UnitOfWork, who: Principal, article: Article, *, inner: bool
) -> list[dict[str, Any]]:
    """The last corrections of an article; who stands outside sees only their own."""
    query = select(Correction).where(Correction.article_id == article.id)
    if not inner:
        query = query.where(Correction.asked_by == uow.actor.id)
    rows = uow.session.scalars(query.order_by(Correction.asked_at.desc()).limit(_SHOWN))
    return views(uow, who, list(rows))


def open_count(uow: UnitOfWork, article: Article) -> int:
    """How many wait for an answer."""
    query = select(func.count()).where(
        Correction.article_id == article.id, Correction.state == rules.ASKED
    )
    return uow.session.scalar(query) or 0


def one(uow: UnitOfWork, who: Principal, row: Correction) -> dict[str, Any]:
    """A correction as shown."""
    return views(uow, who, [row])[0]


def views(uow: UnitOfWork, who: Principal, rows: list[Correction]) -> list[dict[str, Any]]:
    """Corrections with their articles, people and clocks."""
    articles = _by_id(uow, Article, [row.article_id for row in rows])
    versions = _by_id(uow, ArticleVersion, [row.version_id for row in rows])
    clocks = corrections.clocks(uow, rows)
    places = organisation.place_names(uow, "department")
    people = identity.staff_names(
        uow, {key for row in rows for key in (row.asked_by, row.answered_by) if key}
    )

    def name(key: UUID | None) -> str | None:
        return people.get(key) if key else None

    return [
        {
            "id": row.id,
            "article_id": row.article_id,
            "article_number": articles[row.article_id].number,
            "article_title": versions[row.version_id].title,
            "department_id": articles[row.article_id].department_id,
            "department_name": places.get(articles[row.article_id].department_id, ""),
            "version_number": versions[row.version_id].number,
            "quote": row.quote,
            "words": row.words,
            "by_name": name(row.asked_by) or "",
            "state": row.state,
            "state_text": rules.CORRECTION_TEXT[row.state],
            "created_at": row.asked_at,
            "answer": row.answer or None,
            "answered_at": row.answered_at,
            "answered_by": name(row.answered_by),
            "draft_number": row.draft_number,
            "can": _can(uow, who, row, articles[row.article_id]),
            **corrections.light(clocks.get(row.id), uow.now),
        }
        for row in rows
    ]


def _can(uow: UnitOfWork, who: Principal, row: Correction, article: Article) -> list[str]:
    if row.state != rules.ASKED or row.asked_by == uow.actor.id:
        return []
    return ["answer"] if who.may("knowledge.edit", department=article.department_id) else []


def _by_id(uow: UnitOfWork, model: Any, ids: list[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in uow.session.scalars(select(model).where(model.id.in_(ids)))}
