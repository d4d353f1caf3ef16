"""Residents come to the hotline without a telephone: a ticket, or a question after a search."""

from typing import Any
from uuid import UUID

from backend.domains.hotline import photos, publishing, resident_view, suggesting, taking
from backend.domains.hotline.model import Ticket
from backend.kernel.uow import UnitOfWork

#: What one person can file: enough for a bad day, not for a machine.
TICKETS_PER_DAY = "20 per day"


def file(uow: UnitOfWork, person_id: UUID, channel: str, body: dict[str, Any]) -> Ticket:
    """A ticket of one's own; raises `RateLimited` after 20 in a day."""
    _count(uow, person_id)
    latitude, longitude = suggesting.in_wgs84(body)
    ticket = taking.take(
        uow,
        taking.NewTicket(
            kind=body["kind"],
            source="mini" if channel == "weixin" else "web",
            words=body["words"],
            address=body["address"],
            latitude=latitude,
            longitude=longitude,
            person_id=person_id,
            confidential=body["confidential"],
        ),
    )
    photos.attach(uow, ticket, body["file_ids"])
    publishing.put(uow, ticket)
    return ticket


def ask(uow: UnitOfWork, person_id: UUID, query: str, words: str) -> Ticket:
    """问一问 found no answer: somebody at the desk will; the answer comes back to the question."""
    _count(uow, person_id)
    ticket = taking.take(
        uow,
        taking.NewTicket(
            kind="consult",
            source=resident_view.ASK,
            words=words or query,
            title=query,
            question=query,
            person_id=person_id,
        ),
    )
    publishing.put(uow, ticket)
    return ticket


def _count(uow: UnitOfWork, person_id: UUID) -> None:
    uow.services.limiter.hit(TICKETS_PER_DAY, "ticket", str(person_id))
