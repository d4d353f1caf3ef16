"""Tables of residents' accounts. Personal values are sealed; look-ups use keyed hashes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id


class Person(Base):
    """A resident. Verified ones are unique by citizen identity number.

    A provisional person has signed in but not proved a real name. A merged or
    closed one keeps only its id, so that records elsewhere keep a pseudonym.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("state IN ('provisional','verified','merged','closed')", name="state"),
        CheckConstraint(
            "(state = 'verified') = (id_number_fingerprint IS NOT NULL"
            " AND id_number_sealed IS NOT NULL AND name_sealed IS NOT NULL"
            " AND verified_at IS NOT NULL)",
            name="verified_has_identity",
        ),
        CheckConstraint(
            "state = 'verified' OR (id_number_fingerprint IS NULL AND id_number_sealed IS NULL)",
            name="number_only_when_verified",
        ),
        CheckConstraint(
            "state IN ('provisional','verified')"
            " OR (name_sealed IS NULL AND phone_sealed IS NULL AND phone_fingerprint IS NULL)",
            name="nothing_left_when_ended",
        ),
        CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_somewhere"),
        CheckConstraint(
            "name_fingerprint IS NULL OR name_sealed IS NOT NULL", name="hash_of_a_name"
        ),
        Index("ix_person_name", "name_fingerprint",
              postgresql_where=text("name_fingerprint IS NOT NULL")),
        Index("ix_person_name_unmarked", "id",
              postgresql_where=text("name_sealed IS NOT NULL AND name_fingerprint IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(String(12))
    id_number_fingerprint: Mapped[bytes | None] = mapped_column(unique=True)
    id_number_sealed: Mapped[bytes | None]
    name_sealed: Mapped[bytes | None]
    name_fingerprint: Mapped[bytes | None]
    phone_fingerprint: Mapped[bytes | None] = mapped_column(unique=True)
    phone_sealed: Mapped[bytes | None]
    verified_at: Mapped[datetime | None]
    provider: Mapped[str | None] = mapped_column(String(40))
    elder_mode: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ChannelIdentity(Base):
    """How a person is known in one channel: a WeChat openid or unionid, or a phone."""

    __tablename__ = "channel_identity"
    __table_args__ = (
        UniqueConstraint("kind", "fingerprint"),
        CheckConstraint(
            "kind IN ('mini_openid','service_openid','unionid','phone')", name="kind"
        ),
        # A number that somebody gave up may belong to a stranger tomorrow.
        Index("uq_channel_identity_one_phone", "person_id", unique=True,
              postgresql_where=text("kind = 'phone'")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[bytes]
    sealed: Mapped[bytes]
    proved_at: Mapped[datetime]


class SmsCode(Base):
    """A one-time code sent to a phone. The code itself is kept only as a keyed hash."""

    __tablename__ = "sms_code"
    __table_args__ = (
        CheckConstraint("purpose IN ('sign_in','bind_phone')", name="purpose"),
        CheckConstraint("tries BETWEEN 0 AND 5", name="tries"),
        Index("ix_sms_code_latest", "phone_fingerprint", "purpose", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(12))
    phone_fingerprint: Mapped[bytes]
    code_hash: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    used_at: Mapped[datetime | None]


class RealNameCheck(Base):
    """One try to prove a real name; counted per day, and kept as evidence of the proof."""

    __tablename__ = "real_name_check"
    __table_args__ = (Index("ix_real_name_check_number", "number_fingerprint", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    number_fingerprint: Mapped[bytes | None]
    at: Mapped[datetime]
    provider: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(80), default="", server_default="")


class Consent(Base):
    """An answer to a document in a version; the newest of a person counts."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_newest", "person_id", "document", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    document: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(20))
    agreed: Mapped[bool]
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(10))
