"""Tickets as messages for the finding of hot issues."""

from datetime import datetime

from sqlalchemy import or_, select

from backend.domains.hotline import rules
from backend.domains.hotline.model import Ticket
from backend.domains.insight.ports import Message
from backend.domains.organisation import service as organisation
from backend.kernel.uow import UnitOfWork


def recent_messages(uow: UnitOfWork, since: datetime, most: int) -> list[Message]:
    """Tickets that are open, or were taken since then; the newest `most`.

    Confidential ones are left out: a list of issues is read by more people than a ticket. So is
    what was merged (its parent tells of it), taken back, or said in praise.
    """
    rows = uow.session.scalars(
        select(Ticket)
        .where(
            or_(Ticket.is_open, Ticket.created_at >= since),
            Ticket.confidential.is_(False),
            Ticket.state.not_in((rules.MERGED, rules.CANCELLED)),
            Ticket.kind.not_in(("praise", "consult")),
        )
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(most)
    )
    streets = organisation.place_names(uow, "street")
    return [
        Message(
            id=row.id,
            kind="ticket",
            title=row.title,
            text=row.words,
            at=row.created_at,
            place=streets.get(row.street_id, "") if row.street_id else "",
            street_id=row.street_id,
            callers=1,
        )
        for row in rows
    ]
