"""What the knowledge base tells other domains, inside the transaction in which it happened."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ArticleEvent:
    """Something happened to an article."""

    article_id: UUID
    number: str
    title: str
    department_id: UUID


@dataclass(frozen=True, slots=True)
class ArticleSubmitted(ArticleEvent):
    """A version waits for review: `stage` is department_review or centre_review."""

    stage: str
    author_id: UUID | None


@dataclass(frozen=True, slots=True)
class ArticleReturned(ArticleEvent):
    """A version was sent back to its author, with the reason."""

    reason: str
    author_id: UUID | None


@dataclass(frozen=True, slots=True)
class ArticlePublished(ArticleEvent):
    """A version went live."""

    version_number: int
    audience: str
    author_id: UUID | None


@dataclass(frozen=True, slots=True)
class ArticleRenewed(ArticleEvent):
    """The live text holds until `expires_on`."""

    expires_on: date


@dataclass(frozen=True, slots=True)
class ArticleEnded(ArticleEvent):
    """An article is not live any more: `state` is expired, withdrawn or archived."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class ArticleExpiring(ArticleEvent):
    """So many days are left until the last day on which the article holds."""

    days: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class CorrectionAsked(ArticleEvent):
    """Somebody at the desk found a mistake; the department answers by `due_at`."""

    correction_id: UUID
    words: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CorrectionDue(ArticleEvent):
    """The time for answering a correction is nearly over (`overdue` False) or over."""

    correction_id: UUID
    overdue: bool


@dataclass(frozen=True, slots=True)
class CorrectionAnswered(ArticleEvent):
    """The department took the correction up, or said why not."""

    correction_id: UUID
    accepted: bool
    answer: str
    asked_by: UUID | None
