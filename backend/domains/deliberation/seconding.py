"""联名: neighbours support a proposal until there are enough, or the time is over."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.community.service import Scope
from backend.domains.deliberation import moves, parts, ports, proposing, rules, stages, telling
from backend.domains.deliberation.topic_model import Topic, TopicFollow, TopicSecond
from backend.kernel.errors import Conflict, Forbidden
from backend.kernel.uow import UnitOfWork


def second(uow: UnitOfWork, person_id: UUID, topic_id: UUID) -> Topic:
    """Support a proposal, once; the last one needed hands it to the community.

    Raises `Forbidden` for who is not entitled in this topic, `Conflict` when it is not asked.
    """
    part = parts.meet(uow, person_id, topic_id, lock=True)
    topic = part.topic
    proposing.check_verified(uow, person_id, topic.community_id)
    if topic.proposer_id == person_id:
        raise Conflict("own_topic", title="您是发起人，已经算在内", action="可以请邻居来联名")
    if topic.state != rules.SECONDING:
        raise Conflict("wrong_state", title="现在不征集联名", action="请刷新后再看")
    if not entitled(uow, topic, person_id):
        raise Forbidden(
            "not_entitled", title="这个议题要由相关的邻居联名",
            detail=f"范围是{ports.scope_text(uow, Scope(topic.scope_kind, topic.scope_id))}",
        )  # fmt: skip
    added = uow.session.scalar(
        insert(TopicSecond)
        .values(topic_id=topic_id, person_id=person_id, at=uow.now)
        .on_conflict_do_nothing()
        .returning(TopicSecond.person_id)
    )
    follow(uow, person_id, topic_id)
    if added is None:
        return topic
    count = uow.session.scalar(select(func.count()).where(TopicSecond.topic_id == topic_id)) or 0
    moves.touch(uow, topic, seconds_count=count)
    if count >= topic.seconds_needed:
        proposing.submit(uow, topic, public=f"{count}人联名，已交给社区")
    return topic


def entitled(uow: UnitOfWork, topic: Topic, person_id: UUID) -> bool:
    """Whether the person is one of those the topic is for."""
    electorate = moves.preset_of(topic).proposers
    return ports.may_take_part(uow, person_id, Scope(topic.scope_kind, topic.scope_id), electorate)


def lapse(uow: UnitOfWork, topic: Topic, reason: str) -> None:
    """Nobody came, or the words never passed: over."""
    stages.go(uow, parts.System(topic), "lapse", end_reason=reason, public=reason)
    telling.ended(uow, topic, reason)


def follow(uow: UnitOfWork, person_id: UUID, topic_id: UUID) -> None:
    """Hear of it from now on."""
    uow.session.execute(
        insert(TopicFollow)
        .values(topic_id=topic_id, person_id=person_id, at=uow.now)
        .on_conflict_do_nothing()
    )


def unfollow(uow: UnitOfWork, person_id: UUID, topic_id: UUID) -> None:
    """Hear of it no more, unless one is its proposer or supporter."""
    row = uow.session.get(TopicFollow, (topic_id, person_id))
    if row is not None:
        uow.session.delete(row)
        uow.session.flush()
