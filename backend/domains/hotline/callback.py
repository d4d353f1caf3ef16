"""待回访: tries at different hours, what the caller says, and the caller's own rating."""

from uuid import UUID

from sqlalchemy import func, select

from backend.domains.hotline import (
    access,
    clock_rules,
    clocks,
    closing,
    events,
    moves,
    rules,
    telling,
)
from backend.domains.hotline.model import Ticket, TicketCallback
from backend.domains.hotline.parts import Part
from backend.kernel.access import Principal
from backend.kernel.clock import local
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork


def call_back(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    contacted: bool,
    *,
    solved: bool | None = None,
    satisfied: bool | None = None,
    note: str = "",
    version: int | None = None,
) -> Ticket:
    """One try, by somebody who had no hand in the ticket.

    Reached: solved and satisfied are needed; a bad word leads to the judgement. Not reached: the
    try counts once an hour, and the third closes the ticket as `unreached`, never as satisfied.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    if ticket.state != rules.CALLBACK:
        raise Conflict("wrong_state", detail="现在的状态不能这样操作，请刷新后再看")
    if not viewer.plays(rules.CALLER_BACK):
        raise moves.not_yours()
    if contacted:
        _spoken(uow, viewer, solved, satisfied, note)
    else:
        _failed(uow, viewer, note)
    return ticket


def rate(
    uow: UnitOfWork,
    person_id: UUID,
    ticket_id: UUID,
    solved: bool,
    satisfied: bool,
    *,
    words: str = "",
) -> Ticket:
    """The caller says it without being called: it counts as the call-back.

    The words stay with the call-back's row, not in the trace, which nothing can be taken out of.
    """
    caller = access.enter_caller(uow, person_id, ticket_id)
    if caller.ticket.state != rules.CALLBACK:
        raise Conflict("not_now", title="现在不能评价", detail="有了答复、还没有办结时可以评价")
    _spoken(uow, caller, solved, satisfied, words)
    return caller.ticket


def _spoken(
    uow: UnitOfWork, part: Part, solved: bool | None, satisfied: bool | None, note: str
) -> None:
    ticket = part.ticket
    missing = {
        name: ["请选是或否"]
        for name, value in (("solved", solved), ("satisfied", satisfied))
        if value is None
    }
    if missing:
        raise Invalid("missing", detail="请问清是否解决、是否满意", fields=missing)
    _keep(uow, ticket, contacted=True, solved=solved, satisfied=satisfied, note=note)
    action = rules.callback_action(contacted=True, satisfied=satisfied, failed=0)
    assert action is not None
    values = {
        "contacted": True, "solved": solved, "satisfied": satisfied, "callback_result": action,
        "called_back_at": uow.now,
    }  # fmt: skip
    good = action == "satisfied"
    if good:
        values["closed_at"] = uow.now
    facts = f"{'已解决' if solved else '未解决'}，{'满意' if satisfied else '不满意'}"
    moves.move(
        uow, part, action, values=values,
        public="已回访，办结" if good else "已回访，正在研判",
        internal=facts if part.id is None else "；".join(filter(None, [facts, note.strip()])),
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.CALL_BACK)
    if good:
        closing.closed(uow, ticket)
    else:
        clocks.start(uow, ticket, clock_rules.JUDGE)
    uow.emit(
        events.TicketCalledBack(
            **telling.facts(uow, ticket), result=action,
            staff_ids=() if good else telling.judges(uow),
        )
    )  # fmt: skip


def _failed(uow: UnitOfWork, viewer: access.Viewer, note: str) -> None:
    ticket = viewer.ticket
    hours = list(
        uow.session.scalars(
            select(TicketCallback.hour).where(
                TicketCallback.ticket_id == ticket.id,
                TicketCallback.round == ticket.round,
                TicketCallback.contacted.is_(False),
            )
        )
    )
    problem = rules.callback_problem(hours, hour_of(uow))
    if problem:
        raise Conflict("same_hour", title=problem)
    _keep(uow, ticket, contacted=False, solved=None, satisfied=None, note=note)
    tries = len(hours) + 1
    action = rules.callback_action(contacted=False, satisfied=None, failed=tries)
    if action is None:
        moves.touch(uow, ticket)
        internal = "；".join(filter(None, [f"第{tries}次没有接通", note.strip()]))
        moves.note(uow, ticket, "call_failed", internal=internal)
        return
    moves.move(
        uow, viewer, action,
        values={
            "contacted": False, "solved": None, "satisfied": None, "callback_result": action,
            "called_back_at": uow.now, "closed_at": uow.now,
        },
        public="多次没有联系上，先办结，有问题可以再来电", internal=note.strip(),
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.CALL_BACK)
    closing.closed(uow, ticket)
    uow.emit(events.TicketCalledBack(**telling.facts(uow, ticket), result=action, staff_ids=()))


def hour_of(uow: UnitOfWork) -> str:
    """The hour it is in Asia/Shanghai, as failed tries are counted."""
    return local(uow.now).strftime("%Y-%m-%dT%H")


def _keep(
    uow: UnitOfWork,
    ticket: Ticket,
    *,
    contacted: bool,
    solved: bool | None,
    satisfied: bool | None,
    note: str,
) -> None:
    last = uow.session.scalar(
        select(func.max(TicketCallback.attempt)).where(
            TicketCallback.ticket_id == ticket.id, TicketCallback.round == ticket.round
        )
    )
    uow.session.add(
        TicketCallback(
            id=new_id(), ticket_id=ticket.id, round=ticket.round, attempt=(last or 0) + 1,
            at=uow.now, hour=hour_of(uow), contacted=contacted, solved=solved,
            satisfied=satisfied, note=note.strip(),
            by=uow.actor.id if uow.actor.kind == "staff" else None,
        )
    )  # fmt: skip
    uow.session.flush()
