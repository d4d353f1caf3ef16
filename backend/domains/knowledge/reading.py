"""An article for residents, and what other domains may ask of one.

A resident reads what is public and live; what was public and has expired keeps its old links, with
a banner. Anything else is not there, and nothing in an answer tells that it might be.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.knowledge import access, links, rules, viewing
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.domains.organisation import service as organisation
from backend.kernel.clock import local_date
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class LiveArticle:
    """A version of an article as other domains use it; the version never changes again."""

    id: UUID
    number: str
    version_id: UUID
    version_number: int
    title: str
    public_text: str
    internal_text: str
    audience: str
    department_id: UUID
    effective_on: date | None
    expires_on: date | None


def live(uow: UnitOfWork, article_id: UUID) -> LiveArticle:
    """The live version for staff's use; `NotFound` for what is not published or is over."""
    row = _row(uow, Article.id == article_id, Article.state == rules.PUBLISHED,
               ArticleVersion.state == rules.PUBLISHED)  # fmt: skip
    if row is None or rules.expired(row.expires_on, local_date(uow.now)):
        raise access.missing()
    return row


def pinned(uow: UnitOfWork, version_id: UUID) -> LiveArticle:
    """A version that was live at some time, as it was then; whatever has become of it since."""
    row = _row(
        uow,
        ArticleVersion.id == version_id,
        ArticleVersion.state.in_((rules.PUBLISHED, rules.SUPERSEDED)),
    )
    if row is None:
        raise access.missing()
    return row


def public(uow: UnitOfWork, article_id: UUID) -> LiveArticle:
    """The version that a resident may be sent to; `NotFound` for internal, expired and others."""
    row = _row(uow, Article.id == article_id, access.public_now(uow))
    if row is None:
        raise access.missing()
    return row


def _row(uow: UnitOfWork, *conditions: Any) -> LiveArticle | None:
    found = uow.session.execute(
        select(Article, ArticleVersion)
        .join(ArticleVersion, ArticleVersion.article_id == Article.id)
        .where(*conditions)
    ).first()
    if found is None:
        return None
    article, version = found
    return LiveArticle(
        id=article.id,
        number=article.number,
        version_id=version.id,
        version_number=version.number,
        title=version.title,
        public_text=version.public_text,
        internal_text=version.internal_text,
        audience=version.audience,
        department_id=article.department_id,
        effective_on=version.effective_on,
        expires_on=version.expires_on,
    )


def show(uow: UnitOfWork, article_id: UUID) -> tuple[dict[str, Any], UUID]:
    """The article as a resident reads it, and the id of the version shown."""
    found = uow.session.execute(
        select(Article, ArticleVersion)
        .join(ArticleVersion, ArticleVersion.article_id == Article.id)
        .where(Article.id == article_id, access.public())
    ).first()
    if found is None:
        raise access.missing()
    article, version = found
    names = organisation.place_names(uow, "department")
    over = article.state == rules.EXPIRED or rules.expired(version.expires_on, local_date(uow.now))
    return {
        "id": article.id,
        "number": article.number,
        "title": version.title,
        "summary": version.summary,
        "text": version.public_text,
        "material_kind": version.material_kind,
        "material_kind_text": rules.MATERIAL_TEXT.get(version.material_kind, ""),
        "department_name": names.get(article.department_id, ""),
        "issuing_unit": version.issuing_unit,
        "document_number": version.document_number,
        "source_url": version.source_url,
        "effective_on": version.effective_on,
        "expires_on": version.expires_on,
        "expired": over,
        "expired_text": "这篇内容已过有效期，请以最新规定为准" if over else "",
        "updated_at": version.published_at,
        "related": links.related(uow, version, None),
        "files": viewing.file_rows(uow, version, viewing.PUBLIC_FILES, public_only=True),
    }, version.id
