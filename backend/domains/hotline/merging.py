"""重复件: one goes on inside another, and every caller is still called back.

Families are flat: what is merged has a parent that is itself alone. When the parent's reply has
passed, each child comes back as a ticket to be called back, with that reply.
"""

from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline import (
    access,
    clock_rules,
    clocks,
    events,
    moves,
    rules,
    telling,
    units,
)
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.parts import Part, system
from backend.kernel.access import SYSTEM, Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork


def merge(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    parent_id: UUID,
    reason: str = "",
    *,
    version: int | None = None,
) -> Ticket:
    """并入 a ticket that is being handled or dispatched; its own duplicates go along."""
    if ticket_id == parent_id:
        text = "请选另一件工单"
        raise Invalid("same_ticket", detail=text, fields={"parent_id": [text]})
    # In one order for everybody, so that two merges never wait for each other.
    for one in sorted((ticket_id, parent_id)):
        access.locked(uow, one)
    viewer = access.enter(uow, by, ticket_id, version)
    parent = access.enter(uow, by, parent_id).ticket
    ticket = viewer.ticket
    if parent.state not in rules.PARENTS:
        raise Conflict(
            "parent_over",
            title="那件工单不能并入",
            detail=f"它现在是“{rules.STATE_TEXT[parent.state]}”",
            action="请选一件还在派单或办理的工单",
        )
    _join(uow, viewer, parent, reason.strip())
    for child in children(uow, ticket.id):
        moves.touch(uow, child, parent_id=parent.id)
        moves.note(uow, child, "merge", internal=f"随{ticket.number}并入{parent.number}")
        moves.note(uow, parent, "merge_in", internal=f"并入{child.number}")
    return ticket


def _join(uow: UnitOfWork, part: Part, parent: Ticket, reason: str) -> None:
    ticket = part.ticket
    moves.move(
        uow, part, "merge", values={"parent_id": parent.id}, reason=reason,
        public="与另一件相同的诉求合并办理，办好后一样回访您", internal=f"并入{parent.number}",
    )  # fmt: skip
    clocks.stop(uow, ticket, cancelled=True)
    moves.note(uow, parent, "merge_in", internal=f"并入{ticket.number}")
    uow.emit(
        events.TicketMerged(
            **telling.facts(uow, ticket), parent_id=parent.id, parent_number=parent.number
        )
    )


def separate(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, reason: str, *, version: int | None = None
) -> Ticket:
    """拆出: it was another matter after all, and waits for its unit anew."""
    parent_id = access.reach(uow, by, ticket_id).ticket.parent_id
    if parent_id is not None:
        # Parents before children, as everywhere else.
        access.locked(uow, parent_id)
    viewer = access.enter(uow, by, ticket_id, version)
    reason = moves.needs(reason, "reason", "请写明拆出的原因")
    _part(uow, viewer, reason)
    return viewer.ticket


def let_go(uow: UnitOfWork, parent: Ticket) -> None:
    """The parent ends without an answer: its duplicates go on alone."""
    for child in children(uow, parent.id):
        _part(uow, system(child), f"{parent.number}已撤回")


def _part(uow: UnitOfWork, part: Part, reason: str) -> None:
    ticket = part.ticket
    parent_id = ticket.parent_id
    moves.move(
        uow, part, "separate", values={"parent_id": None}, reason=reason,
        public="单独办理，等待派单",
        actor=SYSTEM if part.id is None else None,
    )  # fmt: skip
    if parent_id is not None:
        parent = access.locked(uow, parent_id)
        moves.note(uow, parent, "separate_out", internal=f"拆出{ticket.number}")
    clocks.start(uow, ticket, clock_rules.DISPATCH)
    uow.emit(
        events.TicketSeparated(**telling.facts(uow, ticket), staff_ids=telling.dispatchers(uow))
    )


def answered(uow: UnitOfWork, parent: Ticket) -> list[Ticket]:
    """The parent's reply has passed: each child is to be called back with it.

    The unit that answered has each child as well, so that a bad answer is redone there.
    """
    rows = children(uow, parent.id)
    lead = units.lead(uow, parent.id)
    for child in rows:
        moves.move(
            uow, system(child), "parent_replied",
            values={
                "lead_unit_id": parent.lead_unit_id, "reply_public": parent.reply_public,
                "reply_internal": parent.reply_internal, "replied_by": parent.replied_by,
                "replied_at": parent.replied_at, "passed_at": uow.now,
                "first_unit_id": parent.first_unit_id, "first_signer_id": parent.first_signer_id,
            },
            public="已有答复，等待回访", internal=f"{parent.number}已答复", actor=SYSTEM,
        )  # fmt: skip
        units.copy(uow, lead, child)
        clocks.start(uow, child, clock_rules.CALL_BACK)
    return rows


def children(uow: UnitOfWork, parent_id: UUID) -> list[Ticket]:
    """What is merged into it, locked, oldest first."""
    query = (
        select(Ticket)
        .where(Ticket.parent_id == parent_id, Ticket.state == rules.MERGED)
        .order_by(Ticket.id)
        .with_for_update()
    )
    return list(uow.session.scalars(query.execution_options(populate_existing=True)))
