"""Review: the department and then the centre, each by somebody who has not written the version."""

from uuid import UUID

from backend.domains.knowledge import access, checking, editing, living, moves, rules, store
from backend.domains.knowledge.events import ArticleReturned, ArticleSubmitted
from backend.domains.knowledge.field_rules import Problem
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.uow import UnitOfWork

_REVIEWER = {
    rules.DEPARTMENT_REVIEW: rules.DEPARTMENT_REVIEWER,
    rules.CENTRE_REVIEW: rules.CENTRE_REVIEWER,
    rules.WAITING: rules.CENTRE_REVIEWER,
}


def submit(
    uow: UnitOfWork, who: Principal, article_id: UUID, if_match: str | None = None
) -> Article:
    """Hand the draft to the department's reviewer; `Invalid` lists what is missing."""
    article = editing.own(uow, who, article_id)
    editing.check_etag(article, if_match)
    version = editing.required_open(uow, article)
    if version.state == rules.DRAFT:
        found = checking.standing_against(uow, article, version)
        if found:
            raise _not_ready(found)
    played = moves.parts(who, article.department_id)
    moves.move_version(
        uow, article, version, "submit", played,
        submitted_at=uow.now, return_reason="",
    )  # fmt: skip
    _tell(uow, article, version)
    return article


def approve(
    uow: UnitOfWork, who: Principal, article_id: UUID, if_match: str | None = None
) -> Article:
    """Pass the version on; after the centre it goes live, or waits for its first day."""
    article, version, part = _in_review(uow, who, article_id, if_match)
    found = checking.standing_against(uow, article, version)
    if found:
        raise _not_ready(found)
    played = moves.parts(who, article.department_id)
    if part == rules.DEPARTMENT_REVIEWER:
        moves.move_version(
            uow, article, version, "approve", played, department_reviewer_id=uow.actor.id
        )
        _tell(uow, article, version)
        return article
    moves.move_version(uow, article, version, "approve", played, centre_reviewer_id=uow.actor.id)
    living.after_review(uow, article, version)
    return article


def send_back(
    uow: UnitOfWork, who: Principal, article_id: UUID, reason: str, if_match: str | None = None
) -> Article:
    """Back to the author, with the reason; both reviews begin anew."""
    article, version, _ = _in_review(uow, who, article_id, if_match)
    moves.to_draft(
        uow, article, version, "return", moves.parts(who, article.department_id), reason=reason
    )
    uow.emit(
        ArticleReturned(**store.named(article, version), reason=reason, author_id=version.author_id)
    )
    return article


def recall(
    uow: UnitOfWork, who: Principal, article_id: UUID, if_match: str | None = None
) -> Article:
    """The department takes its version back out of review, or before its first day."""
    article = editing.own(uow, who, article_id)
    editing.check_etag(article, if_match)
    version = editing.required_open(uow, article)
    moves.to_draft(uow, article, version, "recall", moves.parts(who, article.department_id))
    return article


def _in_review(
    uow: UnitOfWork, who: Principal, article_id: UUID, if_match: str | None
) -> tuple[Article, ArticleVersion, str]:
    article = access.article(uow, who, article_id, locked=True)
    editing.check_etag(article, if_match)
    version = store.open_version(uow, article.id)
    if version is None or version.state not in _REVIEWER:
        raise Conflict("not_in_review", detail="没有等待审核的版本", action="请刷新后再看")
    part = _REVIEWER[version.state]
    if part not in moves.parts(who, article.department_id):
        raise moves.not_yours()
    problem = rules.reviewer_problem(
        part, uow.actor.id, version.writer_ids, version.department_reviewer_id
    )
    if problem:
        raise Forbidden("same_person", title="请换一个人审核", detail=problem)
    return article, version, part


def _not_ready(found: list[Problem]) -> Invalid:
    fields: dict[str, list[str]] = {}
    for problem in found:
        fields.setdefault(problem.field, []).append(problem.text)
    return Invalid(
        "article_not_ready",
        title="还不能提交",
        detail=f"有{len(found)}处需要补全或改正：" + "；".join(p.text for p in found),
        action="请按提示修改",
        fields=fields,
    )


def _tell(uow: UnitOfWork, article: Article, version: ArticleVersion) -> None:
    uow.emit(
        ArticleSubmitted(
            **store.named(article, version), stage=version.state, author_id=version.author_id
        )
    )
