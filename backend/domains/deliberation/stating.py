"""Statements: short sentences that neighbours agree with, disagree with or pass."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.deliberation import moves, parts, posts, proposing, rules
from backend.domains.deliberation.talk_model import StatementVote, TopicStatement
from backend.domains.deliberation.topic_model import Topic
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

PER_DAY = "20 per day"
# Statements may be put and answered while it is open what will be proposed.
STAGES = (rules.ACCEPTED, rules.DISCUSSING, rules.DRAFTING)
MOST = 60


def state(uow: UnitOfWork, person_id: UUID, topic_id: UUID, body: str) -> TopicStatement:
    """A neighbour's statement; its author agrees with it. Checked like every word."""
    topic = _open(uow, person_id, topic_id)
    uow.services.limiter.hit(PER_DAY, "topic-statement", str(person_id))
    row = _write(uow, topic, body, rules.CHECKING, person_id=person_id)
    _answer(uow, row, person_id, rules.AGREES)
    posts.check(uow, topic, row, [])
    return row


def state_by_staff(uow: UnitOfWork, by: Principal, topic_id: UUID, body: str) -> TopicStatement:
    """A first statement put by the community, to begin with."""
    part = parts.enter(uow, by, topic_id)
    if not part.plays(rules.WORKER):
        raise moves.not_yours()
    if part.topic.state not in STAGES:
        raise _closed()
    return _write(uow, part.topic, body, rules.VISIBLE, staff_id=part.id)


def answer(uow: UnitOfWork, person_id: UUID, statement_id: UUID, answer_: str) -> None:
    """Agree, disagree or pass; a later answer replaces the earlier."""
    row = posts.seen(uow, person_id, TopicStatement, statement_id)
    _open(uow, person_id, row.topic_id)
    if row.state != rules.VISIBLE:
        raise posts.unknown()
    _answer(uow, row, person_id, answer_)


def listed(uow: UnitOfWork, topic_id: UUID, person_id: UUID | None) -> list[dict[str, Any]]:
    """The public statements and one's own, oldest first, with one's answers.

    How many agreed is shown only for what one has answered: nobody is led by the others.
    """
    own = TopicStatement.person_id == person_id
    rows = uow.session.scalars(
        select(TopicStatement)
        .where(
            TopicStatement.topic_id == topic_id,
            TopicStatement.state != rules.TAKEN_BACK,
            (TopicStatement.state == rules.VISIBLE) | own,
        )
        .order_by(TopicStatement.at, TopicStatement.id)
    ).all()
    answers = own_answers(uow, topic_id, person_id) if person_id else {}
    counts = counted(uow, topic_id)
    return [
        {
            "id": row.id,
            "text": row.body,
            "state": row.state,
            "state_text": rules.POST_TEXT[row.state],
            "mine": row.person_id is not None and row.person_id == person_id,
            "by_staff": row.staff_id is not None,
            "answer": answers.get(row.id),
            "counts": counts.get(row.id, _none())
            if person_id is None or row.id in answers else None,
            "row": row,
        }
        for row in rows
    ]  # fmt: skip


def counted(uow: UnitOfWork, topic_id: UUID) -> dict[UUID, dict[str, int]]:
    """How many agree, disagree and pass, by statement."""
    rows = uow.session.execute(
        select(StatementVote.statement_id, StatementVote.answer, func.count())
        .where(StatementVote.topic_id == topic_id)
        .group_by(StatementVote.statement_id, StatementVote.answer)
    )
    found: dict[UUID, dict[str, int]] = {}
    for statement_id, answer_, number in rows:
        found.setdefault(statement_id, _none())[answer_] = number
    return found


def own_answers(uow: UnitOfWork, topic_id: UUID, person_id: UUID) -> dict[UUID, str]:
    """The person's answers in a topic."""
    rows = uow.session.execute(
        select(StatementVote.statement_id, StatementVote.answer).where(
            StatementVote.topic_id == topic_id, StatementVote.person_id == person_id
        )
    )
    return {row.statement_id: row.answer for row in rows}


def _none() -> dict[str, int]:
    return dict.fromkeys(rules.ANSWER_TEXT, 0)


def _write(uow: UnitOfWork, topic: Topic, body: str, state_: str, **author: UUID) -> TopicStatement:
    live = TopicStatement.state.not_in((rules.TAKEN_BACK, rules.REFUSED, rules.HIDDEN))
    same = select(TopicStatement.id).where(
        TopicStatement.topic_id == topic.id, TopicStatement.body == body, live
    )
    if uow.session.scalar(same.limit(1)) is not None:
        text = "已经有一样的观点，直接表态就好"
        raise Invalid("same_statement", detail=text, fields={"text": [text]})
    count = select(func.count()).where(TopicStatement.topic_id == topic.id, live)
    if (uow.session.scalar(count) or 0) >= MOST:
        raise Conflict("too_many", title=f"这个议题已经有{MOST}条观点", action="请对已有的观点表态")
    row = TopicStatement(
        id=new_id(), topic_id=topic.id, body=body, state=state_, at=uow.now, **author
    )
    uow.session.add(row)
    uow.session.flush()
    trace.record(uow, subject=moves.subject(row), action="state", to_state=row.state, first=True)
    return row


def _answer(uow: UnitOfWork, row: TopicStatement, person_id: UUID, answer_: str) -> None:
    said = {"answer": answer_, "at": uow.now}
    uow.session.execute(
        insert(StatementVote)
        .values(statement_id=row.id, person_id=person_id, topic_id=row.topic_id, **said)
        .on_conflict_do_update(index_elements=["statement_id", "person_id"], set_=said)
    )


def _open(uow: UnitOfWork, person_id: UUID, topic_id: UUID) -> Topic:
    topic = parts.meet(uow, person_id, topic_id).topic
    proposing.check_verified(uow, person_id, topic.community_id)
    if topic.state not in STAGES:
        raise _closed()
    return topic


def _closed() -> Conflict:
    return Conflict("not_discussing", title="现在不能表态", detail="讨论和形成方案时可以表态")
