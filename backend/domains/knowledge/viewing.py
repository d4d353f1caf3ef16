"""One article as staff see it: what is live, what is being written, and what one may do."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.identity import service as identity
from backend.domains.knowledge import (
    access,
    checking,
    correcting_view,
    links,
    listing,
    moves,
    naming,
    rules,
    store,
    usage,
)
from backend.domains.knowledge.documents import EXTENSIONS
from backend.domains.knowledge.model import Article, ArticleFile, ArticleVersion
from backend.domains.organisation import service as organisation
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

STAFF_FILES = "/api/v1/staff/articles"
PUBLIC_FILES = "/api/v1/articles"


def show(uow: UnitOfWork, who: Principal, article_id: UUID) -> dict[str, Any]:
    """Everything of the article that is in sight; `NotFound` when nothing is."""
    return of(uow, who, access.article(uow, who, article_id))


def of(uow: UnitOfWork, who: Principal, article: Article) -> dict[str, Any]:
    """As `show`, for an article that was just reached.

    Who sent it back to where they see nothing more of it gets its head without any version.
    """
    seen = access.sight(who)
    query = (
        select(ArticleVersion)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(Article.id == article.id, access.visible(seen))
        .order_by(ArticleVersion.number)
    )
    found = list(uow.session.scalars(query))
    live = next((one for one in found if one.state == rules.PUBLISHED), None)
    draft = next((one for one in found if one.state in rules.OPEN_VERSIONS), None)
    names = organisation.place_names(uow, "department")
    writers = {one.author_id for one in found}
    for one in (live, draft):
        if one is not None:
            writers |= {one.department_reviewer_id, one.centre_reviewer_id, *one.writer_ids}
    people = identity.staff_names(uow, [key for key in writers if key])
    inner = seen.centre or seen.whole(article.department_id)
    internal = seen.whole(article.department_id) or seen.reads_internal(article.department_id)
    head = found or store.versions(uow, article.id)[:1]
    row = listing.row_view(uow, article, head, names.get(article.department_id, ""))
    if not found:
        row |= dict.fromkeys(("draft_title", "draft_state", "draft_state_text"))
    return row | {
        "live": version_view(uow, who, live, people, internal) if live else None,
        "draft": version_view(uow, who, draft, people, internal) if draft else None,
        "versions": [_line(one, people) for one in reversed(found)],
        "corrections": correcting_view.of_article(uow, who, article, inner=inner),
        "open_corrections": correcting_view.open_count(uow, article) if inner else 0,
        "usage": usage.totals(uow, [article.id]).get(article.id, dict.fromkeys(rules.USE_TEXT, 0)),
        "expired": article.state == rules.EXPIRED
        or bool(live and rules.expired(live.expires_on, local_date(uow.now))),
        "problems": _problems(uow, article, draft) if inner else [],
        "can": can(uow, who, article, live, draft),
        "timeline": timeline(uow, article) if inner else [],
    }


def version_view(
    uow: UnitOfWork,
    who: Principal,
    version: ArticleVersion,
    people: dict[UUID, str],
    internal: bool,
) -> dict[str, Any]:
    """A version with its fields; the internal part is empty for who may not read it."""

    def name(key: UUID | None) -> str | None:
        return people.get(key, "") if key else None

    return store.content_of(version) | {
        "id": version.id,
        "number": version.number,
        "state": version.state,
        "state_text": rules.VERSION_TEXT[version.state],
        "internal_text": version.internal_text if internal else "",
        "material_kind_text": rules.MATERIAL_TEXT.get(version.material_kind, ""),
        "audience_text": rules.AUDIENCE_TEXT[version.audience],
        "category_name": naming.category_name(uow, version.category_code),
        "region_text": naming.region_text(uow, version.region_codes),
        "change_note": version.change_note,
        "author_id": version.author_id,
        "author_name": name(version.author_id) or "",
        "writer_names": [people[key] for key in version.writer_ids if key in people],
        "department_reviewer_name": name(version.department_reviewer_id),
        "centre_reviewer_name": name(version.centre_reviewer_id),
        "note": version.return_reason,
        "related": links.related(uow, version, who),
        "files": file_rows(uow, version, STAFF_FILES, public_only=not internal),
        "saved_at": version.saved_at,
        "submitted_at": version.submitted_at,
        "published_at": version.published_at,
    }


def file_rows(
    uow: UnitOfWork, version: ArticleVersion, base: str, *, public_only: bool
) -> list[dict[str, Any]]:
    """Attachments of a version as shown; `base` is the articles' address for this reader."""
    query = (
        select(ArticleFile, StoredFile)
        .join(StoredFile, StoredFile.id == ArticleFile.file_id)
        .where(ArticleFile.version_id == version.id)
        .order_by(ArticleFile.position)
    )
    if public_only:
        query = query.where(ArticleFile.audience == rules.PUBLIC)
    return [
        {
            "id": stored.id,
            "name": file.name,
            "size": stored.size,
            "kind": EXTENSIONS[stored.media_type],
            "audience": file.audience,
            "url": f"{base}/{version.article_id}/files/{stored.id}",
        }
        for file, stored in uow.session.execute(query)
    ]


