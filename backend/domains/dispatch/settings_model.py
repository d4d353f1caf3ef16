"""What a district sets for its events: categories and the limits of clocks."""

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base

UNITS = "('minutes','hours','working_days')"


class EventCategory(Base):
    """A kind of event; one with a parent can be chosen, a parent only groups.

    `dispose_amount` and `dispose_unit` are the time for the disposal; `before_photo` and
    `after_photo` say which photos a disposal needs; `keywords` suggest it without a model.
    """

    __tablename__ = "event_category"
    __table_args__ = (
        CheckConstraint("urgency IN ('urgent','normal')", name="urgency"),
        CheckConstraint(f"dispose_unit IN {UNITS}", name="dispose_unit"),
        CheckConstraint("dispose_amount > 0", name="dispose_amount"),
        CheckConstraint("parent_code IS NULL OR parent_code <> code", name="parent"),
        Index("ix_event_category_parent_code", "parent_code"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    hint: Mapped[str] = mapped_column(String(200), default="", server_default="")
    icon: Mapped[str] = mapped_column(String(40), default="", server_default="")
    urgency: Mapped[str] = mapped_column(String(10), default="normal", server_default="normal")
    dispose_amount: Mapped[int] = mapped_column(default=168, server_default="168")
    dispose_unit: Mapped[str] = mapped_column(String(12), default="hours", server_default="hours")
    before_photo: Mapped[bool] = mapped_column(default=False, server_default="false")
    after_photo: Mapped[bool] = mapped_column(default=False, server_default="false")
    department_code: Mapped[str | None] = mapped_column(String(40))
    keywords: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    public: Mapped[bool] = mapped_column(default=True, server_default="true")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ClockRule(Base):
    """The limit of one kind of clock; the most specific row wins, NULL stands for all."""

    __tablename__ = "clock_rule"
    __table_args__ = (
        CheckConstraint(f"unit IN {UNITS}", name="unit"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("urgency IN ('urgent','normal')", name="urgency"),
        Index("uq_clock_rule", "kind", "category_code", "urgency",
              unique=True, postgresql_nulls_not_distinct=True),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    category_code: Mapped[str | None] = mapped_column(String(40))
    urgency: Mapped[str | None] = mapped_column(String(10))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(12))
