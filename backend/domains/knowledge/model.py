"""Tables of the knowledge base: articles, their versions, and what the versions lead to.

An article is what stays the same (its number and its department); a version is what is read. One
version is live at most and one in the making at most, and nobody passes a version of their own:
all of it is kept by the schema too.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.knowledge import rules
from backend.kernel.clock_rules import WORKING_DAYS
from backend.kernel.clocks import ClockColumns, clock_args
from backend.kernel.database import Base
from backend.kernel.ids import new_id


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


class Article(Base):
    """An article; `version` counts every change to it or to its open version (ETag)."""

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint(_among("state", rules.ARTICLE_STATES), name="state_known"),
        # Nobody can tell two live articles of one title apart.
        Index("uq_article_live_title", "title_key", unique=True,
              postgresql_where=text("state = 'published'")),
        Index("ix_article_updated_at_id", "updated_at", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    title_key: Mapped[str] = mapped_column(String(128), server_default="")
    version: Mapped[int] = mapped_column(server_default="1")
    source: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def number(self) -> str:
        """What people call it by: `K000123`."""
        return f"K{self.serial:06d}"


class ArticleVersion(Base):
    """One wording of an article. Only drafts change; `writer_ids` are all who saved it."""

    __tablename__ = "article_version"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        CheckConstraint(_among("state", rules.VERSION_STATES), name="state_known"),
        CheckConstraint(_among("audience", tuple(rules.AUDIENCE_TEXT)), name="audience_known"),
        CheckConstraint("expires_on >= effective_on", name="ends_after_it_begins"),
        CheckConstraint("not (department_reviewer_id = any(writer_ids))", name="department_other"),
        CheckConstraint("not (centre_reviewer_id = any(writer_ids))", name="centre_other"),
        CheckConstraint("centre_reviewer_id <> department_reviewer_id", name="reviewers_differ"),
        CheckConstraint(
            "state not in ('waiting', 'published', 'superseded')"
            " or (department_reviewer_id is not null and centre_reviewer_id is not null)",
            name="reviewed_twice",
        ),
        CheckConstraint(
            "state not in ('published', 'superseded') or published_at is not null",
            name="published_when",
        ),
        CheckConstraint(
            "material_kind <> 'script' or audience = 'internal' or state = 'draft'",
            name="script_inside",
        ),
        Index("uq_article_version_live", "article_id", unique=True,
              postgresql_where=text("state = 'published'")),
        Index("uq_article_version_open", "article_id", unique=True,
              postgresql_where=text(
                  "state in ('draft', 'department_review', 'centre_review', 'waiting')")),
        Index("ix_article_version_expires_on", "expires_on",
              postgresql_where=text("state = 'published'")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(128))
    summary: Mapped[str] = mapped_column(String(300))
    public_text: Mapped[str] = mapped_column(Text)
    internal_text: Mapped[str] = mapped_column(Text)
    material_kind: Mapped[str] = mapped_column(String(20))
    keywords: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    issuing_unit: Mapped[str] = mapped_column(String(100))
    document_number: Mapped[str] = mapped_column(String(80))
    category_code: Mapped[str] = mapped_column(String(40))
    audience: Mapped[str] = mapped_column(String(10))
    region_codes: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    source_url: Mapped[str] = mapped_column(String(300))
    change_note: Mapped[str] = mapped_column(String(300), server_default="")
    author_id: Mapped[UUID | None]
    writer_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    department_reviewer_id: Mapped[UUID | None]
    centre_reviewer_id: Mapped[UUID | None]
    return_reason: Mapped[str] = mapped_column(String(500), server_default="")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ArticleRelation(Base):
    """Another article or a service item that a version points its readers to."""

    __tablename__ = "article_relation"
    __table_args__ = (
        CheckConstraint("kind in ('article', 'item')", name="kind_known"),
        Index("ix_article_relation_target", "kind", "target_id"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("article_version.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    target_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]


class ArticleFile(Base):
    """An attachment of a version; an internal one never leaves the house."""

    __tablename__ = "article_file"
    __table_args__ = (
        CheckConstraint(_among("audience", tuple(rules.AUDIENCE_TEXT)), name="audience_known"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("article_version.id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(
        ForeignKey("stored_file.id"), primary_key=True, index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    audience: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]


class Correction(Base):
    """纠错: what somebody at the desk found wrong, and what the department answered."""

    __tablename__ = "article_correction"
    __table_args__ = (
        CheckConstraint(_among("state", rules.CORRECTION_STATES), name="state_known"),
        CheckConstraint("(state = 'open') = (answered_at is null)", name="answered_when"),
        CheckConstraint("answered_by <> asked_by", name="answered_by_another"),
        Index("uq_article_correction_open", "article_id", "asked_by", unique=True,
              postgresql_where=text("state = 'open'")),
        Index("ix_article_correction_state_asked", "state", "asked_at", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("article_version.id"))
    state: Mapped[str] = mapped_column(String(10))
    quote: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), server_default="")
    draft_number: Mapped[int | None]


class CorrectionClock(ClockColumns, Base):
    """The two working days in which a department answers a correction."""

    __tablename__ = "correction_clock"
    __table_args__ = clock_args("correction_clock", "correction_id", (WORKING_DAYS,))

    correction_id: Mapped[UUID] = mapped_column(ForeignKey("article_correction.id"))


class ArticleUse(Base):
    """How often a version was looked at, inserted or sent on a day; never by whom."""

    __tablename__ = "article_use"
    __table_args__ = (CheckConstraint("count > 0", name="count_positive"),)

    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("article_version.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    audience: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int]


class SearchMiss(Base):
    """A question that nothing answered, with how often and when; never who asked."""

    __tablename__ = "search_miss"
    __table_args__ = (
        UniqueConstraint("words", "audience"),
        CheckConstraint(_among("state", rules.MISS_STATES), name="state_known"),
        CheckConstraint("count > 0", name="count_positive"),
        Index("ix_search_miss_state_count", "state", "count", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    words: Mapped[str] = mapped_column(String(60))
    audience: Mapped[str] = mapped_column(String(10))
    count: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"))
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("article.id"))
    reason: Mapped[str] = mapped_column(String(200), server_default="")
