"""Reading and writing versions: their content, their relations and their files."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from backend.domains.knowledge import rules
from backend.domains.knowledge.field_rules import FIELDS
from backend.domains.knowledge.model import (
    Article,
    ArticleFile,
    ArticleRelation,
    ArticleVersion,
)
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

KIND = "article"


def subject(article_id: UUID) -> Subject:
    """What the trace of an article is filed under."""
    return Subject(KIND, article_id)


def content_of(version: ArticleVersion) -> dict[str, Any]:
    """The fields an editor fills in."""
    return {field: getattr(version, field) for field in FIELDS}


def write(version: ArticleVersion, content: Mapping[str, Any]) -> None:
    """Put the fields into a version; keys that are not fields are left."""
    for field in FIELDS:
        if field in content:
            setattr(version, field, content[field])


def live(uow: UnitOfWork, article_id: UUID) -> ArticleVersion | None:
    """The version that is live, or was when the article ended."""
    return uow.session.scalars(
        select(ArticleVersion).where(
            ArticleVersion.article_id == article_id, ArticleVersion.state == rules.PUBLISHED
        )
    ).first()


def open_version(uow: UnitOfWork, article_id: UUID) -> ArticleVersion | None:
    """The version in the making."""
    return uow.session.scalars(
        select(ArticleVersion).where(
            ArticleVersion.article_id == article_id,
            ArticleVersion.state.in_(rules.OPEN_VERSIONS),
        )
    ).first()


def last_number(uow: UnitOfWork, article_id: UUID) -> int:
    """The highest number a version of the article has had; 0 for none."""
    found = uow.session.scalars(
        select(ArticleVersion.number)
        .where(ArticleVersion.article_id == article_id)
        .order_by(ArticleVersion.number.desc())
        .limit(1)
    ).first()
    return found or 0


def versions(uow: UnitOfWork, article_id: UUID) -> list[ArticleVersion]:
    """All versions, newest first."""
    query = select(ArticleVersion).where(ArticleVersion.article_id == article_id)
    return list(uow.session.scalars(query.order_by(ArticleVersion.number.desc())))


def relations(uow: UnitOfWork, version_ids: Sequence[UUID]) -> list[ArticleRelation]:
    """What the versions point to, in order."""
    query = select(ArticleRelation).where(ArticleRelation.version_id.in_(version_ids))
    return list(uow.session.scalars(query.order_by(ArticleRelation.position)))


def files(uow: UnitOfWork, version_ids: Sequence[UUID]) -> list[ArticleFile]:
    """Attachments of the versions, in order."""
    query = select(ArticleFile).where(ArticleFile.version_id.in_(version_ids))
    return list(uow.session.scalars(query.order_by(ArticleFile.position)))


def set_relations(uow: UnitOfWork, version_id: UUID, wanted: Sequence[tuple[str, UUID]]) -> None:
    """Replace what a version points to."""
    uow.session.execute(delete(ArticleRelation).where(ArticleRelation.version_id == version_id))
    uow.session.add_all(
        ArticleRelation(version_id=version_id, kind=kind, target_id=target, position=position)
        for position, (kind, target) in enumerate(dict.fromkeys(wanted))
    )
    uow.session.flush()


def set_files(uow: UnitOfWork, version_id: UUID, wanted: Sequence[tuple[UUID, str, str]]) -> None:
    """Replace the attachments of a version; each is (file, name, audience)."""
    uow.session.execute(delete(ArticleFile).where(ArticleFile.version_id == version_id))
    rows = {file_id: (name, audience) for file_id, name, audience in wanted}
    uow.session.add_all(
        ArticleFile(
            version_id=version_id, file_id=file_id, name=name, audience=audience, position=position
        )
        for position, (file_id, (name, audience)) in enumerate(rows.items())
    )
    uow.session.flush()


def copy_links(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    """Let a new version begin with the relations and files of an older one."""
    set_relations(
        uow, target_id, [(row.kind, row.target_id) for row in relations(uow, [source_id])]
    )
    set_files(
        uow, target_id, [(row.file_id, row.name, row.audience) for row in files(uow, [source_id])]
    )


def named(article: Article, version: ArticleVersion | None) -> dict[str, Any]:
    """What every event about an article says of it."""
    return {
        "article_id": article.id,
        "number": article.number,
        "title": version.title if version else "",
        "department_id": article.department_id,
    }
