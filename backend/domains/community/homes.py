"""A person's own homes and seats: what they belong to, and for which heads they may cast."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from backend.domains.community import electorate as roll
from backend.domains.community import rules
from backend.domains.community.model import (
    HouseholdMember,
    HousingCommunity,
    HousingEntrance,
    HousingRoom,
    OwnerRecord,
    PartyMember,
    Residence,
    RoomOwnership,
)
from backend.domains.identity import service as identity
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Home:
    """One home of a person, claimed or confirmed."""

    id: UUID
    community_id: UUID
    community_name: str
    community_kind: str
    area_id: UUID
    building_id: UUID
    entrance_id: UUID
    room_id: UUID
    label: str
    relation: str
    state: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A head the person may cast for; `kind` and `ref_id` as in the electorate of that kind."""

    kind: str
    ref_id: UUID
    rooms: tuple[roll.RoomPart, ...]
    area_centi: int


def own_homes(
    uow: UnitOfWork, person_id: UUID, states: Iterable[str] = (rules.CONFIRMED,)
) -> list[Home]:
    """The person's homes in these states, by community and label."""
    rows = uow.session.execute(
        select(Residence, HousingRoom, HousingEntrance.building_id, HousingCommunity)
        .join(HousingRoom, HousingRoom.id == Residence.room_id)
        .join(HousingEntrance, HousingEntrance.id == HousingRoom.entrance_id)
        .join(HousingCommunity, HousingCommunity.id == HousingRoom.community_id)
        .where(Residence.person_id == person_id, Residence.state.in_(list(states)))
        .order_by(HousingCommunity.name, HousingRoom.label)
    )
    return [
        Home(
            row.id, place.id, place.name, place.kind, place.area_id, building_id,
            room.entrance_id, room.id, room.label, row.relation, row.state,
        )
        for row, room, building_id, place in rows
    ]  # fmt: skip


def query_residents(area_ids: Iterable[UUID]) -> Select[UUID | None]:
    """The ids of those with a confirmed home in one of these communities of the grid."""
    return (
        select(Residence.person_id)
        .join(HousingRoom, HousingRoom.id == Residence.room_id)
        .join(HousingCommunity, HousingCommunity.id == HousingRoom.community_id)
        .where(
            Residence.state == rules.CONFIRMED,
            Residence.person_id.is_not(None),
            HousingCommunity.area_id.in_(list(area_ids)),
        )
    )


def is_verified(uow: UnitOfWork, person_id: UUID, community_id: UUID) -> bool:
    """Whether the real name is proved and staff have confirmed a home in the community.

    Whose home was confirmed as an owner's had their identity number compared with the register.
    """
    if person_id not in identity.verified_among(uow, [person_id]):
        return False
    return community_id in confirmed_communities(uow, person_id)


def confirmed_communities(uow: UnitOfWork, person_id: UUID) -> list[UUID]:
    """The communities in which staff have confirmed a home of the person, by name."""
    found = [home.community_id for home in own_homes(uow, person_id)]
    return list(dict.fromkeys(found))


def seats_of(uow: UnitOfWork, person_id: UUID, community_id: UUID) -> list[Seat]:
    """Every head of the community that the person may cast for now, without proxies."""
    if person_id not in identity.verified_among(uow, [person_id]):
        return []
    found = _owner_seats(uow, person_id, community_id) + _record_seats(uow, person_id, community_id)
    own = [home for home in own_homes(uow, person_id) if home.community_id == community_id]
    if own and roll.adults(uow, [person_id]):
        found.append(Seat(roll.RESIDENTS, person_id, (), 0))
        rooms = uow.session.scalars(
            select(HousingRoom)
            .where(
                HousingRoom.id.in_([home.room_id for home in own]),
                HousingRoom.use == rules.HOME, HousingRoom.active,
            )
            .order_by(HousingRoom.label)
        )  # fmt: skip
        for room in rooms:
            found.append(Seat(roll.HOUSEHOLDS, room.id, (roll.part(room),), room.area_centi))
    return found


def _owner_seats(uow: UnitOfWork, person_id: UUID, community_id: UUID) -> list[Seat]:
    rows = uow.session.execute(
        select(RoomOwnership.party_id, HousingRoom)
        .join(HousingRoom, HousingRoom.id == RoomOwnership.room_id)
        .join(PartyMember, PartyMember.party_id == RoomOwnership.party_id)
        .join(OwnerRecord, OwnerRecord.id == PartyMember.owner_id)
        .where(
            OwnerRecord.person_id == person_id, RoomOwnership.until.is_(None),
            HousingRoom.community_id == community_id, HousingRoom.active, HousingRoom.in_roll,
        )
        .order_by(HousingRoom.label)
    )  # fmt: skip
    grouped: dict[UUID, list[roll.RoomPart]] = defaultdict(list)
    for party_id, room in rows:
        grouped[party_id].append(roll.part(room))
    return [
        Seat(roll.OWNERS, party, tuple(parts), sum(one.area_centi for one in parts))
        for party, parts in grouped.items()
    ]


def _record_seats(uow: UnitOfWork, person_id: UUID, community_id: UUID) -> list[Seat]:
    record = uow.session.scalar(
        select(OwnerRecord)
        .join(HouseholdMember, HouseholdMember.owner_id == OwnerRecord.id)
        .where(OwnerRecord.person_id == person_id, OwnerRecord.community_id == community_id)
        .limit(1)
    )
    if record is None:
        return []
    found = []
    if roll.adults(uow, [person_id]):
        found.append(Seat(roll.VILLAGERS, record.id, (), 0))
    if record.party_member:
        found.append(Seat(roll.PARTY_MEMBERS, record.id, (), 0))
    return found
