"""What other domains need to tell people about topics: who follows any, and which can be linked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from backend.domains.deliberation import rules
from backend.domains.deliberation.topic_model import Topic, TopicFollow
from backend.kernel.uow import UnitOfWork

_MOST = 100


def query_followers(since: datetime) -> Select[UUID]:
    """The ids of those who began to follow a topic since then; whoever supports one follows it."""
    return select(TopicFollow.person_id).where(TopicFollow.at >= since)


def open_topics(uow: UnitOfWork) -> list[tuple[UUID, str]]:
    """Public topics that are under way, the last changed first: id and title."""
    rows = uow.session.execute(
        select(Topic.id, Topic.title)
        .where(Topic.published_at.is_not(None), Topic.state.in_(rules.OPEN_STATES))
        .order_by(Topic.last_at.desc(), Topic.id)
        .limit(_MOST)
    )
    return [(row.id, row.title) for row in rows]
