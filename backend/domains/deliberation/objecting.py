"""Objections to a published draft or result: raised by neighbours, mediated by the street."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.community.service import Scope
from backend.domains.deliberation import (
    events,
    files,
    moves,
    parts,
    ports,
    requirements,
    rules,
    stages,
    telling,
)
from backend.domains.deliberation.topic_model import Topic, TopicObjection
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

STAGES = (rules.NOTICING, rules.OBJECTION)
OPEN = (rules.OBJECTED, rules.MEDIATING)


def raise_(
    uow: UnitOfWork, person_id: UUID, topic_id: UUID, words: str, file_ids: Sequence[UUID]
) -> TopicObjection:
    """Object while a draft or a result is published; one open objection each.

    Only those whom the topic concerns: `Forbidden` for others.
    """
    part = parts.meet(uow, person_id, topic_id, lock=True)
    topic = part.topic
    if not possible(uow, topic):
        raise Conflict("wrong_state", title="现在不能提异议", action="公示期内可以提")
    scope = Scope(topic.scope_kind, topic.scope_id)
    if not ports.owns_or_lives(uow, person_id, topic.community_id, scope):
        raise Forbidden(
            "not_entitled", title="这件事由相关的邻居提异议",
            detail=f"范围是{ports.scope_text(uow, scope)}",
        )  # fmt: skip
    there = select(TopicObjection.id).where(
        TopicObjection.topic_id == topic_id, TopicObjection.person_id == person_id,
        TopicObjection.state.in_(OPEN),
    )  # fmt: skip
    if uow.session.scalar(there) is not None:
        raise Conflict("already_raised", title="您的异议正在处理", action="处理后会告诉您")
    row = TopicObjection(
        id=new_id(), topic_id=topic_id, person_id=person_id, stage=topic.state,
        state=rules.OBJECTED, words=words, at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    files.attach(uow, topic, file_ids, "objection", row.id)
    moves.touch(uow, topic)
    moves.note(uow, topic, "object", public="有人提出异议，由街道处理")
    telling.task(uow, topic, "有异议", f"请调解或答复：{words[:40]}", street=True, lasting=True)
    return row


def possible(uow: UnitOfWork, topic: Topic) -> bool:
    """Whether somebody may object now: published, and the time to do so not over.

    A topic that only waits for earlier objections takes no new ones, or it would never go on.
    """
    return topic.state in STAGES and (
        topic.stage_ends_at is None or uow.now < topic.stage_ends_at
    )  # fmt: skip


def decide(
    uow: UnitOfWork, by: Principal, objection_id: UUID, action: str, reason: str
) -> TopicObjection:
    """Mediate, settle, dismiss or sustain. A sustained one sends the topic back to its draft."""
    known = uow.session.get(TopicObjection, objection_id)
    if known is None:
        raise ports.unknown()
    part = parts.enter(uow, by, known.topic_id)
    if not part.plays(rules.STREET):
        raise moves.not_yours()
    values: dict[str, Any] = {}
    if action != "mediate":
        values["decision"] = moves.needs(reason, "reason", "请写明处理结果，提出的人会看到")
        values.update(decided_by=part.id, decided_at=uow.now)
    row = moves.small(uow, known, action, rules.STREET, why=reason, **values)
    if action == "mediate":
        moves.touch(uow, part.topic)
        moves.note(uow, part.topic, "mediate", public="街道正在调解异议")
        return row
    _told(uow, part.topic, row)
    if action == "sustain":
        _send_back(uow, part, row)
    else:
        moves.touch(uow, part.topic)
        text = f"一件异议{rules.OBJECTION_TEXT[row.state]}"
        moves.note(uow, part.topic, "decide_objection", public=text)
        finish(uow, part.topic)
    return row


def open_count(uow: UnitOfWork, topic_id: UUID) -> int:
    """How many objections wait for a decision."""
    query = select(func.count()).where(
        TopicObjection.topic_id == topic_id, TopicObjection.state.in_(OPEN)
    )
    return uow.session.scalar(query) or 0


def of_topic(uow: UnitOfWork, topic_id: UUID) -> list[TopicObjection]:
    """All objections to a topic, oldest first."""
    query = select(TopicObjection).where(TopicObjection.topic_id == topic_id)
    return list(uow.session.scalars(query.order_by(TopicObjection.at, TopicObjection.id)))


def finish(uow: UnitOfWork, topic: Topic) -> None:
    """Go on when the time to object is over and everything it waits for is there.

    Not passed: over. Passed, or nothing to pass: carried out, once what the law asks for beside
    the vote is met. Asked again by whatever was missing.
    """
    if topic.state != rules.OBJECTION or topic.stage_ends_at is None:
        return
    if topic.stage_ends_at > uow.now or open_count(uow, topic.id):
        return
    system = parts.System(topic)
    if topic.passed is False:
        reason = "表决没有通过"
        stages.go(uow, system, "fail", end_reason=reason, public="公示期满，议题结束：没有通过")
        telling.ended(uow, topic, reason)
        return
    if missing := requirements.missing(uow, topic, rules.CARRYING_OUT):
        telling.task(uow, topic, "还缺材料", f"公示期满，还缺：{missing[0].text}")
        return
    stages.go(uow, system, "carry_out", public="公示期满，开始落实")
    telling.stage(uow, topic, "公示期满，开始落实，进展会在这里报告。")


def _told(uow: UnitOfWork, topic: Topic, row: TopicObjection) -> None:
    if row.person_id is not None:
        result = rules.OBJECTION_TEXT[row.state]
        uow.emit(
            events.ObjectionDecided(
                **telling.facts(uow, topic), person_id=row.person_id, result=result,
                reason=row.decision,
            )
        )  # fmt: skip


def _send_back(uow: UnitOfWork, part: parts.Staff, row: TopicObjection) -> None:
    topic, turn = part.topic, part.topic.turn
    public = f"异议成立，方案要修改：{row.decision}"
    if topic.state == rules.NOTICING:
        stages.go(uow, part, "redraft", turn=0, public=public, reason=row.decision)
    elif topic.state == rules.OBJECTION:
        stages.go(uow, part, "sustain", turn=0, passed=None, public=public, reason=row.decision)
        uow.emit(events.TopicAnnulled(**telling.facts(uow, topic), turn=turn))
    else:
        return
    telling.stage(uow, topic, f"{public}。改好后再公示。")


def on_requirement(uow: UnitOfWork, told: events.RequirementMet) -> None:
    """It may have been the last thing the topic waited for."""
    topic = parts.locked(uow, told.topic_id)
    if topic is not None:
        finish(uow, topic)
