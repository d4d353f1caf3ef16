"""What anybody may see of events: kind, rough place, where it stands, pictures of the result."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from backend.domains.dispatch import (
    attachments,
    card_view,
    published,
    reading,
    rules,
    showing,
    text_rules,
)
from backend.domains.dispatch.map import together
from backend.domains.dispatch.model import Event, EventFile
from backend.domains.dispatch.resident_view import timeline_entries
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.grid import service as grid
from backend.domains.organisation import service as organisation
from backend.kernel.errors import NotFound
from backend.kernel.files import Served
from backend.kernel.uow import UnitOfWork

MOST = 300
# More than two months of any city; with a bound the planner goes along the index by time instead
# of through all the years.
_COUNTED = 500_000
# The map shows what was solved lately; older ones are reached by their own address.
SOLVED_FOR = timedelta(days=60)
SOLVED = (rules.VERIFIED, rules.CLOSED)
Box = tuple[float, float, float, float]
_PARTS: dict[str, Callable[[datetime], Any]] = {
    "open": lambda now: and_(Event.is_open, Event.state != rules.VERIFIED),
    "solved": lambda now: and_(Event.state == rules.CLOSED, Event.closed_at >= now - SOLVED_FOR),
    "waiting": lambda now: and_(Event.is_open, Event.state == rules.VERIFIED),
}
_STEPS = {
    "call": "居民反映", "claim": "工作人员认领", "accept": "工作人员接单", "start": "到场处置",
    "whistle": "请主管部门到场", "dispose": "处置完成", "verify": "核查通过", "close": "办结",
    "reopen": "重新处理",
}  # fmt: skip


def listing(
    uow: UnitOfWork,
    *,
    state: str,
    box: Box | None,
    category: str | None,
) -> dict[str, Any]:
    """Open or solved events of public kinds, the newest 300, and counts by street."""
    found = list(uow.session.execute(_newest(state, uow.now, category, box).limit(MOST)))
    if state != "open" and len(found) < MOST:
        # Verified ones wait only for a rating: to anybody else they are solved.
        waiting = _newest("waiting", uow.now, category, box)
        found += uow.session.execute(waiting.limit(MOST - len(found)))
    rows = [(row[0], row[1]) for row in found]
    areas, _ = reading.kept(uow.services).get(
        f"public {state} {category}",
        lambda: _by_street(uow, state, category),
        # Two months of a large city's events take a second to count.
        fresh=60.0 if state == "open" else 600.0,
    )
    total = sum(area["count"] for area in areas)
    return {"items": _shown(uow, rows), "areas": areas, "total": total}


def _newest(part: str, now: datetime, category: str | None, box: Box | None) -> Select[Event, str]:
    """Of one part, so that one index has them in this order."""
    query = _of(part, now, category)
    if box is not None:
        west, south, east, north = box
        query = query.where(
            or_(
                *(Event.tile.between(*pair) for pair in together(text_rules.tile_ranges(*box), 60))
            ),
            Event.latitude.between(south, north),
            Event.longitude.between(west, east),
        )
    order = Event.closed_at if part == "solved" else Event.called_at
    return query.order_by(order.desc(), Event.id.desc())


def show(uow: UnitOfWork, event_id: UUID) -> dict[str, Any]:
    """The public part of one event; what is not public looks like nothing."""
    event, name = _visible(uow, event_id)
    solved = event.state in SOLVED and not showing.hidden(uow, [event.id])
    pictures = _pictures(uow, event.id) if solved else []
    return {
        **_shown(uow, [(event, name)])[0],
        "public_result": event.public_result if solved else "",
        "callers_count": event.callers_count,
        "photos": [attachments.photo(row, card_view.PUBLIC) for row in pictures],
        "timeline": [
            {
                "at": entry.at,
                "action": entry.action,
                "text": _STEPS[entry.action],
                "actor_text": "",
                "photos": [],
            }
            for entry in timeline_entries(uow, [event.id])
            if entry.action in _STEPS
        ],
    }


def served(uow: UnitOfWork, event_id: UUID, file_id: UUID, size: str) -> Served:
    """A picture of the result of a solved public event."""
    event, _ = _visible(uow, event_id)
    if event.state not in SOLVED or showing.hidden(uow, [event.id]):
        raise _unknown()
    return attachments.of_events(
        uow, [event.id], file_id, size, EventFile.public, EventFile.role == "after"
    )


def _of(part: str, now: datetime, category: str | None) -> Select[Event, str]:
    query = published.visible().where(_PARTS[part](now))
    if category:
        below = select(EventCategory.code).where(EventCategory.parent_code == category)
        query = query.where(or_(Event.category_code == category, Event.category_code.in_(below)))
    return query


def _visible(uow: UnitOfWork, event_id: UUID) -> tuple[Event, str]:
    row = uow.session.execute(published.visible().where(Event.id == event_id)).first()
    if row is None:
        raise _unknown()
    return row[0], row[1]


def _unknown() -> NotFound:
    return NotFound("event_unknown", title="没有找到这件事", action="请返回地图再看")


def _pictures(uow: UnitOfWork, event_id: UUID) -> list[EventFile]:
    query = select(EventFile).where(
        EventFile.event_id == event_id, EventFile.public, EventFile.role == "after"
    )
    return list(uow.session.scalars(query.order_by(EventFile.at, EventFile.file_id)))


def _shown(uow: UnitOfWork, rows: Sequence[tuple[Event, str]]) -> list[dict[str, Any]]:
    names = grid.area_names(uow, {event.community_id for event, _ in rows if event.community_id})
    streets = organisation.place_names(uow, "street")
    solved = {event.id for event, _ in rows if event.state in SOLVED}
    photos = _first_pictures(uow, list(solved - showing.hidden(uow, solved)))
    found = []
    for event, category in rows:
        street = streets.get(event.street_id, "") if event.street_id else ""
        community = names.get(event.community_id, "") if event.community_id else ""
        photo = photos.get(event.id)
        found.append(
            {
                "id": event.id,
                "title": category,
                "category_name": category,
                "state_text": rules.STATE_TEXT[event.state],
                "address_public": f"{street}{community}",
                **card_view.place(_rounded(event.latitude), _rounded(event.longitude)),
                "at": event.called_at,
                "solved_at": event.verified_at if event.state in SOLVED else None,
                "photo_url": f"{card_view.PUBLIC}/{event.id}/files/{photo}?size=small"
                if photo
                else None,
            }
        )
    return found


def _first_pictures(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = (
        select(EventFile.event_id, EventFile.file_id)
        .where(EventFile.event_id.in_(ids), EventFile.public, EventFile.role == "after")
        .order_by(EventFile.at.desc(), EventFile.file_id.desc())
    )
    return {row.event_id: row.file_id for row in uow.session.execute(query)}


def _by_street(uow: UnitOfWork, state: str, category: str | None) -> list[dict[str, Any]]:
    counts: Counter[UUID | None] = Counter()
    # One by one: an OR of both would read every event there ever was.
    for part in ("open",) if state == "open" else ("solved", "waiting"):
        newest = _newest(part, uow.now, category, None).with_only_columns(Event.street_id)
        rows = newest.limit(_COUNTED).subquery()
        query = select(rows.c.street_id, func.count()).group_by(rows.c.street_id)
        for street_id, count in uow.session.execute(query):
            counts[street_id] += count
    return [
        {"street_id": street.id, "street_name": street.name, "count": counts[street.id]}
        for street in organisation.places(uow, "street")
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, published.DECIMALS)
