"""Checks of residents' words and pictures, and each part that is asked about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.content import rules
from backend.kernel.database import Base
from backend.kernel.ids import new_id


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ",".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class ContentCheck(Base):
    """One check of one subject; an edited text gets a new one and the old is `replaced`.

    `area_id` and `street_id` say whose staff may look. `decided_by` is the person who decided
    last, None for the machine. `review_by`: until when the author was promised a look.
    """

    __tablename__ = "content_check"
    __table_args__ = (
        CheckConstraint(_one_of("state", tuple(rules.STATE_TEXT)), name="state"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="reason"),
        CheckConstraint("state <> 'review' OR review_by IS NOT NULL", name="review"),
        CheckConstraint("(appealed_at IS NULL) = (appeal = '')", name="appeal"),
        Index("uq_content_check_current", "subject_kind", "subject_id", unique=True,
              postgresql_where=text("state <> 'replaced'")),
        Index("ix_content_check_review", "review_by", "id",
              postgresql_where=text("state = 'review'")),
        Index("ix_content_check_person_id", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    area_id: Mapped[UUID | None]
    street_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    created_at: Mapped[datetime]
    review_by: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(String(500), default="", server_default="")
    appealed_at: Mapped[datetime | None]


class ContentItem(Base):
    """A text (at most 2500 characters) or a picture of a check.

    `next_at` is when it is asked (again); while somebody asks it lies ahead as a lease.
    `media_trace` joins WeChat's later push about a picture to it.
    """

    __tablename__ = "content_item"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.ITEM_STATES), name="state"),
        CheckConstraint("(kind = 'image') = (file_id IS NOT NULL)", name="kind"),
        CheckConstraint("kind IN ('text','image')", name="kinds"),
        Index("ix_content_item_open", "next_at",
              postgresql_where=text("state IN ('pending','asked')")),
        Index("uq_content_item_media_trace", "media_trace", unique=True,
              postgresql_where=text("media_trace <> ''")),
        Index("ix_content_item_check_id", "check_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("content_check.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(5))
    text: Mapped[str] = mapped_column(Text, default="", server_default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(8), default=rules.PENDING)
    label: Mapped[int] = mapped_column(default=0, server_default="0")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    next_at: Mapped[datetime]
    media_trace: Mapped[str] = mapped_column(String(80), default="", server_default="")