def _line(version: ArticleVersion, people: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": version.id,
        "number": version.number,
        "state": version.state,
        "state_text": rules.VERSION_TEXT[version.state],
        "title": version.title,
        "change_note": version.change_note,
        "author_name": people.get(version.author_id, "") if version.author_id else "",
        "saved_at": version.saved_at,
        "published_at": version.published_at,
        "ended_at": version.ended_at,
    }


def _problems(
    uow: UnitOfWork, article: Article, draft: ArticleVersion | None
) -> list[dict[str, str]]:
    if draft is None:
        return []
    found = checking.standing_against(uow, article, draft)
    return [{"field": one.field, "text": one.text} for one in found]


def can(
    uow: UnitOfWork,
    who: Principal,
    article: Article,
    live: ArticleVersion | None,
    draft: ArticleVersion | None,
) -> list[str]:
    """The actions that would be allowed now, by their names in the tables."""
    played = moves.parts(who, article.department_id)
    found = []
    if draft is not None:
        for (state, action), way in rules.VERSION_TRANSITIONS.items():
            if state == draft.state and _may_review(uow, action, state, way.who & played, draft):
                found.append(action)
    elif rules.EDITOR in played and article.state != rules.ARCHIVED:
        found.append("draft")
    for (state, action), way in rules.ARTICLE_TRANSITIONS.items():
        if state != article.state or not way.who & played:
            continue
        if action == "archive" and draft is not None and draft.state != rules.DRAFT:
            continue
        if action == "renew" and not _may_renew(uow, live):
            continue
        found.append(action)
    if live is not None and who.may(access.CORRECT) and article.state in access.READABLE:
        found.append("correct")
    return found


def _may_review(
    uow: UnitOfWork, action: str, state: str, held: frozenset[str], draft: ArticleVersion
) -> bool:
    if not held:
        return False
    if action not in ("approve", "return"):
        return True
    part = rules.DEPARTMENT_REVIEWER
    if state != rules.DEPARTMENT_REVIEW:
        part = rules.CENTRE_REVIEWER
    problem = rules.reviewer_problem(
        part, uow.actor.id, draft.writer_ids, draft.department_reviewer_id
    )
    return problem is None


def _may_renew(uow: UnitOfWork, live: ArticleVersion | None) -> bool:
    if live is None or live.expires_on is None:
        return False
    part = rules.DEPARTMENT_REVIEWER
    return rules.reviewer_problem(part, uow.actor.id, live.writer_ids, None) is None


def timeline(uow: UnitOfWork, article: Article) -> list[dict[str, Any]]:
    """What was done, oldest first."""
    return [
        {
            "at": entry.at,
            "action": entry.action,
            "text": rules.ACTION_TEXT.get(entry.action, entry.action),
            "note": "；".join(part for part in (entry.internal_text, entry.reason) if part),
            "actor_text": " ".join(part for part in (entry.actor_role, entry.actor_name) if part),
        }
        for entry in trace.entries(uow.session, store.subject(article.id))
    ]
