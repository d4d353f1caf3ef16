"""Which version of which article or service item an answer stands on."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.hotline import access, moves, ports, rules, sources
from backend.domains.hotline.model import Ticket, TicketPin
from backend.kernel.access import Principal
from backend.kernel.database import table_of
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.uow import UnitOfWork


def pin(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, version_id: UUID, *, version: int | None = None
) -> Ticket:
    """Pin the version in force to an open ticket; twice is once. By whoever works on it."""
    viewer = access.enter(uow, by, ticket_id, version)
    _may(viewer)
    pin_all(uow, viewer.ticket, [version_id])
    return viewer.ticket


def unpin(
    uow: UnitOfWork, by: Principal, ticket_id: UUID, version_id: UUID, *, version: int | None = None
) -> Ticket:
    """Take a pin off an open ticket."""
    viewer = access.enter(uow, by, ticket_id, version)
    _may(viewer)
    row = uow.session.get(TicketPin, (ticket_id, version_id))
    if row is None:
        raise NotFound("pin_unknown", title="没有引用这一条", action="请刷新后再看")
    moves.note(uow, viewer.ticket, "unpin", internal=f"取消引用《{row.title}》")
    uow.session.execute(
        delete(TicketPin)
        .where(TicketPin.ticket_id == ticket_id, TicketPin.version_id == version_id)
        .execution_options(synchronize_session=False)
    )
    uow.session.expunge(row)
    return viewer.ticket


def pin_all(
    uow: UnitOfWork, ticket: Ticket, version_ids: Iterable[UUID], *, sent: bool = False
) -> None:
    """Pin versions in force; those pinned before stay as they are. `sent`: the caller gets it."""
    have = set(
        uow.session.scalars(select(TicketPin.version_id).where(TicketPin.ticket_id == ticket.id))
    )
    for version_id in dict.fromkeys(version_ids):
        if version_id in have:
            continue
        source = sources.in_force(uow, version_id)
        uow.session.execute(
            insert(table_of(TicketPin))
            .values(
                ticket_id=ticket.id,
                version_id=version_id,
                kind=source.kind,
                source_id=source.id,
                version_number=source.version_number,
                number=source.number,
                title=source.title,
                public=source.public,
                by=uow.actor.id,
                at=uow.now,
            )
            .on_conflict_do_nothing()
        )
        if source.article is not None:
            use = ports.SENT if sent and source.public else ports.INSERTED
            ports.article_used(uow, source.article, use)
        words = f"引用{rules.PIN_TEXT[source.kind]}《{source.title}》第{source.version_number}版"
        moves.note(uow, ticket, "pin", internal=words)


def count_sent(uow: UnitOfWork, ticket_id: UUID) -> None:
    """The reply goes to the caller: its public articles were sent."""
    rows = uow.session.scalars(
        select(TicketPin).where(
            TicketPin.ticket_id == ticket_id, TicketPin.kind == rules.ARTICLE, TicketPin.public
        )
    )
    for row in rows:
        ports.version_sent(uow, row.source_id, row.version_id)


def _may(viewer: access.Viewer) -> None:
    if viewer.ticket.state not in rules.OPEN_STATES:
        raise Conflict("ticket_over", title="这件工单已经结束")
    parts = (rules.OPERATOR, rules.DISPATCHER, rules.LEAD, rules.CO, rules.REVIEWER)
    if not any(map(viewer.plays, parts)):
        raise moves.not_yours()
