"""Tables of party members' report-in and of posts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.neighbourhood import party_rules
from backend.domains.neighbourhood.model import one_of
from backend.kernel.database import Base
from backend.kernel.ids import new_id


class PartyReport(Base):
    """A party member's report-in at a community; what the person wrote is sealed."""

    __tablename__ = "party_report"
    __table_args__ = (
        CheckConstraint(one_of("state", party_rules.REPORT_TEXT), name="state"),
        Index("uq_party_report_live", "area_id", "person_id", unique=True,
              postgresql_where=text(
                  f"{one_of('state', party_rules.REPORT_LIVE)} AND person_id IS NOT NULL")),
        Index("ix_party_report_area", "area_id", "at", "id"),
        Index("ix_party_report_person", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    person_id: Mapped[UUID | None]
    branch_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    skills_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    decided_by: Mapped[UUID | None]
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class PartyPost(Base):
    """A post of the community that reported-in members may take."""

    __tablename__ = "party_post"
    __table_args__ = (
        CheckConstraint(one_of("state", party_rules.POST_TEXT), name="state"),
        CheckConstraint("taken BETWEEN 0 AND places", name="never_too_many"),
        Index("ix_party_post_area", "area_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    title: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    when_text: Mapped[str] = mapped_column(String(60), default="", server_default="")
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    staff_id: Mapped[UUID]
    created_at: Mapped[datetime]


class PostClaim(Base):
    """Who holds a post."""

    __tablename__ = "post_claim"
    __table_args__ = (
        CheckConstraint(one_of("state", party_rules.CLAIM_TEXT), name="state"),
        Index("uq_post_claim_live", "post_id", "person_id", unique=True,
              postgresql_where=text("state = 'held' AND person_id IS NOT NULL")),
        Index("ix_post_claim_person", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("party_post.id"))
    person_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
