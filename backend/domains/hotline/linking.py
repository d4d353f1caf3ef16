"""Events and cases that belong to a ticket, both ways."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.dispatch import service as dispatch
from backend.domains.dispatch.service import NewCall
from backend.domains.hotline import access, moves, photos, rules
from backend.domains.hotline.model import Ticket, TicketLink
from backend.kernel.access import Principal
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

EVENT, CASE = "event", "case"
_MAY = (rules.OPERATOR, rules.DISPATCHER, rules.LEAD, rules.CO, rules.REVIEWER)


def link_event(uow: UnitOfWork, ticket: Ticket, event_id: UUID, number: str) -> None:
    """Tie an event to a ticket held by this unit of work; twice is once."""
    _tie(uow, ticket, EVENT, number, event_id)


def link(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    kind: str,
    number: str,
    *,
    version: int | None = None,
) -> Ticket:
    """Tie an event, by its number, or a case of a department's system."""
    viewer = access.enter(uow, by, ticket_id, version)
    _may(viewer)
    number = moves.needs(number, "number", "请填编号")
    if kind == EVENT:
        event = dispatch.event_by_number(uow, number)
        if event is None:
            text = "没有找到这个编号的事件"
            raise Invalid("event_unknown", detail=text, fields={"number": [text]})
        link_event(uow, viewer.ticket, event.id, event.number)
    elif kind == CASE:
        _tie(uow, viewer.ticket, CASE, number[:40], None)
    else:
        raise Invalid("bad_choice", fields={"kind": ["请从列出的值里选"]})
    return viewer.ticket


def unlink(uow: UnitOfWork, by: Principal, ticket_id: UUID, kind: str, number: str) -> Ticket:
    """Untie what was tied by mistake."""
    viewer = access.enter(uow, by, ticket_id)
    _may(viewer)
    gone = uow.session.scalars(
        delete(TicketLink)
        .where(
            TicketLink.ticket_id == ticket_id, TicketLink.kind == kind,
            TicketLink.number == number.strip(),
        )
        .returning(TicketLink.id)
        .execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    if not gone:
        raise NotFound("link_unknown", title="没有这个关联", action="请刷新后再看")
    moves.note(
        uow, viewer.ticket, "unlink", internal=f"取消关联{rules.LINK_TEXT[kind]} {number.strip()}"
    )
    return viewer.ticket


def to_event(
    uow: UnitOfWork,
    by: Principal,
    ticket_id: UUID,
    *,
    words: str = "",
    category_code: str | None = None,
    urgent: bool | None = None,
    address: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    version: int | None = None,
) -> UUID:
    """Have the street handle it as an event as well; once for a ticket. The event's id.

    What is left out is the ticket's. The event carries the ticket's number and its pictures, for
    whoever may see the event; the ticket carries the event's number, and the caller hears of it
    through the ticket.
    """
    viewer = access.enter(uow, by, ticket_id, version)
    ticket = viewer.ticket
    if not (viewer.plays(rules.OPERATOR) or viewer.plays(rules.DISPATCHER)):
        raise moves.not_yours()
    _open(ticket)
    tied = select(TicketLink.id).where(TicketLink.ticket_id == ticket_id, TicketLink.kind == EVENT)
    if uow.session.scalar(tied.limit(1)) is not None:
        raise Conflict("has_event", title="已经连着一件事件", action="请先看看那件事件")
    if latitude is None or longitude is None:
        latitude, longitude = ticket.latitude, ticket.longitude
    pictures = photos.of_ticket(uow, ticket_id)
    pressing = ticket.urgency == rules.EMERGENCY if urgent is None else urgent
    event = dispatch.call(
        uow,
        NewCall(
            source="ticket",
            words=words.strip() or ticket.words,
            category_code=category_code or ticket.category_code,
            urgency=dispatch.URGENT if pressing else None,
            address=address.strip() or ticket.address,
            latitude=latitude,
            longitude=longitude,
            file_ids=tuple(row.file_id for row in pictures),
            file_owners=photos.owners(uow, pictures),
            staff_id=by.actor.id,
            external_number=ticket.number,
            confidential=ticket.confidential,
        ),
    )
    link_event(uow, ticket, event.id, event.number)
    return event.id


def _tie(uow: UnitOfWork, ticket: Ticket, kind: str, number: str, ref_id: UUID | None) -> None:
    made = uow.session.scalar(
        insert(table_of(TicketLink))
        .values(
            id=new_id(), ticket_id=ticket.id, kind=kind, ref_id=ref_id, number=number,
            by=uow.actor.id, at=uow.now,
        )
        .on_conflict_do_nothing(index_elements=["ticket_id", "kind", "number"])
        .returning(table_of(TicketLink).c.id)
    )  # fmt: skip
    if made is not None:
        moves.note(uow, ticket, "link", internal=f"关联{rules.LINK_TEXT[kind]} {number}")


def _may(viewer: access.Viewer) -> None:
    _open(viewer.ticket)
    if not any(map(viewer.plays, _MAY)):
        raise moves.not_yours()


def _open(ticket: Ticket) -> None:
    if not ticket.is_open:
        raise Conflict("ticket_over", title="这件工单已经结束")
