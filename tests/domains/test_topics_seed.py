"""The demo's topics: one at nearly every stage, and a second seeding changes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.demo import seed_topics
from backend.domains.deliberation import opinion_maps, rules, topic_view
from backend.domains.deliberation.talk_model import TopicComment
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.trace import TraceEntry
from notifications.model import InboxMessage, OutboxMessage
from tests.district import TEN, District


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its topics."""
    yield from district.opened(district.upto(seed_topics))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


def test_the_demo_has_topics_at_every_stage_that_can_be_walked(services):
    with services.unit() as uow:
        topics = list(uow.session.scalars(select(Topic)))
        states = Counter(topic.state for topic in topics)
        assert {
            rules.PROPOSED, rules.SECONDING, rules.SUBMITTED, rules.DISCUSSING, rules.NOTICING,
            rules.VOTING, rules.OBJECTION, rules.CARRYING_OUT, rules.CLOSED, rules.DECLINED,
            rules.LAPSED,
        } <= set(states)  # fmt: skip
        for topic in topics:
            assert topic.stage_ends_at is None or topic.stage_ends_at > uow.now, topic.title
            assert topic.last_at <= uow.now, topic.title
        result = next(topic for topic in topics if topic.state == rules.OBJECTION)
        assert result.passed is True
        talked = next(topic for topic in topics if "空地" in topic.title)
        shown = opinion_maps.view(uow, talked, None)
        assert shown["ready"]
        assert len(shown["groups"]) >= 2
        assert "空地先铺平，雨天不再踩泥" in [one["text"] for one in shown["shared"]]
        assert topic_view.timeline(uow, talked.id)


def test_nothing_of_the_past_is_told_now(services):
    """Sent months later it would bother residents, and spoil the figures of the channels."""
    with services.unit() as uow:
        rows = uow.session.execute(select(OutboxMessage.status, OutboxMessage.created_at)).all()
        written = uow.session.scalar(select(func.count()).select_from(InboxMessage))
        lately = uow.now - timedelta(hours=1)
    waiting = [created for status, created in rows if status == "created"]
    assert all(created >= lately for created in waiting)
    assert len(rows) > len(waiting)
    assert written


def test_seeding_again_changes_nothing(services):
    def counts():
        with services.unit() as uow:
            return [
                uow.session.scalar(select(func.count()).select_from(table))
                for table in (Topic, TopicComment, TraceEntry)
            ]

    before = counts()
    seed_topics.seed(services)
    assert counts() == before
