"""Who is entitled: the heads of a scope with their rooms and areas, and whose seat is whose.

Owners: each owner party is one head with the areas of its rooms summed (民法典 278; 法释〔2009〕7号
第八、九条). Households: each home is one. Residents: adults whose home staff have confirmed.
Villagers: adults in the register of a village's households. Party members: those so marked.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domains.community import places, rules
from backend.domains.community.model import (
    HouseholdMember,
    HousingRoom,
    OwnerRecord,
    PartyMember,
    Residence,
    RoomOwnership,
)
from backend.domains.community.places import Scope
from backend.domains.identity import service as identity
from backend.kernel.clock import local_date
from backend.kernel.database import among
from backend.kernel.identity_number import birth_date
from backend.kernel.uow import UnitOfWork

OWNERS, RESIDENTS, HOUSEHOLDS = "owners", "residents", "households"
VILLAGERS, PARTY_MEMBERS = "villagers", "party_members"
KINDS = (OWNERS, RESIDENTS, HOUSEHOLDS, VILLAGERS, PARTY_MEMBERS)


@dataclass(frozen=True, slots=True)
class RoomPart:
    """A room as a roll names it."""

    room_id: UUID
    label: str
    area_centi: int


@dataclass(frozen=True, slots=True)
class Elector:
    """One head. `ref_id`: owner party, person, room or record, by the kind of electorate.

    `person_ids` are the accounts that may cast for it now; empty where nobody of it is bound.
    """

    ref_id: UUID
    rooms: tuple[RoomPart, ...]
    area_centi: int
    person_ids: tuple[UUID, ...]
    household_id: UUID | None = None


def electorate(uow: UnitOfWork, scope: Scope, kind: str) -> list[Elector]:
    """All heads of a kind in the scope, whether bound to an account or not, by first room."""
    maker = {
        OWNERS: _owners, RESIDENTS: _residents, HOUSEHOLDS: _households, VILLAGERS: _villagers,
        PARTY_MEMBERS: _party_members,
    }[kind]  # fmt: skip
    # Columns, not rows: a register may hold tens of thousands of rooms.
    wanted = HousingRoom.id, HousingRoom.label, HousingRoom.area_centi
    named = uow.session.execute(places.rooms_of(scope).with_only_columns(*wanted))
    rooms = {id_: RoomPart(id_, label, area) for id_, label, area in named}
    found = maker(uow, scope, rooms)
    return sorted(found, key=lambda one: (one.rooms[0].label if one.rooms else "", one.ref_id))


def part(room: HousingRoom) -> RoomPart:
    """A room as a roll names it."""
    return RoomPart(room.id, room.label, room.area_centi)


def unowned(uow: UnitOfWork, scope: Scope) -> list[RoomPart]:
    """Rooms that count but whose owners the register does not know: no roll can hold them."""
    owned = select(RoomOwnership.room_id).where(RoomOwnership.until.is_(None))
    query = places.rooms_of(scope).where(HousingRoom.in_roll, HousingRoom.id.not_in(owned))
    return [part(row) for row in uow.session.scalars(query)]


def persons_of(uow: UnitOfWork, party_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """The verified accounts of each party's owners; a party of nobody bound is left out."""
    rows = uow.session.execute(
        select(PartyMember.party_id, OwnerRecord.person_id)
        .join(OwnerRecord, OwnerRecord.id == PartyMember.owner_id)
        .where(among(PartyMember.party_id, set(party_ids)), OwnerRecord.person_id.is_not(None))
    )
    return _verified(uow, ((party, person) for party, person in rows if person))


