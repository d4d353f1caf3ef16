"""Comments and replies, likes, staff's official answers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.content import service as content
from backend.domains.deliberation import (
    events,
    files,
    moves,
    parts,
    posts,
    proposing,
    rules,
    seconding,
    telling,
)
from backend.domains.deliberation.talk_model import CommentLike, TopicComment
from backend.domains.deliberation.topic_model import Topic
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

PER_HOUR = "60 per hour"


def write(
    uow: UnitOfWork, person_id: UUID, topic_id: UUID, body: str, *, parent_id: UUID | None = None,
    file_ids: Sequence[UUID] = (),
) -> TopicComment:  # fmt: skip
    """A comment of a verified neighbour; others see it once the check has let it through.

    A reply to a reply stands under the same comment. Raises `Conflict` when the topic is not
    talked about now, `RateLimited` after 60 in an hour.
    """
    topic = _talking(uow, person_id, topic_id)
    uow.services.limiter.hit(PER_HOUR, "topic-comment", str(person_id))
    row = TopicComment(
        id=new_id(), topic_id=topic_id, parent_id=_root(uow, person_id, topic_id, parent_id),
        person_id=person_id, body=body, state=rules.CHECKING, likes=0, replies=0, official=False,
        at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    files.attach(uow, topic, file_ids, "comment", row.id)
    trace.record(uow, subject=moves.subject(row), action="write", to_state=row.state, first=True)
    seconding.follow(uow, person_id, topic_id)
    posts.check(uow, topic, row, list(file_ids))
    return row


def edit(uow: UnitOfWork, person_id: UUID, comment_id: UUID, body: str) -> TopicComment:
    """The author writes it anew before it is public; it is checked anew."""
    row = posts.own(uow, person_id, TopicComment, comment_id)
    check = content.current(uow, moves.subject(row))
    if check is None or check.state == content.PASSED:
        raise moves.changed_meanwhile()
    moves.small(uow, row, "edit", rules.AUTHOR, body=body, edited_at=uow.now)
    topic = uow.session.get_one(Topic, row.topic_id)
    posts.check(uow, topic, row, files.of(uow, topic.id, "comment", row.id))
    return row


def answer(
    uow: UnitOfWork, by: Principal, topic_id: UUID, body: str, *, parent_id: UUID | None,
    file_ids: Sequence[UUID],
) -> TopicComment:  # fmt: skip
    """Staff's official answer, marked as such and seen at once."""
    part = parts.enter(uow, by, topic_id)
    if not part.plays(rules.WORKER) and not part.plays(rules.STREET):
        raise moves.not_yours()
    topic = part.topic
    parent = None
    if parent_id is not None:
        parent = posts.held(uow, TopicComment, parent_id)
        if parent.topic_id != topic_id or parent.state != rules.VISIBLE:
            raise posts.unknown()
    row = TopicComment(
        id=new_id(), topic_id=topic_id, staff_id=part.id, official=True, body=body,
        parent_id=(parent.parent_id or parent.id) if parent else None, state=rules.VISIBLE,
        likes=0, replies=0, at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    files.attach(uow, topic, file_ids, "comment", row.id, shown=True)
    posts.shown(uow, row, shown_now=True)
    trace.record(uow, subject=moves.subject(row), action="answer", to_state=row.state, first=True)
    moves.touch(uow, topic)
    moves.note(uow, topic, "answer", public="社区作了答复")
    if parent is not None and parent.person_id is not None:
        uow.emit(
            events.PostAnswered(**telling.facts(uow, topic), person_id=parent.person_id, words=body)
        )
    return row


def like(uow: UnitOfWork, person_id: UUID, comment_id: UUID, *, liked: bool) -> TopicComment:
    """Like a comment, or not any more; as often as one likes, counted once."""
    row = posts.seen(uow, person_id, TopicComment, comment_id)
    if row.state != rules.VISIBLE:
        raise posts.unknown()
    if liked:
        uow.session.execute(
            insert(CommentLike)
            .values(comment_id=comment_id, person_id=person_id, at=uow.now)
            .on_conflict_do_nothing()
        )
    else:
        there = uow.session.get(CommentLike, (comment_id, person_id))
        if there is not None:
            uow.session.delete(there)
            uow.session.flush()
    count = select(func.count()).where(CommentLike.comment_id == comment_id)
    row.likes = uow.session.scalar(count) or 0
    uow.session.flush()
    return row


def _talking(uow: UnitOfWork, person_id: UUID, topic_id: UUID) -> Topic:
    topic = parts.meet(uow, person_id, topic_id).topic
    proposing.check_verified(uow, person_id, topic.community_id)
    if topic.state not in rules.TALKING:
        text = "表决和计票时先停一停" if topic.is_open else "议题已经结束"
        raise Conflict("not_talking", title="现在不能评论", detail=text)
    return topic


def _root(uow: UnitOfWork, person_id: UUID, topic_id: UUID, parent_id: UUID | None) -> UUID | None:
    if parent_id is None:
        return None
    parent = posts.seen(uow, person_id, TopicComment, parent_id)
    if parent.topic_id != topic_id or parent.state != rules.VISIBLE:
        raise posts.unknown()
    return parent.parent_id or parent.id
