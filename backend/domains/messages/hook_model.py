"""Where staff are told outside the console: WeCom group robots and webhooks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id


class StaffHook(Base):
    """An address that takes messages for the staff of one unit (``unit_id`` None: the district).

    The address of a robot is its password, so it is sealed; ``shown`` is what may be seen of it.
    ``kinds`` are the kinds of message it wants.
    """

    __tablename__ = "staff_hook"
    __table_args__ = (
        CheckConstraint("dialect IN ('wecom', 'webhook')", name="dialect"),
        Index("ix_staff_hook_unit", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    dialect: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[UUID | None]
    address: Mapped[bytes]
    secret: Mapped[bytes | None]
    shown: Mapped[str] = mapped_column(String(80))
    kinds: Mapped[list[str]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
