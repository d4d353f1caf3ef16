"""Video consultations: checked in for by phone, a room opened by the clerk who called."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from appointments import queue
from appointments.model import Appointment, Slot
from appointments.moves import Change, hall_of
from appointments.remote_model import VideoRoom
from appointments.rules import AT_WINDOW, Refused, State, Who
from appointments.video_rules import CHANNEL, check_present, lets_in

_NONCE_BYTES = 16


def check_in(session: Session, appointment: Appointment, now: datetime) -> Change:
    """The resident is at her phone: a ticket in the queue like everybody's."""
    if appointment.state == State.BOOKED or appointment.channel != CHANNEL:
        early = hall_of(session, appointment.hall_id).early_check_in_minutes
        check_present(appointment.channel, appointment.start_at, early, now)
    return queue.check_in(session, appointment, Who.RESIDENT, now)


def open_room(
    session: Session, appointment: Appointment, by: UUID, now: datetime
) -> tuple[VideoRoom, bool]:
    """The room of who is called or served; the second value: opened just now.

    Called again after a missed call, the same room is opened again.
    """
    if appointment.channel != CHANNEL:
        raise Refused("not_video")
    # Locked, so that a room is not opened while another clerk ends the appointment.
    locked = session.get_one(
        Appointment, appointment.id, with_for_update=True, populate_existing=True
    )
    if State(locked.state) not in AT_WINDOW:
        raise Refused("video_not_called", state=State(locked.state))
    made = session.scalars(
        insert(VideoRoom)
        .values(
            appointment_id=locked.id,
            nonce=secrets.token_bytes(_NONCE_BYTES),
            opened_at=now,
            opened_by=by,
        )
        .on_conflict_do_nothing()
        .returning(VideoRoom)
    ).one_or_none()
    if made is not None:
        return made, True
    room = session.get_one(VideoRoom, locked.id, populate_existing=True)
    again = locked.called_at is not None and room.opened_at < locked.called_at
    if again:
        room.opened_at, room.opened_by = now, by
        session.flush()
    return room, again


def rooms(session: Session, appointment_ids: Iterable[UUID]) -> dict[UUID, VideoRoom]:
    """The rooms of these appointments, those that have one."""
    ids = list(appointment_ids)
    if not ids:
        return {}
    found = session.scalars(select(VideoRoom).where(VideoRoom.appointment_id.in_(ids)))
    return {room.appointment_id: room for room in found}


def enter(
    session: Session, room: VideoRoom, now: datetime, *, resident: bool
) -> tuple[Appointment, bool]:
    """Let one side in, while the room is open; the second value: the resident's first time."""
    appointment = session.get_one(Appointment, room.appointment_id)
    if not lets_in(State(appointment.state), room.ended_at is not None):
        raise Refused("video_closed")
    if not resident:
        return appointment, False
    first = session.scalar(
        update(VideoRoom)
        .where(VideoRoom.appointment_id == room.appointment_id, VideoRoom.joined_at.is_(None))
        .values(joined_at=now)
        .returning(VideoRoom.appointment_id)
        .execution_options(synchronize_session=False)
    )
    return appointment, first is not None


def end(session: Session, appointment_id: UUID, now: datetime) -> None:
    """The consultation is over: nobody enters its room any more."""
    session.execute(
        update(VideoRoom)
        .where(VideoRoom.appointment_id == appointment_id, VideoRoom.ended_at.is_(None))
        .values(ended_at=now)
    )


def offered(
    session: Session, hall_ids: Iterable[UUID], since: datetime, group: str | None
) -> set[UUID]:
    """Those of the halls that hold video consultations (of this business) from now on."""
    query = select(Slot.hall_id).where(
        Slot.hall_id.in_(list(hall_ids)),
        Slot.channel == CHANNEL,
        Slot.start_at > since,
        Slot.closed.is_(False),
    )
    if group is not None:
        query = query.where(Slot.group_code == group)
    return set(session.scalars(query.distinct()))
