"""What the law asks for beside the vote: met, written down, and in time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.deliberation import (
    events,
    files,
    kind_rules,
    moves,
    parts,
    rules,
    telling,
)
from backend.domains.deliberation.kind_rules import Requirement
from backend.domains.deliberation.topic_model import Topic, TopicRequirement
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.uow import UnitOfWork


def meet(
    uow: UnitOfWork, by: Principal, topic_id: UUID, code: str, *, note: str,
    file_ids: Sequence[UUID],
) -> Topic:  # fmt: skip
    """Staff write down that a requirement is met, with the pictures of the paper.

    `Invalid` without a picture, unless none is needed: a worker's word alone is no consent.
    """
    part = parts.enter(uow, by, topic_id)
    if not part.plays(rules.WORKER):
        raise moves.not_yours()
    topic = part.topic
    wanted = kind_rules.requirement(moves.preset_of(topic), code)
    if wanted is None:
        raise NotFound("requirement_unknown", title="这类议题没有这一项要求")
    if topic.state in rules.TOPIC_ENDS:
        raise Conflict("wrong_state", title="议题已经结束")
    clean = moves.needs(note, "note", "请写明协议或同意书的情况")
    if not file_ids and wanted.needs_paper(clean):
        text = "请上传签了字的协议或同意书的照片"
        if wanted.unless:
            text += f"；{wanted.unless}的，在说明里写明“{wanted.unless}”"
        raise Invalid("no_paper", detail=text, fields={"file_ids": [text]})
    written = {"note": clean, "staff_id": part.id, "at": uow.now}
    uow.session.execute(
        insert(TopicRequirement)
        .values(topic_id=topic_id, code=code, **written)
        .on_conflict_do_update(index_elements=["topic_id", "code"], set_=written)
    )
    files.attach(uow, topic, file_ids, "requirement", topic_id)
    moves.touch(uow, topic)
    moves.note(uow, topic, "requirement", public=f"已核实：{wanted.text}", internal=clean)
    uow.emit(events.RequirementMet(**telling.facts(uow, topic), code=code))
    return topic


def missing(uow: UnitOfWork, topic: Topic, before: str) -> list[Requirement]:
    """What is not met and has to be before this stage."""
    met = set(
        uow.session.scalars(
            select(TopicRequirement.code).where(TopicRequirement.topic_id == topic.id)
        )
    )
    wanted = moves.preset_of(topic).requirements
    return [one for one in wanted if one.before == before and one.code not in met]


def view(uow: UnitOfWork, topic: Topic) -> list[dict[str, Any]]:
    """All requirements of the topic, with what was written down."""
    rows = {
        row.code: row
        for row in uow.session.scalars(
            select(TopicRequirement).where(TopicRequirement.topic_id == topic.id)
        )
    }
    return [
        {
            "code": one.code,
            "text": one.text,
            "before": one.before,
            "met_at": rows[one.code].at if one.code in rows else None,
            "note": rows[one.code].note if one.code in rows else "",
        }
        for one in moves.preset_of(topic).requirements
    ]
