"""The ticket and who has it. The work on it (requests, call-backs, clocks …) is in `work_model`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.hotline import rules
from backend.domains.hotline.desk_model import Call
from backend.domains.hotline.work_model import (
    RateTarget,
    TicketCallback,
    TicketClock,
    TicketFile,
    TicketLimit,
    TicketLink,
    TicketOrder,
    TicketPin,
    TicketRequest,
    TicketUnit,
    TicketUrge,
)
from backend.kernel.database import Base
from backend.kernel.ids import new_id

__all__ = [
    "Call",
    "RateTarget",
    "Ticket",
    "TicketCallback",
    "TicketClock",
    "TicketFile",
    "TicketLimit",
    "TicketLink",
    "TicketOrder",
    "TicketPin",
    "TicketRequest",
    "TicketUnit",
    "TicketUrge",
]


def _one_of(column: str, values: Any) -> str:
    listed = ",".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


_OPEN = _one_of("state", rules.OPEN_STATES)
_HAS_UNIT = _one_of("state", [*rules.WITH_UNIT, rules.CALLBACK, rules.JUDGEMENT, rules.CLOSED])


class Ticket(Base):
    """A matter of the hotline: who asks, what, which unit has it, what was answered.

    Changed only by `moves` (state, with trace) and the other use cases of this domain; `version`
    counts changes that a colleague must have seen before acting. Name and phone are sealed,
    `caller_phone_hash` finds earlier tickets of the same number. Places are WGS-84.

    For the figures: `first_dispatched_at` puts a ticket into the denominator of responses,
    `responded_in_time` is whether the first contact came within its clock (None: none yet);
    `solved` and `satisfied` are the last call-back's, `callback_result` its outcome
    (satisfied, dissatisfied, unreached), `excluded` takes it out of the denominators.
    `round` counts how often the answer was called back on (a redo or reopening begins a new one).
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.STATES), name="state"),
        CheckConstraint(_one_of("kind", rules.KIND_TEXT), name="kind"),
        CheckConstraint(_one_of("source", rules.SOURCE_TEXT), name="source"),
        CheckConstraint(_one_of("urgency", rules.URGENCY_TEXT), name="urgency"),
        CheckConstraint(_one_of("difficulty", rules.DIFFICULTY_TEXT), name="difficulty"),
        CheckConstraint(_one_of("callback_result", rules.CALLBACK_TEXT), name="callback_result"),
        CheckConstraint(f"NOT ({_HAS_UNIT}) OR lead_unit_id IS NOT NULL", name="unit"),
        CheckConstraint("state <> 'merged' OR parent_id IS NOT NULL", name="merged"),
        CheckConstraint("parent_id <> id", name="parent"),
        CheckConstraint("state NOT IN ('closed','archived') OR closed_at IS NOT NULL",
                        name="closed"),
        CheckConstraint("state <> 'answered' OR answered_version_id IS NOT NULL", name="answered"),
        CheckConstraint("callback_result <> 'unreached' OR satisfied IS NOT TRUE",
                        name="unreached"),
        CheckConstraint("(first_unit_id IS NULL) = (first_signer_id IS NULL)", name="first"),
        CheckConstraint("(caller_phone_sealed IS NULL) = (caller_phone_hash IS NULL)",
                        name="phone"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place"),
        CheckConstraint(f"redo_count BETWEEN 0 AND {rules.REDO_AT_MOST}", name="redo_count"),
        CheckConstraint("returns_count BETWEEN 0 AND 2", name="returns_count"),
        Index("ix_ticket_open_created", "created_at", "id", postgresql_where=text("is_open")),
        Index("ix_ticket_open_state", "state", "created_at", "id",
              postgresql_where=text("is_open")),
        Index("ix_ticket_open_unit", "lead_unit_id", "created_at", "id",
              postgresql_where=text("is_open")),
        Index("ix_ticket_open_operator", "operator_id", "created_at", "id",
              postgresql_where=text("is_open")),
        Index("ix_ticket_created_at", "created_at", "id"),
        Index("ix_ticket_state", "state", "created_at", "id"),
        Index("ix_ticket_lead_unit_id", "lead_unit_id", "created_at", "id"),
        Index("ix_ticket_category_code", "category_code", "created_at", "id"),
        Index("ix_ticket_operator_id", "operator_id", "created_at", "id",
              postgresql_where=text("operator_id IS NOT NULL")),
        Index("ix_ticket_person_id", "person_id", "created_at",
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_ticket_phone", "caller_phone_hash", "created_at",
              postgresql_where=text("caller_phone_hash IS NOT NULL")),
        Index("ix_ticket_parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix_ticket_call_id", "call_id", postgresql_where=text("call_id IS NOT NULL")),
        Index("ix_ticket_closed_at", "closed_at", "id",
              postgresql_where=text("closed_at IS NOT NULL")),
        {"postgresql_with": {"fillfactor": "85"}},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(10))
    category_code: Mapped[str] = mapped_column(String(40))
    urgency: Mapped[str] = mapped_column(String(10))
    difficulty: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    street_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(20))
    is_open: Mapped[bool] = mapped_column(Computed(_OPEN, persisted=True))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    caller_name_sealed: Mapped[bytes | None]
    caller_phone_sealed: Mapped[bytes | None]
    caller_phone_hash: Mapped[bytes | None]
    person_id: Mapped[UUID | None]
    confidential: Mapped[bool] = mapped_column(default=False, server_default="false")
    operator_id: Mapped[UUID | None]
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"))
    question: Mapped[str] = mapped_column(String(200), default="", server_default="")
    lead_unit_id: Mapped[UUID | None]
    first_unit_id: Mapped[UUID | None]
    first_signer_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    returns_count: Mapped[int] = mapped_column(default=0, server_default="0")
    return_final: Mapped[bool] = mapped_column(default=False, server_default="false")
    extended: Mapped[bool] = mapped_column(default=False, server_default="false")
    redo_count: Mapped[int] = mapped_column(default=0, server_default="0")
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    urges_count: Mapped[int] = mapped_column(default=0, server_default="0")
    answered_version_id: Mapped[UUID | None]
    reject_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    reply_internal: Mapped[str] = mapped_column(Text, default="", server_default="")
    reply_public: Mapped[str] = mapped_column(Text, default="", server_default="")
    replied_by: Mapped[UUID | None]
    contacted: Mapped[bool | None]
    solved: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    callback_result: Mapped[str | None] = mapped_column(String(12))
    excluded: Mapped[bool] = mapped_column(default=False, server_default="false")
    responded_in_time: Mapped[bool | None]
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    first_dispatched_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    responded_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    called_back_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
