"""A room goes to other owners: asked for with papers, decided by the community's staff."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domains.community import (
    access,
    attachments,
    claiming,
    confirming,
    electorate,
    moves,
    parties,
    places,
    rules,
    telling,
)
from backend.domains.community.events import RoomTransferred, TransferDecided, TransferRequested
from backend.domains.community.model import HousingRoom, Residence, RoomOwnership
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.domains.community.parties import Named
from backend.domains.community.people_input import checked
from backend.domains.identity import service as identity
from backend.kernel.access import SYSTEM, Principal
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.state import step
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `with_me`: the asking resident is one of the new owners."""

    owners: tuple[Named, ...]
    with_me: bool = False
    words: str = ""
    file_ids: tuple[UUID, ...] = ()


def request(uow: UnitOfWork, person_id: UUID, residence_id: UUID, wish: Wish) -> OwnershipTransfer:
    """A resident asks, from a home claimed or confirmed as the owner's; with a picture."""
    home = claiming.own(uow, person_id, residence_id)
    if home.relation != rules.OWNER or home.state not in rules.LIVE_RESIDENCES:
        raise Conflict("not_owner", title="只有产权人可以提交过户", action="请由产权人提交")
    attachments.need(wish.file_ids, "请上传不动产权证或买卖合同的照片")
    owners = checked(uow, wish.owners)
    if wish.with_me:
        owners = (_me(uow, person_id), *owners)
    return _file(uow, home.room_id, owners, wish, person_id=person_id, staff_id=None)


def record(uow: UnitOfWork, by: Principal, room_id: UUID, wish: Wish) -> OwnershipTransfer:
    """Staff take down a transfer brought on paper; it is decided like any other."""
    room = uow.session.get(HousingRoom, room_id)
    if room is None:
        raise moves.unknown()
    access.reach(uow, by, access.CONFIRM, room.community_id)
    owners = checked(uow, wish.owners)
    return _file(uow, room_id, owners, wish, person_id=None, staff_id=access.staff_id(by))


def _me(uow: UnitOfWork, person_id: UUID) -> Named:
    return Named(
        rules.PERSON, identity.reveal_value(uow, person_id, "name"),
        identity.reveal_value(uow, person_id, "id_number"),
        identity.person_card(uow, person_id).phone or "",
    )  # fmt: skip


