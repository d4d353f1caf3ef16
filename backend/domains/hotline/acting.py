"""What staff do with a ticket, by the name it has in addresses.

An act is a function of unit of work, principal, the thing's id and the parsed body; it answers
the id of the ticket that changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.domains.dispatch import service as dispatch
from backend.domains.hotline import (
    access,
    callback,
    closing,
    deciding,
    decisions,
    dispatching,
    handling,
    holding,
    judging,
    linking,
    merging,
    pins,
    returning,
    reviewing,
    rules,
    suggesting,
    supervision,
    urging,
)
from backend.domains.hotline import schemas_actions as a
from backend.domains.hotline.model import Ticket, TicketRequest
from backend.kernel.access import Principal
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork

Body = dict[str, Any]
Act = Callable[[UnitOfWork, Principal, UUID, Body], UUID]


@dataclass(frozen=True, slots=True)
class Action:
    """What it promises (for the API page), the body it takes, what it does."""

    promise: str
    schema: Any
    act: Act


def _plain(use: Callable[..., Any]) -> Act:
    def act(uow: UnitOfWork, by: Principal, ticket_id: UUID, body: Body) -> UUID:
        use(uow, by, ticket_id, **body)
        return ticket_id

    return act


def _dispatch(uow: UnitOfWork, by: Principal, ticket_id: UUID, body: Body) -> UUID:
    ticket = dispatching.dispatch(uow, by, ticket_id, **body)
    code = suggesting.department_code(uow, body["lead_id"])
    suggesting.chose(uow, ticket, suggesting.DEPARTMENT, code)
    return ticket_id


def _event(uow: UnitOfWork, by: Principal, ticket_id: UUID, body: Body) -> UUID:
    latitude, longitude = suggesting.in_wgs84(body)
    del body["coordinate_system"]
    linking.to_event(uow, by, ticket_id, **{**body, "latitude": latitude, "longitude": longitude})
    return ticket_id


def _link(uow: UnitOfWork, by: Principal, ticket_id: UUID, body: Body) -> UUID:
    ticket = linking.link(uow, by, ticket_id, **body)
    if body["kind"] == linking.EVENT:
        dispatch.ticket_tied(uow, body["number"], ticket.number)
    return ticket_id


def _unlink(uow: UnitOfWork, by: Principal, ticket_id: UUID, body: Body) -> UUID:
    access.enter(uow, by, ticket_id, body["version"])
    linking.unlink(uow, by, ticket_id, body["kind"], body["number"])
    return ticket_id


def _decide(uow: UnitOfWork, by: Principal, request_id: UUID, body: Body) -> UUID:
    """A unit chosen instead of the first is a correction to learn from."""
    row = uow.session.get(TicketRequest, request_id)
    if row is None:
        raise NotFound("request_unknown", title="没有找到这项申请", action="请刷新后再看")
    # Whoever cannot see the ticket must not learn of the request.
    access.reach(uow, by, row.ticket_id)
    decisions.decide(uow, by, request_id, **body)
    unit = body["department_id"]
    if row.kind in (rules.RETURN, rules.AGAIN) and body["approved"] and unit is not None:
        ticket = uow.session.get_one(Ticket, row.ticket_id)
        code = suggesting.department_code(uow, unit)
        suggesting.chose(uow, ticket, suggesting.DEPARTMENT, code)
    return row.ticket_id


def _of_order(use: Callable[..., Any]) -> Act:
    def act(uow: UnitOfWork, by: Principal, order_id: UUID, body: Body) -> UUID:
        ticket_id: UUID = use(uow, by, order_id, **body).ticket_id
        return ticket_id

    return act


TICKET: dict[str, Action] = {
    "accept": Action("Take it on.", a.TicketNoteSchema, _plain(deciding.accept)),
    "reject": Action(
        "Not a matter for the hotline.", a.TicketReasonSchema, _plain(deciding.reject)
    ),
    "answer": Action(
        "Answered at once, from articles.", a.AnswerNowSchema, _plain(deciding.answer)
    ),
    "dispatch": Action("Which unit answers, which help.", a.DispatchTicketSchema, _dispatch),
    "merge": Action("It is the same as another.", a.MergeTicketSchema, _plain(merging.merge)),
    "separate": Action(
        "It is another matter after all.", a.TicketReasonSchema, _plain(merging.separate)
    ),
    "sign": Action("The unit takes it.", a.TicketActionSchema, _plain(dispatching.sign)),
    "returns": Action(
        "Not this unit's matter.", a.ReturnTicketSchema, _plain(returning.ask_return)
    ),
    "contact": Action(
        "The unit talked to the caller.", a.ContactTicketSchema, _plain(handling.contact)
    ),
    "units": Action("More units help.", a.AddUnitsSchema, _plain(handling.add_units)),
    "extensions": Action(
        "Ask for more days, once.", a.ExtensionSchema, _plain(holding.ask_extension)
    ),
    "holds": Action("Ask to let it wait.", a.HoldTicketSchema, _plain(holding.ask_hold)),
    "end-hold": Action("It need not wait longer.", a.TicketActionSchema, _plain(holding.end_hold)),
    "reply": Action("The unit's answer.", a.ReplyTicketSchema, _plain(handling.submit_reply)),
    "co-reply": Action("A helping unit's part.", a.CoReplySchema, _plain(handling.co_reply)),
    "unit-approval": Action(
        "The unit's head passes the answer.", a.TicketNoteSchema, _plain(reviewing.pass_unit)
    ),
    "centre-approval": Action(
        "The centre passes the answer.", a.TicketNoteSchema, _plain(reviewing.pass_centre)
    ),
    "send-back": Action(
        "The answer is not good enough.", a.TicketReasonSchema, _plain(reviewing.send_back)
    ),
    "callbacks": Action("One try to call back.", a.CallBackSchema, _plain(callback.call_back)),
    "judgements": Action(
        "What becomes of a bad answer.", a.JudgeTicketSchema, _plain(judging.judge)
    ),
    "reopen": Action("Handled again.", a.TicketReasonSchema, _plain(closing.reopen)),
    "urges": Action("The caller asks how far it is.", a.UrgeTicketSchema, _plain(urging.urge)),
    "notes": Action("A line for colleagues.", a.StaffWordsSchema, _plain(urging.note)),
    "supervisions": Action(
        "Order the unit to answer.", a.OrderTicketSchema, _plain(supervision.order)
    ),
    "links": Action("Tie an event or a case to it.", a.LinkTicketSchema, _link),
    "unlinks": Action("Untie what was tied by mistake.", a.LinkTicketSchema, _unlink),
    "events": Action("Make an event of it.", a.MakeEventSchema, _event),
    "pins": Action(
        "Pin a version of an article or a service item.", a.PinTicketSchema, _plain(pins.pin)
    ),
    "unpins": Action("Take a pin off.", a.PinTicketSchema, _plain(pins.unpin)),
}
REQUEST: dict[str, Action] = {
    "decision": Action("Approve or not.", a.DecideTicketSchema, _decide),
}
ORDER: dict[str, Action] = {
    "reply": Action("Answer the order.", a.OrderWordsSchema, _of_order(supervision.reply)),
    "close": Action("Content with the answer.", a.NoWordsSchema, _of_order(supervision.close)),
}
