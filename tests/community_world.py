"""A small estate and a village with their people, for tests of the register and of votes.

桂香苑: building 1 (entrances 1 and 2, a lift), building 2 (one entrance, 7 storeys, no lift).
Rooms 1-1-101 … of 80.00 m² and more; who owns what is said by `own`.
"""

import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from backend.domains.community import claiming, confirming, parties, rules
from backend.domains.community.model import (
    HouseholdMember,
    HousingBuilding,
    HousingCommunity,
    HousingEntrance,
    HousingRoom,
)
from backend.domains.community.parties import Named
from backend.domains.grid import index
from backend.domains.grid.model import Area
from backend.domains.identity import service as identity
from backend.domains.identity.staff_rules import ROLES
from backend.domains.organisation import service as organisation
from backend.kernel.access import SYSTEM, Actor, Grant, Principal
from backend.kernel.database import table_of
from backend.kernel.identity_number import check_digit
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

STREET, OTHER_STREET = stable_id("street", "yuehe"), stable_id("street", "rongan")
AREA, OTHER_AREA = stable_id("area", "yuehe-01"), stable_id("area", "rongan-01")
_turns = itertools.count()


def number_of(born: date = date(1980, 1, 1)) -> str:
    """A fresh fictional identity number in the area 999902, which does not exist."""
    body = f"999902{born:%Y%m%d}{next(_turns) % 1000:03d}"
    return body + check_digit(body)


def named(name: str = "测试乙", *, born: date | None = None, **more: Any) -> Named:
    """Somebody as papers name them, with a fresh number."""
    turn = next(_turns)
    day = born or date(1970, 1, 1) + timedelta(days=turn % 9000)
    return Named(rules.PERSON, name, number_of(day), **more)


@dataclass
class Estate:
    """The estate: ids of rooms by label, and what tests do in it."""

    services: Services
    community_id: UUID
    entrances: dict[str, UUID]
    rooms: dict[str, UUID] = field(default_factory=dict)
    heard: list[Any] = field(default_factory=list)

    def unit(self, actor: Actor = SYSTEM):
        """A unit of work of this actor."""
        return self.services.unit(actor)

    def room(
        self, label: str, area_centi: int = 8000, *, use: str = rules.HOME, in_roll: bool = True
    ) -> UUID:
        """A room at the entrance its label names (`1-2-301`: building 1, entrance 2)."""
        building, entrance, rest = label.split("-")
        row = HousingRoom(
            id=new_id(), entrance_id=self.entrances[f"{building}-{entrance}"],
            community_id=self.community_id, label=label, storey=int(rest[0]),
            area_centi=area_centi, use=use, in_roll=in_roll,
        )  # fmt: skip
        with self.unit() as uow:
            uow.session.add(row)
        self.rooms[label] = row.id
        return row.id

    def own(self, label: str, *owners: Named, area_centi: int = 8000) -> UUID:
        """The owners' party, made the owner of the room (made where it is new)."""
        room_id = self.rooms.get(label) or self.room(label, area_centi)
        with self.unit() as uow:
            entries = [parties.entry(uow, self.community_id, one) for one in owners]
            party_id = parties.party(uow, self.community_id, entries)
            parties.own(uow, room_id, party_id, "import")
        return party_id

    def member(self, label: str, person: Named) -> UUID:
        """Somebody registered at a village house; answers the record."""
        with self.unit() as uow:
            owner_id = parties.entry(uow, self.community_id, person)
            row = {"room_id": self.rooms[label], "owner_id": owner_id}
            uow.session.execute(insert(table_of(HouseholdMember)), [row])
        return owner_id

    def person(self, who: Named, *, phone: str | None = None) -> UUID:
        """A verified account of this person."""
        with self.unit() as uow:
            return identity.create_demo_person(
                uow, id=new_id(), name=who.name, id_number=who.number, phone=phone
            )

    def claim(self, person_id: UUID, label: str, relation: str = rules.OWNER) -> UUID:
        """The person claims the home; the claim's id."""
        with self.unit(Actor("person", person_id)) as uow:
            told = claiming.Claim(self.rooms[label], relation)
            return claiming.claim(uow, person_id, told).id

    def confirm(self, residence_id: UUID, by: Principal | None = None) -> None:
        """Staff confirm the claim."""
        by = by or worker()
        with self.unit(by.actor) as uow:
            confirming.confirm(uow, by, residence_id)

    def settle(
        self, who: Named, label: str, relation: str = rules.OWNER, *, phone: str | None = None
    ) -> UUID:
        """An account of the person with a confirmed home; the person's id."""
        person_id = self.person(who, phone=phone)
        self.confirm(self.claim(person_id, label, relation))
        return person_id


def worker(
    role: str = "community_worker", kind: str = "community", scope: UUID | None = AREA
) -> Principal:
    """A member of the community's staff, without an account of their own."""
    grant = Grant(role, frozenset(ROLES[role].permissions), kind, scope)
    return Principal(Actor("staff", new_id(), "方敏", ROLES[role].text), grants=(grant,))


def put_areas(uow: UnitOfWork) -> None:
    """Two streets with a grid community each."""
    for code, name in (("yuehe", "越和街道"), ("rongan", "榕岸街道")):
        organisation.add(uow.session, "street", code, name)
    for offset, street in enumerate(("yuehe", "rongan")):
        west = 113.0 + offset
        parent = _area(uow, "street", street, None, street, west)
        _area(uow, "community", f"{street}-01", parent, street, west)
    index.touch(uow)


def _area(
    uow: UnitOfWork, kind: str, code: str, parent: UUID | None, street: str, west: float
) -> UUID:
    corners = [[west, 23.0], [west + 0.5, 23.0], [west + 0.5, 23.5], [west, 23.5], [west, 23.0]]
    row = Area(
        id=stable_id("area", code), kind=kind, code=code, name=code, parent_id=parent,
        street_id=stable_id("street", street),
        geometry={"type": "Polygon", "coordinates": [corners]},
        west=west, east=west + 0.5, south=23.0, north=23.5, aliases=[], version=1, active=True,
    )  # fmt: skip
    if uow.session.get(Area, row.id) is None:
        uow.session.add(row)
        uow.session.flush()
    return row.id


def estate(
    services: Services, *, name: str = "桂香苑", kind: str = rules.ESTATE, area: UUID = AREA
) -> Estate:
    """An estate (or village) with two buildings and three entrances, and no rooms yet."""
    entrances: dict[str, UUID] = {}
    with services.unit() as uow:
        put_areas(uow)
        place = HousingCommunity(id=new_id(), area_id=area, name=name, kind=kind, address="测试路")
        uow.session.add(place)
        uow.session.flush()
        for building, storeys, lift, inside in (("1", 18, True, "12"), ("2", 7, False, "1")):
            made = HousingBuilding(
                id=new_id(), community_id=place.id, name=f"{building}栋", storeys=storeys,
                has_lift=lift,
            )  # fmt: skip
            uow.session.add(made)
            uow.session.flush()
            for entrance in inside:
                row = HousingEntrance(
                    id=new_id(), building_id=made.id, community_id=place.id,
                    name=f"{entrance}单元",
                )  # fmt: skip
                uow.session.add(row)
                entrances[f"{building}-{entrance}"] = row.id
        uow.session.flush()
    return Estate(services, place.id, entrances)


def building_of(stage: Estate, entrance: str) -> UUID:
    """The building of an entrance such as `2-1`."""
    with stage.unit() as uow:
        query = select(HousingEntrance.building_id)
        return uow.session.scalars(
            query.where(HousingEntrance.id == stage.entrances[entrance])
        ).one()
