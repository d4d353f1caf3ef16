"""What the hotline asks of other domains: categories, places, people, departments, articles."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from backend.domains.dispatch import service as dispatch
from backend.domains.grid import service as grid
from backend.domains.grid.service import Located
from backend.domains.identity import service as identity
from backend.domains.organisation import service as organisation
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

ARTICLES = "hotline_articles"
PUBLIC, INTERNAL = "public", "internal"
INSERTED, SENT = "inserted", "sent"
HANDLERS, HEADS = ("department_handler",), ("department_head",)
DISPATCHERS, REVIEWERS = ("hotline_dispatcher",), ("hotline_reviewer",)
CALLERS_BACK, SUPERVISORS = ("callback_agent", "hotline_reviewer"), ("supervisor",)


class Article(Protocol):
    """A version of an article, as `knowledge.service.pinned` and `live` answer it."""

    id: UUID
    number: str
    version_id: UUID
    version_number: int
    title: str
    public_text: str
    audience: str


@dataclass(frozen=True, slots=True)
class Articles:
    """What the knowledge base lets the hotline do.

    `pinned(uow, version_id)` answers the `Article` of one version, `live(uow, article_id)` the
    one in force; both raise `NotFound`. `used(uow, article_id, version_id, kind, audience)`
    counts a use (kind `inserted` or `sent`, audience `internal` or `public`).
    """

    pinned: Callable[[UnitOfWork, UUID], Any]
    live: Callable[[UnitOfWork, UUID], Any]
    used: Callable[..., Any]


def register_articles(services: Services, articles: Articles) -> None:
    """Let the knowledge base answer for its articles."""
    services.extensions[ARTICLES] = articles


def article_in_force(uow: UnitOfWork, version_id: UUID) -> Article:
    """The article whose live version this is.

    `NotFound` when there is none; `Conflict` when the article has a newer version or is not in
    force any more: nobody answers from what has been replaced.
    """
    known: Articles | None = uow.services.extensions.get(ARTICLES)
    if known is None:
        raise NotFound("article_unknown", title="没有找到这篇知识", action="请重新搜索")
    article_id = known.pinned(uow, version_id).id
    try:
        found: Article = known.live(uow, article_id)
    except NotFound:
        raise replaced() from None
    if found.version_id != version_id:
        raise replaced()
    return found


def article_used(uow: UnitOfWork, article: Article, kind: str) -> None:
    """Count that an answer was taken from it, or sent with a link to it."""
    known: Articles = uow.services.extensions[ARTICLES]
    audience = PUBLIC if kind == SENT else INTERNAL
    known.used(uow, article.id, article.version_id, kind, audience)


def version_sent(uow: UnitOfWork, article_id: UUID, version_id: UUID) -> None:
    """Count that a pinned public version went to a caller."""
    known: Articles | None = uow.services.extensions.get(ARTICLES)
    if known is not None:
        known.used(uow, article_id, version_id, SENT, PUBLIC)


def replaced(title: str = "这篇知识刚更新或失效了") -> Conflict:
    """The refusal of an answer from what is not in force any more."""
    return Conflict("article_changed", title=title, action="请重新搜索，用最新的一版")


def category(uow: UnitOfWork, code: str) -> dispatch.Kind:
    """A category with its line of groups; a plain `其他` for a code that is not kept."""
    return dispatch.category(uow, code)


def chosen_category(uow: UnitOfWork, words: str, code: str | None) -> dispatch.Kind:
    """The category a person chose, else the one the words speak for."""
    if code is None:
        return dispatch.suggested_category(uow, words)
    return dispatch.chosen_category(uow, code)


def dangerous(words: str, category_urgency: str) -> bool:
    """Whether words or category mean danger."""
    return dispatch.urgency_of(words, category_urgency) == dispatch.URGENT


def call_event(uow: UnitOfWork, new: dispatch.NewCall) -> Any:
    """A new event of the street."""
    return dispatch.call(uow, new)


def located(
    uow: UnitOfWork, words: str, latitude: float | None, longitude: float | None
) -> Located | None:
    """Where it lies: by the point, else by the area the words name; None when unknown."""
    if latitude is not None and longitude is not None:
        return grid.locate(uow, latitude, longitude)
    return grid.suggest(uow, words)


def department_name(uow: UnitOfWork, department_id: UUID | None) -> str:
    """The name of a department; empty for none."""
    if department_id is None:
        return ""
    return organisation.place_names(uow, "department").get(department_id, "")


def check_departments(uow: UnitOfWork, field: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these departments; `Invalid` at the field when one is not kept."""
    names = organisation.place_names(uow, "department")
    wanted = list(ids)
    if not set(wanted) <= names.keys():
        text = "请重新选择单位"
        raise Invalid("unknown_department", detail=text, fields={field: [text]})
    return {one: names[one] for one in wanted}


def of_department(
    uow: UnitOfWork, department_id: UUID | None, roles: Iterable[str] = HANDLERS
) -> list[UUID]:
    """Active staff of a department with one of these roles; its heads where it has none."""
    if department_id is None:
        return []
    found = identity.staff_holding(uow, roles, "department", department_id)
    found = found or identity.staff_holding(uow, HEADS, "department", department_id)
    return [card.id for card in found]


def of_centre(uow: UnitOfWork, roles: Iterable[str]) -> list[UUID]:
    """Active staff of the district with one of these roles."""
    return [card.id for card in identity.staff_holding(uow, roles, "district")]
