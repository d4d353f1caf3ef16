"""What happens to an appointment, told to other domains in the same transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AppointmentEvent:
    """What every event carries, so that a message can be written from it alone.

    `ticket_no` and `window_number` are None before check-in and before the call;
    `reason` is filled where somebody gave one; `by` is resident, agent, staff or system.
    """

    appointment_id: UUID
    person_id: UUID
    item_id: UUID
    item_name: str
    hall_id: UUID
    hall_name: str
    hall_address: str
    hall_floor: str
    start: datetime
    end: datetime
    receipt_number: str
    check_in_code: str
    ticket_no: str | None
    window_number: int | None
    by: str
    reason: str
    #: Who booked for the person, and is told what she is told.
    agent_id: UUID | None = None
    #: By video (远程视频): nobody goes to the hall.
    video: bool = False


@dataclass(frozen=True, slots=True)
class AppointmentBooked(AppointmentEvent):
    """A place was booked."""


@dataclass(frozen=True, slots=True)
class AppointmentCancelled(AppointmentEvent):
    """By the resident, or by the hall (`by` tells)."""


@dataclass(frozen=True, slots=True)
class AppointmentCheckedIn(AppointmentEvent):
    """A ticket joined the queue, for the first time or again after being skipped."""


@dataclass(frozen=True, slots=True)
class AppointmentCalled(AppointmentEvent):
    """Called to a window; also for each further call of the same ticket."""


@dataclass(frozen=True, slots=True)
class VideoRoomOpened(AppointmentEvent):
    """The clerk waits in the room of the consultation."""


@dataclass(frozen=True, slots=True)
class AppointmentSkipped(AppointmentEvent):
    """Called, and nobody came."""


@dataclass(frozen=True, slots=True)
class AppointmentStarted(AppointmentEvent):
    """The service at the window began."""


@dataclass(frozen=True, slots=True)
class AppointmentFinished(AppointmentEvent):
    """The service at the window ended."""


@dataclass(frozen=True, slots=True)
class AppointmentNoShow(AppointmentEvent):
    """Nobody came."""


@dataclass(frozen=True, slots=True)
class AppointmentParked(AppointmentEvent):
    """Put aside at the window until a paper is there."""


@dataclass(frozen=True, slots=True)
class AppointmentTransferred(AppointmentEvent):
    """Sent on to another window, with the place in the queue kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRescheduled(AppointmentEvent):
    """Moved to another time or hall; the event tells the new ones, and where it was before.

    `from_slot` has a place more than it had.
    """

    from_slot: UUID
    from_start: datetime
    from_hall_name: str


@dataclass(frozen=True, slots=True)
class SlotOfferEvent:
    """A place kept for somebody; `closing`: in place of a booking the hall had to take back."""

    offer_id: UUID
    person_id: UUID
    item_name: str
    hall_name: str
    hall_address: str
    hall_floor: str
    start: datetime
    expires_at: datetime
    closing: bool
    state: str


@dataclass(frozen=True, slots=True)
class SlotOffered(SlotOfferEvent):
    """A place is kept, and waits for an answer."""


@dataclass(frozen=True, slots=True)
class SlotOfferEnded(SlotOfferEvent):
    """Answered, lapsed or void (`state` tells)."""


@dataclass(frozen=True, slots=True)
class WaitingEnded:
    """Somebody's waiting for a place is over without one; `lapsed`: offers went unanswered."""

    entry_id: UUID
    person_id: UUID
    item_name: str
    hall_name: str
    day: date
    lapsed: bool


@dataclass(frozen=True, slots=True)
class AgentConsentEvent:
    """Somebody may, or may not, act for another; `person_id` is who is told, `role` what she is."""

    consent_id: UUID
    person_id: UUID
    role: str
    other_name: str
    item_name: str
    state: str
    way: str
    until: date


@dataclass(frozen=True, slots=True)
class AgentConsentAsked(AgentConsentEvent):
    """The person is asked for it."""


@dataclass(frozen=True, slots=True)
class AgentConsentChanged(AgentConsentEvent):
    """Given, refused, withdrawn, or taken down from paper."""
