"""Events as rows of a list: many at once, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.dispatch import clock_rules, ports, rules
from backend.domains.dispatch.model import (
    Event,
    EventAttempt,
    EventClock,
    EventFile,
    EventRelease,
    Subtask,
    SupervisionOrder,
    Whistle,
)
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.dispatch.work_model import OPEN_ATTEMPTS
from backend.domains.grid import service as grid
from backend.domains.grid.service import distance_m, from_wgs84
from backend.domains.organisation import service as organisation
from backend.kernel.clock_rules import worst
from backend.kernel.clocks import light_of
from backend.kernel.uow import UnitOfWork

STAFF, WORKER = "/api/v1/staff/events", "/api/v1/worker/events"
RESIDENT, PUBLIC = "/api/v1/events", "/api/v1/public/events"
OTHER_TEXT = "其他"

Point = tuple[float, float]


@dataclass(slots=True)
class Ties:
    """Who has to do with each of some events: what a viewer's own part is read from."""

    staff: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    co: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    departments: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    whistled: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    candidates: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def mine(
        self, event: Event, staff_id: UUID, departments: Iterable[UUID], *, verifies: bool = False
    ) -> str | None:
        """The viewer's part: lead, department, co, candidate or verify; the weightiest."""
        own = set(departments)
        if event.lead_id == staff_id:
            return "lead"
        if own & self.whistled[event.id]:
            return "department"
        if staff_id in self.co[event.id] or own & self.departments[event.id]:
            return "co"
        if event.state in rules.CLAIMABLE and staff_id in self.candidates[event.id]:
            return "candidate"
        return "verify" if verifies and event.state == rules.DISPOSED else None

    def has(self, event: Event, staff_id: UUID, departments: Iterable[UUID]) -> bool:
        """Whether the viewer has, or had, any part in it."""
        own = set(departments)
        return (
            event.lead_id == staff_id
            or staff_id in self.staff[event.id]
            or staff_id in self.candidates[event.id]
            or bool(own & (self.departments[event.id] | self.whistled[event.id]))
        )


def ties(uow: UnitOfWork, rows: Sequence[Event]) -> Ties:
    """The ties of some events, in four queries."""
    ids = [row.id for row in rows]
    found = Ties()
    tasks = select(
        Subtask.event_id, Subtask.staff_id, Subtask.taken_by, Subtask.department_id, Subtask.state
    ).where(Subtask.event_id.in_(ids), Subtask.state.in_((*rules.SUBTASK_OPEN, rules.DONE)))
    for event_id, staff_id, taken_by, department_id, state in uow.session.execute(tasks):
        people = {one for one in (staff_id, taken_by) if one}
        found.staff[event_id] |= people
        if state in rules.SUBTASK_OPEN:
            found.co[event_id] |= people
        if department_id:
            found.departments[event_id].add(department_id)
    whistles = select(Whistle.event_id, Whistle.department_id).where(
        Whistle.event_id.in_(ids), Whistle.state != rules.WITHDRAWN
    )
    for event_id, department_id in uow.session.execute(whistles):
        found.whistled[event_id].add(department_id)
    claimable = [row.id for row in rows if row.lead_id is None]
    if claimable:
        _candidates(uow, claimable, found)
    return found


def _candidates(uow: UnitOfWork, ids: list[UUID], found: Ties) -> None:
    attempts = select(EventAttempt.event_id, EventAttempt.staff_ids).where(
        EventAttempt.event_id.in_(ids), EventAttempt.outcome.in_(OPEN_ATTEMPTS)
    )
    for event_id, staff_ids in uow.session.execute(attempts):
        found.candidates[event_id] |= set(staff_ids)
    gone = select(EventRelease.event_id, EventRelease.staff_id).where(
        EventRelease.event_id.in_(ids)
    )
    for event_id, staff_id in uow.session.execute(gone):
        found.candidates[event_id].discard(staff_id)


