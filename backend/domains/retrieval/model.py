"""What can be found, as the database keeps it; the index on disk is made from these rows.

`revision` is new with every change of a document. `written_in` is the transaction that made the
change: revisions of a sequence become visible out of order, transactions tell which may still.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    Sequence,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id

revisions = Sequence("search_revision", metadata=Base.metadata)


class SearchDocument(Base):
    """One thing that can answer. A removed one stays as `deleted`, so that indexes hear of it."""

    __tablename__ = "search_document"
    __table_args__ = (
        UniqueConstraint("kind", "ref_id"),
        CheckConstraint("audience in ('public', 'internal')", name="audience_known"),
        CheckConstraint("boost > 0", name="boost_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    ref_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(ARRAY(Text))
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    audience: Mapped[str] = mapped_column(String(10))
    department_id: Mapped[UUID | None]
    region_codes: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    category_code: Mapped[str] = mapped_column(String(40))
    material_kind: Mapped[str] = mapped_column(String(20))
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    boost: Mapped[float]
    extra: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    deleted: Mapped[bool]
    revision: Mapped[int] = mapped_column(BigInteger)
    written_in: Mapped[int] = mapped_column(BigInteger, index=True)


class SearchPassage(Base):
    """A piece of a document's text; `vector` (its meaning) is computed later, by the worker."""

    __tablename__ = "search_passage"
    __table_args__ = (CheckConstraint("ordinal >= 0", name="ordinal"),)

    document_id: Mapped[UUID] = mapped_column(
        ForeignKey("search_document.id", ondelete="CASCADE"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    internal: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
