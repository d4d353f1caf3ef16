"""办理中: contact, helpers, and the reply with its record and its text for the caller."""

from collections.abc import Sequence
from uuid import UUID

from backend.domains.hotline import (
    access,
    clock_rules,
    clocks,
    dispatching,
    events,
    moves,
    pins,
    ports,
    rules,
    telling,
    units,
)
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.parts import Of
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork


def contact(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, note: str, *, version: int | None = None
) -> Ticket:
    """Write down that the caller was spoken with; the first time is the unit's response.

    The trace tells of it as `respond` (in time), `respond_late`, and later ones as `contact`.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    _at_work(ticket)
    _only(viewer, rules.LEAD, rules.CO)
    words = moves.needs(note, "note", "请写一句和来电人怎么说的")
    in_time = None
    action = "contact"
    if ticket.responded_at is None:
        clock = next(
            (c for c in clocks.running(uow, ticket.id) if c.kind == clock_rules.CONTACT), None
        )
        in_time = (
            clock is None or clock.due_at is None or (clock.paused_at or uow.now) <= clock.due_at
        )
        action = "respond" if in_time else "respond_late"
        moves.touch(uow, ticket, responded_at=uow.now, responded_in_time=in_time)
        clocks.stop(uow, ticket, clock_rules.CONTACT)
    moves.note(uow, ticket, action, public="办理单位已联系来电人", internal=words)
    uow.emit(events.TicketContacted(**telling.facts(uow, ticket), in_time=in_time))
    return ticket


def add_units(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    department_ids: Sequence[UUID],
    note: str = "",
    *,
    version: int | None = None,
) -> Ticket:
    """加派: more departments help. By the lead unit, the dispatcher or a supervisor."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    if ticket.state not in (rules.TO_SIGN, *rules.AT_WORK):
        raise _wrong_state()
    _only(viewer, rules.LEAD, rules.DISPATCHER, rules.SUPERVISOR)
    wanted = list(dict.fromkeys(department_ids))
    if not wanted:
        text = "请选单位"
        raise Invalid("unit_needed", detail=text, fields={"department_ids": [text]})
    names = ports.check_departments(uow, "department_ids", wanted)
    have = {row.department_id for row in units.held(uow, ticket.id)}
    if have & set(wanted):
        raise Conflict("has_it_already", title="这个单位已经在办", action="请刷新后再看")
    for one in wanted:
        units.give(uow, ticket, one, rules.CO_ROLE, note)
    moves.touch(uow, ticket)
    words = "；".join(filter(None, [f"加派{'、'.join(names.values())}协办", note.strip()]))
    moves.note(uow, ticket, "add_unit", internal=words)
    dispatching.tell_helpers(uow, ticket, names)
    return ticket


def co_reply(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, text: str, *, version: int | None = None
) -> Ticket:
    """A helping unit tells the lead what it did."""
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    _at_work(ticket)
    mine = [row for row in viewer.co_units if row.state == rules.SIGNED]
    if not mine:
        if viewer.co_units:
            raise Conflict("not_signed", title="还没有签收", action="请先签收，再回复")
        raise moves.not_yours()
    words = moves.needs(text, "text", "请写明办理的情况")
    moves.set_state(
        uow, mine[0], rules.UNIT_TRANSITIONS, "reply", Of(ticket, "holder"),
        reply=words, replied_by=access.by_id(by), replied_at=uow.now,
    )  # fmt: skip
    moves.touch(uow, ticket)
    name = ports.department_name(uow, mine[0].department_id)
    moves.note(uow, ticket, "co_reply", internal=f"{name}：{words}")
    return ticket


def submit_reply(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    internal_record: str,
    public_text: str,
    *,
    version_ids: Sequence[UUID] = (),
    version: int | None = None,
) -> Ticket:
    """提交答复: the record for the file, the text for the caller; the unit's head reviews it.

    The time of the work ends here; helpers that have not answered are over with it.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    moves.allowed(rules.TICKET_TRANSITIONS, ticket.state, "submit_reply", viewer)
    record = moves.needs(internal_record, "internal_record", "请写明办理的经过和结果")
    text = moves.needs(public_text, "public_text", "请写给来电人的答复")
    moves.move(
        uow, viewer, "submit_reply",
        values={
            "reply_internal": record, "reply_public": text,
            "replied_by": access.by_id(by), "replied_at": uow.now,
        },
        public="办理单位已提交答复，正在审核", internal=record,
    )  # fmt: skip
    pins.pin_all(uow, ticket, version_ids)
    for row in units.held(uow, ticket.id):
        if row.role == rules.LEAD_ROLE:
            moves.set_state(
                uow, row, rules.UNIT_TRANSITIONS, "reply", Of(ticket, "holder"),
                reply=record, replied_by=access.by_id(by), replied_at=uow.now,
            )  # fmt: skip
        elif row.state in rules.UNIT_OPEN:
            moves.set_state(
                uow, row, rules.UNIT_TRANSITIONS, "finish", Of(ticket, rules.SYSTEM_PART)
            )
    clocks.stop(uow, ticket, *clock_rules.WORK)
    clocks.stop(uow, ticket, clock_rules.CONTACT, cancelled=True)
    due_at = clocks.start(uow, ticket, clock_rules.UNIT_REVIEW)[0].due_at
    uow.emit(
        events.ReplySubmitted(
            **telling.facts(uow, ticket), step="unit", due_at=due_at,
            staff_ids=tuple(one for one in telling.heads(uow, ticket) if one != by.actor.id),
        )
    )  # fmt: skip
    return ticket


def _at_work(ticket: Ticket) -> None:
    if ticket.state not in rules.AT_WORK:
        raise _wrong_state()


def _wrong_state() -> Conflict:
    return Conflict("wrong_state", detail="现在的状态不能这样操作，请刷新后再看")


def _only(viewer: access.Viewer, *parts: str) -> None:
    if not any(viewer.plays(part) for part in parts):
        raise moves.not_yours()
