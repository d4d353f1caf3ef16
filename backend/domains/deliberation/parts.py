"""Who acts on a topic, as far as the state tables ask, and who sees it at all."""

from abc import ABC, abstractmethod
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from backend.domains.deliberation import ports, rules
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork

VIEW, MANAGE, DECIDE = "topics.view", "topics.manage", "topics.decide"
MODERATE = "topics.moderate"
SEEING = frozenset({VIEW, MANAGE, DECIDE, MODERATE, "votes.audit", "ballots.paper"})
_PERMISSION = {rules.WORKER: MANAGE, rules.STREET: DECIDE, rules.MODERATOR: MODERATE}


class Part(ABC):
    """Somebody before a topic; `plays` answers which parts of the tables they have."""

    topic: Topic

    @abstractmethod
    def plays(self, part: str) -> bool:
        """Whether they have this part."""


class System(Part):
    """The system itself: timers, counted votes, checks."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic

    def plays(self, part: str) -> bool:
        """The system is the system."""
        return part == rules.SYSTEM


class Staff(Part):
    """A member of staff before a topic."""

    def __init__(self, by: Principal, topic: Topic) -> None:
        self.by, self.topic = by, topic

    @property
    def id(self) -> UUID:
        """The member of staff."""
        assert self.by.actor.id is not None
        return self.by.actor.id

    def plays(self, part: str) -> bool:
        """By what is permitted in the topic's community, its street or the district."""
        permission = _PERMISSION.get(part)
        return permission is not None and self.held(permission)

    def held(self, permission: str) -> bool:
        """Whether the permission is held for this topic."""
        topic = self.topic
        return self.by.may(permission, community=topic.area_id, street=topic.street_id)


class Neighbour(Part):
    """A resident before a topic of their community."""

    def __init__(self, person_id: UUID, topic: Topic) -> None:
        self.id, self.topic = person_id, topic

    def plays(self, part: str) -> bool:
        """Proposer of the own topic, neighbour of every other."""
        if part == rules.PROPOSER:
            return self.topic.proposer_id == self.id
        return part == rules.NEIGHBOUR


def reach(uow: UnitOfWork, by: Principal, topic_id: UUID) -> Staff:
    """The member of staff before the topic, for reading; `NotFound` when out of reach."""
    return _staff(by, uow.session.get(Topic, topic_id))


def enter(uow: UnitOfWork, by: Principal, topic_id: UUID) -> Staff:
    """As `reach`, with the topic locked for a change."""
    return _staff(by, locked(uow, topic_id))


def _staff(by: Principal, topic: Topic | None) -> Staff:
    if topic is None:
        raise ports.unknown()
    found = Staff(by, topic)
    if not any(found.held(permission) for permission in SEEING):
        raise ports.unknown()
    return found


def visible(by: Principal) -> ColumnElement[bool]:
    """The condition under which topics exist for a member of staff, for lists."""
    found: list[ColumnElement[bool]] = []
    for grant in by.grants:
        if grant.permissions.isdisjoint(SEEING):
            continue
        if grant.scope_kind == "district":
            return true()
        if grant.scope_kind == "community":
            found.append(Topic.area_id == grant.scope_id)
        if grant.scope_kind == "street":
            found.append(Topic.street_id == grant.scope_id)
    return or_(*found) if found else false()


def meet(uow: UnitOfWork, person_id: UUID, topic_id: UUID, *, lock: bool = False) -> Neighbour:
    """A resident before a topic of a community they belong to; `NotFound` otherwise.

    What is not checked yet exists for its proposer alone.
    """
    topic = locked(uow, topic_id) if lock else uow.session.get(Topic, topic_id)
    if topic is None:
        raise ports.unknown()
    own = topic.proposer_id == person_id
    if not own and topic.published_at is None:
        raise ports.unknown()
    if not own and not ports.belongs(uow, person_id, topic.community_id):
        raise ports.unknown()
    return Neighbour(person_id, topic)


def locked(uow: UnitOfWork, topic_id: UUID) -> Topic | None:
    """The topic as it is now, held until the transaction ends."""
    query = select(Topic).where(Topic.id == topic_id).with_for_update()
    return uow.session.scalar(query.execution_options(populate_existing=True))
