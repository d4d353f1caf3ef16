"""Serving people with a disability first (优先办理): registered by who saw the card."""

from datetime import date
from typing import Any
from uuid import UUID

from appointments import precedence
from appointments.model import Appointment
from appointments.rules import ELDER_AGE
from backend.domains.appointments import desk, ports, staff
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

PERMISSION = "queue.operate"


def priority_of(uow: UnitOfWork, person_id: UUID, day: date, age: int) -> int:
    """1 for who is served first that day, by age or by what was shown to staff; else 0."""
    return precedence.priority(uow.session, person_id, day, elder=age >= ELDER_AGE)


def grant(
    uow: UnitOfWork, who: Principal, appointment_id: UUID, until: date | None
) -> dict[str, Any]:
    """From now on the person of this appointment is served first, everywhere in the district."""
    found = _somebodys(uow, who, appointment_id)
    if until is not None and until < local_date(uow.now):
        text = "日期已经过去了"
        raise Invalid("precedence_past", title=text, fields={"until": [text]})
    by = who.actor.id
    assert by is not None  # a member of staff
    precedence.grant(uow.session, found.person_key, until, by, uow.now)
    return _told(uow, who, found, "grant_precedence", "登记了优先办理")


def revoke(uow: UnitOfWork, who: Principal, appointment_id: UUID) -> dict[str, Any]:
    """The person is served in turn again; who is 60 or older stays first by age."""
    found = _somebodys(uow, who, appointment_id)
    elder = ports.age_of(uow, found.person_key) >= ELDER_AGE
    if not precedence.revoke(uow.session, found.person_key, int(elder)):
        raise Conflict("precedence_none", title="没有登记过优先办理", action="请刷新后再看")
    return _told(uow, who, found, "revoke_precedence", "取消了优先办理")


def _somebodys(uow: UnitOfWork, who: Principal, appointment_id: UUID) -> Appointment:
    found = staff.appointment_of(uow, who, PERMISSION, appointment_id)
    # A ticket from the door that is nobody's in particular carries its own id as the person.
    if found.person_key == found.id:
        raise Conflict(
            "precedence_nobody",
            title="这张现场号没有登记姓名",
            action="取号时勾选「优先」就可以",
        )
    return found


def _told(
    uow: UnitOfWork, who: Principal, found: Appointment, action: str, text: str
) -> dict[str, Any]:
    trace.record(
        uow,
        subject=desk.subject(found.id),
        action=action,
        from_state=found.state,
        to_state=found.state,
        public_text=text,
    )
    uow.session.refresh(found)
    return staff.detail(uow, who, found.id)
