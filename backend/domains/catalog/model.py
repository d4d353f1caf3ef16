"""Tables of the catalogue: items and their versions, life events, and the revision counter.

An item is what stays the same (its codes and its department); a version is what residents
read. One version is live at most and one a draft at most; both are kept by the schema.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.kernel.database import Base
from backend.kernel.ids import new_id


class Item(Base):
    """A government service item; `id` is `stable_id("item", implementation_code)`."""

    __tablename__ = "item"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    implementation_code: Mapped[str] = mapped_column(String(80), unique=True)
    base_code: Mapped[str] = mapped_column(String(40))
    business_code: Mapped[str] = mapped_column(String(80))
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    source: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]

    versions: Mapped[list["ItemVersion"]] = relationship(
        back_populates="item", order_by="ItemVersion.number"
    )


class ItemVersion(Base):
    """One wording of an item. Only drafts change; `revision` counts a draft's saves (ETag)."""

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("state in ('draft', 'live', 'superseded')", name="state_known"),
        CheckConstraint("state = 'draft' or published_at is not null", name="published_when"),
        CheckConstraint("visits >= 0", name="visits_not_negative"),
        CheckConstraint("online_depth between 1 and 7", name="online_depth_known"),
        Index("uq_item_version_live", "item_id", unique=True, postgresql_where="state = 'live'"),
        Index("uq_item_version_draft", "item_id", unique=True, postgresql_where="state = 'draft'"),
        Index("ix_item_version_themes", "themes", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(12))
    item_class: Mapped[str] = mapped_column(String(12))
    case_type: Mapped[str] = mapped_column(String(12))
    group_code: Mapped[str] = mapped_column(String(20))
    bookable: Mapped[bool]
    visits: Mapped[int]
    online_depth: Mapped[int]
    themes: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    vectors: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(String(64), default="")

    item: Mapped[Item] = relationship(back_populates="versions")


class LifeEvent(Base):
    """A bundle of items around one thing that happens in life (办事专题)."""

    __tablename__ = "life_event"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]

    steps: Mapped[list["LifeEventStep"]] = relationship(order_by="LifeEventStep.position")


class LifeEventStep(Base):
    """An item at its place in a life event; `after` holds the positions it has to wait for."""

    __tablename__ = "life_event_step"
    __table_args__ = (CheckConstraint("position >= 1", name="position_from_one"),)

    event_code: Mapped[str] = mapped_column(ForeignKey("life_event.code"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), index=True)
    after: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    note: Mapped[str] = mapped_column(String(200))


class CatalogRevision(Base):
    """One row, counted up whenever what residents can find has changed."""

    __tablename__ = "catalog_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