def _file(
    uow: UnitOfWork, room_id: UUID, owners: Iterable[Named], wish: Wish, *,
    person_id: UUID | None, staff_id: UUID | None,
) -> OwnershipTransfer:  # fmt: skip
    named = list({one.number: one for one in owners}.values())
    if not 1 <= len(named) <= rules.OWNERS_MOST:
        text = f"请填写1到{rules.OWNERS_MOST}位新产权人"
        raise Invalid("owners_needed", title=text, fields={"owners": [text]})
    row = OwnershipTransfer(
        room_id=room_id, from_party_id=parties.live_party(uow, room_id), state=rules.REQUESTED,
        owners_sealed=uow.services.privacy.seal(json.dumps([asdict(one) for one in named])),
        owners_count=len(named), words=wish.words, requested_at=uow.now, requested_by=person_id,
        staff_id=staff_id,
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError as error:
        if "uq_ownership_transfer_open" not in str(error.orig):
            raise
        raise Conflict(
            "transfer_waiting", title="这套房已有一份过户在核对", action="请等社区核对完再提交"
        ) from error
    attachments.attach(uow, attachments.TRANSFER, row.id, wish.file_ids)
    moves.note(uow, row, "request", public="提交过户材料", first=True)
    room = uow.session.get_one(HousingRoom, room_id)
    place = places.community(uow, room.community_id)
    uow.emit(
        TransferRequested(
            transfer_id=row.id, community_id=place.id, community_name=place.name,
            label=room.label, person_id=person_id,
            staff_ids=telling.workers(uow, place.area_id), at=uow.now,
        )
    )  # fmt: skip
    return row


def new_owners(uow: UnitOfWork, row: OwnershipTransfer) -> list[Named]:
    """Who is to own it; empty once it is decided."""
    if row.owners_sealed is None:
        return []
    return [Named(**one) for one in json.loads(uow.services.privacy.open(row.owners_sealed))]


def withdraw(uow: UnitOfWork, person_id: UUID, transfer_id: UUID) -> None:
    """Take back what one has asked for oneself."""
    row = uow.session.get(
        OwnershipTransfer, transfer_id, with_for_update=True, populate_existing=True
    )
    if row is None or row.requested_by != person_id:
        raise moves.unknown()
    moves.move(
        uow, row, "withdraw", rules.RESIDENT, public="撤回了过户材料", owners_sealed=None,
        decided_at=uow.now,
    )  # fmt: skip


def reach(
    uow: UnitOfWork, by: Principal, transfer_id: UUID, permission: str = access.CONFIRM
) -> tuple[OwnershipTransfer, HousingRoom]:
    """The transfer and its room, where `permission` is held; `NotFound` otherwise."""
    row = uow.session.get(OwnershipTransfer, transfer_id)
    if row is None:
        raise moves.unknown()
    room = uow.session.get_one(HousingRoom, row.room_id)
    access.reach(uow, by, permission, room.community_id)
    return row, room


def refuse(
    uow: UnitOfWork, by: Principal, transfer_id: UUID, reason: str, version: int | None = None
) -> None:
    """The papers do not show it; why is told."""
    reach(uow, by, transfer_id)
    row = moves.locked(uow, OwnershipTransfer, transfer_id)
    moves.expect(row, version)
    row = moves.move(
        uow, row, "refuse", rules.STAFF, reason=reason, public="过户没有通过", owners_sealed=None,
        decided_at=uow.now, decided_by=access.staff_id(by),
    )  # fmt: skip
    _tell(uow, row, ())


def confirm(uow: UnitOfWork, by: Principal, transfer_id: UUID, version: int | None = None) -> None:
    """The room is the new owners' from now on.

    Homes of the old owners and their families end; claims of the new owners are confirmed with
    it; proxies of a party that owns nothing any more are revoked. Ballots cast stand: the vote
    learns of it by `RoomTransferred`.
    """
    _, room = reach(uow, by, transfer_id)
    # One room, one transfer at a time; the ownership is what it was when this one was asked for.
    room = uow.session.get_one(HousingRoom, room.id, with_for_update=True, populate_existing=True)
    row = moves.locked(uow, OwnershipTransfer, transfer_id)
    moves.expect(row, version)
    step(rules.TRANSFER_TRANSITIONS, row.state, "confirm")
    if not telling.not_oneself(uow, access.staff_id(by), row.requested_by):
        raise Forbidden("own_claim", title="不能核对自己的过户", action="请另一位社区工作人员核对")
    before = parties.live_party(uow, room.id)
    if before != row.from_party_id:
        raise Conflict(
            "owner_changed", title="产权人已经变了", detail="提交后这套房已有别的变更",
            action="请退回，让居民按现在的情况重新提交",
        )  # fmt: skip
    former = electorate.persons_of(uow, [before]).get(before, ()) if before else ()
    entries = [parties.entry(uow, room.community_id, one) for one in new_owners(uow, row)]
    after = parties.party(uow, room.community_id, entries)
    if after == before:
        raise Conflict("same_owners", title="新产权人和现在的一样", action="请核对后退回")
    row = moves.move(
        uow, row, "confirm", rules.STAFF, public="房屋已过户", to_party_id=after,
        owners_sealed=None, decided_at=uow.now, decided_by=access.staff_id(by),
    )  # fmt: skip
    parties.own(uow, room.id, after, "transfer")
    _homes(uow, room, before, after, access.staff_id(by))
    if before is not None:
        _proxies(uow, before)
    uow.emit(
        RoomTransferred(
            room_id=room.id, community_id=room.community_id, label=room.label,
            from_party_id=before, to_party_id=after, at=uow.now,
        )
    )  # fmt: skip
    _tell(uow, row, former)


def _homes(
    uow: UnitOfWork, room: HousingRoom, before: UUID | None, after: UUID, staff_id: UUID
) -> None:
    """Old owners no longer live here by right, nor their families unless one of them stays owner;
    claims of the new owners are confirmed."""
    owners = parties.members(uow, {after, *({before} if before else ())})
    new = {one.id for one in owners[after]}
    kept = bool(before and new & {one.id for one in owners.get(before, [])})
    rows = uow.session.scalars(
        select(Residence)
        .where(
            Residence.room_id == room.id, Residence.state.in_(rules.LIVE_RESIDENCES),
            Residence.relation != rules.TENANT,
        )
        .order_by(Residence.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    for row in rows:
        assert row.person_id is not None
        known = parties.record_of(uow, room.community_id, row.person_id)
        owns = known is not None and known.id in new
        stays = owns or (row.relation == rules.FAMILY and kept)
        if row.state == rules.CONFIRMED and not stays:
            moves.move(
                uow, row, "move", rules.SYSTEM, public="房屋已过户，住处解除",
                decided_at=uow.now, actor=SYSTEM,
            )  # fmt: skip
        elif row.state == rules.CLAIMED and row.relation == rules.OWNER and owns:
            confirming.confirm_row(uow, row, room, staff_id)


def _proxies(uow: UnitOfWork, party_id: UUID) -> None:
    left = uow.session.scalar(
        select(RoomOwnership.id)
        .where(RoomOwnership.party_id == party_id, RoomOwnership.until.is_(None))
        .limit(1)
    )
    if left is not None:
        return
    rows = uow.session.scalars(
        select(VoteProxy)
        .where(
            VoteProxy.principal_party_id == party_id, VoteProxy.topic_id.is_(None),
            VoteProxy.state.in_(rules.LIVE_PROXIES),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    for row in rows:
        moves.move(
            uow, row, "revoke", rules.SYSTEM, reason="委托人的房屋已过户", actor=SYSTEM,
            decided_at=uow.now,
        )  # fmt: skip


def _tell(uow: UnitOfWork, row: OwnershipTransfer, former: tuple[UUID, ...]) -> None:
    room = uow.session.get_one(HousingRoom, row.room_id)
    place = places.community(uow, room.community_id)
    uow.emit(
        TransferDecided(
            transfer_id=row.id, community_id=place.id, community_name=place.name,
            label=room.label, person_id=row.requested_by, state=row.state, reason=row.reason,
            former_ids=former, at=uow.now,
        )
    )  # fmt: skip
