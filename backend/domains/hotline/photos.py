"""Pictures of a ticket: sent by the caller, or put with it by those at work on it.

They are uploaded as those of events are, and named when the ticket is made or a note is written.
Whoever may see a ticket sees its pictures; callers see what they sent themselves.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.dispatch import service as dispatch
from backend.domains.hotline import access
from backend.domains.hotline.model import Ticket, TicketFile
from backend.kernel.access import Principal
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.files import Served, StoredFile
from backend.kernel.uow import UnitOfWork

STAFF, RESIDENT = "/api/v1/staff/tickets", "/api/v1/tickets"
MOST = 50


def attach(uow: UnitOfWork, ticket: Ticket, file_ids: Iterable[UUID]) -> None:
    """Put pictures with a ticket held by this unit of work; twice is once.

    `Invalid` for what the acting person has not uploaded, or is no picture; `Conflict` where the
    ticket would have more than 50.
    """
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return
    own = select(StoredFile.id).where(
        StoredFile.id.in_(wanted),
        StoredFile.owner_id == uow.actor.id,
        StoredFile.purpose == dispatch.PHOTO,
    )
    if set(uow.session.scalars(own)) != set(wanted):
        text = "有照片不能用，请重新上传"
        raise Invalid("unknown_file", detail=text, fields={"file_ids": [text]})
    known = {row.file_id for row in of_ticket(uow, ticket.id)}
    if len(known | set(wanted)) > MOST:
        raise Conflict("too_many_files", title=f"一件工单最多{MOST}张照片")
    values = [
        {"ticket_id": ticket.id, "file_id": one, "by": uow.actor.id, "at": uow.now}
        for one in wanted
    ]
    uow.session.execute(insert(table_of(TicketFile)).values(values).on_conflict_do_nothing())


def of_ticket(uow: UnitOfWork, ticket_id: UUID, *conditions: Any) -> Sequence[TicketFile]:
    """What was put with the ticket, the oldest first."""
    query = select(TicketFile).where(TicketFile.ticket_id == ticket_id, *conditions)
    return list(uow.session.scalars(query.order_by(TicketFile.at, TicketFile.file_id)))


def owners(uow: UnitOfWork, rows: Iterable[TicketFile]) -> tuple[UUID, ...]:
    """Who uploaded these pictures."""
    query = select(StoredFile.owner_id).where(StoredFile.id.in_([row.file_id for row in rows]))
    return tuple({one for one in uow.session.scalars(query) if one is not None})


def shown(uow: UnitOfWork, ticket_id: UUID) -> list[dict[str, Any]]:
    """All pictures of a ticket that the viewer may see."""
    return [_shown(row, STAFF) for row in of_ticket(uow, ticket_id)]


def shown_to_caller(uow: UnitOfWork, ticket_id: UUID, person_id: UUID) -> list[dict[str, Any]]:
    """What the caller has sent."""
    return [_shown(row, RESIDENT) for row in of_ticket(uow, ticket_id, _sent_by(person_id))]


def for_staff(uow: UnitOfWork, by: Principal, ticket_id: UUID, file_id: UUID, size: str) -> Served:
    """A picture of a ticket within reach; else `NotFound`."""
    access.reach(uow, by, ticket_id)
    return _served(uow, ticket_id, file_id, size)


def for_caller(
    uow: UnitOfWork, person_id: UUID, ticket_id: UUID, file_id: UUID, size: str
) -> Served:
    """A picture the person has sent with the own ticket; else `NotFound`."""
    access.enter_caller(uow, person_id, ticket_id, lock=False)
    return _served(uow, ticket_id, file_id, size, _sent_by(person_id))


def erase(uow: UnitOfWork, person_id: UUID) -> None:
    """Take away what a person has sent with tickets, but what an event shows stays with it."""
    sent = list(uow.session.scalars(select(TicketFile.file_id).where(_sent_by(person_id))))
    gone = set(sent) - dispatch.shown_files(uow, sent)
    for table, condition in (
        (TicketFile, TicketFile.file_id.in_(sent)),
        (StoredFile, StoredFile.id.in_(gone)),
    ):
        uow.session.execute(
            delete(table).where(condition).execution_options(synchronize_session=False)
        )


def _sent_by(person_id: UUID) -> ColumnElement[bool]:
    return TicketFile.by == person_id


def _shown(row: TicketFile, base: str) -> dict[str, Any]:
    url = f"{base}/{row.ticket_id}/files/{row.file_id}"
    return {"id": row.file_id, "url": url, "small_url": f"{url}?size=small", "at": row.at}


def _served(uow: UnitOfWork, ticket_id: UUID, file_id: UUID, size: str, *conditions: Any) -> Served:
    query = select(StoredFile).join(TicketFile, TicketFile.file_id == StoredFile.id)
    row = uow.session.scalar(
        query.where(TicketFile.ticket_id == ticket_id, StoredFile.id == file_id, *conditions)
    )
    if row is None:
        raise NotFound("file_unknown", title="没有找到这张照片", action="请刷新后再看")
    return uow.services.files.served(row, size)