def current_parties(uow: UnitOfWork, room_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Who owns each room now; rooms of unknown owners are left out."""
    rows = uow.session.execute(
        select(RoomOwnership.room_id, RoomOwnership.party_id).where(
            among(RoomOwnership.room_id, set(room_ids)), RoomOwnership.until.is_(None)
        )
    )
    return {row.room_id: row.party_id for row in rows}


def adults(uow: UnitOfWork, person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the persons who are verified and of age today."""
    today = local_date(uow.now)
    born = identity.births(uow, person_ids)
    return {one for one, day in born.items() if rules.adult(day, today)}


def _verified(uow: UnitOfWork, pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, tuple[UUID, ...]]:
    grouped: dict[UUID, set[UUID]] = defaultdict(set)
    for ref, person in pairs:
        grouped[ref].add(person)
    known = identity.verified_among(uow, {one for group in grouped.values() for one in group})
    return {ref: tuple(sorted(group & known)) for ref, group in grouped.items() if group & known}


def _owners(uow: UnitOfWork, scope: Scope, rooms: dict[UUID, RoomPart]) -> list[Elector]:
    counted = select(HousingRoom.id).where(HousingRoom.in_roll, among(HousingRoom.id, rooms))
    grouped: dict[UUID, list[RoomPart]] = defaultdict(list)
    for room_id, party_id in current_parties(uow, uow.session.scalars(counted)).items():
        grouped[party_id].append(rooms[room_id])
    persons = persons_of(uow, grouped)
    return [_elector(ref, parts, persons.get(ref, ())) for ref, parts in grouped.items()]


def _elector(ref: UUID, parts: Iterable[RoomPart], persons: tuple[UUID, ...]) -> Elector:
    ordered = tuple(sorted(parts, key=lambda one: one.label))
    area = sum(one.area_centi for one in ordered)
    return Elector(ref, ordered, area, persons, ordered[0].room_id)


def _confirmed(uow: UnitOfWork, rooms: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """(room, person) of confirmed residences whose person is verified and of age."""
    rows = uow.session.execute(
        select(Residence.room_id, Residence.person_id).where(
            among(Residence.room_id, rooms), Residence.state == rules.CONFIRMED
        )
    )
    pairs = [(room, person) for room, person in rows if person]
    known = adults(uow, {person for _, person in pairs})
    return [(room, person) for room, person in pairs if person in known]


def _residents(uow: UnitOfWork, scope: Scope, rooms: dict[UUID, RoomPart]) -> list[Elector]:
    home: dict[UUID, UUID] = {}
    for room, person in sorted(_confirmed(uow, rooms), key=lambda one: rooms[one[0]].label):
        home.setdefault(person, room)
    return [Elector(person, (), 0, (person,), room) for person, room in home.items()]


def _households(uow: UnitOfWork, scope: Scope, rooms: dict[UUID, RoomPart]) -> list[Elector]:
    homes = select(HousingRoom.id).where(
        among(HousingRoom.id, rooms), HousingRoom.use == rules.HOME
    )
    pairs = _confirmed(uow, rooms)
    bound = uow.session.execute(
        select(HouseholdMember.room_id, OwnerRecord.person_id)
        .join(OwnerRecord, OwnerRecord.id == HouseholdMember.owner_id)
        .where(among(HouseholdMember.room_id, rooms), OwnerRecord.person_id.is_not(None))
    )
    members = [(room, person) for room, person in bound if person]
    grown = adults(uow, {person for _, person in members})
    pairs += [(room, person) for room, person in members if person in grown]
    persons = _verified(uow, pairs)
    return [
        _elector(room, [rooms[room]], persons.get(room, ())) for room in uow.session.scalars(homes)
    ]


def _villagers(uow: UnitOfWork, scope: Scope, rooms: dict[UUID, RoomPart]) -> list[Elector]:
    today, open_ = local_date(uow.now), uow.services.privacy.open
    return [
        one
        for record, one in _members(uow, rooms)
        if rules.adult(birth_date(open_(record.number_sealed)), today)
    ]


def _party_members(uow: UnitOfWork, scope: Scope, rooms: dict[UUID, RoomPart]) -> list[Elector]:
    return [one for record, one in _members(uow, rooms) if record.party_member]


def _members(uow: UnitOfWork, rooms: dict[UUID, RoomPart]) -> list[tuple[OwnerRecord, Elector]]:
    """Each person of the scope's households once, at the house whose label comes first."""
    rows = uow.session.execute(
        select(HouseholdMember.room_id, OwnerRecord)
        .join(OwnerRecord, OwnerRecord.id == HouseholdMember.owner_id)
        .where(among(HouseholdMember.room_id, rooms))
    ).all()
    home: dict[UUID, tuple[OwnerRecord, UUID]] = {}
    for room, record in sorted(rows, key=lambda row: rooms[row[0]].label):
        home.setdefault(record.id, (record, room))
    bound = {record.person_id for record, _ in home.values() if record.person_id}
    known = identity.verified_among(uow, bound)
    return [
        (
            record,
            Elector(
                record.id, (), 0, (record.person_id,) if record.person_id in known else (), room
            ),
        )
        for record, room in home.values()
    ]  # fmt: skip
