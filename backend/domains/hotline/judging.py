"""不满意研判: done again once, explained, or (by two people, with evidence) not counted."""

from uuid import UUID

from backend.domains.hotline import (
    access,
    clock_rules,
    clocks,
    closing,
    events,
    moves,
    requests,
    rules,
    telling,
    units,
)
from backend.domains.hotline.model import Ticket, TicketRequest
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

REDO, EXPLAINED, EXCLUDED = "redo", "explained", "excluded"


def judge(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    decision: str,
    reason: str,
    *,
    version: int | None = None,
) -> Ticket:
    """What becomes of a bad answer: `redo` (once, 7 days), `explained`, or `excluded`.

    `excluded` only asks, with `reason` as its evidence: a second judge decides on the request.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    if decision not in (REDO, EXPLAINED, EXCLUDED):
        raise Invalid("bad_choice", fields={"decision": ["请从列出的值里选"]})
    moves.allowed(rules.TICKET_TRANSITIONS, ticket.state, "explain", viewer)
    if requests.waiting(uow, ticket_id) is not None:
        raise Conflict("already_requested", title="剔除申请还没有结果", action="请等另一位审批")
    why = moves.needs(reason, "reason", "请写明研判的理由")
    if decision == REDO:
        _redo(uow, viewer, why)
    elif decision == EXPLAINED:
        moves.move(
            uow, viewer, "explain", values={"closed_at": uow.now},
            public="已向来电人解释，办结", internal=why,
        )  # fmt: skip
        clocks.stop(uow, ticket, clock_rules.JUDGE)
        closing.closed(uow, ticket)
    else:
        row = requests.add(uow, ticket, rules.EXCLUDE, why)
        moves.touch(uow, ticket)
        moves.note(uow, ticket, "ask_exclude", internal=f"证据：{why}")
        requests.tell_asked(uow, row, ticket, telling.judges(uow))
    return ticket


def decide_exclusion(
    uow: UnitOfWork, by: Principal, request_id: UUID, approved: bool, note: str = ""
) -> TicketRequest:
    """The second person's word; refused, it is judged on."""
    row, decider = requests.enter(uow, by, request_id, rules.EXCLUDE)
    ticket = decider.ticket
    requests.settle(uow, decider, approved, note)
    if approved:
        moves.move(
            uow, decider, "exclude", values={"excluded": True, "closed_at": uow.now},
            public="已办结", internal=f"剔除：{row.reason}",
        )  # fmt: skip
        clocks.stop(uow, ticket, clock_rules.JUDGE)
        closing.closed(uow, ticket)
    else:
        moves.touch(uow, ticket)
        moves.note(uow, ticket, "reject_exclude", internal=row.note)
    requests.tell_decided(uow, decider, approved)
    return row


def _redo(uow: UnitOfWork, viewer: access.Viewer, why: str) -> None:
    ticket = viewer.ticket
    problem = rules.redo_problem(ticket.redo_count)
    if problem:
        raise Conflict("no_redo", title=problem)
    moves.move(
        uow, viewer, "redo",
        values={"redo_count": ticket.redo_count + 1, **closing.NEW_ROUND, "round": ticket.round + 1},
        public="不满意，已交单位重办", internal=why,
    )  # fmt: skip
    clocks.stop(uow, ticket, clock_rules.JUDGE)
    units.again(uow, ticket)
    due_at = clocks.start(uow, ticket, clock_rules.REDO)[0].due_at
    uow.emit(
        events.WorkAgain(
            **telling.facts(uow, ticket), why="redo", reason=why,
            staff_ids=telling.handlers(uow, ticket), due_at=due_at,
        )
    )  # fmt: skip
