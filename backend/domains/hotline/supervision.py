"""督办: a supervisor's order, which the unit has to answer by its day."""

from datetime import datetime
from uuid import UUID

from backend.domains.hotline import access, clock_rules, clocks, events, moves, rules, telling
from backend.domains.hotline.model import TicketOrder
from backend.kernel.access import Principal
from backend.kernel.clock import moment_text
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork


def order(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    words: str,
    due_at: datetime,
    *,
    version: int | None = None,
) -> TicketOrder:
    """Order the unit to answer by `due_at`; no hold moves that day."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    if not viewer.plays(rules.SUPERVISOR):
        raise moves.not_yours()
    if ticket.state not in rules.WITH_UNIT:
        raise Conflict("wrong_state", detail="派单后、办结前才能督办，请刷新后再看")
    text = moves.needs(words, "words", "请写明督办的要求")
    if due_at <= uow.now:
        message = "请选一个还没到的时间"
        raise Invalid("due_past", detail=message, fields={"due_at": [message]})
    row = TicketOrder(
        id=new_id(), ticket_id=ticket.id, words=text, due_at=due_at, state=rules.ORDER_OPEN,
        ordered_by=access.by_id(by), ordered_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    moves.touch(uow, ticket)
    moves.note(
        uow, ticket, "supervise", public="已督办",
        internal=f"请在{moment_text(due_at)}前回复：{text}",
    )  # fmt: skip
    clocks.start_until(uow, ticket, clock_rules.SUPERVISE, due_at, row.id)
    staff = [*telling.handlers(uow, ticket), *telling.heads(uow, ticket)]
    uow.emit(
        events.TicketSupervised(
            **telling.facts(uow, ticket), order_id=row.id, words=text, due_at=due_at,
            staff_ids=tuple(dict.fromkeys(staff)),
        )
    )  # fmt: skip
    return row


def reply(uow: UnitOfWork, by: Principal, order_id: UUID, words: str) -> TicketOrder:
    """The unit answers; said again, the last words stand."""
    row, viewer = _enter(uow, by, order_id)
    text = moves.needs(words, "words", "请写明回复的内容")
    moves.set_state(
        uow, row, rules.ORDER_TRANSITIONS, "reply", viewer,
        reply=text, replied_by=access.by_id(by), replied_at=uow.now,
    )  # fmt: skip
    moves.touch(uow, viewer.ticket)
    moves.note(uow, viewer.ticket, "reply_order", internal=text)
    clocks.stop(uow, viewer.ticket, clock_rules.SUPERVISE, subject_id=row.id)
    uow.emit(
        events.OrderReplied(
            **telling.facts(uow, viewer.ticket), order_id=row.id, reply=text,
            staff_ids=(row.ordered_by,),
        )
    )  # fmt: skip
    return row


def close(uow: UnitOfWork, by: Principal, order_id: UUID) -> TicketOrder:
    """A supervisor is content with the answer, or takes the order back."""
    row, viewer = _enter(uow, by, order_id)
    moves.set_state(uow, row, rules.ORDER_TRANSITIONS, "close", viewer, closed_at=uow.now)
    moves.touch(uow, viewer.ticket)
    moves.note(uow, viewer.ticket, "close_order", internal="督办办结")
    clocks.stop(uow, viewer.ticket, clock_rules.SUPERVISE, subject_id=row.id, cancelled=True)
    return row


def _enter(uow: UnitOfWork, by: Principal, order_id: UUID) -> tuple[TicketOrder, access.Viewer]:
    row = uow.session.get(TicketOrder, order_id)
    if row is None:
        raise NotFound("order_unknown", title="没有找到这个督办", action="请刷新后再看")
    viewer = access.enter(uow, by, row.ticket_id)
    uow.session.refresh(row)
    return row, viewer
