"""Does every slot's counter agree with the appointments that hold a place in it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appointments.model import Appointment, Slot
from appointments.rules import RELEASED


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A slot whose `booked` says something else than its appointments (`held`)."""

    slot_id: UUID
    hall_id: UUID
    start: datetime
    booked: int
    held: int


def mismatches(session: Session, since: date | None = None) -> list[Mismatch]:
    """Every slot (from `since` on) that disagrees. It reports, and never mends in silence."""
    held = (
        select(Appointment.slot_id, func.count().label("held"))
        .where(Appointment.state.not_in([state.value for state in RELEASED]))
        .group_by(Appointment.slot_id)
        .subquery()
    )
    count = func.coalesce(held.c.held, 0)
    query = (
        select(Slot.id, Slot.hall_id, Slot.start_at, Slot.booked, count)
        .outerjoin(held, held.c.slot_id == Slot.id)
        .where(Slot.booked != count)
        .order_by(Slot.start_at, Slot.id)
    )
    if since is not None:
        query = query.where(Slot.day >= since)
    return [Mismatch(*row) for row in session.execute(query)]
