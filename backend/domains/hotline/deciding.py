"""待受理: accept, refuse with a reason, or answer at once from what is published."""

from collections.abc import Sequence
from uuid import UUID

from backend.domains.hotline import access, clock_rules, clocks, events, moves, pins, telling
from backend.domains.hotline.model import Ticket
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork


def accept(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, note: str = "", *, version: int | None = None
) -> Ticket:
    """受理: it waits for its unit now, with the limit of its urgency."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    moves.move(
        uow, viewer, "accept", values={"accepted_at": uow.now},
        public="已受理，等待派单", internal=note.strip(),
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.ACCEPT)
    due_at = clocks.start(uow, ticket, clock_rules.DISPATCH)[0].due_at
    uow.emit(
        events.TicketAccepted(
            **telling.facts(uow, ticket), staff_ids=telling.dispatchers(uow), due_at=due_at
        )
    )
    return ticket


def reject(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, reason: str, *, version: int | None = None
) -> Ticket:
    """不予受理. The reason is read by the caller: nothing personal belongs in it."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    reason = moves.needs(reason, "reason", "请写明不予受理的原因")
    moves.move(
        uow, viewer, "reject", values={"closed_at": uow.now, "reject_reason": reason},
        public="不予受理", reason=reason,
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.ACCEPT)
    uow.emit(events.TicketRejected(**telling.facts(uow, ticket), reason=reason))
    return ticket


def answer(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    public_text: str,
    version_ids: Sequence[UUID],
    *,
    version: int | None = None,
) -> Ticket:
    """直接答复: from articles or service items, each pinned in the version in force.

    `public_text` is what the caller reads; of internal articles nothing else reaches anybody.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    text = moves.needs(public_text, "public_text", "请写给来电人的答复")
    if not version_ids:
        message = "请选一篇知识或一个事项，再答复"
        raise Invalid("source_needed", detail=message, fields={"version_ids": [message]})
    moves.move(
        uow, viewer, "answer",
        values={
            "answered_version_id": version_ids[0], "reply_public": text,
            "replied_by": access.by_id(by), "replied_at": uow.now, "closed_at": uow.now,
        },
        public="已直接答复", internal=text,
    )  # fmt: skip
    pins.pin_all(uow, ticket, version_ids, sent=True)
    clocks.stop(uow, ticket, clock_rules.ACCEPT)
    uow.emit(
        events.TicketAnswered(
            **telling.facts(uow, ticket),
            text=text,
            sources=telling.public_sources(uow, ticket.id),
        )
    )
    return ticket
