"""What was asked and not answered, listed for the departments to fill.

Words are kept without who asked, in one writing, and not at all where they may hold a number of a
person (`field_rules.miss_words`); what nobody asked for half a year is forgotten.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.knowledge import access, editing, moves, rules
from backend.domains.knowledge.field_rules import miss_words
from backend.domains.knowledge.model import Article, SearchMiss
from backend.domains.organisation import service as organisation
from backend.http.schemas import paginate
from backend.kernel.access import PUBLIC as PUBLIC_ACTOR
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.database import table_of
from backend.kernel.errors import NotFound, RateLimited, Unavailable
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_MISSES = table_of(SearchMiss)
KEPT_FOR = timedelta(days=180)
PER_HOUR = "60 per hour"


def record(uow: UnitOfWork, words: str, audience: str) -> None:
    """Count a question without an answer in the caller's transaction.

    A question thought filled is open again; one that was dismissed stays so.
    """
    kept = miss_words(words)
    if not kept:
        return
    today = local_date(uow.now)
    again = rules.MISS_TRANSITIONS[rules.FILLED, "miss"].to
    statement = insert(_MISSES).values(
        id=new_id(), words=kept, audience=audience, count=1, first_on=today, last_on=today,
        state=rules.MISSED, reason="",
    )  # fmt: skip
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["words", "audience"],
            set_={
                "count": _MISSES.c.count + 1,
                "last_on": today,
                "state": case((_MISSES.c.state == rules.FILLED, again), else_=_MISSES.c.state),
            },
        )
    )


def noticed(services: Services, words: str, audience: str, key: str) -> None:
    """As `record`, in a short transaction of its own; at most 60 an hour from one place."""
    try:
        services.limiter.hit(PER_HOUR, "search_miss", key)
    except (RateLimited, Unavailable):
        return
    with services.unit(PUBLIC_ACTOR) as own:
        record(own, words, audience)


def page(
    uow: UnitOfWork, who: Principal, *, state: str, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Questions by how often they were asked: those of no department yet, and of one's own."""
    seen = access.sight(who)
    query = select(SearchMiss).where(SearchMiss.state == state)
    if not _all(seen):
        query = query.where(
            or_(
                SearchMiss.department_id.is_(None),
                SearchMiss.department_id.in_(seen.inside or ()),
            )
        )
    rows, following = paginate(
        uow.session, query, [SearchMiss.count, SearchMiss.id], limit=limit, cursor=cursor
    )
    names = organisation.place_names(uow, "department")
    return {"items": [view(row, names) for row in rows], "next_cursor": following}


def view(row: SearchMiss, names: Mapping[UUID, str]) -> dict[str, Any]:
    """A question as listed."""
    return {
        "id": row.id, "words": row.words, "audience": row.audience, "count": row.count,
        "first_on": row.first_on, "last_on": row.last_on, "state": row.state,
        "state_text": rules.MISS_TEXT[row.state], "department_id": row.department_id,
        "department_name": names.get(row.department_id) if row.department_id else None,
        "article_id": row.article_id, "reason": row.reason,
    }  # fmt: skip


def dismiss(uow: UnitOfWork, who: Principal, miss_id: UUID, reason: str) -> dict[str, Any]:
    """Nothing is to be written for it, with the reason."""
    row = _reach(uow, who, miss_id)
    _move(uow, who, row, "dismiss", reason=reason)
    return view(row, organisation.place_names(uow, "department"))


def fill(
    uow: UnitOfWork, who: Principal, miss_id: UUID, department_id: UUID, title: str
) -> Article:
    """Begin an article for it, titled by the question where no title is given."""
    row = _reach(uow, who, miss_id)
    content = {"title": title or row.words, "audience": row.audience, "keywords": [row.words[:20]]}
    new = editing.NewArticle(department_id, content, source="miss")
    article = editing.create(uow, who, new)
    _move(uow, who, row, "fill", article_id=article.id, department_id=department_id)
    return article


def purge(services: Services) -> None:
    """Forget what nobody has asked for half a year."""
    with services.unit() as uow:
        before = local_date(uow.now - KEPT_FOR)
        uow.session.execute(delete(SearchMiss).where(SearchMiss.last_on < before))


def _all(seen: access.Sight) -> bool:
    return seen.inside is None or seen.centre


def _reach(uow: UnitOfWork, who: Principal, miss_id: UUID) -> SearchMiss:
    seen = access.sight(who)
    row = uow.session.get(SearchMiss, miss_id, with_for_update=True)
    own = row is not None and (row.department_id is None or seen.whole(row.department_id))
    if row is None or not (own or _all(seen)):
        raise NotFound("miss_unknown", title="没有找到这条记录", action="请刷新后再看")
    return row


def _move(uow: UnitOfWork, who: Principal, row: SearchMiss, action: str, **values: Any) -> None:
    # Nobody's question yet: whoever writes or reviews anywhere may take it up.
    held = ((rules.EDITOR, access.EDIT), (rules.CENTRE_REVIEWER, access.PUBLISH))
    played = frozenset(part for part, permission in held if who.may(permission))
    way = moves.allowed(rules.MISS_TRANSITIONS, row.state, action, played)
    changed = uow.session.scalars(
        update(SearchMiss)
        .where(SearchMiss.id == row.id, SearchMiss.state == row.state)
        .values(state=way.to, **values)
        .returning(SearchMiss)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise access.changed_meanwhile()
