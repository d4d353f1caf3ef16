"""落实反馈: what was done about it, with pictures and dates, until the topic is closed."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.deliberation import events, files, moves, parts, rules, stages, telling
from backend.domains.deliberation.topic_model import Topic, TopicProgress
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork


def report(uow: UnitOfWork, by: Principal, topic_id: UUID, body: dict[str, Any]) -> TopicProgress:
    """Tell what was done, on which day, how far it is and until when the rest is planned."""
    part = parts.enter(uow, by, topic_id)
    if not part.plays(rules.WORKER):
        raise moves.not_yours()
    topic = part.topic
    if topic.state != rules.CARRYING_OUT:
        raise Conflict("wrong_state", title="还没有开始落实", action="请刷新后再看")
    done_on: date = body["done_on"] or local_date(uow.now)
    if done_on > local_date(uow.now):
        text = "落实的日期不能在今天以后"
        raise Invalid("wrong_day", detail=text, fields={"done_on": [text]})
    row = TopicProgress(
        id=new_id(), topic_id=topic_id, text=body["text"], percent=body["percent"],
        done_on=done_on, planned_until=body["planned_until"], staff_id=part.id, at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    files.attach(uow, topic, body["file_ids"], "progress", row.id, shown=True)
    moves.touch(uow, topic)
    moves.note(uow, topic, "progress", public=f"落实进展 {row.percent}%：{row.text}")
    uow.emit(
        events.TopicProgressed(
            **telling.facts(uow, topic), person_ids=telling.concerned(uow, topic), text=row.text,
            percent=row.percent,
        )
    )  # fmt: skip
    return row


def close(uow: UnitOfWork, by: Principal, topic_id: UUID, summary: str) -> Topic:
    """It is done: the result of carrying it out is public, the topic closed."""
    part = parts.enter(uow, by, topic_id)
    reports = of_topic(uow, topic_id)
    words = moves.needs(summary, "summary", "请写一句办得怎么样，邻居会看到")
    if not reports:
        raise Conflict(
            "no_progress", title="还没有落实反馈", action="请先报告做了什么、附上照片，再办结"
        )
    stages.go(uow, part, "close", end_reason=words, public=f"已办结：{words}")
    telling.ended(uow, part.topic, words)
    return part.topic


def of_topic(uow: UnitOfWork, topic_id: UUID) -> list[TopicProgress]:
    """All reports, the newest first."""
    query = select(TopicProgress).where(TopicProgress.topic_id == topic_id)
    return list(
        uow.session.scalars(query.order_by(TopicProgress.at.desc(), TopicProgress.id.desc()))
    )


def view(uow: UnitOfWork, topic_id: UUID, base: str) -> list[dict[str, Any]]:
    """The reports as an answer shows them."""
    rows = of_topic(uow, topic_id)
    pictures = files.many(uow, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "text": row.text,
            "percent": row.percent,
            "done_on": row.done_on,
            "planned_until": row.planned_until,
            "at": row.at,
            "pictures": files.urls(base, topic_id, pictures.get(row.id, [])),
        }
        for row in rows
    ]
