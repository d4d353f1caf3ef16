"""Campaigns: one message to many people, written by one, released by another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id


class Campaign(Base):
    """A campaign with its words and its audience.

    ``audience`` is the filter as data; the people are found when it runs, in order of their id,
    and ``cursor`` is the last one written to, so that a worker that died is taken up where it
    was; ``written_at`` is when everybody had been written to. Whoever releases it is not who asked for it: the table says so.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'released', 'running', 'done', 'stopped')",
            name="state",
        ),
        CheckConstraint("released_by <> submitted_by", name="two_people"),
        CheckConstraint("released_by <> created_by", name="not_the_author"),
        Index(
            "ix_campaign_due", "send_at", postgresql_where=text("state IN ('released','running')")
        ),
        Index("ix_campaign_list", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(String(900))
    link: Mapped[str] = mapped_column(String(300), default="")
    sms: Mapped[str] = mapped_column(String(469), default="")
    ladder: Mapped[list[str]] = mapped_column(JSONB)
    audience: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    send_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    cursor: Mapped[UUID | None]
    counted: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None]
    submitted_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None]
    released_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
