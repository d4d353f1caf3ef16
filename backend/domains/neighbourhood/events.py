"""What happens in community life, told to other domains in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ActivityEvent:
    """What every event of an activity carries; `person_ids` are those who are told."""

    activity_id: UUID
    title: str
    place: str
    starts_at: datetime
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SignedUp(ActivityEvent):
    """A place is taken, or (`turn`) a turn in the line: so many wait before."""

    ahead: int | None


@dataclass(frozen=True, slots=True)
class PlaceOffered(ActivityEvent):
    """A place fell free; it is theirs if they accept it by then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class PlaceGone(ActivityEvent):
    """An offer lapsed, or the line ended with the start."""

    lapsed: bool


@dataclass(frozen=True, slots=True)
class SignupEnded(ActivityEvent):
    """They do not come, or do not wait, any more. They know."""


@dataclass(frozen=True, slots=True)
class ActivityChanged(ActivityEvent):
    """Time or place changed."""


@dataclass(frozen=True, slots=True)
class ActivityCancelled(ActivityEvent):
    """It does not take place."""

    reason: str


@dataclass(frozen=True, slots=True)
class ActivitySoon(ActivityEvent):
    """It starts soon."""


@dataclass(frozen=True, slots=True)
class HoursRecorded(ActivityEvent):
    """So many minutes of service, and points for them."""

    minutes: int
    points: int


@dataclass(frozen=True, slots=True)
class ReportRequested:
    """A party member wants to report in: the community's staff decide."""

    report_id: UUID
    area_name: str
    staff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ReportDecided:
    """Confirmed or refused."""

    report_id: UUID
    area_name: str
    person_id: UUID
    confirmed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CareEvent:
    """What an event of a wish or of help carries: whose, and who is told."""

    subject_kind: str
    subject_id: UUID
    title: str
    person_id: UUID


@dataclass(frozen=True, slots=True)
class WishClaimed(CareEvent):
    """Somebody will fulfil it."""


@dataclass(frozen=True, slots=True)
class WishReleased(CareEvent):
    """Whoever had claimed it cannot."""


@dataclass(frozen=True, slots=True)
class WishGranted(CareEvent):
    """Said to be fulfilled: the wisher confirms."""


@dataclass(frozen=True, slots=True)
class WishConfirmed(CareEvent):
    """Told to whoever fulfilled it."""

    thanks: str


@dataclass(frozen=True, slots=True)
class WishNotYet(CareEvent):
    """Told to whoever holds it: something is missing."""


@dataclass(frozen=True, slots=True)
class HelpOffered(CareEvent):
    """A neighbour would help."""


@dataclass(frozen=True, slots=True)
class HelpChosen(CareEvent):
    """Told to the helper."""


@dataclass(frozen=True, slots=True)
class CareParted(CareEvent):
    """Told to the other one: it will not be together after all, or is not needed any more."""


@dataclass(frozen=True, slots=True)
class HelpDone(CareEvent):
    """Told to the helper."""

    thanks: str


@dataclass(frozen=True, slots=True)
class CareOver:
    """A wish or a request for help has ended by itself, or by its owner: nothing is to be done."""

    subject_kind: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class CareRemoved(CareEvent):
    """Staff took it down."""

    reason: str


@dataclass(frozen=True, slots=True)
class ResourceEvent:
    """What happens to a booking of a shared room or place."""

    booking_id: UUID
    person_id: UUID
    name: str
    place: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class ResourceBooked(ResourceEvent):
    """Booked."""


@dataclass(frozen=True, slots=True)
class ResourceCancelled(ResourceEvent):
    """Given back, or (`by_staff`) cancelled for them with a reason."""

    by_staff: bool
    reason: str
