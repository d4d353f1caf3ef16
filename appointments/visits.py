"""Several appointments made as one: times that fit, locks in one order, the visit itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appointments import places
from appointments.demand_model import Visit
from appointments.model import Appointment, Hall, Slot
from appointments.rules import Refused
from appointments.visits_rules import Free, Part, chains


def times(
    session: Session,
    hall: Hall,
    day: date,
    wanted: Mapping[UUID, str],
    *,
    channels: tuple[str, ...],
    now: datetime,
) -> list[list[Part]]:
    """The ways through all these items (by their business) that a day still has."""
    rows = session.scalars(
        select(Slot)
        .where(
            Slot.hall_id == hall.id,
            Slot.day == day,
            Slot.group_code.in_(set(wanted.values())),
            Slot.channel.in_(channels),
            Slot.closed.is_(False),
            Slot.release_at <= now,
            Slot.start_at >= now + timedelta(minutes=hall.lead_minutes),
        )
        .order_by(Slot.start_at, Slot.id)
        .execution_options(populate_existing=True)
    )
    by_time: dict[tuple[str, datetime, datetime], list[Slot]] = {}
    for row in rows:
        if places.left(row, now):
            by_time.setdefault((row.group_code, row.start_at, row.end_at), []).append(row)
    free: dict[str, list[Free]] = {}
    for (group, start, end), same in by_time.items():
        same.sort(key=lambda slot: channels.index(slot.channel))
        counted = tuple((slot.id, places.left(slot, now)) for slot in same)
        free.setdefault(group, []).append(Free(start, end, counted))
    return chains(wanted, free)


def slots_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, Slot]:
    """These slots as they are now; one that is not there is refused."""
    wanted = set(ids)
    found = session.scalars(
        select(Slot).where(Slot.id.in_(wanted)).execution_options(populate_existing=True)
    )
    known = {slot.id: slot for slot in found}
    if wanted - known.keys():
        raise Refused("slot_unknown")
    return known


def elsewhere(
    session: Session, slot: Slot, channels: tuple[str, ...], needed: int, now: datetime
) -> UUID | None:
    """Another quota of the same time with so many places, for whoever lost the race for one."""
    rows = session.scalars(
        select(Slot)
        .where(
            Slot.hall_id == slot.hall_id,
            Slot.group_code == slot.group_code,
            Slot.start_at == slot.start_at,
            Slot.channel.in_(channels),
            Slot.closed.is_(False),
        )
        .execution_options(populate_existing=True)
    )
    return next((row.id for row in rows if places.left(row, now) >= needed), None)


def lock(session: Session, appointments: Iterable[UUID], slots: Iterable[UUID] = ()) -> None:
    """Hold appointments, then slots, each in the order of their ids."""
    if held := set(appointments):
        rows = select(Appointment.id).where(Appointment.id.in_(held))
        session.execute(rows.order_by(Appointment.id).with_for_update())
    if wanted := set(slots):
        query = select(Slot.id).where(Slot.id.in_(wanted)).order_by(Slot.id)
        session.execute(query.with_for_update(key_share=True))


def members(session: Session, visit_id: UUID) -> list[Appointment]:
    """The appointments of a visit as they are now, by time."""
    return list(
        session.scalars(
            select(Appointment)
            .where(Appointment.visit_id == visit_id)
            .order_by(Appointment.start_at, Appointment.id)
            .execution_options(populate_existing=True)
        )
    )


def begin(session: Session, visit: Visit) -> Visit:
    """Write the visit that appointments are then made in."""
    session.add(visit)
    session.flush()
    return visit
