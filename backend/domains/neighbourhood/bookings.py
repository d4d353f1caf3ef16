"""A neighbour books a shared room or place, and gives it back."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from appointments import booking
from appointments.model import Appointment, Hall
from appointments.rules import APART
from backend.domains.neighbourhood import access, events
from backend.domains.neighbourhood.refusals import in_words
from backend.domains.neighbourhood.resource_model import ResourceBooking, SharedResource
from backend.kernel import trace
from backend.kernel.errors import Conflict
from backend.kernel.ids import new_id, stable_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

_GROUP = f"{APART}place"
_CHANNELS = ("online",)


def subject(booking_id: UUID) -> Subject:
    """What the trace of a booking is filed under."""
    return Subject("resource_booking", booking_id)


def guest(person_id: UUID) -> UUID:
    """The engine's key of a person at shared places: not the one at service halls."""
    return stable_id("resource-guest", str(person_id))


def book(
    uow: UnitOfWork, person_id: UUID, resource_id: UUID, slot_id: UUID, purpose: str
) -> ResourceBooking:
    """Book a time for one's own community's place; everything or nothing."""
    resource = uow.session.get(SharedResource, resource_id)
    if resource is None:
        raise access.unknown()
    access.members_only(uow, person_id, resource.area_id)
    if not resource.open:
        raise Conflict("resource_closed", title="这里暂停开放", action="请看别的地方")
    with in_words():
        made = booking.book(
            uow.session, appointment_id=new_id(), slot_id=slot_id,
            person_key=guest(person_id), item_key=resource_id, group_code=_GROUP,
            channels=_CHANNELS, now=uow.now,
            hall_codes=(uow.session.get_one(Hall, resource_id).code,),
        )  # fmt: skip
    row = ResourceBooking(
        id=made.appointment.id, resource_id=resource_id, person_id=person_id, purpose=purpose,
        created_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    trace.record(
        uow, subject=subject(row.id), action="book", to_state=made.appointment.state,
        public_text="预约了共享资源", first=True,
    )  # fmt: skip
    uow.emit(events.ResourceBooked(**_facts(row, resource, made.hall, made.appointment)))
    return row


def cancel(uow: UnitOfWork, person_id: UUID, booking_id: UUID) -> ResourceBooking:
    """Give the time back, up to the place's deadline."""
    row = uow.session.get(ResourceBooking, booking_id)
    if row is None or row.person_id != person_id:
        raise access.unknown()
    with in_words():
        change = booking.cancel(uow.session, uow.session.get_one(Appointment, booking_id), uow.now)
    _left(uow, row, change.before, "本人取消")
    _tell(uow, row, change.appointment, by_staff=False)
    return row


def cancelled_by_staff(uow: UnitOfWork, appointment: Appointment, reason: str) -> None:
    """The place is needed otherwise: whoever booked is told why."""
    with in_words():
        change = booking.hall_cancel(uow.session, appointment, uow.now)
    row = uow.session.get_one(ResourceBooking, appointment.id)
    row.reason = reason
    _left(uow, row, change.before, "社区取消")
    _tell(uow, row, change.appointment, by_staff=True)


def mine(person_id: UUID) -> Any:
    """The person's bookings, as a query for a page."""
    return select(ResourceBooking).where(ResourceBooking.person_id == person_id)


def _left(uow: UnitOfWork, row: ResourceBooking, before: Any, text: str) -> None:
    uow.session.flush()
    trace.record(
        uow, subject=subject(row.id), action="cancel", from_state=before, to_state="cancelled",
        public_text=text,
    )  # fmt: skip


def _tell(
    uow: UnitOfWork, row: ResourceBooking, appointment: Appointment, *, by_staff: bool
) -> None:
    if row.person_id is None:
        return
    resource = uow.session.get_one(SharedResource, row.resource_id)
    hall = uow.session.get_one(Hall, row.resource_id)
    facts = _facts(row, resource, hall, appointment)
    uow.emit(events.ResourceCancelled(**facts, by_staff=by_staff, reason=row.reason))


def _facts(
    row: ResourceBooking, resource: SharedResource, hall: Hall, appointment: Appointment
) -> dict[str, Any]:
    return {
        "booking_id": row.id, "person_id": row.person_id, "name": resource.name,
        "place": hall.address, "starts_at": appointment.start_at,
    }  # fmt: skip
