"""What happens to tickets, told to other domains in the same transaction.

Nothing personal is in them: a caller is named by account; a phone without one is opened by
`service.phone_of` when a message is written.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """What every message needs. `person_id` is the caller's account, where there is one."""

    ticket_id: UUID
    number: str
    title: str
    kind: str
    source: str
    urgency: str
    category_code: str
    state: str
    place: str
    confidential: bool
    person_id: UUID | None
    lead_unit_id: UUID | None
    street_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTaken(TicketEvent):
    """A new ticket; `query_code` goes with its number."""

    query_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAccepted(TicketEvent):
    """It waits for its unit; `staff_ids` are the dispatchers."""

    staff_ids: tuple[UUID, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRejected(TicketEvent):
    """不予受理, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAnswered(TicketEvent):
    """Answered at once; `sources` are the public ones it stands on (kind, id, title)."""

    text: str
    sources: tuple[tuple[str, UUID, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDispatched(TicketEvent):
    """Units have it: by dispatch, after a return, or added (`role` of these units).

    `first` is the very first dispatch, of which the caller hears. `due_at` is the lead's time
    to sign.
    """

    role: str
    unit_ids: tuple[UUID, ...]
    unit_names: tuple[str, ...]
    staff_ids: tuple[UUID, ...]
    due_at: datetime | None
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMerged(TicketEvent):
    """It goes on with another; its caller is still called back."""

    parent_id: UUID
    parent_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSeparated(TicketEvent):
    """It goes on alone again; `staff_ids` are the dispatchers."""

    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSigned(TicketEvent):
    """A unit signed; `role` lead or co."""

    role: str
    unit_id: UUID
    unit_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAsked(TicketEvent):
    """A return, arbitration, extension, hold or exclusion waits for `staff_ids` to decide."""

    request_id: UUID
    request_kind: str
    reason: str
    by_name: str
    staff_ids: tuple[UUID, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDecided(TicketEvent):
    """Decided; `staff_ids` are those who asked."""

    request_id: UUID
    request_kind: str
    approved: bool
    note: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketContacted(TicketEvent):
    """The unit has spoken with the caller; `in_time` only tells of the first time."""

    in_time: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySubmitted(TicketEvent):
    """The reply waits for review: `step` unit or centre, by `staff_ids`."""

    step: str
    staff_ids: tuple[UUID, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkAgain(TicketEvent):
    """The unit must go on: sent back, to be redone, or reopened (`why`)."""

    why: str
    reason: str
    staff_ids: tuple[UUID, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReplied(TicketEvent):
    """The centre passed the reply: the caller is told, and called back. Public sources only."""

    text: str
    sources: tuple[tuple[str, UUID, str], ...]
    staff_ids: tuple[UUID, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalledBack(TicketEvent):
    """A call-back ended: satisfied, dissatisfied or unreached; `staff_ids` judge a bad one."""

    result: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClosed(TicketEvent):
    """办结; `result` is how the call-back ended, `excluded` that it does not count."""

    result: str
    excluded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCancelled(TicketEvent):
    """The caller took it back before it was dispatched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketArchived(TicketEvent):
    """Closed long enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUrged(TicketEvent):
    """催办: the caller asks for haste; `staff_ids` are those who have it now."""

    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSupervised(TicketEvent):
    """督办: the unit must reply by `due_at`."""

    order_id: UUID
    words: str
    due_at: datetime
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReplied(TicketEvent):
    """The unit replied to an order of `staff_ids`."""

    order_id: UUID
    reply: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWarned(TicketEvent):
    """80 % of a limit have passed."""

    clock_kind: str
    clock_text: str
    due_at: datetime | None
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOverdue(ClockWarned):
    """A limit has passed."""
