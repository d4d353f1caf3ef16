"""Writing articles: a new one, a draft saved, version N+1 begun while version N stays live."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.knowledge import access, links, moves, rules, store
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound, Stale
from backend.kernel.uow import UnitOfWork

BLANK: dict[str, Any] = {
    "title": "", "summary": "", "public_text": "", "internal_text": "", "material_kind": "guide",
    "keywords": [], "issuing_unit": "", "document_number": "", "category_code": "",
    "audience": rules.INTERNAL, "region_codes": [], "effective_on": None, "expires_on": None,
    "source_url": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to make, with its first draft; fields left out are blank."""

    department_id: UUID
    content: Mapping[str, Any]
    source: str = "staff"
    related: tuple[tuple[str, UUID], ...] = ()
    files: tuple[tuple[UUID, str, str], ...] = ()
    change_note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft to save; None leaves relations or files as they are."""

    content: Mapping[str, Any]
    related: tuple[tuple[str, UUID], ...] | None = None
    files: tuple[tuple[UUID, str, str], ...] | None = None
    change_note: str = field(default="")


class StaleDraft(Stale):
    """Somebody saved since it was read; `article_id` says whose present state to show."""

    def __init__(self, article_id: UUID, detail: str) -> None:
        self.article_id = article_id
        super().__init__(detail=detail, action="请对照对方的改动，选择保留哪一份，再保存一次")


def etag(article: Article) -> str:
    """What changes with every change to the article."""
    return str(article.version)


def check_etag(article: Article, if_match: str | None, *, needed: bool = False) -> None:
    """Raise `StaleDraft` unless `if_match` names the article as it is (or none is needed)."""
    if if_match is None:
        if needed:
            raise StaleDraft(article.id, "要带上读取时的版本标记（If-Match）")
        return
    tag = if_match.strip()
    if tag != "*" and tag.removeprefix("W/").strip('"') != etag(article):
        raise StaleDraft(article.id, "别人刚刚改过这篇文章，您的改动还没有保存")


def create(uow: UnitOfWork, who: Principal, new: NewArticle) -> Article:
    """Make an article with its first draft in a department of one's own.

    The department is the issuing unit unless another is given.
    """
    unit = check_department(uow, who, new.department_id)
    article = Article(
        department_id=new.department_id,
        state=rules.UNPUBLISHED,
        title_key="",
        version=1,
        source=new.source,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.session.add(article)
    uow.session.flush()
    content = {**BLANK, "issuing_unit": unit, **new.content}
    version = _fresh(uow, article, 1, content, new.change_note)
    links.set_checked(uow, who, version, new.related, new.files)
    moves.note(uow, article, "create", to_state=rules.DRAFT, internal="第1版", first=True)
    return article


def check_department(uow: UnitOfWork, who: Principal, department_id: UUID) -> str:
    """What the department is called; `Invalid` unless it is there and `who` writes for it."""
    known = {place.id: place.name for place in organisation.departments(uow.session)}
    if department_id not in known or not who.may(access.EDIT, department=department_id):
        text = "只能为自己的部门写文章"
        raise Invalid("unknown_department", detail=text, fields={"department_id": [text]})
    return known[department_id]


def save(
    uow: UnitOfWork, who: Principal, article_id: UUID, draft: Draft, if_match: str | None
) -> Article:
    """Save the draft, or begin version N+1 beside the live version N.

    `if_match` is the ETag of what the editor had read; `StaleDraft` when it has moved on, so that
    nobody's words are lost. While a version is in review nobody changes it.
    """
    article = own(uow, who, article_id)
    check_etag(article, if_match, needed=True)
    version = store.open_version(uow, article.id)
    if version is None:
        version = begin(uow, article, draft.change_note)
    way = moves.allowed(
        rules.VERSION_TRANSITIONS, version.state, "save", moves.parts(who, article.department_id)
    )
    assert way.to == version.state
    store.write(version, draft.content)
    if draft.change_note:
        version.change_note = draft.change_note
    _signed(uow, version)
    version.saved_at = uow.now
    uow.session.flush()
    links.set_checked(uow, who, version, draft.related, draft.files)
    moves.touch(uow, article)
    moves.note(
        uow, article, "save", from_state=version.state, to_state=version.state,
        internal=f"第{version.number}版",
    )  # fmt: skip
    return article


def open_draft(
    uow: UnitOfWork, who: Principal, article_id: UUID, if_match: str | None, number: int | None
) -> Article:
    """Begin version N+1 from the live version, or from an older one by its number."""
    article = own(uow, who, article_id)
    check_etag(article, if_match)
    moves.allowed(
        rules.VERSION_TRANSITIONS, rules.DRAFT, "save", moves.parts(who, article.department_id)
    )
    if store.open_version(uow, article.id) is not None:
        raise Conflict("draft_open", detail="已经有一版正在修改", action="请在那一版上继续")
    source = None
    if number is not None:
        source = uow.session.scalars(
            select(ArticleVersion).where(
                ArticleVersion.article_id == article.id, ArticleVersion.number == number
            )
        ).first()
        if source is None:
            raise NotFound("version_unknown", title="没有这个版本", action="请刷新后再看")
    begin(uow, article, source=source)
    moves.touch(uow, article)
    return article


def discard(uow: UnitOfWork, who: Principal, article_id: UUID, if_match: str | None) -> Article:
    """Give up the draft; it stays in the history."""
    article = own(uow, who, article_id)
    check_etag(article, if_match)
    version = required_open(uow, article)
    played = moves.parts(who, article.department_id)
    moves.move_version(uow, article, version, "discard", played, ended_at=uow.now)
    return article


def begin(
    uow: UnitOfWork, article: Article, change_note: str = "", source: ArticleVersion | None = None
) -> ArticleVersion:
    """Open version N+1 as a copy of `source`, the live version or the last one there was."""
    if article.state == rules.ARCHIVED:
        raise Conflict("archived", detail="文章已归档，不能再修改", action="需要时请新建一篇")
    last = store.last_number(uow, article.id)
    source = source or store.live(uow, article.id)
    if source is None:
        source = uow.session.scalars(
            select(ArticleVersion).where(
                ArticleVersion.article_id == article.id, ArticleVersion.number == last
            )
        ).one()
    version = _fresh(uow, article, last + 1, store.content_of(source), change_note)
    store.copy_links(uow, source.id, version.id)
    moves.note(
        uow, article, "draft", to_state=rules.DRAFT,
        internal=f"从第{source.number}版开始第{version.number}版",
    )  # fmt: skip
    return version


def own(uow: UnitOfWork, who: Principal, article_id: UUID) -> Article:
    """The article with its row locked, if it is in sight and `who` works for its department."""
    article = access.article(uow, who, article_id, locked=True)
    if not access.sight(who).whole(article.department_id):
        raise moves.not_yours()
    return article


def required_open(uow: UnitOfWork, article: Article) -> ArticleVersion:
    """The version in the making; `Conflict` when there is none."""
    version = store.open_version(uow, article.id)
    if version is None:
        raise Conflict("no_draft", detail="没有正在修改的版本", action="请先修改文章")
    return version


def _fresh(
    uow: UnitOfWork, article: Article, number: int, content: Mapping[str, Any], change_note: str
) -> ArticleVersion:
    version = ArticleVersion(
        article_id=article.id,
        number=number,
        state=rules.DRAFT,
        change_note=change_note,
        author_id=uow.actor.id,
        writer_ids=[],
        created_at=uow.now,
        saved_at=uow.now,
    )
    store.write(version, content)
    _signed(uow, version)
    uow.session.add(version)
    uow.session.flush()
    return version


def _signed(uow: UnitOfWork, version: ArticleVersion) -> None:
    # Everybody who wrote a part is kept from reviewing the whole.
    if uow.actor.id is not None and uow.actor.id not in version.writer_ids:
        version.writer_ids = [*version.writer_ids, uow.actor.id]
