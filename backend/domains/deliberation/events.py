"""What other domains may learn of topics. All of it is told inside the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEvent:
    """What every event says."""

    topic_id: UUID
    number: str
    title: str
    kind: str
    kind_text: str
    community_id: UUID
    community_name: str
    state: str
    proposer_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSubmitted(TopicEvent):
    """Enough neighbours support it: the community answers until `due_at`."""

    staff_ids: tuple[UUID, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSeconding(TopicEvent):
    """It is public and looks for `needed` supporters until `due_at`."""

    needed: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicStage(TopicEvent):
    """A stage began; `person_ids` want to hear of it. `words` say it, `due_at` its end."""

    person_ids: tuple[UUID, ...]
    words: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEnded(TopicEvent):
    """Declined, lapsed, withdrawn, failed or closed, with the reason."""

    person_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTask(TopicEvent):
    """Staff have something to do about it, until `due_at`.

    `lasting`: whatever stage comes next, it remains to be done.
    """

    staff_ids: tuple[UUID, ...]
    what: str
    words: str
    due_at: datetime | None
    lasting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementMet(TopicEvent):
    """Staff wrote down that something the law asks for beside the vote is met."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAnnulled(TopicEvent):
    """An objection was sustained: the vote `turn` does not hold."""

    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided(TopicEvent):
    """Whoever objected reads the decision."""

    person_id: UUID
    result: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicProgressed(TopicEvent):
    """落实反馈: something was done about it."""

    person_ids: tuple[UUID, ...]
    text: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDecided(TopicEvent):
    """An author hears of their own words: `result` public, refused, under_review, hidden …"""

    person_id: UUID
    what: str
    result: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAnswered(TopicEvent):
    """Somebody's comment got an official answer."""

    person_id: UUID
    words: str
