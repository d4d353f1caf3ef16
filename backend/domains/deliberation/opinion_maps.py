"""Keeping the opinion maps: computed by the worker, read by everybody in the community."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.deliberation import opinion, rules, stating
from backend.domains.deliberation.talk_model import OpinionMap, StatementVote, TopicStatement
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

EVERY_SECONDS = 20.0
_VALUE = {rules.AGREES: 1, rules.PASSES: 0, rules.DISAGREES: -1}


def refresh(services: Services) -> int:
    """Draw anew the maps of topics whose answers changed; how many."""
    with services.unit() as uow:
        wanted = _changed(uow)
    for topic_id in wanted:
        with services.unit() as uow:
            answers, statements, seen = _answers(uow, topic_id)
            read_at = uow.now
        # Computed while no transaction is open.
        drawn = opinion.draw(answers, statements)
        with services.unit() as uow:
            _keep(uow, topic_id, drawn, (seen, read_at))
    return len(wanted)


def view(uow: UnitOfWork, topic: Topic, person_id: UUID | None) -> dict[str, Any]:
    """The map with the statements' words, and where the viewer stands on it."""
    row = uow.session.get(OpinionMap, topic.id)
    if row is None or not row.drawing:
        people = uow.session.scalar(
            select(func.count(StatementVote.person_id.distinct())).where(
                StatementVote.topic_id == topic.id
            )
        )
        return {
            "ready": False, "participants": people or 0, "needed": opinion.LEAST_PEOPLE,
            "points": [], "groups": [], "shared": [], "apart": [], "you": None, "at": None,
        }  # fmt: skip
    return {
        **_with_words(uow, row.drawing),
        "ready": True,
        "needed": opinion.LEAST_PEOPLE,
        "you": _you(uow, row, person_id),
        "at": row.at,
    }


def _you(uow: UnitOfWork, row: OpinionMap, person_id: UUID | None) -> dict[str, Any] | None:
    if person_id is None:
        return None
    own = stating.own_answers(uow, row.topic_id, person_id)
    return opinion.place(row.model, {str(id_): _VALUE[answer] for id_, answer in own.items()})


def _with_words(uow: UnitOfWork, drawing: dict[str, Any]) -> dict[str, Any]:
    """Statements by their words; one hidden since is left out."""
    listed = [*drawing["shared"], *drawing["apart"]]
    listed += [one for group in drawing["groups"] for one in group["typical"]]
    words = _words(uow, {one["statement"] for one in listed})

    def said(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**one, "text": words[one["statement"]]} for one in rows if one["statement"] in words
        ]

    groups = [{**group, "typical": said(group["typical"])} for group in drawing["groups"]]
    points = [{"x": x, "y": y, "group": group} for x, y, group in drawing["points"]]
    return {
        "participants": drawing["participants"], "points": points, "groups": groups,
        "shared": said(drawing["shared"]), "apart": said(drawing["apart"]),
    }  # fmt: skip


def _words(uow: UnitOfWork, ids: set[str]) -> dict[str, str]:
    rows = uow.session.execute(
        select(TopicStatement.id, TopicStatement.body).where(
            TopicStatement.id.in_([UUID(one) for one in ids]),
            TopicStatement.state == rules.VISIBLE,
        )
    )
    return {str(row.id): row.body for row in rows}


def _changed(uow: UnitOfWork) -> list[UUID]:
    """Open topics with an answer later than their map."""
    latest = (
        select(StatementVote.topic_id, func.max(StatementVote.at).label("at"))
        .group_by(StatementVote.topic_id)
        .subquery()
    )
    query = (
        select(latest.c.topic_id)
        .join(Topic, Topic.id == latest.c.topic_id)
        .outerjoin(OpinionMap, OpinionMap.topic_id == latest.c.topic_id)
        .where(
            Topic.is_open,
            OpinionMap.topic_id.is_(None) | (OpinionMap.at < latest.c.at),
        )
        .order_by(latest.c.topic_id)
    )
    return list(uow.session.scalars(query))


def _answers(uow: UnitOfWork, topic_id: UUID) -> tuple[list[dict[str, int]], list[str], int]:
    visible = select(TopicStatement.id).where(
        TopicStatement.topic_id == topic_id, TopicStatement.state == rules.VISIBLE
    )
    rows = uow.session.execute(
        select(StatementVote.person_id, StatementVote.statement_id, StatementVote.answer)
        .where(StatementVote.topic_id == topic_id, StatementVote.statement_id.in_(visible))
        .order_by(StatementVote.person_id, StatementVote.statement_id)
    ).all()
    people: dict[UUID, dict[str, int]] = {}
    for person, statement, answer in rows:
        people.setdefault(person, {})[str(statement)] = _VALUE[answer]
    statements = sorted({one for row in people.values() for one in row})
    # By what was answered, not by who: the order tells nothing of anybody.
    ordered = sorted(people.values(), key=lambda row: sorted(row.items()))
    return ordered, statements, len(rows)


def _keep(
    uow: UnitOfWork, topic_id: UUID, drawn: opinion.Drawn | None, read: tuple[int, datetime]
) -> None:
    values = {
        "drawing": drawn.drawing if drawn else {},
        "model": drawn.model if drawn else {},
        "answers_seen": read[0],
        "at": read[1],
    }
    uow.session.execute(
        insert(OpinionMap)
        .values(topic_id=topic_id, **values)
        .on_conflict_do_update(index_elements=["topic_id"], set_=values)
    )
