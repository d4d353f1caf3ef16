"""Taking a ticket down at the desk, and putting right what was taken down."""

from typing import Any
from uuid import UUID

from backend.domains.dispatch import service as dispatch
from backend.domains.hotline import (
    access,
    call_rules,
    calls,
    clocks,
    drafts,
    linking,
    moves,
    offering,
    photos,
    ports,
    suggesting,
    taking,
)
from backend.domains.hotline.access import Viewer
from backend.domains.hotline.desk_model import TicketIntake
from backend.domains.hotline.model import Ticket
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.uow import UnitOfWork

FIELD_TEXT = {
    "kind": "类型", "title": "标题", "words": "内容", "category_code": "类别",
    "urgency": "紧急程度", "difficulty": "难易", "address": "地址", "place": "位置",
    "caller_name": "来电人", "caller_phone": "电话", "confidential": "保密",
}  # fmt: skip
# What residents wrote themselves stays as they wrote it.
_OWN_WORDS = ("mini", "web", "ask")
_PLACE = ("address", "latitude", "longitude")
_CALLER = ("caller_name", "caller_phone")
_LIMITED = ("category_code", "urgency", "difficulty")


def take(uow: UnitOfWork, by: Principal, body: dict[str, Any]) -> Ticket:
    """A ticket as an operator takes it down, with the call, message or event it comes from.

    The account of whoever calls is the ticket's where the exchange told the number: they find
    it among their own matters. The category chosen is kept beside the one suggested.
    """
    staff_id = access.by_id(by)
    number, person_id = _caller(uow, staff_id, body)
    latitude, longitude = suggesting.in_wgs84(body)
    event = _event(uow, body["event_id"]) if body["event_id"] else None
    message = _message(uow, body["intake_id"]) if body["intake_id"] else None
    if message is not None:
        person_id = person_id or message.person_id
    ticket = taking.take(
        uow,
        taking.NewTicket(
            **{key: body[key] for key in (
                "kind", "source", "words", "title", "category_code", "urgency", "difficulty",
                "address", "caller_name", "confidential", "call_id",
            )},
            latitude=latitude, longitude=longitude, caller_phone=number, person_id=person_id,
            operator_id=staff_id,
        ),
    )  # fmt: skip
    if body["category_code"]:
        suggesting.chose(uow, ticket, suggesting.CATEGORY, body["category_code"])
    if event is not None:
        linking.link_event(uow, ticket, event.id, event.number)
        dispatch.ticket_tied(uow, event.number, ticket.number)
    if message is not None:
        dispatch.message_ticketed(uow, message.id, ticket.number)
        uow.session.add(TicketIntake(intake_id=message.id, ticket_id=ticket.id, at=uow.now))
    photos.attach(uow, ticket, body["file_ids"])
    if body["draft_key"]:
        drafts.discard(uow, staff_id, body["draft_key"])
    uow.session.flush()
    return ticket


def _caller(uow: UnitOfWork, staff_id: UUID, body: dict[str, Any]) -> tuple[str, UUID | None]:
    """The number to keep, and whose account it proves: only the exchange's word counts."""
    typed = body["caller_phone"]
    if body["call_id"] is None:
        return typed, None
    told = calls.number_of(uow, calls.own(uow, staff_id, body["call_id"]))
    if typed and call_rules.normal_number(typed) != told:
        return typed, None
    return told, suggesting.person_of(uow, told)


def _event(uow: UnitOfWork, event_id: UUID) -> dispatch.EventBrief:
    found = dispatch.event_briefs(uow, [event_id]).get(event_id)
    if found is None:
        raise NotFound("event_unknown", title="没有找到这件事", action="请刷新后再看")
    return found


def _message(uow: UnitOfWork, intake_id: UUID) -> dispatch.ForwardedMessage:
    found = dispatch.forwarded_message(uow, intake_id)
    if found is None:
        raise NotFound("intake_not_found", title="没有这条消息", action="请刷新后再看")
    return found


def edit(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, body: dict[str, Any], if_match: str | None
) -> Ticket:
    """Put right what is named in `body`; the trace says which fields, not what was in them.

    `Stale` when it was changed since `if_match`. What residents wrote themselves stays.
    """
    viewer = access.enter(uow, by, ticket_id)
    ticket = viewer.ticket
    if not offering.may_edit(viewer):
        raise moves.not_yours()
    if (if_match or "").strip().removeprefix("W/").strip('"') != str(ticket.version):
        raise access.stale()
    values, changed = _values(uow, viewer, body)
    if not changed:
        return ticket
    chosen = values.get("category_code")
    moves.touch(uow, ticket, **values)
    moves.note(
        uow, ticket, "edit", internal="更正：" + "、".join(FIELD_TEXT[one] for one in changed)
    )
    if any(name in changed for name in _LIMITED):
        clocks.relimit(uow, ticket)
    if chosen is not None:
        suggesting.chose(uow, ticket, suggesting.CATEGORY, chosen)
    return ticket


def _values(
    uow: UnitOfWork, viewer: Viewer, body: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The columns that change, and the fields that people would say have changed."""
    ticket = viewer.ticket
    if "words" in body and ticket.source in _OWN_WORDS and body["words"] != ticket.words:
        text = "这是来电人自己写的，不能改；可以写在补充里"
        raise Invalid("own_words", detail=text, fields={"words": [text]})
    values: dict[str, Any] = {
        name: body[name]
        for name in ("kind", "title", "words", "urgency", "difficulty", "confidential")
        if name in body and body[name] != getattr(ticket, name)
    }
    if "category_code" in body and body["category_code"] != ticket.category_code:
        kind = ports.chosen_category(uow, ticket.words, body["category_code"])
        values["category_code"] = kind.code
    changed: list[str] = list(values)
    place = _place(uow, ticket, body)
    if place:
        values |= place
        changed.append("place" if "latitude" in body else "address")
    for name in _CALLER:
        if name in body:
            sealed = taking.caller_values(
                uow, body.get("caller_name", ""), body.get("caller_phone", "")
            )
            mark = name.removeprefix("caller_")
            values |= {key: one for key, one in sealed.items() if f"_{mark}_" in key}
            changed.append(name)
    return values, changed


def _place(uow: UnitOfWork, ticket: Ticket, body: dict[str, Any]) -> dict[str, Any]:
    if not any(name in body for name in _PLACE):
        return {}
    latitude, longitude = ticket.latitude, ticket.longitude
    if "latitude" in body:
        latitude, longitude = suggesting.in_wgs84(body)
    address = body.get("address", ticket.address)
    located = ports.located(uow, f"{address} {ticket.words}", latitude, longitude)
    found = taking.place_values(located, address, latitude, longitude)
    return {key: one for key, one in found.items() if one != getattr(ticket, key)}
