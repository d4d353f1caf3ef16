"""The list of articles for staff: each with the newest version that is in sight."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from backend.domains.knowledge import access, naming, rules
from backend.domains.knowledge.model import Article, ArticleVersion, Correction
from backend.domains.organisation import service as organisation
from backend.http.schemas import paginate
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

STATES = (*rules.ARTICLE_STATES, *rules.OPEN_VERSIONS)


def page(uow: UnitOfWork, who: Principal, query: dict[str, Any]) -> dict[str, Any]:
    """A page of articles in sight, the last changed first.

    Words look in titles, numbers and document numbers of versions in sight only, so that a count
    tells nothing of what may not be read.
    """
    rows, following = paginate(
        uow.session,
        articles(uow, who, query),
        [Article.updated_at, Article.id],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {"items": _rows(uow, who, rows), "next_cursor": following}


def articles(uow: UnitOfWork, who: Principal, query: dict[str, Any]) -> Select[Any]:
    """The articles that the query means, among those in sight."""
    seen = access.sight(who)
    found = select(Article)
    conditions: list[ColumnElement[bool]] = [access.visible(seen)]
    if query.get("q", "").strip():
        conditions.append(_words(query["q"].strip()))
    if query.get("audience"):
        conditions.append(ArticleVersion.audience == query["audience"])
    if query.get("material_kind"):
        conditions.append(ArticleVersion.material_kind == query["material_kind"])
    if query.get("category"):
        conditions.append(ArticleVersion.category_code == query["category"])
    if query.get("region"):
        everywhere = func.cardinality(ArticleVersion.region_codes) == 0
        conditions.append(or_(everywhere, ArticleVersion.region_codes.contains([query["region"]])))
    if query.get("mine"):
        conditions.append(ArticleVersion.writer_ids.contains([uow.actor.id]))
    if query.get("expiring"):
        today = local_date(uow.now)
        conditions += [
            Article.state == rules.PUBLISHED,
            ArticleVersion.state == rules.PUBLISHED,
            ArticleVersion.expires_on.between(today, today + timedelta(days=query["expiring"])),
        ]
    state = query.get("state")
    if state in rules.OPEN_VERSIONS:
        conditions.append(ArticleVersion.state == state)
    elif state:
        found = found.where(Article.state == state)
    if query.get("department"):
        found = found.where(Article.department_id == department(uow, query["department"]))
    in_sight = select(ArticleVersion.id).where(ArticleVersion.article_id == Article.id, *conditions)
    return found.where(in_sight.exists())


def department(uow: UnitOfWork, name: str) -> Any:
    """A department by its id or code; `Invalid` for one that is not there."""
    for place in organisation.departments(uow.session):
        if name in (str(place.id), place.code):
            return place.id
    raise Invalid(
        "unknown_department", detail="没有这个部门", fields={"department": ["没有这个部门"]}
    )


def _words(text: str) -> ColumnElement[bool]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = [
        ArticleVersion.title.ilike(f"%{escaped}%"),
        ArticleVersion.document_number.ilike(f"%{escaped}%"),
        ArticleVersion.keywords.contains([text]),
    ]
    digits = text[1:] if text[:1] in "Kk" else text
    if digits.isascii() and digits.isdigit() and len(digits) <= 12:
        found.append(Article.serial == int(digits))
    return or_(*found)


def _rows(uow: UnitOfWork, who: Principal, rows: list[Article]) -> list[dict[str, Any]]:
    seen = access.sight(who)
    ids = [row.id for row in rows]
    query = (
        select(ArticleVersion)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(Article.id.in_(ids), access.visible(seen))
        .order_by(ArticleVersion.number)
    )
    by_article: dict[Any, list[ArticleVersion]] = {}
    for version in uow.session.scalars(query):
        by_article.setdefault(version.article_id, []).append(version)
    counts = _corrections(uow, seen, rows)
    names = organisation.place_names(uow, "department")
    return [
        row_view(uow, row, by_article[row.id], names.get(row.department_id, ""))
        | {"open_corrections": counts.get(row.id, 0)}
        for row in rows
    ]


def _corrections(uow: UnitOfWork, seen: access.Sight, rows: list[Article]) -> dict[Any, int]:
    ids = [row.id for row in rows if seen.centre or seen.whole(row.department_id)]
    counted = uow.session.execute(
        select(Correction.article_id, func.count().label("number"))
        .where(Correction.article_id.in_(ids), Correction.state == rules.ASKED)
        .group_by(Correction.article_id)
    )
    return {row.article_id: row.number for row in counted}


def row_view(
    uow: UnitOfWork, article: Article, seen: list[ArticleVersion], department_name: str
) -> dict[str, Any]:
    """An article as listed, from its versions in sight, oldest first."""
    live = next((one for one in seen if one.state == rules.PUBLISHED), None)
    draft = next((one for one in seen if one.state in rules.OPEN_VERSIONS), None)
    shown = live or draft or seen[-1]
    today = local_date(uow.now)
    return {
        "id": article.id,
        "number": article.number,
        "title": shown.title,
        "draft_title": draft.title if draft else None,
        "state": article.state,
        "state_text": rules.ARTICLE_TEXT[article.state],
        "draft_state": draft.state if draft else None,
        "draft_state_text": rules.VERSION_TEXT[draft.state] if draft else None,
        "department_id": article.department_id,
        "department_name": department_name,
        "audience": shown.audience,
        "audience_text": rules.AUDIENCE_TEXT[shown.audience],
        "material_kind": shown.material_kind,
        "material_kind_text": rules.MATERIAL_TEXT.get(shown.material_kind, ""),
        "category_code": shown.category_code,
        "category_name": naming.category_name(uow, shown.category_code),
        "live_version_number": live.number if live else None,
        "draft_version_number": draft.number if draft else None,
        "effective_on": shown.effective_on,
        "expires_on": shown.expires_on,
        "expires_soon": bool(live) and rules.expires_soon(shown.expires_on, today),
        "updated_at": article.updated_at,
        "etag": str(article.version),
    }
