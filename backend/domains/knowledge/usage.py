"""How articles are used: counts by day, version and kind. Nobody can tell from them who it was."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.knowledge import access, rules
from backend.domains.knowledge.model import Article, ArticleUse, ArticleVersion
from backend.domains.organisation import service as organisation
from backend.kernel.access import PUBLIC as PUBLIC_ACTOR
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.database import table_of
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_USES = table_of(ArticleUse)
FREQUENT_DAYS, FREQUENT_MOST = 30, 20
# What says more that an article helped counts more.
_WEIGHTS = {rules.VIEWED: 1, rules.HELPFUL: 5, rules.SENT: 3, rules.INSERTED: 3}


def count(uow: UnitOfWork, article_id: UUID, version_id: UUID, kind: str, audience: str) -> None:
    """Count one use in the caller's transaction."""
    statement = insert(_USES).values(
        article_id=article_id, version_id=version_id, day=local_date(uow.now), kind=kind,
        audience=audience, count=1,
    )  # fmt: skip
    keys = ["article_id", "version_id", "day", "kind", "audience"]
    uow.session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"count": _USES.c.count + 1})
    )


def viewed(services: Services, article_id: UUID, version_id: UUID, audience: str) -> None:
    """Count a look, in a short transaction of its own."""
    with services.unit(PUBLIC_ACTOR) as own:
        count(own, article_id, version_id, rules.VIEWED, audience)


def totals(uow: UnitOfWork, article_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """All uses of each article by kind; kinds that never happened are 0."""
    rows = uow.session.execute(
        select(ArticleUse.article_id, ArticleUse.kind, func.sum(ArticleUse.count))
        .where(ArticleUse.article_id.in_(list(article_ids)))
        .group_by(ArticleUse.article_id, ArticleUse.kind)
    )
    found: dict[UUID, dict[str, int]] = {}
    for article_id, kind, number in rows:
        found.setdefault(article_id, dict.fromkeys(rules.USE_TEXT, 0))[kind] = int(number)
    return found


def report(
    uow: UnitOfWork, who: Principal, begin: date, end: date, limit: int = 200
) -> list[dict[str, Any]]:
    """The most used articles in sight between two days (both counted), with their counts."""
    sums = {
        kind: func.coalesce(
            func.sum(ArticleUse.count).filter(ArticleUse.kind == kind), 0
        ).label(kind)
        for kind in rules.USE_TEXT
    }  # fmt: skip
    in_sight = select(ArticleVersion.id).where(
        ArticleVersion.article_id == Article.id, access.visible(access.sight(who))
    )
    shown = (
        select(ArticleVersion.title)
        .where(ArticleVersion.article_id == Article.id, access.visible(access.sight(who)))
        .order_by((ArticleVersion.state == rules.PUBLISHED).desc(), ArticleVersion.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    whole = func.sum(ArticleUse.count)
    rows = uow.session.execute(
        select(Article, shown.label("title"), *sums.values())
        .join(ArticleUse, ArticleUse.article_id == Article.id)
        .where(ArticleUse.day.between(begin, end), in_sight.exists())
        .group_by(Article.id)
        .order_by(whole.desc(), Article.serial)
        .limit(limit)
    )
    names = organisation.place_names(uow, "department")
    return [
        {
            "article_id": row.Article.id,
            "number": row.Article.number,
            "title": row.title,
            "department_name": names.get(row.Article.department_id, ""),
            **{kind: int(getattr(row, kind)) for kind in rules.USE_TEXT},
        }
        for row in rows
    ]


def frequent(uow: UnitOfWork, limit: int) -> list[dict[str, Any]]:
    """Public articles that helped residents most lately; the newest where nothing was counted."""
    since = local_date(uow.now) - timedelta(days=FREQUENT_DAYS)
    points = case(_WEIGHTS, value=ArticleUse.kind, else_=0)
    weight = func.coalesce(func.sum(ArticleUse.count * points), 0)
    rows = uow.session.execute(
        select(Article.id, ArticleVersion.title)
        .join(ArticleVersion, ArticleVersion.article_id == Article.id)
        .outerjoin(
            ArticleUse,
            (ArticleUse.article_id == Article.id)
            & (ArticleUse.day >= since)
            & (ArticleUse.audience == rules.PUBLIC),
        )
        .where(access.public_now(uow))
        .group_by(Article.id, ArticleVersion.id)
        .order_by(weight.desc(), ArticleVersion.published_at.desc(), Article.id)
        .limit(min(limit, FREQUENT_MOST))
    )
    return [{"id": row.id, "title": row.title} for row in rows]
