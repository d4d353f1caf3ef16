"""Whom the register tells: the community's workers."""

from uuid import UUID

from backend.domains.identity import service as identity
from backend.kernel.uow import UnitOfWork

WORKER = "community_worker"


def workers(uow: UnitOfWork, area_id: UUID) -> tuple[UUID, ...]:
    """Active workers of the grid community."""
    return tuple(card.id for card in identity.staff_holding(uow, [WORKER], "community", area_id))


def not_oneself(uow: UnitOfWork, staff_id: UUID, person_id: UUID | None) -> bool:
    """Whether the matter is somebody else's than the resident this account is bound to."""
    card = identity.staff_cards(uow, [staff_id]).get(staff_id)
    return person_id is None or card is None or card.person_id != person_id
