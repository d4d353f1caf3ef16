"""The call at an operator's place, and what is known of whoever calls."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.appointments import service as appointments
from backend.domains.dispatch import service as dispatch
from backend.domains.hotline import call_rules, calls, card_view, suggesting
from backend.domains.hotline.model import Call, Ticket
from backend.domains.identity import service as identity
from backend.kernel.access import Principal
from backend.kernel.privacy import mask_name, mask_phone
from backend.kernel.uow import UnitOfWork

MOST_TICKETS = 10


def current(uow: UnitOfWork, by: Principal, staff_id: UUID) -> dict[str, Any]:
    """The call at one's place with its caller's history, how busy the line is, the own state."""
    call = calls.current(uow, staff_id)
    return {
        "agent": calls.agent(uow, staff_id),
        "line": calls.line(uow),
        "call": shown(uow, staff_id, call) if call else None,
        "caller": caller(uow, calls.number_of(uow, call)) if call else None,
    }


def shown(uow: UnitOfWork, staff_id: UUID, call: Call) -> dict[str, Any]:
    """A call, its number masked; `since` is when its present state began."""
    number = calls.number_of(uow, call)
    moments = {
        call_rules.RINGING: call.rang_at, call_rules.ANSWERED: call.answered_at,
    }  # fmt: skip
    return {
        "id": call.id,
        "state": call.state,
        "state_text": call_rules.CALL_TEXT[call.state],
        "number_masked": mask_phone(number) if number else None,
        "mine": call.agent_id == staff_id,
        "since": moments.get(call.state, call.ended_at) or call.began_at,
        "began_at": call.began_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
    }


def caller(uow: UnitOfWork, number: str) -> dict[str, Any]:
    """What is known of a number's caller: tickets, calls, appointments, open events; masked."""
    person_id = suggesting.person_of(uow, number)
    person = identity.person_card(uow, person_id) if person_id else None
    rows, count = _tickets(uow, number)
    mark = calls.fingerprint(uow, number)
    seen = select(func.count()).select_from(Call).where(Call.number_hash == mark)
    return {
        "name_masked": person.name_masked if person else _named_before(uow, rows),
        "phone_masked": mask_phone(number) if number else None,
        "known": bool(person or rows),
        "tickets": card_view.cards(uow, rows),
        "tickets_count": count,
        "calls_count": (uow.session.scalar(seen) or 0) if mark else 0,
        "appointments_count": len(appointments.open_matters(uow, person_id)) if person_id else 0,
        "events": dispatch.events_of_person(uow, person_id) if person_id else [],
    }


def _tickets(uow: UnitOfWork, number: str) -> tuple[list[Ticket], int]:
    theirs = suggesting.of_number(uow, number)
    if theirs is None:
        return [], 0
    count = uow.session.scalar(select(func.count()).select_from(Ticket).where(theirs)) or 0
    return suggesting.earlier(uow, number, MOST_TICKETS) if count else [], count


def _named_before(uow: UnitOfWork, rows: list[Ticket]) -> str | None:
    """The name that came with the latest ticket of this number, masked."""
    sealed = next((row.caller_name_sealed for row in rows if row.caller_name_sealed), None)
    return mask_name(uow.services.privacy.open(sealed)) if sealed else None
