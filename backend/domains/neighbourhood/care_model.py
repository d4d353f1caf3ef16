"""Tables of micro-wishes and of neighbours' help."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.neighbourhood import care_rules
from backend.domains.neighbourhood.model import one_of
from backend.kernel.database import Base
from backend.kernel.ids import new_id


class Wish(Base):
    """A micro-wish. Nobody but the wisher sees it before its words have passed (`visible`)."""

    __tablename__ = "wish"
    __table_args__ = (
        CheckConstraint(one_of("state", care_rules.WISH_TEXT), name="state"),
        CheckConstraint("state NOT IN ('claimed','granted') OR claimed_at IS NOT NULL",
                        name="claimed"),
        CheckConstraint("state <> 'open' OR holder_id IS NULL", name="unheld"),
        Index("ix_wish_area", "area_id", "created_at", "id"),
        Index("ix_wish_person", "person_id", postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_wish_holder", "holder_id", postgresql_where=text("holder_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    person_id: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    share_phone: Mapped[bool] = mapped_column(default=False, server_default="false")
    state: Mapped[str] = mapped_column(String(10))
    visible: Mapped[bool] = mapped_column(default=False, server_default="false")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    holder_id: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    granted_at: Mapped[datetime | None]
    thanks: Mapped[str] = mapped_column(String(10), default="", server_default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class HelpRequest(Base):
    """Somebody asks the neighbours for help until a moment; hidden before it is `visible`."""

    __tablename__ = "help_request"
    __table_args__ = (
        CheckConstraint(one_of("state", care_rules.HELP_TEXT), name="state"),
        CheckConstraint(one_of("kind", care_rules.HELP_KIND_TEXT), name="kind"),
        CheckConstraint("state <> 'asked' OR helper_id IS NULL", name="unhelped"),
        Index("ix_help_request_area", "area_id", "created_at", "id"),
        Index("ix_help_request_person", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_help_request_helper", "helper_id",
              postgresql_where=text("helper_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    person_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
    share_phone: Mapped[bool] = mapped_column(default=False, server_default="false")
    state: Mapped[str] = mapped_column(String(10))
    visible: Mapped[bool] = mapped_column(default=False, server_default="false")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    helper_id: Mapped[UUID | None]
    thanks: Mapped[str] = mapped_column(String(10), default="", server_default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class HelpOffer(Base):
    """A neighbour who would help with a request."""

    __tablename__ = "help_offer"
    __table_args__ = (
        CheckConstraint(one_of("state", care_rules.OFFER_TEXT), name="state"),
        Index("uq_help_offer_live", "help_id", "person_id", unique=True,
              postgresql_where=text("state <> 'taken_back' AND person_id IS NOT NULL")),
        Index("uq_help_offer_chosen", "help_id", unique=True,
              postgresql_where=text("state = 'chosen'")),
        Index("ix_help_offer_person", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    help_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id"))
    person_id: Mapped[UUID | None]
    share_phone: Mapped[bool] = mapped_column(default=False, server_default="false")
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    at: Mapped[datetime]
