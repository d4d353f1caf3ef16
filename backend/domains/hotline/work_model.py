"""Tables of the work on a ticket: units, requests, call-backs, urges, orders, clocks, pins, links."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.hotline import clock_rules, rates_rules, rules
from backend.kernel.clocks import ClockColumns, clock_args
from backend.kernel.database import Base
from backend.kernel.ids import new_id


def _one_of(column: str, values: Any) -> str:
    listed = ",".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class TicketUnit(Base):
    """A department's part in a ticket: 主办 or 协办, signed by whom, what it answered.

    There is one row for each time a department gets it; `returned` and `over` ones are history.
    """

    __tablename__ = "ticket_unit"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.UNIT_TEXT), name="state"),
        CheckConstraint(_one_of("role", rules.ROLE_TEXT), name="role"),
        CheckConstraint("state <> 'signed' OR signed_by IS NOT NULL", name="signed"),
        Index("ix_ticket_unit_ticket_id", "ticket_id"),
        Index("uq_ticket_unit_open", "ticket_id", "department_id", unique=True,
              postgresql_where=text("state IN ('waiting','signed','replied')")),
        Index("uq_ticket_unit_lead", "ticket_id", unique=True,
              postgresql_where=text("role = 'lead' AND state IN ('waiting','signed','replied')")),
        # Whose work it is; what is over is history.
        Index("ix_ticket_unit_signed_by", "signed_by", "ticket_id",
              postgresql_where=text("state IN ('waiting','signed','replied')")),
        Index("ix_ticket_unit_department", "department_id", "ticket_id",
              postgresql_where=text("state <> 'returned'")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    department_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime]
    signed_by: Mapped[UUID | None]
    signed_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="", server_default="")
    replied_by: Mapped[UUID | None]
    replied_at: Mapped[datetime | None]


class TicketRequest(Base):
    """A return, extension, hold or exclusion asked for by one and decided by another.

    `legal_basis` and `suggested_department_id` belong to returns, `days` to extensions, `until`
    to holds; `reason` of an exclusion is its evidence. `department_id` is who asks (None: the
    centre); for a return approved, `given_department_id` is who has it now.
    """

    __tablename__ = "ticket_request"
    __table_args__ = (
        CheckConstraint(_one_of("kind", rules.REQUEST_KIND_TEXT), name="kind"),
        CheckConstraint(_one_of("state", rules.REQUEST_TEXT), name="state"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
        CheckConstraint("kind NOT IN ('return','arbitration') OR legal_basis <> ''",
                        name="legal_basis"),
        CheckConstraint("(kind = 'extension') = (days IS NOT NULL)", name="days"),
        CheckConstraint("(kind = 'hold') = (until IS NOT NULL)", name="until"),
        Index("ix_ticket_request_ticket_id", "ticket_id"),
        Index("uq_ticket_request_open", "ticket_id", unique=True,
              postgresql_where=text("state = 'pending'")),
        # 延期 once, whatever became of it.
        Index("uq_ticket_request_extension", "ticket_id", unique=True,
              postgresql_where=text("kind = 'extension'")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))
    department_id: Mapped[UUID | None]
    legal_basis: Mapped[str] = mapped_column(Text, default="", server_default="")
    reason: Mapped[str] = mapped_column(Text)
    suggested_department_id: Mapped[UUID | None]
    days: Mapped[int | None]
    until: Mapped[datetime | None]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    given_department_id: Mapped[UUID | None]


class TicketCallback(Base):
    """One try to call somebody back, or the caller's own rating (`by` is then None).

    `hour` is the hour of a failed try in Asia/Shanghai (`2026-11-23T09`): each counts once.
    """

    __tablename__ = "ticket_callback"
    __table_args__ = (
        CheckConstraint("contacted = (satisfied IS NOT NULL)", name="contacted"),
        CheckConstraint("(solved IS NULL) = (satisfied IS NULL)", name="solved"),
        Index("uq_ticket_callback_attempt", "ticket_id", "round", "attempt", unique=True),
        Index("uq_ticket_callback_hour", "ticket_id", "round", "hour", unique=True,
              postgresql_where=text("NOT contacted")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    round: Mapped[int]
    attempt: Mapped[int]
    at: Mapped[datetime]
    hour: Mapped[str] = mapped_column(String(13))
    by: Mapped[UUID | None]
    contacted: Mapped[bool]
    solved: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")


class TicketUrge(Base):
    """A caller's urge (催办), once a day. `by` is who wrote it down for a caller on the line."""

    __tablename__ = "ticket_urge"
    __table_args__ = (Index("uq_ticket_urge_day", "ticket_id", "day", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    day: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    words: Mapped[str] = mapped_column(Text, default="", server_default="")


class TicketOrder(Base):
    """A supervisor's order (督办): the unit replies by its due moment."""

    __tablename__ = "ticket_order"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.ORDER_TEXT), name="state"),
        Index("ix_ticket_order_ticket_id", "ticket_id"),
        Index("ix_ticket_order_open", "due_at", postgresql_where=text("state <> 'closed'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    words: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    reply: Mapped[str] = mapped_column(Text, default="", server_default="")
    ordered_by: Mapped[UUID]
    ordered_at: Mapped[datetime]
    replied_by: Mapped[UUID | None]
    replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class TicketClock(ClockColumns, Base):
    """A limit that runs: of the ticket itself, or of an order."""

    __tablename__ = "ticket_clock"
    __table_args__ = clock_args("ticket_clock", "ticket_id", clock_rules.UNITS)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))


