"""Whom an event of a topic concerns, and the facts that every event carries."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.deliberation import events, kind_rules, ports
from backend.domains.deliberation.topic_model import Topic, TopicFollow, TopicSecond
from backend.kernel.uow import UnitOfWork


def facts(uow: UnitOfWork, topic: Topic) -> dict[str, Any]:
    """The fields of `events.TopicEvent`."""
    return {
        "topic_id": topic.id,
        "number": topic.number,
        "title": topic.title,
        "kind": topic.kind,
        "kind_text": kind_rules.KIND_TEXT[topic.kind],
        "community_id": topic.community_id,
        "community_name": ports.community_card(uow, topic.community_id).name,
        "state": topic.state,
        "proposer_id": topic.proposer_id,
        "at": uow.now,
    }


def concerned(uow: UnitOfWork, topic: Topic) -> tuple[UUID, ...]:
    """Proposer, supporters and followers, each once."""
    seconds = select(TopicSecond.person_id).where(TopicSecond.topic_id == topic.id)
    follows = select(TopicFollow.person_id).where(TopicFollow.topic_id == topic.id)
    found = set(uow.session.scalars(seconds.union(follows)))
    if topic.proposer_id is not None:
        found.add(topic.proposer_id)
    return tuple(sorted(found))


def stage(
    uow: UnitOfWork, topic: Topic, words: str, *, people: Iterable[UUID] | None = None
) -> None:
    """A stage began: those concerned hear of it, or the people named."""
    told = concerned(uow, topic) if people is None else tuple(sorted(people))
    uow.emit(
        events.TopicStage(
            **facts(uow, topic), person_ids=told, words=words, due_at=topic.stage_ends_at
        )
    )


def ended(uow: UnitOfWork, topic: Topic, reason: str) -> None:
    """It is over."""
    people = concerned(uow, topic)
    uow.emit(events.TopicEnded(**facts(uow, topic), person_ids=people, reason=reason))


def task(
    uow: UnitOfWork, topic: Topic, what: str, words: str, *, street: bool = False,
    lasting: bool = False,
) -> None:  # fmt: skip
    """The community's staff (or the street's) have something to do, at this stage or `lasting`."""
    staff = (
        ports.leaders(uow, topic.street_id) if street else ports.workers(uow, topic.area_id)
    )  # fmt: skip
    uow.emit(
        events.TopicTask(
            **facts(uow, topic), staff_ids=staff, what=what, words=words,
            due_at=topic.stage_ends_at, lasting=lasting,
        )
    )  # fmt: skip
