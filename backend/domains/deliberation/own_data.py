"""What a resident wrote in deliberation: shown to them, moved with them, forgotten with them."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from backend.domains.deliberation import files, posts, rules
from backend.domains.deliberation.talk_model import (
    CommentLike,
    ModerationCase,
    PostReport,
    StatementVote,
    TopicComment,
    TopicStatement,
)
from backend.domains.deliberation.topic_model import (
    Topic,
    TopicFollow,
    TopicObjection,
    TopicSecond,
)
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel.clock import local
from backend.kernel.uow import UnitOfWork

ERASED = "（作者已注销）"
_POSTS: tuple[tuple[posts.PostType, str], ...] = (
    (TopicComment, "评论"), (TopicStatement, "观点"),
)  # fmt: skip
_Mark = type[TopicSecond] | type[TopicFollow] | type[CommentLike]
_MARKS: tuple[tuple[_Mark, str], ...] = (
    (TopicSecond, "联名"), (TopicFollow, "关注"), (CommentLike, "点赞"),
)  # fmt: skip
_QUIET = {"synchronize_session": False}


def export(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Topics, comments, statements, objections, supports and answers, as JSON values."""
    found: list[dict[str, Any]] = []
    for topic in uow.session.scalars(select(Topic).where(Topic.proposer_id == person_id)):
        found.append(_row("议题", topic.created_at, f"{topic.title}\n{topic.words}",
                          number=topic.number, state=rules.STATE_TEXT[topic.state]))  # fmt: skip
    for kind, what in _POSTS:
        own = select(kind.at, kind.body, kind.state).where(kind.person_id == person_id)
        for at, text, state in uow.session.execute(own):
            found.append(_row(what, at, text, state=rules.POST_TEXT[state]))
    for row in uow.session.scalars(
        select(TopicObjection).where(TopicObjection.person_id == person_id)
    ):
        found.append(_row("异议", row.at, row.words, state=rules.OBJECTION_TEXT[row.state]))
    for table, what in _MARKS:
        for at in uow.session.scalars(select(table.at).where(table.person_id == person_id)):
            found.append(_row(what, at, ""))
    for vote in uow.session.scalars(
        select(StatementVote).where(StatementVote.person_id == person_id)
    ):
        found.append(_row("表态", vote.at, rules.ANSWER_TEXT[vote.answer]))
    for told in uow.session.scalars(select(PostReport).where(PostReport.person_id == person_id)):
        found.append(_row("举报", told.at, told.words, state=rules.REPORT_TEXT[told.why]))
    for file in files.owned(uow, person_id):
        found.append(_row("图片", file.created_at, file.media_type))
    return sorted(found, key=lambda one: str(one["at"]))


def open_matters(uow: UnitOfWork, person_id: UUID) -> list[str]:
    """The person's own topics that are not over."""
    rows = uow.session.scalars(
        select(Topic).where(Topic.proposer_id == person_id, Topic.is_open).order_by(Topic.number)
    )
    return [f"议题 {row.number}：{rules.STATE_TEXT[row.state]}" for row in rows]


def forget(uow: UnitOfWork, told: PersonClosed) -> None:
    """Words and names go; what others decided upon stays, without an author."""
    who = told.person_id
    change = uow.session.execute
    files.forget(uow, who)
    for kind, _ in _POSTS:
        own = select(kind.id).where(kind.person_id == who)
        change(update(ModerationCase).where(ModerationCase.post_id.in_(own)).values(appeal=""),
               execution_options=_QUIET)  # fmt: skip
        change(update(kind).where(kind.person_id == who).values(person_id=None, body=ERASED),
               execution_options=_QUIET)  # fmt: skip
    change(update(TopicObjection).where(TopicObjection.person_id == who)
           .values(person_id=None, words=ERASED), execution_options=_QUIET)  # fmt: skip
    change(update(PostReport).where(PostReport.person_id == who)
           .values(person_id=None, words=""), execution_options=_QUIET)  # fmt: skip
    change(update(Topic).where(Topic.proposer_id == who).values(proposer_id=None),
           execution_options=_QUIET)  # fmt: skip
    for table in (TopicSecond, TopicFollow, CommentLike, StatementVote):
        change(delete(table).where(table.person_id == who), execution_options=_QUIET)


def move(uow: UnitOfWork, told: PersonMerged) -> None:
    """The provisional account became another: its words go along.

    Where both had marked the same thing, one mark is enough.
    """
    old, new = told.source_id, told.target_id
    change = uow.session.execute
    for table, column in (
        (TopicComment, TopicComment.person_id), (TopicStatement, TopicStatement.person_id),
        (TopicObjection, TopicObjection.person_id), (PostReport, PostReport.person_id),
        (Topic, Topic.proposer_id),
    ):  # fmt: skip
        change(update(table).where(column == old).values({column: new}), execution_options=_QUIET)
    for mark, key in (
        (TopicSecond, "topic_id"), (TopicFollow, "topic_id"), (CommentLike, "comment_id"),
        (StatementVote, "statement_id"),
    ):  # fmt: skip
        there = select(getattr(mark, key)).where(mark.person_id == new)
        change(delete(mark).where(mark.person_id == old, getattr(mark, key).in_(there)),
               execution_options=_QUIET)  # fmt: skip
        change(update(mark).where(mark.person_id == old).values(person_id=new),
               execution_options=_QUIET)  # fmt: skip


def _row(what: str, at: Any, text: str, **more: str) -> dict[str, Any]:
    moment = local(at).isoformat(timespec="seconds")
    return {"kind": what, "at": moment, "text": text, **more}
