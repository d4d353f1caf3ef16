"""Tickets as rows of a list: many at once, the caller masked, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from backend.domains.dispatch import service as dispatch
from backend.domains.grid.service import from_wgs84
from backend.domains.hotline import clock_rules, rules
from backend.domains.hotline.model import Ticket, TicketClock, TicketOrder
from backend.domains.identity import service as identity
from backend.domains.organisation import service as organisation
from backend.kernel import clock_rules as lights
from backend.kernel.clocks import light_of
from backend.kernel.privacy import mask_name, mask_phone
from backend.kernel.uow import UnitOfWork

CONFIDENTIAL = "（要求保密）"
NAMELESS = "没有留名"
#: Earlier tickets of the same caller count as repeats for so long.
REPEAT_DAYS = 90
OTHER_TEXT = "其他"


def cards(uow: UnitOfWork, rows: Sequence[Ticket]) -> list[dict[str, Any]]:
    """Cards in the order of `rows`."""
    ids = [row.id for row in rows]
    categories = dispatch.category_names(uow, {row.category_code for row in rows})
    units = organisation.place_names(uow, "department") if rows else {}
    people = identity.person_cards(uow, {row.person_id for row in rows if row.person_id})
    running = running_clocks(uow, ids)
    orders = _open_orders(uow, ids)
    repeats = repeat_counts(uow, rows)
    found = []
    for row in rows:
        clocks = running.get(row.id, [])
        person = people.get(row.person_id) if row.person_id else None
        name, phone = caller_of(uow, row, person)
        found.append(
            {
                "id": row.id,
                "number": row.number,
                "title": row.title,
                "kind": row.kind,
                "kind_text": rules.KIND_TEXT[row.kind],
                "source_text": rules.SOURCE_TEXT[row.source],
                "state": row.state,
                "state_text": rules.STATE_TEXT[row.state],
                "urgency": row.urgency,
                "urgency_text": rules.URGENCY_TEXT[row.urgency],
                "category": {
                    "code": row.category_code,
                    "name": categories.get(row.category_code, OTHER_TEXT),
                },
                "caller_masked": name,
                "phone_masked": phone,
                "confidential": row.confidential,
                "lead_unit_name": units.get(row.lead_unit_id) if row.lead_unit_id else None,
                "light": lights.worst(light_of(clock, uow.now) for clock in clocks),
                "clock": first_due(clocks),
                "created_at": row.created_at,
                "urges_count": row.urges_count,
                "orders_open": orders.get(row.id, 0),
                "repeat_count": repeats.get(row.id, 0),
                "version": row.version,
            }
        )
    return found


def caller_of(
    uow: UnitOfWork, row: Ticket, person: identity.PersonCard | None
) -> tuple[str, str | None]:
    """Name and phone of the caller, masked; nothing of a confidential one."""
    if row.confidential:
        return CONFIDENTIAL, None
    opened = uow.services.privacy.open
    name, phone = NAMELESS, None
    if row.caller_name_sealed:
        name = mask_name(opened(row.caller_name_sealed))
    elif person is not None:
        name = person.name_masked
    if row.caller_phone_sealed:
        phone = mask_phone(opened(row.caller_phone_sealed))
    elif person is not None:
        phone = person.phone_masked
    return name, phone


def place(latitude: float | None, longitude: float | None) -> dict[str, Any]:
    """A place in both systems, or nothing in either."""
    if latitude is None or longitude is None:
        return {"latitude": None, "longitude": None, "gcj02": None}
    north, east = from_wgs84(latitude, longitude, "gcj02")
    shifted = {"latitude": round(north, 6), "longitude": round(east, 6)}
    return {"latitude": latitude, "longitude": longitude, "gcj02": shifted}


def running_clocks(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[TicketClock]]:
    """The clocks that run (or stand still in a hold), by ticket."""
    found: dict[UUID, list[TicketClock]] = defaultdict(list)
    query = select(TicketClock).where(
        TicketClock.ticket_id.in_(ids), TicketClock.stopped_at.is_(None)
    )
    for clock in uow.session.scalars(query):
        found[clock.ticket_id].append(clock)
    return found


def first_due(clocks: Sequence[TicketClock]) -> dict[str, Any] | None:
    """The clock that runs out first."""
    known = [clock for clock in clocks if clock.due_at is not None] or list(clocks)
    if not known:
        return None
    first = min(known, key=lambda clock: (clock.due_at or clock.started_at, clock.kind))
    return {
        "kind": first.kind,
        "kind_text": clock_rules.KIND_TEXT[first.kind],
        "due_at": first.due_at,
        "paused": first.paused_at is not None,
    }


def same_caller(phone_hash: bytes | None, person_id: UUID | None) -> Any:
    """The condition that a ticket is the caller's: by number or by account; None for nobody.

    Confidential ones never count: a list of what else somebody told would name them.
    """
    ways = []
    if phone_hash is not None:
        ways.append(Ticket.caller_phone_hash == phone_hash)
    if person_id is not None:
        ways.append(Ticket.person_id == person_id)
    return and_(or_(*ways), Ticket.confidential.is_(False)) if ways else None


def repeat_counts(uow: UnitOfWork, rows: Sequence[Ticket]) -> dict[UUID, int]:
    """How many other matters each caller has told in the last 90 days, where there are any.

    Tickets merged with each other are one matter.
    """
    plain = [row for row in rows if not row.confidential]
    by_phone = _counts(uow, Ticket.caller_phone_hash, [row.caller_phone_hash for row in plain])
    nameless = [row.person_id for row in plain if row.caller_phone_hash is None]
    by_person = _counts(uow, Ticket.person_id, nameless)
    found = {}
    for row in plain:
        mark = row.caller_phone_hash
        count = by_phone.get(mark, 0) if mark else by_person.get(row.person_id, 0)
        found[row.id] = max(count - (row.created_at > uow.now - timedelta(days=REPEAT_DAYS)), 0)
    return found


def _counts(uow: UnitOfWork, column: Any, values: Iterable[Any]) -> dict[Any, int]:
    wanted = {value for value in values if value is not None}
    if not wanted:
        return {}
    query = (
        select(column, func.count(func.coalesce(Ticket.parent_id, Ticket.id).distinct()))
        .where(
            column.in_(wanted), Ticket.confidential.is_(False),
            Ticket.created_at > uow.now - timedelta(days=REPEAT_DAYS),
        )
        .group_by(column)
    )  # fmt: skip
    return {row[0]: row[1] for row in uow.session.execute(query)}


def _open_orders(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, int]:
    query = (
        select(TicketOrder.ticket_id, func.count())
        .where(TicketOrder.ticket_id.in_(ids), TicketOrder.state != rules.ORDER_CLOSED)
        .group_by(TicketOrder.ticket_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(query)}
