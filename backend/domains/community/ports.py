"""What this domain asks of others, handed over in `app.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from backend.domains.community import rules
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_EXTENSION = "community_topics"


@dataclass(frozen=True, slots=True)
class TopicRef:
    """What a proxy for one topic needs of it: title, community, proxies one holder may have."""

    id: UUID
    title: str
    community_id: UUID
    proxies_most: int
    open: bool


TopicSource = Callable[[UnitOfWork, UUID], TopicRef | None]


def register_topics(services: Services, source: TopicSource) -> None:
    """Let deliberation tell of its topics: `source(uow, topic_id)`, None for an unknown one."""
    services.extensions[_EXTENSION] = source


def topic(uow: UnitOfWork, topic_id: UUID) -> TopicRef | None:
    """The topic; None where there is none, or nobody tells of topics."""
    source: TopicSource | None = uow.services.extensions.get(_EXTENSION)
    return source(uow, topic_id) if source else None


def proxies_most(uow: UnitOfWork, topic_id: UUID | None) -> int:
    """How many principals one holder may stand for."""
    found = topic(uow, topic_id) if topic_id else None
    return found.proxies_most if found else rules.PROXIES_MOST
