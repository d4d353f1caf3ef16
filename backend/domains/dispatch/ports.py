"""What dispatch asks of other domains: places, rosters, people, departments, suggestions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, cast
from uuid import UUID

from backend.domains.dispatch import rules, text_rules
from backend.domains.grid import service as grid
from backend.domains.grid.service import Located, OnDuty
from backend.domains.identity import service as identity
from backend.domains.organisation import service as organisation
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

SUGGEST = "suggest_category"
SIMILARITY = "text_similarity"
TICKETS = "ticket_door"


@dataclass(frozen=True, slots=True)
class TicketWish:
    """What a ticket made of an event is to hold. Coordinates are WGS-84."""

    event_id: UUID
    number: str
    words: str
    category_code: str
    urgent: bool
    address: str
    latitude: float | None
    longitude: float | None
    confidential: bool
    person_id: UUID | None
    caller_name: str


class TicketDoor(Protocol):
    """What the hotline does for an event that goes on as a ticket."""

    def make(self, uow: UnitOfWork, wish: TicketWish) -> str:
        """A new ticket tied to the event; its number."""

    def link(self, uow: UnitOfWork, number: str, event_id: UUID, event_number: str) -> None:
        """Tie the event to the ticket of this number; `Invalid` where there is none."""


def ticket_door(services: Services) -> TicketDoor | None:
    """The hotline's door, where there is a hotline."""
    return cast(TicketDoor | None, services.extensions.get(TICKETS))


def register_tickets(services: Services, door: TicketDoor) -> None:
    """Let events go on as tickets here."""
    services.extensions[TICKETS] = door


def locate(uow: UnitOfWork, latitude: float, longitude: float) -> Located | None:
    """Where a WGS-84 point lies; None outside the district."""
    return grid.locate(uow, latitude, longitude)


def place_named(uow: UnitOfWork, text: str) -> Located | None:
    """The area whose name or alias the words contain, if there is one."""
    return grid.suggest(uow, text)


def levels(uow: UnitOfWork, street_id: UUID | None) -> tuple[str, ...]:
    """The chain of the street (or the district's), lowest first."""
    return tuple(grid.chain(uow, street_id))


def on_duty(
    uow: UnitOfWork,
    level: str,
    *,
    cell_id: UUID | None,
    street_id: UUID | None,
    category_code: str,
    parent_category: str | None,
) -> list[OnDuty]:
    """Who is on duty now for the place and category at a level of the chain."""
    return grid.on_duty(
        uow,
        cell_id=cell_id,
        street_id=street_id,
        category_code=category_code,
        parent_category=parent_category,
        at=uow.now,
        level=level,
    )


def duty_cells(uow: UnitOfWork, staff_id: UUID) -> set[UUID]:
    """All cells the member of staff has a duty in, at whatever hour."""
    return grid.duties_of(uow, staff_id)


def dispatchers(uow: UnitOfWork, street_id: UUID | None) -> list[OnDuty]:
    """The street's dispatchers, or the district's where it has none."""
    found = []
    if street_id is not None:
        found = identity.staff_holding(uow, ["dispatcher"], "street", street_id)
    found = found or identity.staff_holding(uow, ["dispatcher"], "district")
    return [OnDuty(card.id, card.name, card.person_id) for card in found]


def street_staff(uow: UnitOfWork, roles: Iterable[str], street_id: UUID | None) -> list[OnDuty]:
    """Active staff who hold one of the roles at the street; none without a street."""
    if street_id is None:
        return []
    found = identity.staff_holding(uow, roles, "street", street_id)
    return [OnDuty(card.id, card.name, card.person_id) for card in found]


def department_on_duty(uow: UnitOfWork, department_id: UUID) -> list[OnDuty]:
    """Who answers a whistle for the department now."""
    return grid.department_on_duty(uow, department_id, uow.now)


def department_names(uow: UnitOfWork) -> dict[UUID, str]:
    """Names of all departments by id."""
    return organisation.place_names(uow, "department")


def staff(uow: UnitOfWork, staff_ids: Iterable[UUID]) -> dict[UUID, identity.StaffCard]:
    """Cards of members of staff by id; unknown ids are left out."""
    return identity.staff_cards(uow, staff_ids)


def staff_name(uow: UnitOfWork, staff_id: UUID) -> str:
    """The name of one member of staff; empty for an unknown one."""
    return identity.staff_names(uow, [staff_id]).get(staff_id, "")


def suggestions(services: Services, words: str) -> Sequence[tuple[str, float]]:
    """`(category code, how sure 0 … 1)`, best first, from the suggester registered for it.

    `services.extensions["suggest_category"](services, words)` is called; without one: nothing.
    """
    suggest = services.extensions.get(SUGGEST)
    return list(suggest(services, words)) if suggest else []


def threshold(services: Services) -> float:
    """How sure a suggestion must be to be taken without a person; .80 unless set."""
    return float(getattr(services.settings, "routing_threshold", 0.80))


def similarity(services: Services, one: str, other: str) -> float:
    """0 … 1 how alike two texts are, by the registered measure or by pairs of characters."""
    measure = services.extensions.get(SIMILARITY)
    return float(measure(one, other)) if measure else text_rules.likeness(one, other)


def names(people: Iterable[OnDuty]) -> str:
    """Their names in one line, for internal texts."""
    return "、".join(person.name for person in people)


def level_words(levels_: Iterable[str]) -> str:
    """`网格员、副网格员`."""
    return "、".join(rules.LEVEL_TEXT[level] for level in levels_)
