"""Video consultations over HTTP: the resident, the clerk, and the server of the rooms."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from backend.domains.appointments import schemas as s
from backend.domains.appointments import video
from backend.domains.appointments.routes import person_id
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.mutation import mutation
from backend.http.schemas import Moment, Schema

bp = blueprint("video", "远程视频办理：签到、打开视频、进入视频")


class VideoRoomSchema(Schema):
    """The clerk's side of a room."""

    join_url = ma.fields.String()
    opened_at = Moment()
    joined_at = Moment(allow_none=True, metadata={"description": "when the resident came in"})


class EnterSchema(Schema):
    """The word of a link."""

    word = ma.fields.String(
        required=True, validate=ma.validate.Length(1, 100, error="视频链接不完整")
    )


class EnteredSchema(Schema):
    """Whose word it was, and what it is about; nothing that names the resident."""

    side = ma.fields.String(validate=s.one_of("resident", "clerk"))
    ticket_no = ma.fields.String()
    hall_name = ma.fields.String()
    group_name = ma.fields.String()


@bp.route("/appointments/<uuid:appointment_id>/video-check-in", methods=["POST"])
@guards.resident
@mutation
@bp.response(200, s.AppointmentSchema)
def check_in(appointment_id: UUID) -> dict[str, Any]:
    """The resident is at her phone, from 15 minutes before the time: a ticket in the queue."""
    return video.check_in(uow(), person_id(), appointment_id)


@bp.route("/staff/appointments/<uuid:appointment_id>/video-room", methods=["POST"])
@guards.staff("queue.operate")
@mutation
@bp.response(200, VideoRoomSchema)
def open_room(appointment_id: UUID) -> dict[str, Any]:
    """Open the room of who was called, or find it open; the resident is told at the first time."""
    return video.open_room(uow(), principal(), appointment_id)


@bp.route("/video-rooms/<uuid:room_id>/entries", methods=["POST"])
@guards.public
@mutation(replay=False)
@bp.arguments(EnterSchema)
@bp.response(200, EnteredSchema)
def enter(body: dict[str, Any], room_id: UUID) -> dict[str, Any]:
    """Asked by the server of the rooms: whether a word lets somebody in now."""
    return video.enter(uow(), room_id, body["word"])
