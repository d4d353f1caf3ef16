"""待派单 and 待签收: to a lead unit and its helpers, into another ticket, and signed for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from backend.domains.hotline import (
    access,
    clock_rules,
    clocks,
    events,
    moves,
    ports,
    rules,
    telling,
    units,
)
from backend.domains.hotline.model import Ticket, TicketUnit
from backend.domains.hotline.parts import Of
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

# What begins with a dispatch and counts from it, whatever is asked meanwhile.
FROM_DISPATCH = (clock_rules.SIGN, clock_rules.CONTACT, clock_rules.HANDLE)


def dispatch(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    lead_id: UUID,
    co_ids: Sequence[UUID] = (),
    *,
    difficulty: str | None = None,
    note: str = "",
    version: int | None = None,
) -> Ticket:
    """派单 to the unit that answers (主办) and those that help (协办).

    The time to sign, to contact the caller and to handle it (by `difficulty`) runs from here.
    `Conflict` for whoever comes second.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    moves.allowed(rules.TICKET_TRANSITIONS, ticket.state, "dispatch", viewer)
    if lead_id in co_ids or len(set(co_ids)) < len(co_ids):
        text = "一个单位只能选一次"
        raise Invalid("twice", detail=text, fields={"co_ids": [text]})
    if difficulty is not None and difficulty not in rules.DIFFICULTY_TEXT:
        raise Invalid("bad_choice", fields={"difficulty": ["请从列出的值里选"]})
    names = ports.check_departments(uow, "lead_id", [lead_id, *co_ids])
    helpers = "、".join(names[one] for one in co_ids)
    values: dict[str, Any] = {
        "lead_unit_id": lead_id,
        "dispatched_at": uow.now,
        "first_dispatched_at": ticket.first_dispatched_at or uow.now,
        "difficulty": difficulty or ticket.difficulty,
    }
    first = ticket.first_dispatched_at is None
    moves.move(
        uow, viewer, "dispatch", values=values, public=f"已派{names[lead_id]}办理",
        internal="；".join(filter(None, [helpers and f"协办：{helpers}", note.strip()])),
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.DISPATCH)
    units.give(uow, ticket, lead_id, rules.LEAD_ROLE, note)
    for one in co_ids:
        units.give(uow, ticket, one, rules.CO_ROLE, note)
    begin(uow, ticket, names, first=first)
    if co_ids:
        tell_helpers(uow, ticket, {one: names[one] for one in co_ids})
    return ticket


def begin(uow: UnitOfWork, ticket: Ticket, names: dict[UUID, str], *, first: bool) -> None:
    """Start the lead unit's clocks, and tell it."""
    assert ticket.lead_unit_id is not None
    made = clocks.start(uow, ticket, *FROM_DISPATCH)
    uow.emit(
        events.TicketDispatched(
            **telling.facts(uow, ticket),
            role=rules.LEAD_ROLE,
            unit_ids=(ticket.lead_unit_id,),
            unit_names=(names[ticket.lead_unit_id],),
            staff_ids=tuple(ports.of_department(uow, ticket.lead_unit_id)),
            due_at=made[0].due_at,
            first=first,
        )
    )


def tell_helpers(uow: UnitOfWork, ticket: Ticket, names: dict[UUID, str]) -> None:
    """Tell helping units that they have a part."""
    staff = [one for unit in names for one in ports.of_department(uow, unit)]
    uow.emit(
        events.TicketDispatched(
            **telling.facts(uow, ticket),
            role=rules.CO_ROLE,
            unit_ids=tuple(names),
            unit_names=tuple(names.values()),
            staff_ids=tuple(dict.fromkeys(staff)),
            due_at=None,
            first=False,
        )
    )


def sign(uow: UnitOfWork, by: Principal, ticket_id: UUID, *, version: int | None = None) -> Ticket:
    """签收 for one's unit: the lead's signature begins the work, a helper's is noted.

    首接负责: the first unit that signs, and who signed for it, stay on the ticket for good.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    row = _own_waiting(viewer)
    first: dict[str, Any] = {}
    if ticket.first_unit_id is None:
        first = {"first_unit_id": row.department_id, "first_signer_id": access.by_id(by)}
    name = ports.department_name(uow, row.department_id)
    if row.role == rules.LEAD_ROLE:
        moves.move(
            uow, viewer, "sign", values={"signed_at": uow.now, **first},
            public=f"{name}已签收", internal=f"{by.actor.name}签收",
        )  # fmt: skip
        clocks.stop(uow, ticket, clock_rules.SIGN)
    else:
        moves.touch(uow, ticket, **first)
        moves.note(uow, ticket, "sign_co", internal=f"{name}{by.actor.name}签收协办")
    moves.set_state(
        uow, row, rules.UNIT_TRANSITIONS, "sign", Of(ticket, "holder"),
        signed_by=access.by_id(by), signed_at=uow.now,
    )  # fmt: skip
    uow.emit(
        events.TicketSigned(
            **telling.facts(uow, ticket),
            role=row.role,
            unit_id=row.department_id,
            unit_name=name,
        )
    )
    return ticket


def _own_waiting(viewer: access.Viewer) -> TicketUnit:
    """The part of the viewer's unit that waits to be signed for, the lead's first."""
    ticket = viewer.ticket
    own = access.departments(viewer.by, "tickets.handle")
    waiting = [
        row for row in viewer.units
        if row.department_id in own and row.state == rules.WAITING
    ]  # fmt: skip
    lead = [row for row in waiting if row.role == rules.LEAD_ROLE]
    helping = [row for row in waiting if row.role == rules.CO_ROLE]
    if lead and ticket.state == rules.TO_SIGN:
        return lead[0]
    if helping and ticket.state in rules.WITH_UNIT:
        return helping[0]
    if not own:
        raise moves.not_yours()
    raise Conflict("nothing_to_sign", title="现在没有要签收的", action="请刷新后再看")
