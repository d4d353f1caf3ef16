"""Who sees what of the knowledge base: conditions inside the query, never a filter after it.

Three kinds of sight: whoever works for the department (or keeps the whole base) sees everything
of it; the centre's reviewers see what has reached them; everybody else with `knowledge.read` sees
what is live, and what is internal only where their reading reaches. Residents see public ones.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from backend.domains.knowledge import rules
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.uow import UnitOfWork

READ, CORRECT, EDIT = "knowledge.read", "knowledge.correct", "knowledge.edit"
REVIEW, PUBLISH, MANAGE = "knowledge.review", "knowledge.publish", "knowledge.manage"
_INSIDE = (EDIT, REVIEW)
# What has reached the centre, or has been live.
_CENTRE_STATES = (
    rules.CENTRE_REVIEW, rules.WAITING, rules.PUBLISHED, rules.SUPERSEDED,
)  # fmt: skip
READABLE = (rules.PUBLISHED, rules.EXPIRED)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a member of staff may see; None instead of a set of departments means all of them."""

    inside: frozenset[UUID] | None
    centre: bool
    internal: frozenset[UUID] | None

    def whole(self, department_id: UUID) -> bool:
        """Whether drafts and history of this department are in sight."""
        return self.inside is None or department_id in self.inside

    def reads_internal(self, department_id: UUID) -> bool:
        """Whether the internal part of what this department wrote is in sight."""
        return self.internal is None or department_id in self.internal


def sight(who: Principal) -> Sight:
    """What `who` may see."""
    inside: set[UUID] | None = set()
    for permission in _INSIDE:
        ids = who.scope_ids(permission, "department")
        inside = None if ids is None or inside is None else inside | ids
    if who.may(MANAGE):
        inside = None
    internal = who.scope_ids(READ, "department")
    return Sight(
        None if inside is None else frozenset(inside),
        who.may(PUBLISH),
        None if internal is None else frozenset(internal),
    )


def _among(column: Any, ids: frozenset[UUID] | None) -> ColumnElement[bool]:
    if ids is None:
        return true()
    return column.in_(ids) if ids else false()


def visible(seen: Sight) -> ColumnElement[bool]:
    """A condition on `Article` joined with `ArticleVersion`: versions that may be seen."""
    live = and_(
        ArticleVersion.state == rules.PUBLISHED,
        Article.state.in_(READABLE),
        or_(ArticleVersion.audience == rules.PUBLIC, _among(Article.department_id, seen.internal)),
    )
    centre = ArticleVersion.state.in_(_CENTRE_STATES) if seen.centre else false()
    return or_(_among(Article.department_id, seen.inside), centre, live)


def public() -> ColumnElement[bool]:
    """The same for residents: live and public, or formerly so and expired."""
    return and_(
        ArticleVersion.state == rules.PUBLISHED,
        ArticleVersion.audience == rules.PUBLIC,
        Article.state.in_(READABLE),
    )


def public_now(uow: UnitOfWork) -> ColumnElement[bool]:
    """What residents may be led to: `public`, and not over, whether or not a timer said so yet."""
    today = local_date(uow.now)
    return and_(
        public(),
        Article.state == rules.PUBLISHED,
        or_(ArticleVersion.expires_on.is_(None), ArticleVersion.expires_on >= today),
    )


def article(uow: UnitOfWork, who: Principal, article_id: UUID, *, locked: bool = False) -> Article:
    """The article if any version of it is in sight; otherwise `NotFound`."""
    seen = select(ArticleVersion.id).where(
        ArticleVersion.article_id == Article.id, visible(sight(who))
    )
    query = select(Article).where(Article.id == article_id, seen.exists())
    if locked:
        query = query.with_for_update(of=Article).execution_options(populate_existing=True)
    found = uow.session.scalars(query).first()
    if found is None:
        raise missing()
    return found


def missing() -> NotFound:
    """It is not there, or not theirs: both look the same."""
    return NotFound("article_unknown", title="没有找到这篇文章", action="请重新搜索")


def changed_meanwhile() -> Conflict:
    """A conditional update found the row in another state."""
    return Conflict("changed_meanwhile", detail="别人刚刚处理了这篇文章", action="请刷新后再看")
