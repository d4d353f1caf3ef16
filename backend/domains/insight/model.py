"""Tables of insight: the hot issues of each day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id


class HotIssueRun(Base):
    """One finding a local day. `made_at` is when its messages were read; null: still to be made.

    A wish later than `made_at` makes the worker find anew.
    """

    __tablename__ = "hot_issue_run"
    __table_args__ = (
        CheckConstraint("made_at IS NOT NULL OR requested_at IS NOT NULL", name="wanted"),
        CheckConstraint("messages >= 0", name="messages"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    requested_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    messages: Mapped[int] = mapped_column(default=0)


class HotIssue(Base):
    """A matter that several people reported, as found on a day.

    `members` are its messages, the most central first, each `{id, kind, title, at, place,
    street_id, callers}`: a copy, because what was found that day stays as it was found.
    """

    __tablename__ = "hot_issue"
    __table_args__ = (
        UniqueConstraint("day", "rank"),
        CheckConstraint("rank > 0", name="rank"),
        CheckConstraint("jsonb_array_length(members) > 0", name="members"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    day: Mapped[date] = mapped_column(ForeignKey("hot_issue_run.day", ondelete="CASCADE"))
    rank: Mapped[int]
    words: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    growth: Mapped[float]
    score: Mapped[float]
    members: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
