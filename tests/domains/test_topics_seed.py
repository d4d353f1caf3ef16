"""The demo's topics: one at nearly every stage, and a second seeding changes nothing."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from backend.demo import seed_community, seed_grid, seed_identity, seed_topics
from backend.domains.deliberation import opinion_maps, rules, topic_view
from backend.domains.deliberation.talk_model import TopicComment
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.trace import TraceEntry


@pytest.fixture
def seeded(services):
    for part in (seed_identity, seed_grid, seed_community, seed_topics):
        part.seed(services)
    return services


def test_the_demo_has_topics_at_every_stage_that_can_be_walked(seeded):
    with seeded.unit() as uow:
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


def test_seeding_again_changes_nothing(seeded):
    def counts():
        with seeded.unit() as uow:
            return [
                uow.session.scalar(select(func.count()).select_from(table))
                for table in (Topic, TopicComment, TraceEntry)
            ]

    before = counts()
    seed_topics.seed(seeded)
    assert counts() == before
