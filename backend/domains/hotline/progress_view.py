"""Tickets on the progress page: by number and query code, and among a person's own matters."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.hotline import resident_words
from backend.domains.hotline.model import Ticket
from backend.kernel.uow import UnitOfWork


def matters(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """By ticket: how it stands, in words for whoever holds its number."""
    rows = uow.session.scalars(select(Ticket).where(Ticket.id.in_(list(ids))))
    return {
        row.id: {
            "kind_text": "问一问" if row.source == "ask" else "12345诉求",
            "state_text": resident_words.state_text(row),
            "next_text": resident_words.next_text(row),
            "open": resident_words.is_open(row),
        }
        for row in rows
    }
