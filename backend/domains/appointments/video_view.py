"""A consultation by video as its owner sees it, and the links of the two sides."""

import base64
import hmac
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from appointments import video
from appointments.model import Appointment
from appointments.remote_model import VideoRoom
from appointments.rules import ENDS, Policy, State, check_in_closes
from appointments.video_rules import CHANNEL, lets_in, opens_at
from backend.kernel.uow import UnitOfWork

RESIDENT, CLERK = "resident", "clerk"
_PURPOSE = "video-room"


def word(uow: UnitOfWork, room: VideoRoom, side: str) -> str:
    """The word that lets one side into the room; made under a key outside the database."""
    text = f"{room.appointment_id}:{side}:{room.nonce.hex()}"
    signed = uow.services.privacy.sign(text, _PURPOSE)
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def side_of(uow: UnitOfWork, room: VideoRoom, given: str) -> str | None:
    """Whose word this is; None: nobody's."""
    for side in (RESIDENT, CLERK):
        if hmac.compare_digest(word(uow, room, side).encode(), given.encode()):
            return side
    return None


def link(uow: UnitOfWork, room: VideoRoom, side: str) -> str | None:
    """The address of the room for one side; None where no room server is set."""
    template = uow.services.settings.video_room_url
    if not template:
        return None
    return template.replace("{room}", str(room.appointment_id)).replace(
        "{word}", word(uow, room, side)
    )


def rooms(uow: UnitOfWork, rows: Iterable[Appointment]) -> dict[UUID, VideoRoom]:
    """The rooms of those that are by video; no query where none is."""
    return video.rooms(uow.session, [row.id for row in rows if row.channel == CHANNEL])


def shown(
    uow: UnitOfWork, row: Appointment, policy: Policy, room: VideoRoom | None
) -> dict[str, Any] | None:
    """Check-in, link and end of a consultation; None for a booking at the hall."""
    if row.channel != CHANNEL:
        return None
    state = State(row.state)
    opened = room is not None and lets_in(state, room.ended_at is not None)
    return {
        "opens_at": opens_at(row.start_at, policy.early_check_in_minutes),
        "closes_at": check_in_closes(row.fact(policy)),
        "checked_in": row.checked_in_at is not None,
        "join_url": link(uow, room, RESIDENT) if room is not None and opened else None,
        "ended": state in ENDS,
    }
