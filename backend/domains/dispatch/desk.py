"""The dispatch desk's list, and the people an event can be given to."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select

from backend.domains.dispatch import access, card_view, detail_view, ports, reading, rules
from backend.domains.dispatch.model import Event, EventClock
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.grid import service as grid
from backend.domains.identity import service as identity
from backend.domains.organisation import service as organisation
from backend.http.schemas import paginate
from backend.kernel import receipts
from backend.kernel.access import Principal
from backend.kernel.clock import SHANGHAI
from backend.kernel.uow import UnitOfWork

HANDLERS = ("grid_worker", "grid_leader", "street_leader")
# Words are looked for in what is open, or in so much of the past.
SEARCHED_DAYS = 90
_RUNNING = and_(EventClock.stopped_at.is_(None), EventClock.event_id == Event.id)


def page(uow: UnitOfWork, by: Principal, query: dict[str, Any]) -> dict[str, Any]:
    """The events within reach that fit, the newest first, with counts of all open ones."""
    rows, following = paginate(
        uow.session,
        _wanted(uow, by, query),
        [Event.called_at, Event.id],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    cards = card_view.cards(uow, rows, base=card_view.STAFF)
    ties = card_view.ties(uow, rows)
    own = access.departments(by)
    for card, row in zip(cards, rows, strict=True):
        card["mine"] = ties.mine(row, access.by_id(by), own)
    return {"items": cards, "next_cursor": following, "counts": counts(uow, by)}


def show(uow: UnitOfWork, by: Principal, event_id: UUID, base: str) -> dict[str, Any]:
    """One event within reach, with what the viewer may do."""
    return detail_view.show(uow, access.viewer(uow, by, event_id), base)


def _wanted(uow: UnitOfWork, by: Principal, query: dict[str, Any]) -> Select[Event]:
    found = select(Event).where(reading.within(uow, by))
    state = query["state"]
    if state == "open" or state in rules.OPEN_STATES:
        found = found.where(Event.is_open)
    if state not in ("open", "all"):
        found = found.where(Event.state == state)
    if query["street"]:
        found = found.where(Event.street_id == query["street"])
    if query["category"]:
        below = select(EventCategory.code).where(EventCategory.parent_code == query["category"])
        found = found.where(
            or_(Event.category_code == query["category"], Event.category_code.in_(below))
        )
    if query["source"]:
        found = found.where(Event.source == query["source"])
    if query["urgency"]:
        found = found.where(Event.urgency == query["urgency"])
    if query["light"]:
        found = found.where(has_light(query["light"], uow.now))
    start, end = query["from_"], query["to"]
    if query["q"]:
        found = found.where(_named(query["q"]))
        if state != "open" and state not in rules.OPEN_STATES and start is None:
            start = (uow.now - timedelta(days=SEARCHED_DAYS)).astimezone(SHANGHAI).date()
    if start:
        found = found.where(Event.called_at >= midnight(start))
    if end:
        found = found.where(Event.called_at < midnight(end + timedelta(days=1)))
    return found


def has_light(light: str, now: datetime) -> Any:
    """The condition that an event's worst clock shows this light; a hold stops the time."""
    at = func.coalesce(EventClock.paused_at, now)
    red = exists().where(_RUNNING, EventClock.due_at < at)
    late = exists().where(_RUNNING, EventClock.warn_at <= at)
    any_ = exists().where(_RUNNING, EventClock.due_at.is_not(None))
    return {
        "red": red,
        "yellow": and_(late, ~red),
        "green": and_(any_, ~late, ~red),
        "none": ~any_,
    }[light]


def _named(text: str) -> Any:
    number = receipts.normalise(text)
    if number is not None:
        return Event.number == number
    plain = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{plain}%"
    return or_(
        Event.title.ilike(like), Event.address.ilike(like), Event.number.ilike(f"{plain}%"),
        Event.words.ilike(like),
    )  # fmt: skip


def midnight(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def counts(uow: UnitOfWork, by: Principal) -> dict[str, int]:
    """How much is open within reach, at most five seconds old."""
    name = f"counts {reading.scope_key(by)}"
    found, _ = reading.kept(uow.services).get(name, lambda: _counts(uow, by))
    return dict(found)


def _counts(uow: UnitOfWork, by: Principal) -> dict[str, int]:
    within = reading.within(uow, by, open_=True)
    groups = uow.session.execute(
        select(Event.state, Event.urgency, Event.on_hold, func.count())
        .where(Event.is_open, within)
        .group_by(Event.state, Event.urgency, Event.on_hold)
    ).all()
    late = select(EventClock.event_id).where(
        EventClock.stopped_at.is_(None), EventClock.paused_at.is_(None), EventClock.due_at < uow.now
    )
    overdue = uow.session.scalar(
        select(func.count()).select_from(Event).where(Event.is_open, Event.id.in_(late), within)
    )

    def of(*states: str) -> int:
        return sum(row[3] for row in groups if row[0] in states)

    return {
        "open": of(*rules.OPEN_STATES),
        "called": of(*rules.CLAIMABLE),
        "assigned": of(rules.ASSIGNED),
        "working": of(*rules.AT_WORK),
        "to_verify": of(rules.DISPOSED),
        "to_rate": of(rules.VERIFIED),
        "overdue": overdue or 0,
        "urgent": sum(row[3] for row in groups if row[1] == rules.URGENT),
        "on_hold": sum(row[3] for row in groups if row[2]),
    }


def candidates(uow: UnitOfWork, by: Principal, event_id: UUID) -> list[dict[str, Any]]:
    """Who can be given the event: its street's staff, on duty and least busy first."""
    event = access.reach(uow, by, event_id)
    cards: dict[UUID, identity.StaffCard] = {}
    for street in organisation.places(uow, "street"):
        if event.street_id in (None, street.id):
            cards |= {
                card.id: card for card in identity.staff_holding(uow, HANDLERS, "street", street.id)
            }
    on_duty = _on_duty(uow, event)
    busy = _open_counts(uow, list(cards))
    found = [
        {
            "staff_id": card.id,
            "name": card.name,
            "role_text": card.role_text,
            "cells": _cells(uow, card.id),
            "open_count": busy.get(card.id, 0),
            "on_duty": card.id in on_duty,
        }
        for card in cards.values()
    ]
    found.sort(key=lambda row: (not row["on_duty"], row["open_count"], row["name"]))
    return found


def _on_duty(uow: UnitOfWork, event: Event) -> set[UUID]:
    parent = uow.session.scalar(
        select(EventCategory.parent_code).where(EventCategory.code == event.category_code)
    )
    found: set[UUID] = set()
    for level in rules.LEVELS:
        people = ports.on_duty(
            uow, level, cell_id=event.cell_id, street_id=event.street_id,
            category_code=event.category_code, parent_category=parent,
        )  # fmt: skip
        found |= {person.staff_id for person in people}
    return found


def _open_counts(uow: UnitOfWork, staff_ids: list[UUID]) -> dict[UUID, int]:
    query = (
        select(Event.lead_id, func.count())
        .where(Event.is_open, Event.lead_id.in_(staff_ids))
        .group_by(Event.lead_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(query) if row[0]}


def _cells(uow: UnitOfWork, staff_id: UUID) -> list[str]:
    names = grid.area_names(uow, ports.duty_cells(uow, staff_id))
    return sorted(names.values())[:8]
