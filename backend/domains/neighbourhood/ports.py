"""What community life asks of other domains: who belongs where, names of places and people."""

from collections.abc import Iterable
from typing import Protocol, cast
from uuid import UUID

from backend.domains.community import service as community
from backend.domains.grid import service as grid
from backend.domains.identity import service as identity
from backend.kernel.errors import NotFound
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

MEMBERSHIP = "community_membership"


class Membership(Protocol):
    """What the register of communities knows of a person."""

    def areas(self, uow: UnitOfWork, person_id: UUID) -> set[UUID]:
        """The grid areas (kind community) in which a home of the person's is confirmed."""


class Register:
    """The register of communities itself."""

    def areas(self, uow: UnitOfWork, person_id: UUID) -> set[UUID]:
        """Where the staff have confirmed a home of the person's."""
        return {home.area_id for home in community.own_homes(uow, person_id)}


def register_membership(services: Services, membership: Membership) -> None:
    """Ask this register who belongs where."""
    services.extensions[MEMBERSHIP] = membership


def areas_of(uow: UnitOfWork, person_id: UUID) -> set[UUID]:
    """The communities the person belongs to, as the register has confirmed; none without one."""
    found = cast(Membership | None, uow.services.extensions.get(MEMBERSHIP))
    return found.areas(uow, person_id) if found else set()


def area_names(uow: UnitOfWork, area_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of areas by id."""
    return grid.area_names(uow, area_ids)


def communities(uow: UnitOfWork) -> dict[UUID, str]:
    """All communities of the grid, in the order of their codes."""
    return {ref.id: ref.name for ref in grid.areas(uow, "community")}


def street_of(uow: UnitOfWork, area_id: UUID) -> UUID | None:
    """The street that the community lies in."""
    return grid.cell(uow, area_id).street_id


def wgs84(system: str, latitude: float, longitude: float) -> tuple[float, float]:
    """The point in WGS-84, from the system the phone told it in."""
    return grid.to_wgs84(latitude, longitude, system)


def gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """The point as China's maps draw it."""
    return grid.wgs84_to_gcj02(latitude, longitude)


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two WGS-84 points."""
    return grid.distance_m(*one, *other)


def masked_names(uow: UnitOfWork, person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Masked names of people."""
    cards = identity.person_cards(uow, [one for one in person_ids if one is not None])
    return {person: card.name_masked for person, card in cards.items()}


def phone_of(uow: UnitOfWork, person_id: UUID | None) -> str:
    """The full number of somebody who agreed to show it; empty where there is none."""
    if person_id is None:
        return ""
    try:
        return identity.reveal_value(uow, person_id, "phone")
    except NotFound:
        return ""


def staff_of(uow: UnitOfWork, area_id: UUID) -> list[UUID]:
    """The workers of the community."""
    found = identity.staff_holding(uow, ["community_worker"], "community", area_id)
    return [card.id for card in found]
