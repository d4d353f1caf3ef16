"""Which appointment somebody at the door means: a QR code, six digits, an identity card."""

from dataclasses import dataclass
from uuid import UUID

from appointments import queue
from appointments.model import Appointment
from appointments.rules import Refused
from appointments.tokens import read
from backend.domains.appointments import view
from backend.domains.identity.service import person_by_id_number
from backend.kernel.clock import local_date
from backend.kernel.errors import Invalid
from backend.kernel.identity_number import validate
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows or types: exactly one of these."""

    code: str | None = None
    token: str | None = None
    id_number: str | None = None


def find(uow: UnitOfWork, hall_id: UUID, shown: Shown) -> Appointment:
    """The appointment in this hall, or the engine's refusal."""
    if sum(word is not None for word in (shown.code, shown.token, shown.id_number)) != 1:
        text = "扫二维码、读身份证或输入6位取号码，选一样"
        raise Invalid("code_or_token", title=text, fields={"code": [text]})
    if shown.code is not None:
        return queue.by_code(uow.session, hall_id, shown.code)
    if shown.token is not None:
        claim = read(view.qr_key(uow.services), shown.token, uow.now)
        return queue.by_claim(uow.session, hall_id, claim)
    return _by_card(uow, hall_id, str(shown.id_number))


def _by_card(uow: UnitOfWork, hall_id: UUID, id_number: str) -> Appointment:
    number = validate(id_number, today=local_date(uow.now))
    person_id = person_by_id_number(uow, number)
    # Somebody unknown gets the same answer as somebody who did not book.
    if person_id is None:
        raise Refused("none_today")
    return queue.by_person(uow.session, hall_id, person_id, uow.now)
