"""Shared places and bookings as residents and staff see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appointments import views
from appointments.model import Appointment, Hall
from appointments.rules import State, cancel_deadline, may_cancel
from backend.domains.neighbourhood import access, ports, resources
from backend.domains.neighbourhood.resource_model import (
    KIND_TEXT,
    ResourceBooking,
    SharedResource,
)
from backend.kernel.uow import UnitOfWork

_CHANNELS = ("online",)


def cards(uow: UnitOfWork, rows: Sequence[SharedResource]) -> list[dict[str, Any]]:
    """Rows of a list."""
    names = ports.area_names(uow, [row.area_id for row in rows])
    halls = _halls(uow, [row.id for row in rows])
    return [_card(uow, row, halls[row.id], names) for row in rows]


def _halls(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, Hall]:
    found = uow.session.scalars(
        select(Hall).where(Hall.id.in_(ids)).execution_options(populate_existing=True)
    )
    return {hall.id: hall for hall in found}


def _card(
    uow: UnitOfWork, row: SharedResource, hall: Hall, names: dict[UUID, str]
) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_text": KIND_TEXT[row.kind],
        "name": row.name,
        "unit_name": row.unit_name,
        "address": hall.address,
        "area": {"id": row.area_id, "name": names.get(row.area_id, "")},
        "open": row.open,
        "next_free": resources.next_free(uow, row.id) if row.open else None,
    }


def found(uow: UnitOfWork, resource_id: UUID) -> SharedResource:
    """The place, or `NotFound`."""
    row = uow.session.get(SharedResource, resource_id)
    if row is None:
        raise access.unknown()
    return row


def show(uow: UnitOfWork, resource_id: UUID, person_id: UUID | None) -> dict[str, Any]:
    """One place, and whether the viewer may book it."""
    row = found(uow, resource_id)
    hall = uow.session.get_one(Hall, resource_id)
    resources.keep_slots(uow, hall)
    member = person_id is not None and row.area_id in ports.areas_of(uow, person_id)
    latitude, longitude = ports.gcj02(hall.latitude, hall.longitude)
    return {
        **cards(uow, [row])[0],
        "words": row.words,
        "gcj02": {"latitude": latitude, "longitude": longitude},
        "cancel_minutes": hall.cancel_minutes,
        "can_book": member and row.open,
        "next_text": _next_text(row, member=member),
    }


def _next_text(row: SharedResource, *, member: bool) -> str:
    if not row.open:
        return "暂停开放"
    return "选日期和时间预约" if member else "社区确认您住在这里后就可以预约"


def days(uow: UnitOfWork, resource_id: UUID) -> list[dict[str, Any]]:
    """The days that can be booked."""
    found(uow, resource_id)
    hall = uow.session.get_one(Hall, resource_id)
    resources.keep_slots(uow, hall)
    shown = views.days(
        uow.session, hall, resources.GROUP, channels=_CHANNELS, now=uow.now,
        working=resources.working_days(uow),
    )  # fmt: skip
    return [
        {
            "date": day.day,
            "status": "closed" if day.status == "calendar_unknown" else day.status,
            "remaining": day.remaining,
        }
        for day in shown
    ]


def slots(uow: UnitOfWork, resource_id: UUID, day: date) -> list[dict[str, Any]]:
    """The times of a day."""
    found(uow, resource_id)
    hall = uow.session.get_one(Hall, resource_id)
    resources.keep_slots(uow, hall)
    shown = views.slots(uow.session, hall, resources.GROUP, day, channels=_CHANNELS, now=uow.now)
    return [
        {
            "id": slot.id, "start": slot.start, "end": slot.end, "remaining": slot.remaining,
            "status": slot.status,
        }
        for slot in shown
    ]  # fmt: skip


def bookings(uow: UnitOfWork, rows: Sequence[ResourceBooking]) -> list[dict[str, Any]]:
    """One's own bookings."""
    ids = [row.id for row in rows]
    known = {
        row.id: row
        for row in uow.session.scalars(
            select(Appointment)
            .where(Appointment.id.in_(ids))
            .execution_options(populate_existing=True)
        )
    }
    halls = _halls(uow, [row.resource_id for row in rows])
    return [_booking(uow, row, known[row.id], halls[row.resource_id]) for row in rows]


def _booking(
    uow: UnitOfWork, row: ResourceBooking, made: Appointment, hall: Hall
) -> dict[str, Any]:
    fact = made.fact(hall.policy)
    return {
        "id": row.id,
        "resource_id": row.resource_id,
        "name": hall.name,
        "address": hall.address,
        "start": made.start_at,
        "end": made.end_at,
        "purpose": row.purpose,
        "state_text": resources.used_up(made.state, made.end_at, uow.now),
        "reason": row.reason,
        "can_cancel": may_cancel(fact, uow.now),
        "cancel_until": cancel_deadline(fact),
    }


def staff(uow: UnitOfWork, rows: Sequence[SharedResource]) -> list[dict[str, Any]]:
    """Places as staff edit them."""
    halls = _halls(uow, [row.id for row in rows])
    return [
        {
            **card, "words": row.words, "latitude": halls[row.id].latitude,
            "longitude": halls[row.id].longitude, "days_ahead": halls[row.id].days_ahead,
            "cancel_minutes": halls[row.id].cancel_minutes, "version": row.version,
            "week": resources.week_of(uow, row.id),
        }
        for row, card in zip(rows, cards(uow, rows), strict=True)
    ]  # fmt: skip


def booked(
    uow: UnitOfWork, rows: Sequence[tuple[Appointment, ResourceBooking]]
) -> list[dict[str, Any]]:
    """A day's bookings, names masked."""
    names = ports.masked_names(uow, [own.person_id for _, own in rows])
    return [
        {
            "id": own.id, "start": made.start_at, "end": made.end_at,
            "name": names.get(own.person_id, "") if own.person_id else "",
            "purpose": own.purpose,
            "state_text": resources.used_up(made.state, made.end_at, uow.now),
            "can": ["cancel"] if made.state == State.BOOKED and made.start_at > uow.now else [],
        }
        for made, own in rows
    ]  # fmt: skip
