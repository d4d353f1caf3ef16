"""待审核: the unit's head first, then the centre; either sends it back to the unit."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.domains.hotline import (
    access,
    clock_rules,
    clocks,
    events,
    merging,
    moves,
    pins,
    ports,
    telling,
    units,
)
from backend.domains.hotline.model import Ticket
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork


def pass_unit(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, note: str = "", *, version: int | None = None
) -> Ticket:
    """The unit's head stands behind the reply; never who wrote it."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    moves.move(uow, viewer, "pass_unit", internal=note.strip())
    clocks.stop(uow, ticket, clock_rules.UNIT_REVIEW)
    due_at = clocks.start(uow, ticket, clock_rules.CENTRE_REVIEW)[0].due_at
    uow.emit(
        events.ReplySubmitted(
            **telling.facts(uow, ticket), step="centre", due_at=due_at,
            staff_ids=tuple(ports.of_centre(uow, ports.REVIEWERS)),
        )
    )  # fmt: skip
    return ticket


def pass_centre(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, note: str = "", *, version: int | None = None
) -> Ticket:
    """The centre passes it: the caller reads the reply, and everybody merged into it as well."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    moves.move(
        uow, viewer, "pass_centre", values={"passed_at": uow.now},
        public="已有答复，等待回访", internal=note.strip(),
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.CENTRE_REVIEW)
    due_at = clocks.start(uow, ticket, clock_rules.CALL_BACK)[0].due_at
    pins.count_sent(uow, ticket.id)
    for one in [ticket, *merging.answered(uow, ticket)]:
        uow.emit(
            events.TicketReplied(
                **telling.facts(uow, one),
                text=ticket.reply_public,
                sources=telling.public_sources(uow, ticket.id),
                staff_ids=tuple(ports.of_centre(uow, ports.CALLERS_BACK)),
                due_at=due_at,
            )
        )
    return ticket


def send_back(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, reason: str, *, version: int | None = None
) -> Ticket:
    """驳回 by head or centre, or taken back by the unit: the work keeps its day, with at least 24 hours to mend."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    why = moves.needs(reason, "reason", "请写明哪里要改")
    moves.move(uow, viewer, "send_back", public="答复退回单位修改", reason=why)
    clocks.stop(uow, ticket, clock_rules.UNIT_REVIEW, clock_rules.CENTRE_REVIEW)
    units.again(uow, ticket)
    due_at = _mend(uow, ticket)
    uow.emit(
        events.WorkAgain(
            **telling.facts(uow, ticket), why="sent_back", reason=why,
            staff_ids=telling.handlers(uow, ticket), due_at=due_at,
        )
    )  # fmt: skip
    return ticket


def _mend(uow: UnitOfWork, ticket: Ticket) -> datetime | None:
    last = clocks.last_work(uow, ticket.id)
    soonest = uow.now + timedelta(hours=clock_rules.MENDING.amount)
    due_at = max(soonest, last.due_at) if last and last.due_at else soonest
    kind = last.kind if last else clock_rules.HANDLE
    return clocks.start_until(uow, ticket, kind, due_at).due_at
