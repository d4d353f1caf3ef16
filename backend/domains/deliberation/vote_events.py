"""What happens to votes, told to other domains in the same transaction. No person is in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteEvent:
    """What every listener needs."""

    vote_id: UUID
    topic_id: UUID
    topic_number: str
    title: str
    community_id: UUID
    turn: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteOpened(VoteEvent):
    """The roll is frozen; `person_ids` may cast, once for each of their seats."""

    person_ids: tuple[UUID, ...]
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteClosed(VoteEvent):
    """Nothing can be cast any more; the count begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCounted(VoteEvent):
    """Counted. `passed` is None where nothing is decided, or too few took part to say."""

    outcome: str
    passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VotePublished(VoteEvent):
    """Result and bundle are public; `person_ids` could cast."""

    outcome: str
    passed: bool | None
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteAnnulled(VoteEvent):
    """It does not count; `reason` is public, `person_ids` could cast."""

    reason: str
    person_ids: tuple[UUID, ...]
