"""Where a caller without an account is written to."""

from uuid import UUID

from backend.domains.hotline.model import Ticket
from backend.kernel.uow import UnitOfWork


def phone_of(uow: UnitOfWork, ticket_id: UUID) -> str | None:
    """The caller's number in full, for a message to that caller and nothing else; None: none."""
    ticket = uow.session.get(Ticket, ticket_id)
    if ticket is None or ticket.caller_phone_sealed is None:
        return None
    return uow.services.privacy.open(ticket.caller_phone_sealed)
