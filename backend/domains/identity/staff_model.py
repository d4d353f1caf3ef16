"""Tables of staff accounts and the roles they hold."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.kernel.database import Base
from backend.kernel.ids import new_id


class StaffAccount(Base):
    """A member of staff: password (argon2id) and one-time codes (RFC 6238).

    `totp_pending_sealed` is a secret shown for enrolment and not yet proved.
    `person_id` is the resident whose phone works for this account, once bound.
    """

    __tablename__ = "staff_account"
    __table_args__ = (
        CheckConstraint("state IN ('enrolling','active','disabled')", name="state"),
        CheckConstraint("state <> 'active' OR totp_sealed IS NOT NULL", name="active_has_totp"),
        CheckConstraint("username = lower(username)", name="username_lower"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(12))
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime]
    must_change_password: Mapped[bool]
    totp_sealed: Mapped[bytes | None]
    totp_pending_sealed: Mapped[bytes | None]
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)

    roles: Mapped[list["StaffRole"]] = relationship(
        order_by="StaffRole.role", cascade="all, delete-orphan", lazy="selectin"
    )


class StaffRole(Base):
    """A role held at a place. `scope_id` is empty exactly for the whole district."""

    __tablename__ = "staff_role"
    __table_args__ = (
        CheckConstraint(
            "scope_kind IN ('hall','department','community','street','district')",
            name="scope_kind",
        ),
        CheckConstraint("(scope_kind = 'district') = (scope_id IS NULL)", name="scope_id"),
        Index("uq_staff_role_held_once", "staff_id", "role", "scope_kind", "scope_id",
              unique=True, postgresql_nulls_not_distinct=True),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(
        ForeignKey("staff_account.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(String(40))
    scope_kind: Mapped[str] = mapped_column(String(12))
    scope_id: Mapped[UUID | None]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None]
