"""The register as the community's staff see it: names, phones and numbers masked."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from backend.domains.community import (
    attachments,
    confirming,
    electorate,
    importing,
    parties,
    places,
    proxies,
    resident_view,
    rules,
    transfers,
)
from backend.domains.community.model import (
    HouseholdMember,
    HousingBuilding,
    HousingCommunity,
    HousingEntrance,
    HousingRoom,
    OwnerRecord,
    Residence,
    RoomOwnership,
)
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.domains.grid import service as grid
from backend.domains.identity import service as identity
from backend.kernel.privacy import mask_id_number, mask_name, mask_phone
from backend.kernel.uow import UnitOfWork

FILES = attachments.STAFF_FILES


def communities(uow: UnitOfWork, rows: Iterable[HousingCommunity]) -> list[dict[str, Any]]:
    """Cards of communities with what waits in them."""
    listed = list(rows)
    names = grid.area_names(uow, [row.area_id for row in listed])
    ids = [row.id for row in listed]
    claims = _waiting(uow, Residence, Residence.state == rules.CLAIMED, ids)
    moving = _waiting(uow, OwnershipTransfer, OwnershipTransfer.state == rules.REQUESTED, ids)
    papers = _counts(
        uow,
        select(VoteProxy.community_id, func.count())
        .where(VoteProxy.community_id.in_(ids), VoteProxy.state == rules.GIVEN)
        .group_by(VoteProxy.community_id),
    )
    return [
        {
            **resident_view.community(row, names), "version": row.version,
            "claims_waiting": claims.get(row.id, 0), "transfers_waiting": moving.get(row.id, 0),
            "proxies_waiting": papers.get(row.id, 0),
        }
        for row in listed
    ]  # fmt: skip


def _waiting(uow: UnitOfWork, model: Any, condition: Any, ids: list[UUID]) -> dict[UUID, int]:
    return _counts(
        uow,
        select(HousingRoom.community_id, func.count())
        .join(model, model.room_id == HousingRoom.id)
        .where(HousingRoom.community_id.in_(ids), condition)
        .group_by(HousingRoom.community_id),
    )


def _counts(uow: UnitOfWork, query: Select[UUID, int]) -> dict[UUID, int]:
    return {row[0]: row[1] for row in uow.session.execute(query)}


def community(uow: UnitOfWork, row: HousingCommunity) -> dict[str, Any]:
    """A community with buildings, and its rooms and areas against what was declared."""
    [card] = communities(uow, [row])
    found = importing.totals(uow, row.id)
    declared = row.area_declared_centi
    return {
        **card, **found, "buildings": resident_view.buildings(uow, row.id),
        "area_text": rules.area_text(found["area_centi"]),
        "room_count_declared": row.room_count_declared, "area_declared_centi": declared,
        "area_declared_text": "" if declared is None else rules.area_text(declared),
    }  # fmt: skip


def query_rooms(community_id: UUID, q: str, building_id: UUID | None) -> Select[HousingRoom]:
    """The rooms of a community by label, of a building, those out of use too."""
    query = select(HousingRoom).where(HousingRoom.community_id == community_id)
    if q:
        query = query.where(HousingRoom.label.contains(q.upper(), autoescape=True))
    if building_id is not None:
        inside = select(HousingEntrance.id).where(HousingEntrance.building_id == building_id)
        query = query.where(HousingRoom.entrance_id.in_(inside))
    return query


def room_rows(uow: UnitOfWork, rows: Iterable[HousingRoom]) -> list[dict[str, Any]]:
    """Rooms as rows of a list."""
    listed = list(rows)
    ids = [row.id for row in listed]
    owned = electorate.current_parties(uow, ids)
    owners = parties.members(uow, owned.values())
    lived = _counts(
        uow,
        select(Residence.room_id, func.count())
        .where(Residence.room_id.in_(ids), Residence.state == rules.CONFIRMED)
        .group_by(Residence.room_id),
    )
    return [
        {
            **_room(row),
            "owners": [_name(uow, one) for one in _of(owners, owned.get(row.id))],
            "residents_count": lived.get(row.id, 0),
        }
        for row in listed
    ]  # fmt: skip


def _room(row: HousingRoom) -> dict[str, Any]:
    return {
        "id": row.id, "community_id": row.community_id, "entrance_id": row.entrance_id,
        "label": row.label, "storey": row.storey, "area_centi": row.area_centi,
        "area_text": rules.area_text(row.area_centi), "use": row.use,
        "use_text": rules.USES[row.use], "in_roll": row.in_roll, "active": row.active,
        "version": row.version,
    }  # fmt: skip


def _of(owners: dict[UUID, list[OwnerRecord]], party_id: UUID | None) -> list[OwnerRecord]:
    return owners.get(party_id, []) if party_id is not None else []


def _name(uow: UnitOfWork, row: OwnerRecord) -> str:
    name = uow.services.privacy.open(row.name_sealed)
    return name if row.kind == rules.COMPANY else mask_name(name)


def owner(uow: UnitOfWork, row: OwnerRecord) -> dict[str, Any]:
    """Somebody of the register, masked."""
    open_ = uow.services.privacy.open
    return {
        "id": row.id, "kind": row.kind, "kind_text": rules.OWNER_KINDS[row.kind],
        "name": _name(uow, row), "number": mask_id_number(open_(row.number_sealed)),
        "phone": mask_phone(open_(row.phone_sealed)) if row.phone_sealed else "",
        "party_member": row.party_member, "bound": row.person_id is not None,
    }  # fmt: skip


def room(uow: UnitOfWork, row: HousingRoom) -> dict[str, Any]:
    """A room with its owners now and before, who lives there, and what it is one head with."""
    history = uow.session.scalars(
        select(RoomOwnership)
        .where(RoomOwnership.room_id == row.id)
        .order_by(RoomOwnership.since.desc(), RoomOwnership.until.desc().nulls_first())
    ).all()
    live = next((one.party_id for one in history if one.until is None), None)
    owners = parties.members(uow, [one.party_id for one in history])
    members = uow.session.scalars(
        select(OwnerRecord)
        .join(HouseholdMember, HouseholdMember.owner_id == OwnerRecord.id)
        .where(HouseholdMember.room_id == row.id)
        .order_by(OwnerRecord.id)
    )
    people = uow.session.scalars(
        select(Residence)
        .where(Residence.room_id == row.id, Residence.state.in_(rules.LIVE_RESIDENCES))
        .order_by(Residence.claimed_at)
    )
    entrance = uow.session.get_one(HousingEntrance, row.entrance_id)
    building = uow.session.get_one(HousingBuilding, entrance.building_id)
    return {
        **_room(row), "building_name": building.name, "entrance_name": entrance.name,
        "owners": [owner(uow, one) for one in _of(owners, live)],
        "head_rooms": parties.labels(uow, live) if live else [],
        "members": [owner(uow, one) for one in members],
        "residents": claims(uow, people),
        "history": [
            {
                "owners": [_name(uow, member) for member in owners.get(one.party_id, [])],
                "since": one.since, "until": one.until,
                "source_text": {"import": "登记导入", "transfer": "过户"}[one.source],
            }
            for one in history
        ],
    }  # fmt: skip


def claims(uow: UnitOfWork, rows: Iterable[Residence]) -> list[dict[str, Any]]:
    """Claims and homes as rows of a list; `register_match` tells what the register says."""
    listed = list(rows)
    cards = identity.person_cards(uow, {row.person_id for row in listed if row.person_id})
    files = attachments.listed(uow, [row.id for row in listed], FILES)
    rooms = _rooms_by_id(uow, {row.room_id for row in listed})
    names = places.community_names(uow, {one.community_id for one in rooms.values()})
    found = []
    for row in listed:
        at, card = rooms[row.room_id], cards.get(row.person_id) if row.person_id else None
        found.append(
            {
                "id": row.id, "community_id": at.community_id,
                "community_name": names[at.community_id], "room_id": at.id, "label": at.label,
                "person_name": card.name_masked if card else "已注销用户",
                "person_phone": (card.phone_masked or "") if card else "",
                "person_number": (card.id_number_masked or "") if card else "",
                "relation": row.relation, "relation_text": rules.RELATIONS[row.relation],
                "state": row.state, "state_text": rules.RESIDENCE_STATES[row.state],
                "words": row.words, "reason": row.reason, "claimed_at": row.claimed_at,
                "decided_at": row.decided_at, "version": row.version,
                "waiting_text": _waited(uow, row.state == rules.CLAIMED, row.claimed_at),
                "register_match": _match(uow, row, at), "files": files.get(row.id, []),
            }
        )  # fmt: skip
    return found


def _match(uow: UnitOfWork, row: Residence, at: HousingRoom) -> str:
    """`owner`: the register names the person as an owner of the room; `known`: elsewhere here."""
    if row.person_id is None:
        return "none"
    known = parties.record_of(uow, at.community_id, row.person_id)
    if known is None:
        return "none"
    return "owner" if confirming.owns(uow, at.id, known) else "known"


def _waited(uow: UnitOfWork, waits: bool, since: Any) -> str:
    return rules.waiting_text(since, uow.now) if waits else ""


def _rooms_by_id(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, HousingRoom]:
    rows = uow.session.scalars(select(HousingRoom).where(HousingRoom.id.in_(ids)))
    return {row.id: row for row in rows}


def transfer_rows(uow: UnitOfWork, rows: Iterable[OwnershipTransfer]) -> list[dict[str, Any]]:
    """Transfers with the owners before and, until it is decided, those named."""
    listed = list(rows)
    rooms = _rooms_by_id(uow, {row.room_id for row in listed})
    names = places.community_names(uow, {one.community_id for one in rooms.values()})
    ids = {one for row in listed for one in (row.from_party_id, row.to_party_id) if one}
    owners = parties.members(uow, ids)
    files = attachments.listed(uow, [row.id for row in listed], FILES)
    found = []
    for row in listed:
        at = rooms[row.room_id]
        after = [_name(uow, one) for one in _of(owners, row.to_party_id)]
        found.append(
            {
                "id": row.id, "community_id": at.community_id,
                "community_name": names[at.community_id], "room_id": at.id, "label": at.label,
                "from_owners": [_name(uow, one) for one in _of(owners, row.from_party_id)],
                "to_owners": after
                or [_masked(one) for one in transfers.new_owners(uow, row)],
                "by_staff": row.staff_id is not None, "state": row.state,
                "state_text": rules.TRANSFER_STATES[row.state], "words": row.words,
                "reason": row.reason, "requested_at": row.requested_at,
                "decided_at": row.decided_at, "version": row.version,
                "waiting_text": _waited(uow, row.state == rules.REQUESTED, row.requested_at),
                "files": files.get(row.id, []),
            }
        )  # fmt: skip
    return found


def _masked(one: parties.Named) -> str:
    name = one.name if one.kind == rules.COMPANY else mask_name(one.name)
    return f"{name} {mask_id_number(one.number)}"


def proxy_rows(uow: UnitOfWork, rows: Iterable[VoteProxy]) -> list[dict[str, Any]]:
    """Proxies with who gave and who holds them."""
    listed = list(rows)
    cards = identity.person_cards(uow, {row.holder_id for row in listed if row.holder_id})
    names = places.community_names(uow, {row.community_id for row in listed})
    files = attachments.listed(uow, [row.id for row in listed], FILES)
    found = []
    for row in listed:
        card = cards.get(row.holder_id) if row.holder_id else None
        found.append(
            {
                "id": row.id, "community_id": row.community_id,
                "community_name": names.get(row.community_id, ""),
                "as_text": proxies.principal_text(uow, row),
                "holder_name": card.name_masked if card else "",
                "holder_phone": (card.phone_masked or "") if card else "",
                "scope_text": proxies.scope_text(uow, row), "topic_id": row.topic_id,
                "until": row.until, "paper": row.paper, "state": row.state,
                "state_text": rules.PROXY_STATES[row.state], "reason": row.reason,
                "given_at": row.given_at, "decided_at": row.decided_at, "version": row.version,
                "files": files.get(row.id, []),
            }
        )  # fmt: skip
    return found
