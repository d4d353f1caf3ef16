"""Tickets as messages for the finding of hot issues."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.hotline import rules
from backend.domains.hotline.model import Ticket
from backend.domains.insight.ports import Message
from backend.domains.organisation import service as organisation
from backend.kernel.uow import UnitOfWork


def recent_messages(uow: UnitOfWork, since: datetime, most: int) -> list[Message]:
    """Tickets that are open, or were taken since then; the newest `most`.

    Confidential ones are left out: a list of issues is read by more people than a ticket. So is
    what was merged (its parent tells of it and counts its caller), taken back, or said in praise.
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
    ).all()
    streets = organisation.place_names(uow, "street")
    callers = _callers(uow, rows)
    return [
        Message(
            id=row.id,
            kind="ticket",
            title=row.title,
            text=row.words,
            at=row.created_at,
            place=streets.get(row.street_id, "") if row.street_id else "",
            street_id=row.street_id,
            callers=callers[row.id].count,
            who=frozenset(callers[row.id].known),
        )
        for row in rows
    ]


@dataclass(slots=True)
class _Callers:
    """Who called about a ticket or one merged into it."""

    known: set[str] = field(default_factory=set)
    unknown: int = 0

    @property
    def count(self) -> int:
        return len(self.known) + self.unknown


def _callers(uow: UnitOfWork, rows: Sequence[Ticket]) -> dict[UUID, _Callers]:
    found = {row.id: _Callers() for row in rows}
    merged = uow.session.scalars(
        select(Ticket).where(
            Ticket.parent_id.in_(found),
            Ticket.state == rules.MERGED,
            Ticket.confidential.is_(False),
        )
    )
    for ticket_id, one in [
        *((row.id, row) for row in rows),
        *((row.parent_id, row) for row in merged if row.parent_id),
    ]:
        mark = one.person_id or one.caller_phone_hash
        if mark is None:
            found[ticket_id].unknown += 1
        else:
            found[ticket_id].known.add(mark.hex if isinstance(mark, UUID) else mark.hex())
    return found
