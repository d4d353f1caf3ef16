"""What residents may look up: lists, search, guides, themes, departments, life events."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from backend.domains.catalog import presenting, store
from backend.domains.catalog.content import THEMES
from backend.domains.catalog.live_index import LiveIndex
from backend.domains.catalog.model import Item, ItemVersion, LifeEvent, LifeEventStep
from backend.domains.catalog.rules import LIVE
from backend.domains.organisation import service as organisation
from backend.http.schemas import paginate
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.ids import stable_id
from backend.kernel.uow import UnitOfWork

FOUND_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits on a list of items: codes of a theme, department, life event, street."""

    theme: str | None = None
    department: str | None = None
    life_event: str | None = None
    street: str | None = None

    def apply(self, query: Select[Any]) -> Select[Any]:
        """Narrow a query over `ItemVersion` joined with `Item`."""
        if self.theme:
            query = query.where(ItemVersion.themes.contains([self.theme]))
        if self.department:
            query = query.where(Item.department_id == stable_id("department", self.department))
        if self.life_event:
            event_items = select(LifeEventStep.item_id).where(
                LifeEventStep.event_code == self.life_event
            )
            query = query.where(Item.id.in_(event_items))
        if self.street:
            # A street's hall carries the street's code.
            here = [{"hall_code": self.street}]
            query = query.where(ItemVersion.content["places"].contains(here))
        return query


def search(
    uow: UnitOfWork, words: str, filters: Filters, limit: int, cursor: str | None
) -> dict[str, Any]:
    """A page of items: the best first for `words`, by name without; `note` when relaxed."""
    if not words.strip():
        return _listing(uow, filters, limit, cursor)
    index = cast(LiveIndex, uow.services.extensions["catalog_index"]).current(uow.session)
    answer = index.search(words, FOUND_AT_MOST)
    query = filters.apply(_live_query()).where(Item.id.in_([UUID(key) for key in answer.keys]))
    rows = {version.item_id: version for version in uow.session.scalars(query)}
    ranked = [rows[UUID(key)] for key in answer.keys if UUID(key) in rows]
    start = _offset(cursor)
    following = start + limit if len(ranked) > start + limit else None
    note = f"没有找到和“{words.strip()}”完全对应的事项，下面是意思相近的" if answer.relaxed else ""
    return {
        "items": _cards(uow, ranked[start : start + limit]),
        "next_cursor": None if following is None else str(following),
        "note": note if ranked else "",
    }


def _listing(uow: UnitOfWork, filters: Filters, limit: int, cursor: str | None) -> dict[str, Any]:
    rows, following = paginate(
        uow.session,
        filters.apply(_live_query()),
        [ItemVersion.name, ItemVersion.id],
        limit=limit,
        cursor=cursor,
        descending=False,
    )
    return {"items": _cards(uow, rows), "next_cursor": following, "note": ""}


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal() or int(cursor) > FOUND_AT_MOST:
        raise Invalid("bad_cursor", detail="翻页标记不对", action="请从第一页重新查看")
    return int(cursor)


def _live_query() -> Select[ItemVersion]:
    return (
        select(ItemVersion)
        .join(Item, Item.id == ItemVersion.item_id)
        .options(joinedload(ItemVersion.item))
        .where(ItemVersion.state == LIVE)
    )


def _cards(uow: UnitOfWork, versions: list[ItemVersion]) -> list[dict[str, Any]]:
    departments = organisation.place_names(uow, "department")
    return [presenting.card(version.item, version, departments) for version in versions]


def suggest(uow: UnitOfWork, words: str) -> list[dict[str, Any]]:
    """Up to eight completions for what has been typed; words only, no model."""
    index = cast(LiveIndex, uow.services.extensions["catalog_index"]).current(uow.session)
    return [{"id": s.key, "name": s.name, "hint": s.hint} for s in index.suggest(words)]


def guide(uow: UnitOfWork, item_id: UUID) -> dict[str, Any]:
    """The live guide of an item; a draft is never shown here."""
    found = store.live_items(uow.session, [item_id]).get(item_id)
    if found is None:
        raise NotFound(detail="没有这个事项，或者它已下线", action="请重新搜索要办的事")
    departments = organisation.place_names(uow, "department")
    return presenting.guide(uow.session, *found, departments)


def themes(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Themes that have live items, in the fixed order."""
    code = func.unnest(ItemVersion.themes).label("code")
    inner = select(code).where(ItemVersion.state == LIVE).subquery()
    counts: dict[str, int] = dict(
        uow.session.execute(select(inner.c.code, func.count()).group_by(inner.c.code)).all()
    )
    return [
        {"code": key, "name": name, "count": counts[key]}
        for key, name in THEMES.items()
        if key in counts
    ]


def departments(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Departments that have live items, in the district's order."""
    counts: dict[UUID, int] = dict(
        uow.session.execute(
            select(Item.department_id, func.count())
            .join(ItemVersion, ItemVersion.item_id == Item.id)
            .where(ItemVersion.state == LIVE)
            .group_by(Item.department_id)
        ).all()
    )
    return [
        {"code": place.code, "name": place.name, "count": counts[place.id]}
        for place in organisation.departments(uow.session)
        if place.id in counts
    ]


def life_events(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The life events in their order, with the number of their live items."""
    counts: dict[str, int] = dict(
        uow.session.execute(
            select(LifeEventStep.event_code, func.count())
            .join(ItemVersion, ItemVersion.item_id == LifeEventStep.item_id)
            .where(ItemVersion.state == LIVE)
            .group_by(LifeEventStep.event_code)
        ).all()
    )
    events = uow.session.scalars(select(LifeEvent).order_by(LifeEvent.position))
    return [
        {"code": e.code, "name": e.name, "summary": e.summary, "count": counts.get(e.code, 0)}
        for e in events
    ]


def life_event(uow: UnitOfWork, code: str) -> dict[str, Any]:
    """One life event with its items in order; an item not live now is left out with its number."""
    event = uow.session.get(LifeEvent, code)
    if event is None:
        raise NotFound(detail="没有这个办事专题", action="请从办事专题列表进入")
    live = store.live_items(uow.session, [step.item_id for step in event.steps])
    names = organisation.place_names(uow, "department")
    steps = [
        {
            "order": step.position,
            "item": presenting.card(*live[step.item_id], names),
            "after": step.after,
            "note": step.note,
        }
        for step in event.steps
        if step.item_id in live
    ]
    return {"code": event.code, "name": event.name, "summary": event.summary, "steps": steps}
