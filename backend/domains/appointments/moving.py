"""Moving an appointment to another time or hall (改期)."""

from typing import Any
from uuid import UUID

from appointments import moving
from appointments.model import Appointment
from appointments.moves import hall_of
from backend.domains.appointments import desk, ports, service, view
from backend.domains.appointments.refusals import in_words
from backend.kernel.uow import UnitOfWork


def reschedule(
    uow: UnitOfWork, person_id: UUID, appointment_id: UUID, slot_id: UUID
) -> dict[str, Any]:
    """Move one's own appointment, or one booked as an agent; the old place is free then."""
    appointment = service.acting_on(uow, person_id, appointment_id)
    return view.one(uow, move(uow, appointment, slot_id))


def move(uow: UnitOfWork, appointment: Appointment, slot_id: UUID) -> Appointment:
    """Take the new place and give back the old one, leave the traces, move the deadlines."""
    item = ports.item_of(uow, appointment.item_key)
    before_hall = hall_of(uow.session, appointment.hall_id).name
    with in_words():
        moved = moving.reschedule(
            uow.session,
            appointment,
            slot_id,
            channels=ports.channels_like(uow, appointment),
            hall_codes=item.hall_codes,
            now=uow.now,
        )
    more = {
        "from_slot": moved.from_slot,
        "from_start": moved.from_start,
        "from_hall_name": before_hall,
    }
    return desk.changed(uow, moved.change, more=more)
