"""What neighbours say under a topic: comments, statements, reports, moderation, opinion maps."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.deliberation import rules
from backend.domains.deliberation.topic_model import one_of
from backend.kernel.database import Base
from backend.kernel.ids import new_id


class TopicComment(Base):
    """A comment or a reply to one; staff's official answer has `staff_id` and is seen at once.

    `likes` is kept equal to the rows of `comment_like` by the same transaction.
    """

    __tablename__ = "topic_comment"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.POST_TEXT), name="state"),
        CheckConstraint("likes >= 0 AND replies >= 0", name="counts"),
        CheckConstraint("NOT official OR staff_id IS NOT NULL", name="official"),
        CheckConstraint("parent_id <> id", name="parent"),
        Index("ix_topic_comment_new", "topic_id", "parent_id", "at", "id"),
        Index("ix_topic_comment_liked", "topic_id", "parent_id", "likes", "id"),
        Index("ix_topic_comment_person_id", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("topic_comment.id"))
    person_id: Mapped[UUID | None]
    staff_id: Mapped[UUID | None]
    official: Mapped[bool] = mapped_column(default=False, server_default="false")
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    likes: Mapped[int] = mapped_column(default=0, server_default="0")
    replies: Mapped[int] = mapped_column(default=0, server_default="0")
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


class CommentLike(Base):
    """One neighbour likes a comment, once."""

    __tablename__ = "comment_like"
    __table_args__ = (Index("ix_comment_like_person_id", "person_id"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("topic_comment.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class TopicStatement(Base):
    """A short sentence others agree with, disagree with or pass."""

    __tablename__ = "topic_statement"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.POST_TEXT), name="state"),
        Index("ix_topic_statement_topic_id", "topic_id", "at", "id"),
        Index(
            "ix_topic_statement_person_id",
            "person_id",
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"))
    person_id: Mapped[UUID | None]
    staff_id: Mapped[UUID | None]
    body: Mapped[str] = mapped_column(String(140))
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]


class StatementVote(Base):
    """What one neighbour thinks of one statement; it may be changed."""

    __tablename__ = "statement_vote"
    __table_args__ = (
        CheckConstraint(one_of("answer", rules.ANSWER_TEXT), name="answer"),
        Index("ix_statement_vote_topic_id", "topic_id", "at"),
        Index("ix_statement_vote_person_id", "person_id"),
    )

    statement_id: Mapped[UUID] = mapped_column(ForeignKey("topic_statement.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"))
    answer: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]


class OpinionMap(Base):
    """The latest map of a topic's opinions, as drawn; nobody in it is named.

    `drawing` is what everybody gets. `model` places one person by their own answers and is never
    handed out.
    """

    __tablename__ = "opinion_map"

    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    drawing: Mapped[dict[str, Any]] = mapped_column(JSONB)
    model: Mapped[dict[str, Any]] = mapped_column(JSONB)
    answers_seen: Mapped[int]
    at: Mapped[datetime]


class ModerationCase(Base):
    """One post before the moderators: reports, decision with reason, appeal, second decision."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.CASE_TEXT), name="state"),
        CheckConstraint(one_of("post_kind", ("comment", "statement")), name="post_kind"),
        CheckConstraint("state NOT IN ('hidden','upheld','restored') OR reason <> ''",
                        name="reason"),
        CheckConstraint("appeal_by IS NULL OR appeal_by <> decided_by", name="second"),
        Index("uq_moderation_case_open", "post_kind", "post_id", unique=True,
              postgresql_where=text("state IN ('open','hidden','appealed')")),
        Index("ix_moderation_case_waiting", "opened_at", "id",
              postgresql_where=text("state IN ('open','appealed')")),
        Index("ix_moderation_case_topic_id", "topic_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"))
    post_kind: Mapped[str] = mapped_column(String(10))
    post_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    opened_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(String(300), default="", server_default="")
    appealed_at: Mapped[datetime | None]
    appeal_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    appeal_by: Mapped[UUID | None]
    appeal_at: Mapped[datetime | None]


class PostReport(Base):
    """A neighbour's report of a post; once each for one case."""

    __tablename__ = "post_report"
    __table_args__ = (
        CheckConstraint(one_of("why", rules.REPORT_TEXT), name="why"),
        UniqueConstraint("case_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("moderation_case.id"))
    person_id: Mapped[UUID | None]
    why: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(200), default="", server_default="")
    at: Mapped[datetime]
