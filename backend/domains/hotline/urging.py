"""催办 by the caller, once a day, and what a caller adds."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from backend.domains.hotline import access, events, moves, photos, rules, telling
from backend.domains.hotline.model import Ticket, TicketUrge
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork


def urge(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, words: str = "", *, version: int | None = None
) -> Ticket:
    """Written down by an operator for a caller on the line: once a day for a ticket."""
    viewer = access.enter(uow, by, ticket_id, version)
    if not (viewer.plays(rules.OPERATOR) or viewer.plays(rules.DISPATCHER)):
        raise moves.not_yours()
    _urge(uow, viewer.ticket, access.by_id(by), words)
    return viewer.ticket


def urge_of_caller(uow: UnitOfWork, person_id: UUID, ticket_id: UUID, words: str = "") -> Ticket:
    """By the caller: once a day for a ticket."""
    ticket = access.enter_caller(uow, person_id, ticket_id).ticket
    _urge(uow, ticket, None, words)
    return ticket


def note_of_caller(
    uow: UnitOfWork, person_id: UUID, ticket_id: UUID, words: str, file_ids: Iterable[UUID] = ()
) -> Ticket:
    """The caller adds words and pictures. They stay with the ticket, not in the trace."""
    ticket = access.enter_caller(uow, person_id, ticket_id).ticket
    if ticket.state not in (*rules.OPEN_STATES, rules.MERGED):
        raise Conflict("ticket_over", title="这件事已经结束", action="问题还在的话，请重新提交")
    text = moves.needs(words, "words", "请写要补充的情况")
    moves.touch(uow, ticket, words=f"{ticket.words}\n补充：{text}")
    photos.attach(uow, ticket, file_ids)
    moves.note(uow, ticket, "note", public="来电人补充了情况")
    return ticket


def note(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, words: str, file_ids: Iterable[UUID] = ()
) -> Ticket:
    """A member of staff adds words and pictures for colleagues."""
    ticket = access.enter(uow, by, ticket_id).ticket
    text = moves.needs(words, "words", "请写要补充的情况")
    photos.attach(uow, ticket, file_ids)
    moves.note(uow, ticket, "note", internal=text)
    return ticket


def _urge(uow: UnitOfWork, ticket: Ticket, by: UUID | None, words: str) -> None:
    if ticket.state not in (*rules.OPEN_STATES, rules.MERGED):
        raise Conflict("ticket_over", title="这件工单已经结束")
    today = local_date(uow.now)
    row = TicketUrge(
        id=new_id(), ticket_id=ticket.id, day=today, at=uow.now, by=by, words=words.strip()
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError as error:
        if "uq_ticket_urge_day" not in str(error.orig):
            raise
        raise Conflict(
            "urged_today",
            title=rules.urge_problem("today", "today") or "",
            detail="",
            action="单位已经收到提醒",
        ) from error
    moves.touch(uow, ticket, urges_count=ticket.urges_count + 1)
    moves.note(uow, ticket, "urge", public="来电人催办，已提醒办理的单位")
    told = ticket
    if ticket.state == rules.MERGED and ticket.parent_id is not None:
        told = uow.session.get_one(Ticket, ticket.parent_id)
    uow.emit(events.TicketUrged(**telling.facts(uow, ticket), staff_ids=telling.at_it(uow, told)))