class TicketPin(Base):
    """The version that an answer stands on; it stays when its article or service item goes on.

    `kind` tells whose id `source_id` is, and what `number` is: an article's number, or the
    implementation code of an item.
    """

    __tablename__ = "ticket_pin"
    __table_args__ = (
        CheckConstraint(_one_of("kind", rules.PIN_TEXT), name="kind"),
        CheckConstraint("kind = 'article' OR public", name="item_public"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    source_id: Mapped[UUID] = mapped_column(index=True)
    version_number: Mapped[int]
    number: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    public: Mapped[bool]
    by: Mapped[UUID | None]
    at: Mapped[datetime]


class TicketLink(Base):
    """Another matter that belongs to it: an event, or a case of a department's system."""

    __tablename__ = "ticket_link"
    __table_args__ = (
        CheckConstraint(_one_of("kind", rules.LINK_TEXT), name="kind"),
        CheckConstraint("kind <> 'event' OR ref_id IS NOT NULL", name="event"),
        Index("uq_ticket_link", "ticket_id", "kind", "number", unique=True),
        Index("ix_ticket_link_ref_id", "ref_id", postgresql_where=text("ref_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(6))
    ref_id: Mapped[UUID | None]
    number: Mapped[str] = mapped_column(String(40))
    by: Mapped[UUID | None]
    at: Mapped[datetime]


class TicketFile(Base):
    """A picture of the matter: sent by the caller, or put with it by a member of staff."""

    __tablename__ = "ticket_file"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(
        ForeignKey("stored_file.id"), primary_key=True, index=True
    )
    by: Mapped[UUID | None]
    at: Mapped[datetime]


class RateTarget(Base):
    """What the district wants one of the three rates to reach, 0 to 1."""

    __tablename__ = "rate_target"
    __table_args__ = (
        CheckConstraint(_one_of("rate", rates_rules.RATE_TEXT), name="rate"),
        CheckConstraint("target BETWEEN 0 AND 1", name="target"),
    )

    rate: Mapped[str] = mapped_column(String(10), primary_key=True)
    target: Mapped[float]


class TicketLimit(Base):
    """A district's own limit of a kind of clock; the most specific wins, NULL stands for all.

    `qualifier` is an urgency, for handling a difficulty (consult, general, complex).
    """

    __tablename__ = "ticket_limit"
    __table_args__ = (
        CheckConstraint(_one_of("unit", clock_rules.UNITS), name="unit"),
        CheckConstraint("amount > 0", name="amount"),
        Index("uq_ticket_limit", "kind", "category_code", "qualifier", unique=True,
              postgresql_nulls_not_distinct=True),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    category_code: Mapped[str | None] = mapped_column(String(40))
    qualifier: Mapped[str | None] = mapped_column(String(10))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(12))
