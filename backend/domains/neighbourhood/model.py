"""Tables of activities, sign-ups, certificates and points.

What neighbours do for each other is in `care_model`, party members in `party_model`, shared rooms
in `resource_model`. A community is a grid area of the kind community (`area_id`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.neighbourhood import certificate_rules, point_rules, rules
from backend.kernel.database import Base
from backend.kernel.ids import new_id


def one_of(column: str, values: Iterable[str]) -> str:
    """`column IN ('a','b')`, for a CHECK."""
    listed = ",".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class Activity(Base):
    """Something that a community offers, with so many places.

    `taken` counts the sign-ups that hold a place, `waiting` those that wait, `last_turn` is the
    last number of the waiting line; all three change only with the sign-ups, under the row's lock.
    Places are WGS-84; `radius_m` is how near a phone must be to check in by place.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.STATE_TEXT), name="state"),
        CheckConstraint(one_of("kind", rules.KIND_TEXT), name="kind"),
        CheckConstraint(one_of("check_in", rules.CHECK_IN_TEXT), name="check_in"),
        CheckConstraint(one_of("audience", rules.AUDIENCE_TEXT), name="audience"),
        CheckConstraint("taken BETWEEN 0 AND places", name="never_too_many"),
        CheckConstraint("waiting BETWEEN 0 AND most_waiting", name="waiting"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("sign_up_from < sign_up_until", name="sign_up"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place"),
        CheckConstraint(
            "check_in NOT IN ('place','both') OR latitude IS NOT NULL", name="check_in_place"
        ),
        CheckConstraint("radius_m BETWEEN 20 AND 2000", name="radius"),
        Index("ix_activity_area", "area_id", "starts_at", "id"),
        Index("ix_activity_starts", "starts_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str] = mapped_column(String(60), default="", server_default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    radius_m: Mapped[int] = mapped_column(default=200, server_default="200")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    sign_up_from: Mapped[datetime]
    sign_up_until: Mapped[datetime]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0, server_default="0")
    most_waiting: Mapped[int]
    waiting: Mapped[int] = mapped_column(default=0, server_default="0")
    last_turn: Mapped[int] = mapped_column(default=0, server_default="0")
    audience: Mapped[str] = mapped_column(String(10))
    check_in: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    staff_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class ActivitySignup(Base):
    """A person's place, or turn in the line, at an activity. `person_id` goes with the account."""

    __tablename__ = "activity_signup"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.SIGNUP_TEXT), name="state"),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offer"),
        CheckConstraint("state <> 'waitlisted' OR turn IS NOT NULL", name="turn"),
        CheckConstraint("(state = 'attended') = (checked_in_at IS NOT NULL)", name="attended"),
        CheckConstraint(f"minutes BETWEEN 0 AND {rules.MOST_MINUTES}", name="minutes"),
        Index("uq_activity_signup_live", "activity_id", "person_id", unique=True,
              postgresql_where=text(f"{one_of('state', rules.LIVE)} AND person_id IS NOT NULL")),
        Index("uq_activity_signup_turn", "activity_id", "turn", unique=True,
              postgresql_where=text("turn IS NOT NULL")),
        Index("ix_activity_signup_person", "person_id", "signed_up_at", "id",
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_activity_signup_activity", "activity_id", "signed_up_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    turn: Mapped[int | None]
    offered_until: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]
    checked_in_by: Mapped[str] = mapped_column(String(10), default="", server_default="")
    minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    signed_up_at: Mapped[datetime]


class ServiceCertificate(Base):
    """What a person served in a period, as it stood when the certificate was made.

    `lines` are the activities: title, day and minutes, no person. `number` can be checked by
    anybody and tells nothing of the person.
    """

    __tablename__ = "service_certificate"
    __table_args__ = (
        CheckConstraint(one_of("state", certificate_rules.CERTIFICATE_TEXT), name="state"),
        CheckConstraint("minutes > 0 AND activities > 0", name="something"),
        CheckConstraint("first_day <= last_day", name="period"),
        Index("ix_service_certificate_person", "person_id", "issued_at",
              postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[UUID | None]
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    first_day: Mapped[date]
    last_day: Mapped[date]
    minutes: Mapped[int]
    activities: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    reason: Mapped[str] = mapped_column(String(100), default="", server_default="")
    issued_at: Mapped[datetime]


class PointEntry(Base):
    """One line of the ledger. Nothing of it changes but whose it is (merging, forgetting).

    A correction is a line of its own; of every other reason there is one line a subject.
    """

    __tablename__ = "point_entry"
    __table_args__ = (
        CheckConstraint(one_of("reason", point_rules.REASON_TEXT), name="reason"),
        CheckConstraint("points <> 0 OR minutes <> 0", name="something"),
        CheckConstraint("reason = 'correction' OR points >= 0", name="gained"),
        Index("uq_point_entry_subject", "subject_kind", "subject_id", "reason", unique=True,
              postgresql_where=text("reason <> 'correction'")),
        Index("ix_point_entry_person", "person_id", "at", "id",
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_point_entry_area", "area_id", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None]
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    reason: Mapped[str] = mapped_column(String(12))
    points: Mapped[int]
    minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class NeighbourProfile(Base):
    """Whether somebody wishes to stand, with a masked name, in the community's list of points."""

    __tablename__ = "neighbour_profile"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    ranked: Mapped[bool] = mapped_column(default=False, server_default="false")


POINT_GUARD = """
CREATE OR REPLACE FUNCTION point_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.id, OLD.area_id, OLD.reason, OLD.points, OLD.minutes,
      OLD.subject_kind, OLD.subject_id, OLD.title, OLD.at) IS NOT DISTINCT FROM
      (NEW.id, NEW.area_id, NEW.reason, NEW.points, NEW.minutes,
      NEW.subject_kind, NEW.subject_id, NEW.title, NEW.at) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'point_entry is append-only';
END $$;
CREATE TRIGGER point_entry_append_only BEFORE UPDATE OR DELETE ON point_entry
FOR EACH ROW EXECUTE FUNCTION point_entry_is_append_only();
"""
event.listen(PointEntry.__table__, "after_create", DDL(POINT_GUARD))  # type: ignore[no-untyped-call]  # untyped upstream
