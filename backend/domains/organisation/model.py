"""The district's departments and streets: reference data, no personal values."""

from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base


class Department(Base):
    """A department of the district government; `id` is `stable_id("department", code)`."""

    __tablename__ = "department"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]


class Street(Base):
    """A street (街道) or town (镇); `id` is `stable_id("street", code)`."""

    __tablename__ = "street"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]


class District(Base):
    """The district this installation serves; one row."""

    __tablename__ = "district"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(80))
    hotline: Mapped[str] = mapped_column(String(20))
