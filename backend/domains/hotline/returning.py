"""退单: a unit says by which law it is not its matter; the second time it is arbitrated, for good.

Whatever is asked, the clocks of the dispatch go on. A unit that gets it has its own from there.
"""

from uuid import UUID

from backend.domains.hotline import (
    access,
    clock_rules,
    clocks,
    dispatching,
    moves,
    ports,
    requests,
    rules,
    telling,
    units,
)
from backend.domains.hotline.model import Ticket, TicketRequest
from backend.domains.hotline.parts import system
from backend.domains.hotline.requests import Decider
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork


def ask_return(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    legal_basis: str,
    reason: str,
    *,
    suggested_department_id: UUID | None = None,
    version: int | None = None,
) -> TicketRequest:
    """The lead unit asks to give it back before it signs; a second return is arbitrated.

    `Conflict("return_final")` after an arbitration.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    moves.allowed(rules.TICKET_TRANSITIONS, ticket.state, "ask_return", viewer)
    action = rules.return_action(ticket.returns_count, ticket.return_final)
    if action is None:
        raise Conflict("return_final", title="仲裁已经定了，不能再退单", action="请签收办理")
    basis = moves.needs(legal_basis, "legal_basis", "请写明依据哪一条规定")
    why = moves.needs(reason, "reason", "请写明退单的原因")
    if suggested_department_id is not None:
        ports.check_departments(uow, "suggested_department_id", [suggested_department_id])
    again = action == "return_again"
    row = requests.add(
        uow, ticket, rules.AGAIN if again else rules.RETURN, why, legal_basis=basis,
        department_id=ticket.lead_unit_id, suggested_department_id=suggested_department_id,
    )  # fmt: skip
    moves.move(
        uow, viewer, action, values={"returns_count": ticket.returns_count + 1},
        internal=f"依据：{basis}", reason=why,
    )  # fmt: skip
    kind = clock_rules.ARBITRATE if again else clock_rules.RETURN
    due_at = clocks.start(uow, ticket, kind)[0].due_at
    deciders = telling.supervisors(uow) if again else telling.dispatchers(uow)
    requests.tell_asked(uow, row, ticket, deciders, due_at)
    return row


def approve_return(
    uow: UnitOfWork, by: Principal, request_id: UUID, department_id: UUID | None, note: str = ""
) -> TicketRequest:
    """改派: another unit has it, with its own time from now."""
    row, decider = requests.enter(uow, by, request_id, rules.RETURN)
    unit = _other_unit(uow, decider, department_id)
    requests.settle(uow, decider, True, note, given_department_id=unit)
    _give_to(uow, decider, unit, "approve_return", row.note)
    requests.tell_decided(uow, decider, True)
    return row


def reject_return(uow: UnitOfWork, by: Principal, request_id: UUID, note: str) -> TicketRequest:
    """It stays: the unit has to sign, in the time that has been running all along."""
    row, decider = requests.enter(uow, by, request_id, rules.RETURN)
    requests.settle(uow, decider, False, note)
    moves.move(uow, decider, "reject_return", internal=row.note)
    clocks.stop(uow, decider.ticket, clock_rules.RETURN)
    requests.tell_decided(uow, decider, False)
    return row


def arbitrate(
    uow: UnitOfWork, by: Principal, request_id: UUID, note: str, department_id: UUID | None = None
) -> TicketRequest:
    """The last word: to another unit, or (without one) it stays. Nobody gives it back again."""
    row, decider = requests.enter(uow, by, request_id, rules.AGAIN)
    words = moves.needs(note, "note", "请写明仲裁的理由")
    if department_id is None or department_id == decider.ticket.lead_unit_id:
        requests.settle(uow, decider, False, words)
        moves.move(
            uow, decider, "arbitrate", values={"return_final": True}, internal=f"维持：{words}"
        )
        clocks.stop(uow, decider.ticket, clock_rules.ARBITRATE)
        requests.tell_decided(uow, decider, False)
        return row
    unit = _other_unit(uow, decider, department_id)
    requests.settle(uow, decider, True, words, given_department_id=unit)
    _give_to(uow, decider, unit, "arbitrate", words, final=True)
    requests.tell_decided(uow, decider, True)
    return row


def _other_unit(uow: UnitOfWork, decider: Decider, department_id: UUID | None) -> UUID:
    if department_id is None or department_id == decider.ticket.lead_unit_id:
        text = "请选改派给哪个单位"
        raise Invalid("unit_needed", detail=text, fields={"department_id": [text]})
    ports.check_departments(uow, "department_id", [department_id])
    return department_id


def _give_to(
    uow: UnitOfWork, decider: Decider, unit: UUID, action: str, note: str, *, final: bool = False
) -> None:
    ticket: Ticket = decider.ticket
    names = ports.check_departments(uow, "department_id", [unit])
    for held in units.held(uow, ticket.id):
        if held.role == rules.LEAD_ROLE:
            moves.set_state(uow, held, rules.UNIT_TRANSITIONS, "return", system(ticket))
        elif held.department_id == unit:
            # Whoever helped and now leads has one part, not two.
            moves.set_state(uow, held, rules.UNIT_TRANSITIONS, "finish", system(ticket))
    moves.move(
        uow, decider, action,
        values={
            "lead_unit_id": unit, "dispatched_at": uow.now,
            "return_final": final or ticket.return_final,
        },
        public=f"改由{names[unit]}办理", internal=note,
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.RETURN, clock_rules.ARBITRATE)
    clocks.stop(uow, ticket, *dispatching.FROM_DISPATCH, cancelled=True)
    units.give(uow, ticket, unit, rules.LEAD_ROLE, note)
    dispatching.begin(uow, ticket, names, first=False)
