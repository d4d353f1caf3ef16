"""What deliberation asks of other domains: the register, places, people, staff."""

from collections.abc import Iterable
from uuid import UUID

from backend.domains.community import service as community
from backend.domains.community.service import CommunityCard, Scope
from backend.domains.deliberation.kind_rules import COMMUNITY, ENTRANCE, OWNERS
from backend.domains.grid import service as grid
from backend.domains.identity import service as identity
from backend.domains.organisation import service as organisation
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork

WORKERS, LEADERS = ("community_worker",), ("street_leader", "dispatcher")


def communities_of(uow: UnitOfWork, person_id: UUID) -> list[CommunityCard]:
    """The communities in which a home of the person's is confirmed."""
    homes = community.own_homes(uow, person_id)
    ids = dict.fromkeys(home.community_id for home in homes)
    return [community.community(uow, one) for one in ids]


def belongs(uow: UnitOfWork, person_id: UUID, community_id: UUID) -> bool:
    """Whether a home of the person's in the community is confirmed."""
    return any(home.community_id == community_id for home in community.own_homes(uow, person_id))


def verified(uow: UnitOfWork, person_id: UUID, community_id: UUID) -> bool:
    """Whether the real name is proved and a home there confirmed: may propose and speak."""
    return community.is_verified(uow, person_id, community_id)


def community_card(uow: UnitOfWork, community_id: UUID) -> CommunityCard:
    """The community; `NotFound` when there is none."""
    return community.community(uow, community_id)


def check_scope(uow: UnitOfWork, community_id: UUID, scope: Scope) -> None:
    """`Invalid` unless the scope lies in the community."""
    community.check_scope(uow, community_id, scope)


def scope_text(uow: UnitOfWork, scope: Scope) -> str:
    """The scope by name."""
    return community.scope_text(uow, scope)


def storeys(uow: UnitOfWork, scope: Scope) -> tuple[int, bool]:
    """Storeys of the building of a scope, and whether it has a lift."""
    found = community.building(uow, scope)
    return found.storeys, found.has_lift


def entitled(uow: UnitOfWork, scope: Scope, electorate: str) -> int:
    """How many heads are entitled."""
    return len(community.electorate(uow, scope, electorate))


def may_take_part(uow: UnitOfWork, person_id: UUID, scope: Scope, electorate: str) -> bool:
    """Whether the person may cast for one of the heads of this scope."""
    return person_id in electors(uow, scope, electorate)


def electors(uow: UnitOfWork, scope: Scope, electorate: str) -> set[UUID]:
    """The accounts that may cast for somebody entitled."""
    found = community.electorate(uow, scope, electorate)
    return {person for one in found for person in one.person_ids}


def owns_or_lives(uow: UnitOfWork, person_id: UUID, community_id: UUID, scope: Scope) -> bool:
    """Whether the person belongs to the scope: a confirmed home, or a seat with a room in it."""
    if scope.kind == COMMUNITY:
        return belongs(uow, person_id, community_id)
    homes = [one for one in community.own_homes(uow, person_id) if one.community_id == community_id]
    inside = {one.entrance_id if scope.kind == ENTRANCE else one.building_id for one in homes}
    if scope.id in inside:
        return True
    seats = community.seats_of(uow, person_id, community_id)
    rooms = [part.room_id for seat in seats if seat.kind == OWNERS for part in seat.rooms]
    return any(community.contains(uow, scope, room) for room in rooms)


def street_of(uow: UnitOfWork, area_id: UUID) -> UUID:
    """The street a grid community lies in."""
    return grid.cell(uow, area_id).street_id


def place_names(uow: UnitOfWork, area_id: UUID, street_id: UUID) -> tuple[str, str]:
    """The names of the community's area and of its street; empty where unknown."""
    area = grid.area_names(uow, [area_id]).get(area_id, "")
    return area, organisation.place_names(uow, "street").get(street_id, "")


def workers(uow: UnitOfWork, area_id: UUID) -> tuple[UUID, ...]:
    """The community's active staff."""
    found = identity.staff_holding(uow, WORKERS, "community", area_id)
    return tuple(card.id for card in found)


def leaders(uow: UnitOfWork, street_id: UUID) -> tuple[UUID, ...]:
    """Who mediates objections and decides appeals in a street."""
    found = identity.staff_holding(uow, LEADERS, "street", street_id)
    return tuple(card.id for card in found)


def masked_names(uow: UnitOfWork, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Masked names of persons."""
    cards = identity.person_cards(uow, [one for one in ids if one is not None])
    return {id_: card.name_masked for id_, card in cards.items()}


def staff_names(uow: UnitOfWork, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of members of staff."""
    cards = identity.staff_cards(uow, [one for one in ids if one is not None])
    return {id_: card.name for id_, card in cards.items()}


def unknown() -> NotFound:
    """What is out of reach looks like nothing."""
    return NotFound("topic_unknown", title="没有找到这个议题", action="请返回列表刷新后再看")
