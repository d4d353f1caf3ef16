"""What other domains may learn of the register. All of it is told inside the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeClaimed:
    """Somebody claims a home; `staff_ids` may confirm it."""

    residence_id: UUID
    person_id: UUID
    community_id: UUID
    community_name: str
    label: str
    relation: str
    staff_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeDecided:
    """A claim was confirmed or refused, or a confirmed home ended by staff (`state` tells)."""

    residence_id: UUID
    person_id: UUID
    community_id: UUID
    community_name: str
    label: str
    relation: str
    state: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRequested:
    """A room is to go to other owners; `staff_ids` compare the papers."""

    transfer_id: UUID
    community_id: UUID
    community_name: str
    label: str
    person_id: UUID | None
    staff_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDecided:
    """Confirmed or refused (`state`); `person_id` is who asked, None where staff took it down.

    `former_ids` are the accounts of those who owned it until now.
    """

    transfer_id: UUID
    community_id: UUID
    community_name: str
    label: str
    person_id: UUID | None
    state: str
    reason: str
    former_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTransferred:
    """The room belongs to another party from now on. Ballots already cast stand."""

    room_id: UUID
    community_id: UUID
    label: str
    from_party_id: UUID | None
    to_party_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyChanged:
    """A proxy came into force or ended (`state`); told to the holder and to whose vote it is.

    `principal_ids` are the accounts of the head, which somebody of it or staff gave away.
    """

    proxy_id: UUID
    community_id: UUID
    community_name: str
    label: str
    state: str
    reason: str
    holder_id: UUID | None
    given_by: UUID | None
    principal_ids: tuple[UUID, ...]
    until_text: str
    at: datetime
