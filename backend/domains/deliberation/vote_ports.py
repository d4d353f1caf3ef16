"""What a vote asks of the register and of topics; composed in `vote_wiring`, faked in tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from backend.domains.deliberation.kind_rules import SINGLE, Preset
from backend.domains.deliberation.roll_rules import Head
from backend.domains.deliberation.vote_rules import OPENLY, Option
from backend.kernel.access import Principal
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_EXTENSION = "vote_ports"


@dataclass(frozen=True, slots=True)
class Place:
    """What a vote is about: `scope_kind` community, building or entrance."""

    community_id: UUID
    scope_kind: str
    scope_id: UUID


@dataclass(frozen=True, slots=True)
class OwnSeats:
    """The heads a person belongs to now, and the rooms they own through them."""

    refs: frozenset[UUID]
    rooms: Mapping[UUID, UUID]


class Register(Protocol):
    """The community's register, as a vote needs it."""

    def heads(self, uow: UnitOfWork, place: Place, electorate: str) -> list[Head]:
        """Everybody entitled now."""
        ...

    def unowned(self, uow: UnitOfWork, place: Place) -> list[str]:
        """Labels of rooms that count and whose owners are unknown."""
        ...

    def own(
        self, uow: UnitOfWork, person_id: UUID, community_id: UUID, electorate: str
    ) -> OwnSeats:
        """The person's own heads now; empty for who is not verified."""
        ...

    def principals(self, uow: UnitOfWork, topic_id: UUID, person_id: UUID) -> set[UUID]:
        """The heads the person holds a confirmed proxy for; their revocation waits."""
        ...

    def owners_now(self, uow: UnitOfWork, room_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """Which party owns each room now."""
        ...

    def sold_to(
        self, uow: UnitOfWork, refs: Iterable[UUID], room_ids: Iterable[UUID], since: datetime
    ) -> set[UUID]:
        """Of these rooms those that went to one of the parties since a moment."""
        ...

    def scope_text(self, uow: UnitOfWork, place: Place) -> str:
        """`桂香苑3栋2单元`."""
        ...

    def reach(self, uow: UnitOfWork, by: Principal, permission: str, community_id: UUID) -> None:
        """Nothing, or `NotFound` where the permission is not held."""
        ...

    def building(self, uow: UnitOfWork, place: Place) -> dict[str, Any]:
        """Name, storeys and lift of the building, for the hand-over document."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """The question as it was put up for notice. Without options it is 同意/不同意/弃权."""

    title: str
    words: str = ""
    method: str = SINGLE
    options: tuple[Option, ...] = ()
    least: int = 1
    most: int = 1
    budget_cents: int | None = None
    secrecy: str = OPENLY


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What a vote takes over from its topic; `draft` is None before one was put up for notice.

    `awaits_vote`: a vote can still come, of this turn.
    """

    id: UUID
    number: str
    title: str
    words: str
    kind: str
    preset: Preset
    turn: int
    place: Place
    draft: "Draft | None"
    silence_with_majority: bool = False
    awaits_vote: bool = True


class Topics(Protocol):
    """The topics' side of a vote."""

    def facts(self, uow: UnitOfWork, topic_id: UUID) -> TopicFacts:
        """The topic; `NotFound` when there is none."""
        ...

    def opening(self, uow: UnitOfWork, topic_id: UUID, ends_at: datetime, by: Principal) -> None:
        """The vote is being opened: the topic moves along, or refuses with `Conflict`."""
        ...

    def ended(self, uow: UnitOfWork, topic_id: UUID, papers_waiting: int) -> None:
        """The vote has closed and is counted once no paper ballot waits any more."""
        ...

    def annulled(self, uow: UnitOfWork, topic_id: UUID, by: Principal, reason: str) -> None:
        """The street stopped a running vote as a whole."""
        ...

    def requirements(self, uow: UnitOfWork, topic_id: UUID) -> list[tuple[str, bool, str]]:
        """What the law asks for beside the vote: text, whether it is met, what was noted."""
        ...

    def settled(self, uow: UnitOfWork, topic_id: UUID) -> bool:
        """Whether the result holds: nobody can object any more and nothing is missing."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Both sides."""

    register: Register
    topics: Topics


def provide(services: Services, ports: Ports) -> None:
    """Let votes use these."""
    services.extensions[_EXTENSION] = ports


def register_of(uow: UnitOfWork) -> Register:
    """The register."""
    return cast(Ports, uow.services.extensions[_EXTENSION]).register


def topics_of(uow: UnitOfWork) -> Topics:
    """The topics."""
    return cast(Ports, uow.services.extensions[_EXTENSION]).topics
