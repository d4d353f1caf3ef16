"""A caller's name or number in full, for a written purpose; who looked and why is kept."""

from uuid import UUID

from backend.domains.hotline import access, rules
from backend.domains.hotline.access import Viewer
from backend.domains.identity import service as identity
from backend.kernel.access import Principal
from backend.kernel.errors import Forbidden, NotFound
from backend.kernel.reveals import log_reveal
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

# Calls that have to reach the caller are made in these states by these parts.
_TALKING = {
    rules.CALLBACK: (rules.CALLER_BACK,),
    rules.JUDGEMENT: (rules.CALLER_BACK, rules.JUDGE),
}


def may_reveal(viewer: Viewer) -> bool:
    """Who has to talk to the caller now.

    The operator who took it down while it waits to be taken on (or sent to a unit); whoever
    calls back or judges while that is due; and, unless the caller asked to stay unknown, the
    lead unit while it is at work and the hotline's dispatchers while it is open.
    """
    ticket = viewer.ticket
    took = viewer.id is not None and viewer.id == ticket.operator_id
    waits = (rules.PENDING,) if ticket.confidential else (rules.PENDING, rules.TO_DISPATCH)
    if took and ticket.state in waits:
        return True
    if any(viewer.plays(part) for part in _TALKING.get(ticket.state, ())):
        return True
    if ticket.confidential:
        return False
    if ticket.state in rules.AT_WORK and viewer.plays(rules.LEAD):
        return True
    return ticket.is_open and viewer.plays(rules.DISPATCHER)


def reveal(uow: UnitOfWork, by: Principal, ticket_id: UUID, *, field: str, purpose: str) -> str:
    """The full name or phone; logged in the same transaction. `NotFound` where it is not known."""
    viewer = access.reach(uow, by, ticket_id)
    ticket = viewer.ticket
    if not may_reveal(viewer):
        raise Forbidden(
            "not_your_step",
            title="现在不能查看来电人信息",
            detail="受理的话务员、主办单位和回访员在各自办理时可以查看",
            action="需要联系来电人时，请找正在办理的人",
        )
    log_reveal(uow, Subject("ticket", ticket.id), field, purpose)
    sealed = ticket.caller_name_sealed if field == "name" else ticket.caller_phone_sealed
    if sealed is not None:
        return uow.services.privacy.open(sealed)
    if ticket.person_id is not None:
        return identity.reveal_value(uow, ticket.person_id, field)
    raise NotFound("value_not_found", detail="没有这一项信息")
