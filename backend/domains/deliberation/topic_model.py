"""A topic and what belongs to its way: supporters, drafts, requirements, objections, progress."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.deliberation import kind_rules, rules
from backend.kernel.database import Base
from backend.kernel.ids import new_id


def one_of(column: str, values: Iterable[str]) -> str:
    """A CHECK on a closed list of codes."""
    listed = ",".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


_OPEN = one_of("state", rules.OPEN_STATES)
_PUT = one_of("state", (rules.NOTICING, rules.VOTING, *rules.VOTED))


class Topic(Base):
    """A matter neighbours talk about and decide. Changed by `moves` only.

    Kind and preset version never change: the rule it began under is the rule it ends under.
    `area_id` is the grid's community, `street_id` its street. Either a resident proposed it or
    staff did. `turn` is the vote it is at, from 0; `passed` what the last count said (None:
    nothing was to be decided, or nothing is counted yet). `stage_ends_at` is when the present
    stage ends by itself, where it does.
    """

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.STATES), name="state"),
        CheckConstraint(one_of("kind", kind_rules.KIND_TEXT), name="kind"),
        CheckConstraint(one_of("scope_kind", kind_rules.SCOPE_TEXT), name="scope_kind"),
        CheckConstraint("seconds_needed >= 0 AND seconds_count >= 0", name="seconds"),
        CheckConstraint("turn >= 0", name="turn"),
        CheckConstraint(
            "state <> 'submitted' OR seconds_count >= seconds_needed", name="submitted"
        ),
        CheckConstraint("proposer_id IS NULL OR staff_id IS NULL", name="proposer"),
        CheckConstraint(f"NOT ({_PUT}) OR kind = 'matter' OR noticed_draft IS NOT NULL",
                        name="noticed"),
        CheckConstraint("state <> 'voting' OR noticed_draft IS NOT NULL", name="voting"),
        CheckConstraint("state NOT IN ('declined','withdrawn','failed') OR end_reason <> ''",
                        name="end_reason"),
        CheckConstraint("(ended_at IS NOT NULL) = ("
                        + one_of("state", sorted(rules.TOPIC_ENDS)) + ")", name="ended"),
        CheckConstraint("NOT silence_with_majority OR silence_basis <> ''", name="silence"),
        Index("ix_topic_community_id", "community_id", "last_at", "id"),
        Index("ix_topic_state", "state", "last_at", "id"),
        Index("ix_topic_proposer_id", "proposer_id", "created_at",
              postgresql_where=text("proposer_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("housing_community.id"))
    area_id: Mapped[UUID]
    street_id: Mapped[UUID]
    scope_kind: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    preset_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    is_open: Mapped[bool] = mapped_column(Computed(_OPEN, persisted=True))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    title: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text)
    proposer_id: Mapped[UUID | None]
    staff_id: Mapped[UUID | None]
    seconds_needed: Mapped[int] = mapped_column(default=0, server_default="0")
    seconds_count: Mapped[int] = mapped_column(default=0, server_default="0")
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    passed: Mapped[bool | None]
    noticed_draft: Mapped[int | None]
    silence_with_majority: Mapped[bool] = mapped_column(default=False, server_default="false")
    silence_basis: Mapped[str] = mapped_column(String(300), default="", server_default="")
    end_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    stage_ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    last_at: Mapped[datetime]


class TopicSecond(Base):
    """A neighbour's support of a proposal (联名); once each."""

    __tablename__ = "topic_second"
    __table_args__ = (Index("ix_topic_second_person_id", "person_id"),)

    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class TopicFollow(Base):
    """Who wants to hear of a topic."""

    __tablename__ = "topic_follow"
    __table_args__ = (Index("ix_topic_follow_person_id", "person_id"),)

    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class TopicFile(Base):
    """A picture of a topic, a comment, an objection, a requirement or a report of progress.

    `part` says of which; `part_id` names the row, None for the topic itself. `shown`: neighbours
    may see it (the content check has let its text through).
    """

    __tablename__ = "topic_file"
    __table_args__ = (
        CheckConstraint(
            one_of("part", ("topic", "comment", "objection", "requirement", "progress")),
            name="part",
        ),
        CheckConstraint("(part = 'topic') = (part_id IS NULL)", name="part_id"),
        UniqueConstraint("topic_id", "file_id"),
        Index("ix_topic_file_part_id", "part_id", postgresql_where=text("part_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    part: Mapped[str] = mapped_column(String(12))
    part_id: Mapped[UUID | None]
    shown: Mapped[bool] = mapped_column(default=False, server_default="false")
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class TopicDraft(Base):
    """One saved version of the proposal text; the number grows by one at each save.

    `options` are `{code, text, detail, cost_cents}`; `least` and `most` bound how many a ballot
    names; `budget_cents` is set for the choice among projects alone.
    """

    __tablename__ = "topic_draft"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(one_of("ballot", kind_rules.BALLOT_TEXT), name="ballot"),
        CheckConstraint("least >= 0 AND most >= least", name="bounds"),
        CheckConstraint("(ballot = 'budget') = (budget_cents IS NOT NULL)", name="budget"),
    )

    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(String(200))
    ballot: Mapped[str] = mapped_column(String(10))
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    least: Mapped[int] = mapped_column(default=1, server_default="1")
    most: Mapped[int] = mapped_column(default=1, server_default="1")
    budget_cents: Mapped[int | None]
    secret: Mapped[bool] = mapped_column(default=False, server_default="false")
    note: Mapped[str] = mapped_column(String(200), default="", server_default="")
    staff_id: Mapped[UUID]
    at: Mapped[datetime]


class TopicRequirement(Base):
    """Something the law asks for beside the vote, met and written down by staff."""

    __tablename__ = "topic_requirement"

    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    note: Mapped[str] = mapped_column(String(500))
    staff_id: Mapped[UUID]
    at: Mapped[datetime]


class TopicObjection(Base):
    """A neighbour's objection to a draft or a result; the street mediates and decides."""

    __tablename__ = "topic_objection"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.OBJECTION_TEXT), name="state"),
        CheckConstraint(one_of("stage", (rules.NOTICING, rules.OBJECTION)), name="stage"),
        CheckConstraint("("
                        + one_of("state", sorted(rules.OBJECTION_ENDS))
                        + ") = (decided_at IS NOT NULL)", name="decided"),
        Index("uq_topic_objection_open", "topic_id", "person_id", unique=True,
              postgresql_where=text("state IN ('raised','mediating') AND person_id IS NOT NULL")),
        Index("ix_topic_objection_topic_id", "topic_id", "at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"))
    person_id: Mapped[UUID | None]
    stage: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(500), default="", server_default="")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class TopicProgress(Base):
    """落实反馈: what was done about it by then, in words, percent and pictures."""

    __tablename__ = "topic_progress"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_topic_progress_topic_id", "topic_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"))
    text: Mapped[str] = mapped_column(Text)
    percent: Mapped[int]
    done_on: Mapped[date]
    planned_until: Mapped[date | None]
    staff_id: Mapped[UUID]
    at: Mapped[datetime]
