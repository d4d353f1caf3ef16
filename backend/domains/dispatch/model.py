"""Tables of an event, of those who called and of what they sent.

The work on an event (clocks, subtasks, whistles, requests, orders) is in `work_model`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.dispatch import rules
from backend.domains.dispatch.work_model import (
    EventAttempt,
    EventChange,
    EventClock,
    EventRelease,
    EventRequest,
    Subtask,
    SupervisionOrder,
    Whistle,
)
from backend.kernel.database import Base
from backend.kernel.ids import new_id

__all__ = [
    "Event",
    "EventAttempt",
    "EventCaller",
    "EventChange",
    "EventClock",
    "EventFile",
    "EventRelease",
    "EventRequest",
    "Subtask",
    "SupervisionOrder",
    "Whistle",
]


def _one_of(column: str, values: Any) -> str:
    listed = ",".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


_OPEN = _one_of("state", rules.OPEN_STATES)
_UNLED = _one_of("state", rules.CLAIMABLE)
_LED = _one_of("state", [s for s in rules.OPEN_STATES if s not in rules.CLAIMABLE])
_CLOSED = "state = 'closed'"


class Event(Base):
    """A matter of the street: where it stands, where it lies, who leads it.

    Changed only by `moves.move` (state) and the other functions of this domain; `version`
    counts changes that a colleague must have seen before acting. `is_open` is made by the
    database from the state, so that the open lists' indexes stay as small as what is open.
    `tile` is the slippy tile at zoom 14 (`y << 14 | x`) for the map. `lead_id` is who was
    assigned or claimed it. Places are WGS-84.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint(_one_of("state", rules.STATES), name="state"),
        CheckConstraint(_one_of("urgency", rules.URGENCY_TEXT), name="urgency"),
        CheckConstraint(_one_of("source", rules.SOURCE_TEXT), name="source"),
        CheckConstraint(_one_of("level", rules.LEVEL_TEXT), name="level"),
        CheckConstraint(f"NOT ({_UNLED}) OR lead_id IS NULL", name="unled"),
        CheckConstraint(f"NOT ({_LED}) OR lead_id IS NOT NULL", name="led"),
        CheckConstraint("(state = 'merged') = (parent_id IS NOT NULL)", name="merged"),
        CheckConstraint("parent_id <> id", name="parent"),
        CheckConstraint("state <> 'ticketed' OR ticket_number IS NOT NULL", name="ticket"),
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed"),
        CheckConstraint(
            "state NOT IN ('disposed','verified','closed') OR disposer_id IS NOT NULL",
            name="disposer",
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place"),
        CheckConstraint("callers_count >= 0", name="callers_count"),
        Index("ix_event_open_street", "street_id", "called_at", "id",
              postgresql_where=text("is_open")),
        Index("ix_event_open_called", "called_at", "id", postgresql_where=text("is_open")),
        Index("ix_event_open_state", "state", "called_at", "id", postgresql_where=text("is_open")),
        Index("ix_event_open_category", "category_code", "called_at",
              postgresql_where=text("is_open")),
        Index("ix_event_open_lead", "lead_id", "called_at", postgresql_where=text("is_open")),
        Index("ix_event_open_cell", "cell_id", "state", "called_at",
              postgresql_where=text("is_open")),
        Index("ix_event_open_tile", "tile", postgresql_where=text("is_open")),
        Index("ix_event_unled_cell", "cell_id", "called_at",
              postgresql_where=text("is_open AND lead_id IS NULL")),
        Index("ix_event_to_verify", "street_id", "disposed_at",
              postgresql_where=text("state = 'disposed'")),
        Index("ix_event_closed_tile", "tile", "closed_at", postgresql_where=text(_CLOSED)),
        Index("ix_event_closed_at", "closed_at", "id", postgresql_where=text(_CLOSED)),
        Index("ix_event_called_at", "called_at", "id"),
        Index("ix_event_street_called_at", "street_id", "called_at", "id"),
        Index("ix_event_parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix_event_patrol_id", "patrol_id", postgresql_where=text("patrol_id IS NOT NULL")),
        Index("uq_event_external", "source", "external_number", unique=True,
              postgresql_where=text("external_number <> ''")),
        {"postgresql_with": {"fillfactor": "85"}},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    source: Mapped[str] = mapped_column(String(12))
    category_code: Mapped[str] = mapped_column(String(40))
    urgency: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    tile: Mapped[int | None]
    street_id: Mapped[UUID | None]
    community_id: Mapped[UUID | None]
    cell_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(12))
    is_open: Mapped[bool] = mapped_column(Computed(_OPEN, persisted=True))
    level: Mapped[str] = mapped_column(String(10))
    lead_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    on_hold: Mapped[bool] = mapped_column(default=False, server_default="false")
    hard: Mapped[bool] = mapped_column(default=False, server_default="false")
    confidential: Mapped[bool] = mapped_column(default=False, server_default="false")
    callers_count: Mapped[int] = mapped_column(default=1, server_default="1")
    reopened_count: Mapped[int] = mapped_column(default=0, server_default="0")
    caller_reopened: Mapped[int] = mapped_column(default=0, server_default="0")
    visit_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="", server_default="")
    public_result: Mapped[str] = mapped_column(Text, default="", server_default="")
    external_number: Mapped[str] = mapped_column(String(60), default="", server_default="")
    ticket_number: Mapped[str | None] = mapped_column(String(60))
    transferred_to: Mapped[str] = mapped_column(String(20), default="", server_default="")
    patrol_id: Mapped[UUID | None]
    disposer_id: Mapped[UUID | None]
    called_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    contacted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    disposed_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class EventCaller(Base):
    """Somebody who waits for the end of an event; each has a receipt of the kind `event`.

    `words`, `name_sealed` and `comment` are the caller's own and are erased with the account.
    """

    __tablename__ = "event_caller"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint(_one_of("kind", rules.CALLER_KIND_TEXT), name="kind"),
        Index("uq_event_caller_person", "event_id", "person_id", unique=True,
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_event_caller_event_id", "event_id"),
        Index("ix_event_caller_person_id", "person_id", "joined_at",
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_event_caller_staff_id", "staff_id", "joined_at",
              postgresql_where=text("staff_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[UUID | None]
    staff_id: Mapped[UUID | None]
    name_sealed: Mapped[bytes | None]
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
    score: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    rated_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]


class EventFile(Base):
    """A picture or voice note of an event, and what it is for.

    `public` pictures may be shown to anybody once the event is solved. `subtask_id` is set for
    the evidence of a subtask.
    """

    __tablename__ = "event_file"
    __table_args__ = (
        CheckConstraint(
            "role IN ('report','before','after','result','note','voice','verify')", name="role"
        ),
        Index("ix_event_file_file_id", "file_id"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)
    by: Mapped[UUID | None]
    public: Mapped[bool] = mapped_column(default=False, server_default="false")
    subtask_id: Mapped[UUID | None]
    at: Mapped[datetime]
