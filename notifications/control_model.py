"""What a district and its residents set for delivery: texts, limits, weights, what is muted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifications.model import Base


class MessageTemplate(Base):
    """A version of a kind's texts. At most one is active; without one the kind's own words hold.

    ``texts`` holds what differs from the kind: title, body, sms, subscribe and service (lists of
    [key, text]), ladder. Every version was checked when it was saved.
    """

    __tablename__ = "message_template"
    __table_args__ = (
        UniqueConstraint("kind", "version"),
        CheckConstraint("state IN ('draft', 'active', 'retired')", name="state"),
        Index("ix_message_template_active", "kind", unique=True,
              postgresql_where=text("state = 'active'")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    activated_by: Mapped[UUID | None]
    activated_at: Mapped[datetime | None]


class MessageCap(Base):
    """How many messages a person gets in a day outside the inbox: of one kind, or of all (``*``)."""

    __tablename__ = "message_cap"
    __table_args__ = (CheckConstraint("per_day > 0", name="per_day"),)

    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    per_day: Mapped[int] = mapped_column(SmallInteger)
    updated_at: Mapped[datetime]


class MessageDayCount(Base):
    """How many were counted under a cap for one person on one day in Shanghai."""

    __tablename__ = "message_day_count"
    __table_args__ = (
        CheckConstraint("sent >= 0", name="sent"),
        Index("ix_message_day_count_day", "day"),
    )

    person_key: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    sent: Mapped[int] = mapped_column(SmallInteger)


class ChannelRate(Base):
    """How fast a channel, or one template of it (``channel:template key``), may be used.

    A bucket of ``burst`` tokens fills with ``per_second``; ``per_day`` is the provider's quota.
    """

    __tablename__ = "channel_rate"
    __table_args__ = (
        CheckConstraint("per_second > 0 AND burst > 0", name="bucket"),
        CheckConstraint("per_day > 0", name="per_day"),
    )

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    per_second: Mapped[float]
    burst: Mapped[int]
    per_day: Mapped[int | None]
    updated_at: Mapped[datetime]


class ProviderState(Base):
    """The share of a channel's messages a provider gets, in parts of 100, and why."""

    __tablename__ = "provider_state"
    __table_args__ = (
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),
        CheckConstraint("base_weight BETWEEN 0 AND 100", name="base_weight"),
    )

    provider: Mapped[str] = mapped_column(String(30), primary_key=True)
    channel: Mapped[str] = mapped_column(String(30))
    base_weight: Mapped[int] = mapped_column(SmallInteger)
    weight: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(String(200), default="")
    judged_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class MessagePreference(Base):
    """A person does not want messages of this topic through this channel; the inbox keeps them."""

    __tablename__ = "message_preference"

    person_key: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(30), primary_key=True)
    channel: Mapped[str] = mapped_column(String(30), primary_key=True)
    muted_at: Mapped[datetime]
