"""What a version leads to: other articles, service items, attachments; checked when saved."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.catalog import service as catalog
from backend.domains.knowledge import access, documents, store
from backend.domains.knowledge.field_rules import FILES_MOST, RELATED_MOST
from backend.domains.knowledge.model import Article, ArticleFile, ArticleVersion
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

ARTICLE, ITEM = "article", "item"


def set_checked(
    uow: UnitOfWork,
    who: Principal,
    version: ArticleVersion,
    related: Sequence[tuple[str, UUID]] | None,
    files: Sequence[tuple[UUID, str, str]] | None,
) -> None:
    """Replace relations and files; `Invalid` for what is not there or not the writer's to use."""
    if related is not None:
        _check_related(uow, who, version, related)
        store.set_relations(uow, version.id, related)
    if files is not None:
        _check_files(uow, version, files)
        store.set_files(uow, version.id, files)


def _check_related(
    uow: UnitOfWork, who: Principal, version: ArticleVersion, wanted: Sequence[tuple[str, UUID]]
) -> None:
    if len(set(wanted)) > RELATED_MOST:
        raise _refused("related", f"最多关联{RELATED_MOST}项")
    articles = {target for kind, target in wanted if kind == ARTICLE}
    if version.article_id in articles:
        raise _refused("related", "不能关联文章自己")
    if articles - set(titles(uow, who, articles)):
        raise _refused("related", "关联的文章不存在，请重新选择")
    items = {target for kind, target in wanted if kind == ITEM}
    if items - set(item_names(uow, items)):
        raise _refused("related", "关联的事项不存在或已下线，请重新选择")


def _check_files(
    uow: UnitOfWork, version: ArticleVersion, wanted: Sequence[tuple[UUID, str, str]]
) -> None:
    ids = {file_id for file_id, _, _ in wanted}
    if len(ids) > FILES_MOST:
        raise _refused("files", f"附件最多{FILES_MOST}个")
    own = select(StoredFile.id).where(
        StoredFile.id.in_(ids),
        StoredFile.purpose == documents.PURPOSE,
        StoredFile.owner_id == uow.actor.id,
    )
    before = (
        select(ArticleFile.file_id)
        .join(ArticleVersion, ArticleVersion.id == ArticleFile.version_id)
        .where(ArticleVersion.article_id == version.article_id, ArticleFile.file_id.in_(ids))
    )
    known = set(uow.session.scalars(own)) | set(uow.session.scalars(before))
    if ids - known:
        raise _refused("files", "有附件找不到了，请重新上传")


def _refused(field: str, text: str) -> Invalid:
    return Invalid("bad_link", detail=text, fields={field: [text]})


def titles(uow: UnitOfWork, who: Principal | None, ids: set[UUID]) -> dict[UUID, str]:
    """Titles of the articles that `who` (None: a resident) may see now; others are not in it."""
    if not ids:
        return {}
    condition = access.public() if who is None else access.visible(access.sight(who))
    rows = uow.session.execute(
        select(Article.id, ArticleVersion.title)
        .join(ArticleVersion, ArticleVersion.article_id == Article.id)
        .where(Article.id.in_(ids), condition)
        .order_by(ArticleVersion.number)
    )
    return {row.id: row.title for row in rows}


def live_public(uow: UnitOfWork, ids: set[UUID]) -> set[UUID]:
    """Those of the articles that residents may be led to now: public, live and not over."""
    if not ids:
        return set()
    query = (
        select(Article.id)
        .join(ArticleVersion, ArticleVersion.article_id == Article.id)
        .where(Article.id.in_(ids), access.public_now(uow))
    )
    return set(uow.session.scalars(query))


def item_names(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, str]:
    """Names of the service items that are published now."""
    found = {}
    for item_id in ids:
        try:
            found[item_id] = catalog.booking_info(uow, item_id).name
        except NotFound:
            continue
    return found


def related(
    uow: UnitOfWork, version: ArticleVersion, who: Principal | None
) -> list[dict[str, Any]]:
    """What the reader is led to; for residents (`who` None) only what is public and live."""
    rows = store.relations(uow, [version.id])
    articles = {row.target_id for row in rows if row.kind == ARTICLE}
    known = titles(uow, who, articles if who else live_public(uow, articles))
    items = item_names(uow, {row.target_id for row in rows if row.kind == ITEM})
    names = {ARTICLE: known, ITEM: items}
    return [
        {"kind": row.kind, "id": row.target_id, "title": names[row.kind][row.target_id]}
        for row in rows
        if row.target_id in names[row.kind]
    ]
