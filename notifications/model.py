"""The engine's tables. Guarantees live here: one row a dedupe key, no grant below zero."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from notifications.rules import STATES

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_STATES = ", ".join(f"'{state}'" for state in STATES)


class _Utc(TypeDecorator[datetime]):
    """An aware moment in, aware UTC out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What values of this type are, for those who read columns generically."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an aware moment is needed")
        return value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of the engine's tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: _Utc}


class OutboxMessage(Base):
    """One message to one person, on its way down the ladder of channels.

    ``step`` is the rung (``ladder[step]`` the channel), ``attempts`` those on this rung.
    ``held_template``: the grant taken for this message and not yet used up by WeChat.
    ``payload`` holds the texts as rendered when the thing happened; addresses are looked up
    when it is sent and never stored. ``digest``: it waits for the evening, to go out in one
    message with the others of that person (``digest_id``). ``counted_on`` is the day on which it
    took its place under the person's caps. ``resent_of`` names the message an operator sent again.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("attempts >= 0 AND step >= 0", name="counts"),
        Index("ix_outbox_due", "priority", "next_at",
              postgresql_where=text("status IN ('created', 'temporary_failure')")),
        Index("ix_outbox_leases", "lease_until",
              postgresql_where=text("status IN ('leased', 'sending')")),
        Index("ix_outbox_subject", "subject_kind", "subject_id"),
        Index("ix_outbox_log", "created_at", "id"),
        Index("ix_outbox_receipt", "provider_msgid", postgresql_where=text("provider_msgid <> ''")),
        Index("ix_outbox_campaign", "campaign_id", "status",
              postgresql_where=text("campaign_id IS NOT NULL")),
        Index("ix_outbox_digest", "next_at", "person_key",
              postgresql_where=text("digest AND status = 'created'")),
        Index("ix_outbox_digest_id", "digest_id", postgresql_where=text("digest_id IS NOT NULL")),
        Index("ix_outbox_resent_of", "resent_of", postgresql_where=text("resent_of IS NOT NULL")),
        Index("ix_outbox_unreported", "channel", "updated_at",
              postgresql_where=text("status = 'accepted' AND provider_msgid <> ''")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    person_key: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    ladder: Mapped[list[str]] = mapped_column(JSONB)
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    channel: Mapped[str] = mapped_column(String(30))
    priority: Mapped[int] = mapped_column(SmallInteger)
    may_repeat: Mapped[bool]
    patience: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    next_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    held_template: Mapped[str | None] = mapped_column(String(100))
    provider: Mapped[str] = mapped_column(String(30), default="")
    provider_msgid: Mapped[str] = mapped_column(String(80), default="")
    last_errcode: Mapped[str] = mapped_column(String(60), default="")
    last_error: Mapped[str] = mapped_column(String(300), default="")
    campaign_id: Mapped[UUID | None]
    digest: Mapped[bool] = mapped_column(default=False)
    digest_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    counted_on: Mapped[date | None]
    resent_of: Mapped[UUID | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))


class InboxMessage(Base):
    """The same message as the person reads it in the app. ``id`` is the outbox row's.

    A reminder is written with its booking and shows from ``visible_from`` on; ``withdrawn_at``
    hides one that no longer holds.
    """

    __tablename__ = "inbox_message"
    __table_args__ = (Index("ix_inbox_message_list", "person_key", "visible_from", "id"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    person_key: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(1000))
    link: Mapped[str] = mapped_column(String(300))
    visible_from: Mapped[datetime]
    read_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class DeliveryAttempt(Base):
    """One call to a provider. Without ``outcome`` its sender died in the middle of it."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (
        Index("ix_delivery_attempt_of", "outbox_id", "started_at"),
        Index("ix_delivery_attempt_recent", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(30))
    provider: Mapped[str] = mapped_column(String(30), default="")
    number: Mapped[int] = mapped_column(SmallInteger)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    errcode: Mapped[str] = mapped_column(String(60), default="")
    error: Mapped[str] = mapped_column(String(300), default="")
    provider_msgid: Mapped[str] = mapped_column(String(80), default="")


class DeliveryEvent(Base):
    """A provider's receipt, kept even when the message it speaks of is not known yet."""

    __tablename__ = "delivery_event"
    __table_args__ = (
        Index("ix_delivery_event_waiting", "at", postgresql_where=text("outbox_id IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    event_key: Mapped[str] = mapped_column(String(120), unique=True)
    outbox_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("outbox.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(String(30))
    provider_msgid: Mapped[str] = mapped_column(String(80), index=True)
    ok: Mapped[bool]
    text: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class MessageGrant(Base):
    """How many subscribe messages of a template a person still allows."""

    __tablename__ = "message_grant"
    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining"),)

    person_key: Mapped[UUID] = mapped_column(primary_key=True)
    template_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    remaining: Mapped[int] = mapped_column(default=0)
    long_term: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]


class MessageGrantEvent(Base):
    """The ledger: every change of a grant with its source. ``paired``: see ``consent.report``."""

    __tablename__ = "message_grant_event"
    __table_args__ = (
        Index("ix_message_grant_event_of", "person_key", "template_id", "at"),
        Index("ix_message_grant_event_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    event_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    person_key: Mapped[UUID]
    template_id: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(20))
    change: Mapped[int]
    paired: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
