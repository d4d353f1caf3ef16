"""Tables of what is brought in writing: transfers of a room, proxies, and their documents."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.community import rules
from backend.domains.community.model import one_of
from backend.kernel.database import Base
from backend.kernel.ids import new_id


class OwnershipTransfer(Base):
    """A room goes to other owners, once staff have compared the papers.

    `owners_sealed` is the new owners (JSON: kind, name, number, phone) until it is decided; they
    enter the register with the confirmation, and the list is erased. `requested_by` is the
    person, or empty where staff took it down.
    """

    __tablename__ = "ownership_transfer"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.TRANSFER_STATES), name="state"),
        CheckConstraint("(state = 'confirmed') = (to_party_id IS NOT NULL)", name="to_party"),
        CheckConstraint("state = 'requested' OR owners_sealed IS NULL", name="owners_erased"),
        CheckConstraint(
            "state IN ('requested','withdrawn') OR decided_by IS NOT NULL", name="decided"
        ),
        Index("uq_ownership_transfer_open", "room_id", unique=True,
              postgresql_where=text("state = 'requested'")),
        Index("ix_ownership_transfer_room_id", "room_id", "decided_at"),
        Index("ix_ownership_transfer_person", "requested_by",
              postgresql_where=text("requested_by IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("housing_room.id"))
    from_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("housing_party.id"))
    to_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("housing_party.id"))
    state: Mapped[str] = mapped_column(String(10))
    owners_sealed: Mapped[bytes | None]
    owners_count: Mapped[int]
    words: Mapped[str] = mapped_column(String(200), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    requested_at: Mapped[datetime]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    staff_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class VoteProxy(Base):
    """One head lets another person vote for it, on one topic or until a day.

    The principal is an owner party, or a person where each person is a head. `paper` ones carry
    a picture of the paper and wait for staff.
    """

    __tablename__ = "vote_proxy"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.PROXY_STATES), name="state"),
        CheckConstraint(
            "num_nonnulls(principal_party_id, principal_person_id) = 1"
            " OR state NOT IN ('given','confirmed')",
            name="one_principal",
        ),
        CheckConstraint("num_nonnulls(topic_id, until) = 1", name="one_scope"),
        CheckConstraint(
            "holder_id IS NOT NULL OR state NOT IN ('given','confirmed')", name="live_holder"
        ),
        CheckConstraint("principal_person_id <> holder_id", name="another"),
        Index("uq_vote_proxy_live", "community_id", "principal_party_id", "principal_person_id",
              "topic_id", unique=True, postgresql_nulls_not_distinct=True,
              postgresql_where=text("state IN ('given','confirmed')")),
        Index("ix_vote_proxy_holder", "holder_id",
              postgresql_where=text("state IN ('given','confirmed')")),
        Index("ix_vote_proxy_community", "community_id", "given_at", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("housing_community.id"))
    principal_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("housing_party.id"))
    principal_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    topic_id: Mapped[UUID | None]
    until: Mapped[date | None]
    paper: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    given_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class RegisterFile(Base):
    """A picture that goes with a claim, a transfer or a proxy; `subject_id` is its row."""

    __tablename__ = "register_file"
    __table_args__ = (
        CheckConstraint("kind IN ('claim','transfer','proxy')", name="kind"),
        Index("ix_register_file_file_id", "file_id"),
    )

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