def cards(
    uow: UnitOfWork, rows: Sequence[Event], *, base: str, here: Point | None = None
) -> list[dict[str, Any]]:
    """Cards in the order of `rows`; `base` is where the viewer's files are, `here` WGS-84.

    `mine` is left empty: it differs by viewer, see `own_cards`.
    """
    ids = [row.id for row in rows]
    categories = category_names(uow, {row.category_code for row in rows})
    streets = organisation.place_names(uow, "street") if rows else {}
    areas = grid.area_names(
        uow, [one for row in rows for one in (row.community_id, row.cell_id) if one]
    )
    leads = ports.staff(uow, {row.lead_id for row in rows if row.lead_id})
    running = running_clocks(uow, ids)
    photos = first_photos(uow, ids)
    orders = _open_orders(uow, ids)
    found = []
    for row in rows:
        clocks = running.get(row.id, [])
        lead = leads.get(row.lead_id) if row.lead_id else None
        found.append(
            {
                "id": row.id,
                "number": row.number,
                "title": row.title,
                "category": {
                    "code": row.category_code,
                    "name": categories.get(row.category_code, OTHER_TEXT),
                },
                "urgency": row.urgency,
                "urgency_text": rules.URGENCY_TEXT[row.urgency],
                "source_text": rules.SOURCE_TEXT[row.source],
                "state": row.state,
                "state_text": rules.STATE_TEXT[row.state],
                "street_name": streets.get(row.street_id, "") if row.street_id else "",
                "community_name": areas.get(row.community_id, "") if row.community_id else "",
                "cell_name": areas.get(row.cell_id, "") if row.cell_id else "",
                "address": row.address,
                **place(row.latitude, row.longitude),
                "called_at": row.called_at,
                "callers_count": row.callers_count,
                "lead_name": lead.name if lead else None,
                "level_text": rules.LEVEL_TEXT[row.level],
                "light": worst(light_of(clock, uow.now) for clock in clocks),
                "clock": _first_due(clocks),
                "photo_url": _small(photos.get(row.id), row.id, base),
                "distance_m": _distance(row, here),
                "mine": None,
                "on_hold": row.on_hold,
                "orders_open": orders.get(row.id, 0),
                "version": row.version,
            }
        )
    return found


def place(latitude: float | None, longitude: float | None) -> dict[str, Any]:
    """A place in both systems, or nothing in either."""
    if latitude is None or longitude is None:
        return {"latitude": None, "longitude": None, "gcj02": None}
    north, east = from_wgs84(latitude, longitude, "gcj02")
    shifted = {"latitude": round(north, 6), "longitude": round(east, 6)}
    return {"latitude": latitude, "longitude": longitude, "gcj02": shifted}


def category_names(uow: UnitOfWork, codes: Iterable[str]) -> dict[str, str]:
    """Names of categories by code."""
    wanted = set(codes)
    if not wanted:
        return {}
    query = select(EventCategory.code, EventCategory.name).where(EventCategory.code.in_(wanted))
    return {row.code: row.name for row in uow.session.execute(query)}


def running_clocks(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[EventClock]]:
    """The clocks that run (or stand still in a hold), by event."""
    found: dict[UUID, list[EventClock]] = defaultdict(list)
    query = select(EventClock).where(EventClock.event_id.in_(ids), EventClock.stopped_at.is_(None))
    for clock in uow.session.scalars(query):
        found[clock.event_id].append(clock)
    return found


def first_photos(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The first picture of each event."""
    query = (
        select(EventFile.event_id, EventFile.file_id)
        .where(EventFile.event_id.in_(ids), EventFile.role.in_(("report", "before")))
        .order_by(EventFile.at.desc(), EventFile.file_id.desc())
    )
    # The earliest comes last and stays.
    return {row.event_id: row.file_id for row in uow.session.execute(query)}


def _first_due(clocks: Sequence[EventClock]) -> dict[str, Any] | None:
    known = [clock for clock in clocks if clock.due_at is not None] or list(clocks)
    if not known:
        return None
    first = min(known, key=lambda clock: (clock.due_at is None, clock.due_at or clock.started_at))
    return {
        "kind": first.kind,
        "kind_text": clock_rules.KIND_TEXT[first.kind],
        "due_at": first.due_at,
        "paused": first.paused_at is not None,
    }


def _open_orders(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, int]:
    query = (
        select(SupervisionOrder.event_id, func.count())
        .where(SupervisionOrder.event_id.in_(ids), SupervisionOrder.state != rules.ORDER_CLOSED)
        .group_by(SupervisionOrder.event_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(query)}


def _small(file_id: UUID | None, event_id: UUID, base: str) -> str | None:
    return f"{base}/{event_id}/files/{file_id}?size=small" if file_id else None


def _distance(row: Event, here: Point | None) -> int | None:
    if here is None or row.latitude is None or row.longitude is None:
        return None
    return round(distance_m(*here, row.latitude, row.longitude))
