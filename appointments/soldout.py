"""Is a slot sold out for everybody, and who must be heard all the same?

For what stands in front of the booking at a rush: it may answer "full" in the booking's place
only where the booking itself would say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appointments import places
from appointments.model import Appointment, Slot


@dataclass(frozen=True, slots=True)
class SoldOut:
    """A slot nobody can book now; `until` is when more of its places are released, if ever.

    `holders` took one of its places, and may have given it back: they are told that, or hear
    again what they were told before.
    """

    until: datetime | None
    holders: tuple[UUID, ...]


def sold_out(session: Session, slot_id: UUID, now: datetime) -> SoldOut | None:
    """What is known of a slot without a place left; None where there is one, or for few only.

    The slot is read before the holders, so that nobody who took one of its places is missing.
    """
    slot = session.scalar(
        select(Slot).where(Slot.id == slot_id).execution_options(populate_existing=True)
    )
    if slot is None or slot.closed or slot.channel != "online" or places.left(slot, now):
        return None
    query = select(Appointment.person_key).where(Appointment.slot_id == slot_id)
    rest = slot.rest_at if slot.rest_at is not None and slot.rest_at > now else None
    return SoldOut(rest, tuple(session.scalars(query.distinct())))
