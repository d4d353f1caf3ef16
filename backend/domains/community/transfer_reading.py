"""What has changed hands, as the vote reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from backend.domains.community import rules
from backend.domains.community.paper_model import OwnershipTransfer
from backend.kernel.database import among
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Transferred:
    """One transfer that was confirmed."""

    id: UUID
    room_id: UUID
    from_party_id: UUID | None
    to_party_id: UUID
    at: datetime


def transferred(uow: UnitOfWork, room_id: UUID, since: datetime) -> list[Transferred]:
    """Confirmed transfers of the room after a moment, oldest first."""
    return transferred_among(uow, [room_id], since)


def transferred_among(
    uow: UnitOfWork, room_ids: Iterable[UUID], since: datetime
) -> list[Transferred]:
    """As `transferred`, for several rooms in one query."""
    rows = uow.session.scalars(
        select(OwnershipTransfer)
        .where(
            among(OwnershipTransfer.room_id, room_ids),
            OwnershipTransfer.state == rules.CONFIRMED, OwnershipTransfer.decided_at > since,
        )
        .order_by(OwnershipTransfer.decided_at, OwnershipTransfer.id)
    )  # fmt: skip
    return [
        Transferred(row.id, row.room_id, row.from_party_id, row.to_party_id, row.decided_at)
        for row in rows
        if row.to_party_id and row.decided_at
    ]
