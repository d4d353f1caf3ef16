"""Who follows the service account, as WeChat tells it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base


class ServiceFollower(Base):
    """A follower, or somebody who was one (``openid`` is then empty, and the row goes soon).

    ``at`` is when WeChat says it happened: news that overtook each other are put in order by it.
    ``union_hash`` is what the mini-program knows the same person by; until it is known WeChat is
    asked again at ``next_at``. ``person_id`` is who that turned out to be.
    """

    __tablename__ = "service_follower"
    __table_args__ = (
        CheckConstraint("following = (length(openid) > 0)", name="openid"),
        Index("ix_service_follower_unknown", "next_at",
              postgresql_where=text("following AND union_hash IS NULL")),
        Index("ix_service_follower_union", "union_hash",
              postgresql_where=text("union_hash IS NOT NULL")),
        Index("ix_service_follower_person", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    openid_hash: Mapped[bytes] = mapped_column(primary_key=True)
    openid: Mapped[bytes]
    following: Mapped[bool]
    at: Mapped[datetime]
    union_hash: Mapped[bytes | None]
    person_id: Mapped[UUID | None]
    next_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
