"""What waits for the community's staff, and the pictures that go with it."""

from uuid import UUID

from sqlalchemy import Select, select

from backend.domains.community import access, attachments, confirming, proxies, transfers
from backend.domains.community.editing import reachable_ids
from backend.domains.community.model import HousingRoom, Residence
from backend.domains.community.moves import unknown
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.kernel.access import Principal
from backend.kernel.errors import NotFound
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork


def query_claims(
    uow: UnitOfWork, by: Principal, state: str, community_id: UUID | None
) -> Select[Residence]:
    """Claims and homes in this state within reach."""
    rooms = _rooms(uow, by, community_id)
    return select(Residence).where(Residence.state == state, Residence.room_id.in_(rooms))


def query_transfers(
    uow: UnitOfWork, by: Principal, state: str, community_id: UUID | None
) -> Select[OwnershipTransfer]:
    """Transfers in this state within reach."""
    rooms = _rooms(uow, by, community_id)
    return select(OwnershipTransfer).where(
        OwnershipTransfer.state == state, OwnershipTransfer.room_id.in_(rooms)
    )


def query_proxies(
    uow: UnitOfWork, by: Principal, state: str, community_id: UUID | None
) -> Select[VoteProxy]:
    """Proxies in this state within reach."""
    query = select(VoteProxy).where(
        VoteProxy.state == state,
        VoteProxy.community_id.in_(reachable_ids(uow, by, access.CONFIRM)),
    )
    return query if community_id is None else query.where(VoteProxy.community_id == community_id)


def _rooms(uow: UnitOfWork, by: Principal, community_id: UUID | None) -> Select[UUID]:
    query = select(HousingRoom.id).where(
        HousingRoom.community_id.in_(reachable_ids(uow, by, access.CONFIRM))
    )
    return query if community_id is None else query.where(HousingRoom.community_id == community_id)


def served(uow: UnitOfWork, by: Principal, file_id: UUID, size: str) -> attachments.Served:
    """A picture one uploaded, or one that goes with something within reach."""
    row = uow.session.get(StoredFile, file_id)
    if row is None or row.purpose != attachments.PURPOSE:
        raise unknown()
    if row.owner_id != by.actor.id and not _within_reach(uow, by, file_id):
        raise unknown()
    return attachments.served(uow, row, size)


def _within_reach(uow: UnitOfWork, by: Principal, file_id: UUID) -> bool:
    finders = {
        attachments.CLAIM: confirming.reach, attachments.TRANSFER: transfers.reach,
        attachments.PROXY: proxies.reach,
    }  # fmt: skip
    for kind, subject_id in attachments.subjects_of(uow, file_id):
        try:
            finders[kind](uow, by, subject_id)
        except NotFound:
            continue
        return True
    return False
