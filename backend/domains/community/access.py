"""Which communities a member of staff reaches: their own, those of their street, or all."""

from uuid import UUID

from sqlalchemy import ColumnElement, true

from backend.domains.community.model import HousingCommunity
from backend.domains.community.moves import unknown
from backend.domains.grid import service as grid
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork

VIEW, EDIT, CONFIRM = "community.view", "community.edit", "community.confirm"


def areas(uow: UnitOfWork, by: Principal, permission: str) -> set[UUID] | None:
    """The grid communities in which `permission` is held; None for all of them."""
    found = by.scope_ids(permission, "community")
    streets = by.scope_ids(permission, "street")
    if found is None or streets is None:
        return None
    for street_id in streets:
        found |= {area.id for area in grid.areas(uow, "community", street_id)}
    return found


def reachable(uow: UnitOfWork, by: Principal, permission: str) -> ColumnElement[bool]:
    """A condition on `HousingCommunity`: those in which `permission` is held."""
    found = areas(uow, by, permission)
    return true() if found is None else HousingCommunity.area_id.in_(found)


def reach(uow: UnitOfWork, by: Principal, permission: str, community_id: UUID) -> HousingCommunity:
    """The community, if `permission` is held there; `NotFound` otherwise."""
    row = uow.session.get(HousingCommunity, community_id)
    if row is None:
        raise unknown()
    found = areas(uow, by, permission)
    if found is not None and row.area_id not in found:
        raise unknown()
    return row


def staff_id(by: Principal) -> UUID:
    """The id of the member of staff who acts."""
    assert by.actor.id is not None
    return by.actor.id
