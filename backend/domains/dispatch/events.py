"""What happens to events, told to other domains in the same transaction, with complete data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CallerRef:
    """Somebody to be told. `event_id` is the child's where the call was merged."""

    caller_id: UUID
    event_id: UUID
    person_id: UUID | None
    staff_id: UUID | None
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchEvent:
    """What every message needs. `place` is the address in words; `at` the moment."""

    event_id: UUID
    number: str
    title: str
    place: str
    urgency: str
    category_code: str
    source: str
    state: str
    street_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCalled(DispatchEvent):
    """Candidates of one step of the chain are asked to claim; also after a release or reopening."""

    level: str
    staff_ids: tuple[UUID, ...]
    due_at: datetime | None
    callers: tuple[CallerRef, ...] = ()
    first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEscalated(DispatchEvent):
    """Nobody claimed in time: the next step of the chain is asked as well."""

    from_level: str
    level: str
    staff_ids: tuple[UUID, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventClaimed(DispatchEvent):
    """Taken by claim or by accepting an assignment; `others` were asked too and can rest."""

    staff_id: UUID
    staff_name: str
    others: tuple[UUID, ...]
    callers: tuple[CallerRef, ...]
    contact_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAssigned(DispatchEvent):
    """Given to a person, who must accept by `due_at`. `before_id` led it until now."""

    staff_id: UUID
    staff_name: str
    by_name: str
    note: str
    due_at: datetime | None
    before_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDeclined(DispatchEvent):
    """The assigned person declined; the dispatchers must find somebody else."""

    staff_id: UUID
    staff_name: str
    reason: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventScheduled(DispatchEvent):
    """The lead said when somebody comes."""

    visit_at: datetime
    callers: tuple[CallerRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStarted(DispatchEvent):
    """Somebody is at work."""

    callers: tuple[CallerRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskGiven(DispatchEvent):
    """A co-handler or a department got a part of the work."""

    subtask_id: UUID
    what: str
    staff_ids: tuple[UUID, ...]
    by_name: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskAnswered(DispatchEvent):
    """Finished or given back: the lead hears of it. `outcome` is done or returned."""

    subtask_id: UUID
    what: str
    outcome: str
    words: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleBlown(DispatchEvent):
    """A department is called; it must sign by `due_at`."""

    whistle_id: UUID
    department_id: UUID
    what: str
    staff_ids: tuple[UUID, ...]
    by_name: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleAnswered(DispatchEvent):
    """The department finished or gave it back: who blew it, and the lead, hear of it."""

    whistle_id: UUID
    department_id: UUID
    outcome: str
    note: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAsked(DispatchEvent):
    """A hold or a cancellation waits for somebody's approval."""

    request_id: UUID
    kind: str
    reason: str
    by_name: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDecided(DispatchEvent):
    """Approved or not; who asked hears of it."""

    request_id: UUID
    kind: str
    approved: bool
    note: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDisposed(DispatchEvent):
    """Done by the lead: `staff_ids` may verify, callers may confirm."""

    staff_ids: tuple[UUID, ...]
    callers: tuple[CallerRef, ...]
    public_text: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSentBack(DispatchEvent):
    """Verification found it unsolved: the lead works on."""

    staff_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRefused(DispatchEvent):
    """The content check refused words or pictures of the result: its author is told why."""

    staff_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventVerified(DispatchEvent):
    """Verified: callers are asked to rate."""

    callers: tuple[CallerRef, ...]
    public_text: str
    rate_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventClosed(DispatchEvent):
    """The end. `callers` are those of the event and of everything merged into it."""

    callers: tuple[CallerRef, ...]
    public_text: str
    lead_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMerged(DispatchEvent):
    """A duplicate was linked; its callers wait for the parent's end from now on."""

    parent_id: UUID
    parent_number: str
    parent_title: str
    callers: tuple[CallerRef, ...]
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCancelled(DispatchEvent):
    """Taken back by the caller or by an approved request. `by` is caller or staff."""

    callers: tuple[CallerRef, ...]
    staff_ids: tuple[UUID, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTransferred(DispatchEvent):
    """Given to 110, 119, 120 or 122."""

    service: str
    callers: tuple[CallerRef, ...]
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTicketed(DispatchEvent):
    """Goes on as a 12345 ticket."""

    ticket_number: str
    callers: tuple[CallerRef, ...]
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReopened(DispatchEvent):
    """Closed before, open again; `EventCalled` follows for its candidates."""

    callers: tuple[CallerRef, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionOrdered(DispatchEvent):
    """A supervisor wants an answer by `due_at`."""

    order_id: UUID
    words: str
    due_at: datetime
    by_name: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionReplied(DispatchEvent):
    """The order was answered: who gave it hears of it."""

    order_id: UUID
    words: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWarned(DispatchEvent):
    """80 % of a limit have passed: the holders are reminded."""

    clock_kind: str
    due_at: datetime | None
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOverdue(DispatchEvent):
    """A limit has passed: holders and those above them hear of it."""

    clock_kind: str
    due_at: datetime | None
    staff_ids: tuple[UUID, ...]
