"""Communities, buildings, entrances and rooms as other domains and pages name them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from backend.domains.community.model import (
    HousingBuilding,
    HousingCommunity,
    HousingEntrance,
    HousingRoom,
)
from backend.domains.community.moves import unknown
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

COMMUNITY, BUILDING, ENTRANCE = "community", "building", "entrance"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a matter concerns: a community, one of its buildings, or one entrance."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class CommunityCard:
    """A community by name; `area_id` is the grid's community it lies in."""

    id: UUID
    area_id: UUID
    name: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class BuildingCard:
    """A building, or an entrance of it (`entrance_id` set); `name` is as people say it."""

    community_id: UUID
    building_id: UUID
    entrance_id: UUID | None
    name: str
    storeys: int
    has_lift: bool


def community(uow: UnitOfWork, community_id: UUID) -> CommunityCard:
    """The community; `NotFound` when there is none."""
    row = uow.session.get(HousingCommunity, community_id)
    if row is None:
        raise unknown()
    return card(row)


def card(row: HousingCommunity) -> CommunityCard:
    """A row as a card."""
    return CommunityCard(row.id, row.area_id, row.name, row.kind, row.address)


def community_names(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id; unknown ids are left out."""
    query = select(HousingCommunity.id, HousingCommunity.name)
    rows = uow.session.execute(query.where(HousingCommunity.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def building(uow: UnitOfWork, scope: Scope) -> BuildingCard:
    """The building or entrance of a scope; `NotFound` when there is none."""
    entrance_id, said = None, ""
    building_id = scope.id
    if scope.kind == ENTRANCE:
        entrance = uow.session.get(HousingEntrance, scope.id)
        if entrance is None:
            raise unknown()
        entrance_id, building_id, said = entrance.id, entrance.building_id, entrance.name
    row = uow.session.get(HousingBuilding, building_id)
    if row is None:
        raise unknown()
    return BuildingCard(
        row.community_id, row.id, entrance_id, row.name + said, row.storeys, row.has_lift
    )


def check_scope(uow: UnitOfWork, community_id: UUID, scope: Scope) -> None:
    """`Invalid` unless the scope is the community or lies in it."""
    if scope.kind == COMMUNITY:
        inside = scope.id == community_id
    elif scope.kind in (BUILDING, ENTRANCE):
        inside = building(uow, scope).community_id == community_id
    else:
        inside = False
    if not inside:
        text = "请选本小区的楼栋或单元"
        raise Invalid("wrong_scope", title=text, fields={"scope": [text]})


def scope_text(uow: UnitOfWork, scope: Scope) -> str:
    """`桂香苑`, or `桂香苑3栋2单元`."""
    if scope.kind == COMMUNITY:
        return community(uow, scope.id).name
    found = building(uow, scope)
    return community(uow, found.community_id).name + found.name


def rooms_of(scope: Scope) -> Select[HousingRoom]:
    """The rooms in use within a scope, by label."""
    query = select(HousingRoom).where(HousingRoom.active)
    if scope.kind == COMMUNITY:
        query = query.where(HousingRoom.community_id == scope.id)
    elif scope.kind == ENTRANCE:
        query = query.where(HousingRoom.entrance_id == scope.id)
    else:
        inside = select(HousingEntrance.id).where(HousingEntrance.building_id == scope.id)
        query = query.where(HousingRoom.entrance_id.in_(inside))
    return query.order_by(HousingRoom.label, HousingRoom.id)


def contains(uow: UnitOfWork, scope: Scope, room_id: UUID) -> bool:
    """Whether a room in use lies in the scope."""
    query = rooms_of(scope).where(HousingRoom.id == room_id)
    return uow.session.scalar(query) is not None
