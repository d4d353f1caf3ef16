"""The community's staff confirm or refuse who belongs to a home, and end what is over."""

from uuid import UUID

from backend.domains.community import access, moves, parties, places, rules, telling
from backend.domains.community.events import HomeDecided
from backend.domains.community.model import HousingCommunity, HousingRoom, OwnerRecord, Residence
from backend.domains.identity import service as identity
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden
from backend.kernel.uow import UnitOfWork


def reach(
    uow: UnitOfWork, by: Principal, residence_id: UUID, permission: str = access.CONFIRM
) -> tuple[Residence, HousingRoom, HousingCommunity]:
    """The row, its room and community, where `permission` is held; `NotFound` otherwise."""
    row = uow.session.get(Residence, residence_id)
    if row is None:
        raise moves.unknown()
    room = uow.session.get_one(HousingRoom, row.room_id)
    return row, room, access.reach(uow, by, permission, room.community_id)


def confirm(uow: UnitOfWork, by: Principal, residence_id: UUID, version: int | None = None) -> None:
    """Confirm a claim. An owner's identity number must be one of the room's owners.

    Whoever the register knows under this number is bound to the account from now on.
    """
    _, room, _ = reach(uow, by, residence_id)
    row = moves.locked(uow, Residence, residence_id)
    moves.expect(row, version)
    _not_own(uow, by, row)
    confirm_row(uow, row, room, access.staff_id(by))


def confirm_row(uow: UnitOfWork, row: Residence, room: HousingRoom, staff_id: UUID) -> None:
    """Confirm a claim whose row is held; the rest as `confirm`."""
    person_id = row.person_id
    if person_id is None or person_id not in identity.verified_among(uow, [person_id]):
        raise Conflict(
            "not_verified", title="这位居民还没有实名", action="请居民先在“我的”里完成实名认证"
        )
    record = parties.record_of(uow, room.community_id, person_id)
    if row.relation == rules.OWNER and not owns(uow, room.id, record):
        raise Conflict(
            "not_in_register", title="登记的产权人里没有这个人",
            detail="身份证号和登记的产权人都对不上",
            action="刚买的房，请居民提交过户材料；登记有误的，请先更正登记",
        )  # fmt: skip
    if record is not None and record.person_id not in (None, person_id):
        raise Conflict("bound_to_another", title="这位产权人已经绑定了另一个账号")
    moves.move(
        uow, row, "confirm", rules.STAFF, public="社区已确认住处", decided_at=uow.now,
        decided_by=staff_id,
    )  # fmt: skip
    if record is not None and record.person_id is None:
        parties.bind(uow, record, person_id)
    _tell(uow, row, room)


def owns(uow: UnitOfWork, room_id: UUID, record: OwnerRecord | None) -> bool:
    """Whether this record is one of the room's present owners."""
    party_id = parties.live_party(uow, room_id)
    if record is None or party_id is None:
        return False
    return record.id in {one.id for one in parties.members(uow, [party_id]).get(party_id, [])}


def refuse(
    uow: UnitOfWork, by: Principal, residence_id: UUID, reason: str, version: int | None = None
) -> None:
    """Refuse a claim, and say why."""
    _, room, _ = reach(uow, by, residence_id)
    row = moves.locked(uow, Residence, residence_id)
    moves.expect(row, version)
    row = moves.move(
        uow, row, "refuse", rules.STAFF, reason=reason, public="住处没有通过",
        decided_at=uow.now, decided_by=access.staff_id(by),
    )  # fmt: skip
    _tell(uow, row, room)


def end(
    uow: UnitOfWork, by: Principal, residence_id: UUID, reason: str, version: int | None = None
) -> None:
    """Somebody no longer belongs to the home (moved away, confirmed in error)."""
    _, room, _ = reach(uow, by, residence_id)
    row = moves.locked(uow, Residence, residence_id)
    moves.expect(row, version)
    person_id = row.person_id
    row = moves.move(
        uow, row, "end", rules.STAFF, reason=reason, public="住处已解除", decided_at=uow.now,
        decided_by=access.staff_id(by),
    )  # fmt: skip
    if person_id is not None:
        parties.unbind_idle(uow, room.community_id, person_id)
    _tell(uow, row, room)


def _not_own(uow: UnitOfWork, by: Principal, row: Residence) -> None:
    if not telling.not_oneself(uow, access.staff_id(by), row.person_id):
        raise Forbidden("own_claim", title="不能确认自己的住处", action="请另一位社区工作人员确认")


def _tell(uow: UnitOfWork, row: Residence, room: HousingRoom) -> None:
    if row.person_id is None:
        return
    place = places.community(uow, room.community_id)
    uow.emit(
        HomeDecided(
            residence_id=row.id, person_id=row.person_id, community_id=place.id,
            community_name=place.name, label=room.label, relation=row.relation, state=row.state,
            reason=row.reason, at=uow.now,
        )
    )  # fmt: skip
