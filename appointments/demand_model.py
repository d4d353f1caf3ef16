"""What people ask of the places: visits, consents, the waitlist, offers, what counts against them."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from appointments.model import Base


class Visit(Base):
    """Several appointments made as one: one person's items, or a family's or group's places."""

    __tablename__ = "visit"
    __table_args__ = (CheckConstraint("kind IN ('items', 'group')", name="kind"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]


class AgentConsent(Base):
    """A principal lets an agent act for her (代办); the clerk sees it with the appointment.

    `item_key` None: any business. On paper a member of staff saw the signed form and both cards.
    """

    __tablename__ = "agent_consent"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'given', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("way IN ('online', 'paper')", name="way"),
        CheckConstraint("principal_key <> agent_key", name="two_people"),
        CheckConstraint(
            "state NOT IN ('given', 'withdrawn') OR answered_at IS NOT NULL", name="answered"
        ),
        CheckConstraint("way <> 'paper' OR witnessed_by IS NOT NULL", name="witnessed"),
        Index(
            "uq_agent_consent_live",
            "principal_key",
            "agent_key",
            text("coalesce(item_key, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
            postgresql_where=text("state IN ('asked', 'given')"),
        ),
        Index(None, "agent_key"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    principal_key: Mapped[UUID]
    agent_key: Mapped[UUID]
    item_key: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(10))
    relation: Mapped[str] = mapped_column(String(20), default="")
    until: Mapped[date]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    witnessed_by: Mapped[UUID | None]
    # Who of the two asked, and whom by the masked name she gave: what she sees does not depend on
    # whether there is such a person, so nobody can be sought out by asking. None: on paper.
    asked_by: Mapped[UUID | None]
    asked_name: Mapped[str] = mapped_column(String(50), default="")
    version: Mapped[int] = mapped_column(default=1)


class WaitlistEntry(Base):
    """Somebody waits for a place of a full day (候补); the first who fits is asked first.

    `earliest` and `latest` bound the start of the slots that suit, local time; None: any.
    """

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'offered', 'booked', 'left', 'ended')", name="state"),
        Index(
            "uq_waitlist_entry_live",
            "person_key",
            "item_key",
            "day",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
        Index(
            "ix_waitlist_entry_turn",
            "hall_id",
            "group_code",
            "day",
            "priority",
            "joined_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(None, "person_key"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_key: Mapped[UUID]
    item_key: Mapped[UUID]
    item_name: Mapped[str] = mapped_column(String(100))
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    group_code: Mapped[str] = mapped_column(ForeignKey("item_group.code"))
    day: Mapped[date]
    earliest: Mapped[time | None]
    latest: Mapped[time | None]
    elderly: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    state: Mapped[str] = mapped_column(String(10))
    lapses: Mapped[int] = mapped_column(SmallInteger, default=0)
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class Offer(Base):
    """A place kept for one person until `expires_at`; while it is open it counts in `slot.held`.

    For a waitlist entry, or in place of an appointment that the hall had to take back.
    """

    __tablename__ = "slot_offer"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'lapsed', 'void')", name="state"
        ),
        CheckConstraint("(entry_id IS NULL) <> (appointment_id IS NULL)", name="for_one"),
        CheckConstraint("state = 'open' OR ended_at IS NOT NULL", name="ended"),
        Index(
            "uq_slot_offer_entry", "entry_id", unique=True, postgresql_where=text("state = 'open'")
        ),
        Index(
            "uq_slot_offer_appointment",
            "appointment_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_slot_offer_open", "slot_id", postgresql_where=text("state = 'open'")),
        Index(None, "person_key"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("slot.id"))
    person_key: Mapped[UUID]
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("waitlist_entry.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # The appointment it became.
    booked_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))


class Missed(Base):
    """A no-show that counts, until staff forgive it. What bars from booking follows from these.

    `forgiven_why` is the staff's or the hall's reason; the appeal is in the person's own words.
    """

    __tablename__ = "missed_appointment"
    __table_args__ = (
        CheckConstraint("state IN ('counted', 'appealed', 'upheld', 'forgiven')", name="state"),
        CheckConstraint("state <> 'appealed' OR appealed_at IS NOT NULL", name="appeal"),
        Index(None, "person_key", "at"),
        Index("ix_missed_appointment_open", "hall_id", postgresql_where=text("state = 'appealed'")),
    )
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    person_key: Mapped[UUID]
    hall_id: Mapped[UUID] = mapped_column(ForeignKey("hall.id"))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    appeal: Mapped[str] = mapped_column(String(500), default="")
    appealed_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(String(200), default="")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class Precedence(Base):
    """Somebody is served first (a disability was shown to staff); the reason is not kept."""

    __tablename__ = "person_precedence"
    person_key: Mapped[UUID] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    granted_by: Mapped[UUID]
    granted_at: Mapped[datetime]


class BookingLimit(Base):
    """How many live bookings a person may have; None: for every hall, item or group.

    `per` says over what: `day` and `week` of the booked day (Monday to Sunday), `live` at once.
    """

    __tablename__ = "booking_limit"
    __table_args__ = (
        CheckConstraint("per IN ('day', 'week', 'live')", name="per"),
        CheckConstraint("most BETWEEN 1 AND 100", name="most"),
        Index(
            "uq_booking_limit_of",
            "per",
            text("coalesce(hall_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            text("coalesce(group_code, '')"),
            text("coalesce(item_key, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hall_id: Mapped[UUID | None] = mapped_column(ForeignKey("hall.id"))
    group_code: Mapped[str | None] = mapped_column(ForeignKey("item_group.code"))
    item_key: Mapped[UUID | None]
    per: Mapped[str] = mapped_column(String(5))
    most: Mapped[int] = mapped_column(SmallInteger)
