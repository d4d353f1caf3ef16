"""What this domain asks of the catalogue and of identity."""

from datetime import date
from uuid import UUID

from appointments.model import Appointment
from appointments.rules import channels_for
from appointments.video_rules import CHANNEL as VIDEO
from backend.domains.catalog.service import BookingInfo, bookable_infos, booking_info
from backend.domains.identity.service import reveal_value
from backend.kernel.clock import local_date
from backend.kernel.errors import NotFound
from backend.kernel.identity_number import birth_date
from backend.kernel.uow import UnitOfWork


def item_of(uow: UnitOfWork, item_id: UUID) -> BookingInfo:
    """What booking needs of an item; `NotFound` when no such item is published."""
    return booking_info(uow, item_id)


def items_at(uow: UnitOfWork, hall_code: str) -> list[BookingInfo]:
    """What can be booked at this hall, by name."""
    return [item for item in bookable_infos(uow) if handles(item, hall_code)]


def handles(item: BookingInfo, hall_code: str) -> bool:
    """Whether the item's guide lets it be done at this hall (any, where it names none)."""
    return not item.hall_codes or hall_code in item.hall_codes


def age_of(uow: UnitOfWork, person_id: UUID) -> int:
    """Full years of a resident, from the identity number; 0 while it is not known."""
    try:
        born = birth_date(reveal_value(uow, person_id, "id_number"))
    except (NotFound, ValueError):
        return 0
    return years(born, local_date(uow.now))


def years(born: date, today: date) -> int:
    """Full years between the two days."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def channels_of(uow: UnitOfWork, *, by_video: bool = False) -> tuple[str, ...]:
    """The quotas the acting resident may book from; the general one for a visitor."""
    if by_video:
        return (VIDEO,)
    actor = uow.actor
    if actor.kind != "person" or actor.id is None:
        return channels_for(0)
    return channels_for(age_of(uow, actor.id))


def channels_of_person(uow: UnitOfWork, person_id: UUID) -> tuple[str, ...]:
    """The quotas a resident may book from."""
    return channels_for(age_of(uow, person_id))


def channels_like(uow: UnitOfWork, appointment: Appointment) -> tuple[str, ...]:
    """The quotas an appointment may be moved within: video stays video, the rest goes by age."""
    if appointment.channel == VIDEO:
        return (VIDEO,)
    return channels_for(age_of(uow, appointment.person_key))
