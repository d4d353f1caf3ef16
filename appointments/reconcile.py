"""Do every slot's counters agree with the appointments and offers that hold a place in it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from appointments.demand_model import Offer
from appointments.model import Appointment, Slot
from appointments.rules import RELEASED


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A slot whose `booked` is not its live appointments or whose `held` is not its open offers."""

    slot_id: UUID
    hall_id: UUID
    start: datetime
    booked: int
    appointments: int
    held: int
    offers: int


def mismatches(session: Session, since: date | None = None) -> list[Mismatch]:
    """Every slot (from `since` on) that disagrees. It reports, and never mends in silence."""
    by_slot = (
        select(Appointment.slot_id, func.count().label("count"))
        .where(Appointment.state.not_in([state.value for state in RELEASED]))
        .group_by(Appointment.slot_id)
    )
    asked = (
        select(Offer.slot_id, func.count().label("count"))
        .where(Offer.state == "open")
        .group_by(Offer.slot_id)
    )
    if since is not None:
        # Years of past appointments are not counted anew each time.
        ours = select(Slot.id).where(Slot.day >= since)
        by_slot = by_slot.where(Appointment.slot_id.in_(ours))
        asked = asked.where(Offer.slot_id.in_(ours))
    taken, kept = by_slot.subquery(), asked.subquery()
    appointments = func.coalesce(taken.c.count, 0)
    offers = func.coalesce(kept.c.count, 0)
    query = (
        select(Slot.id, Slot.hall_id, Slot.start_at, Slot.booked, appointments, Slot.held, offers)
        .outerjoin(taken, taken.c.slot_id == Slot.id)
        .outerjoin(kept, kept.c.slot_id == Slot.id)
        .where(or_(Slot.booked != appointments, Slot.held != offers))
        .order_by(Slot.start_at, Slot.id)
    )
    if since is not None:
        query = query.where(Slot.day >= since)
    return [Mismatch(*row) for row in session.execute(query)]
