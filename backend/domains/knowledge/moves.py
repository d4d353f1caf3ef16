"""The one way an article, a version or a correction changes its state."""

from typing import Any
from uuid import UUID

from sqlalchemy import update

from backend.domains.knowledge import access, rules, store
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.kernel import timers, trace
from backend.kernel.access import Principal
from backend.kernel.errors import Forbidden
from backend.kernel.state import Table, Transition, step
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

GO_LIVE = "knowledge.go_live"
_PERMISSIONS = {
    rules.EDITOR: access.EDIT,
    rules.DEPARTMENT_REVIEWER: access.REVIEW,
    rules.CENTRE_REVIEWER: access.PUBLISH,
}


def parts(who: Principal, department_id: UUID) -> frozenset[str]:
    """The parts `who` can play for what this department wrote."""
    return frozenset(
        part for part, needed in _PERMISSIONS.items() if who.may(needed, department=department_id)
    )


def allowed(table: Table, state: str, action: str, played: frozenset[str]) -> Transition:
    """The transition, if it exists and one of the parts may take it."""
    way = step(table, state, action)
    if not way.who & played:
        raise not_yours()
    return way


def not_yours() -> Forbidden:
    """In sight, but this step is somebody else's."""
    return Forbidden(
        "not_your_step",
        title="这一步不由您操作",
        detail="这项操作不在您的岗位权限内",
        action="请由负责的人操作",
    )


def move_version(
    uow: UnitOfWork,
    article: Article,
    version: ArticleVersion,
    action: str,
    played: frozenset[str],
    *,
    reason: str = "",
    internal: str = "",
    **values: Any,
) -> str:
    """Take one way of the version's table with its trace; the state before.

    A conditional update, and the article's own version counts with it.
    """
    way = allowed(rules.VERSION_TRANSITIONS, version.state, action, played)
    before = version.state
    changed = uow.session.scalars(
        update(ArticleVersion)
        .where(ArticleVersion.id == version.id, ArticleVersion.state == before)
        .values(state=way.to, **values)
        .returning(ArticleVersion)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise access.changed_meanwhile()
    touch(uow, article)
    note(
        uow, article, action, from_state=before, to_state=way.to, reason=reason,
        internal=internal or f"第{version.number}版",
    )  # fmt: skip
    return before


def to_draft(
    uow: UnitOfWork,
    article: Article,
    version: ArticleVersion,
    action: str,
    played: frozenset[str],
    *,
    reason: str = "",
) -> None:
    """Make the version a draft again: what was passed has to be passed again."""
    before = move_version(
        uow, article, version, action, played, reason=reason, return_reason=reason,
        department_reviewer_id=None, centre_reviewer_id=None, submitted_at=None,
    )  # fmt: skip
    if before == rules.WAITING:
        timers.disarm(uow, GO_LIVE, waiting(version.id))


def waiting(version_id: UUID) -> Subject:
    """What the timer of a version's first day is filed under."""
    return Subject("article_version", version_id)


def move_article(
    uow: UnitOfWork,
    article: Article,
    action: str,
    played: frozenset[str],
    *,
    reason: str = "",
    internal: str = "",
    **values: Any,
) -> str:
    """Take one way of the article's table with its trace; the state before."""
    way = allowed(rules.ARTICLE_TRANSITIONS, article.state, action, played)
    before = article.state
    touch(uow, article, before=before, state=way.to, **values)
    note(uow, article, action, from_state=before, to_state=way.to, reason=reason, internal=internal)
    return before


def touch(uow: UnitOfWork, article: Article, *, before: str | None = None, **values: Any) -> None:
    """Change an article; older views of it become stale. Its row is held by this unit."""
    query = update(Article).where(Article.id == article.id, Article.version == article.version)
    if before is not None:
        query = query.where(Article.state == before)
    changed = uow.session.scalars(
        query.values(version=Article.version + 1, updated_at=uow.now, **values)
        .returning(Article)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise access.changed_meanwhile()


def note(
    uow: UnitOfWork,
    article: Article,
    action: str,
    *,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str = "",
    internal: str = "",
    first: bool = False,
) -> None:
    """A trace entry; nothing of an article's trace is public."""
    trace.record(
        uow,
        subject=store.subject(article.id),
        action=action,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        internal_text=internal,
        first=first,
    )
