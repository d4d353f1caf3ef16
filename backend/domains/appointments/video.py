"""Video consultations (远程视频): checked in for by phone, opened by the clerk, entered by both."""

from typing import Any
from uuid import UUID

from appointments import video
from appointments.model import ItemGroup
from appointments.moves import hall_of
from appointments.remote_model import VideoRoom
from backend.domains.appointments import desk, events, service, staff, video_view, view, wording
from backend.domains.appointments.refusals import in_words
from backend.kernel import receipts, trace
from backend.kernel.access import Principal
from backend.kernel.errors import NotFound, Unavailable
from backend.kernel.uow import UnitOfWork

#: A room server asks once for each who enters, and now and then whether it is still open.
ENTRIES = "60 per minute"


def check_in(uow: UnitOfWork, person_id: UUID, appointment_id: UUID) -> dict[str, Any]:
    """The resident is at her phone: a ticket, as at the door."""
    appointment = service.acting_on(uow, person_id, appointment_id)
    with in_words():
        change = video.check_in(uow.session, appointment, uow.now)
    return view.one(uow, desk.changed(uow, change))


def open_room(uow: UnitOfWork, who: Principal, appointment_id: UUID) -> dict[str, Any]:
    """The clerk's link to the room; at the first time the resident is told to come."""
    appointment = staff.appointment_of(uow, who, "queue.operate", appointment_id)
    if not uow.services.settings.video_room_url:
        raise Unavailable(
            "video_not_set",
            title="还没有接视频服务",
            action="请联系管理员设置后再用，或电话联系居民",
        )
    by = who.actor.id
    assert by is not None
    with in_words():
        room, fresh = video.open_room(uow.session, appointment, by, uow.now)
    if fresh:
        trace.record(
            uow,
            subject=desk.subject(appointment.id),
            action="open_video",
            from_state=appointment.state,
            to_state=appointment.state,
            public_text=wording.ROOM_OPENED,
        )
        row = receipts.of_subject(uow, desk.subject(appointment.id))
        number = row.number if row else ""
        desk.tell(uow, events.VideoRoomOpened, appointment, receipt_number=number)
    return {
        "join_url": video_view.link(uow, room, video_view.CLERK),
        "opened_at": room.opened_at,
        "joined_at": room.joined_at,
    }


def enter(uow: UnitOfWork, room_id: UUID, given: str) -> dict[str, Any]:
    """What a room server may know of who comes with this word: the side, and the business."""
    uow.services.limiter.hit(ENTRIES, "video-room", str(room_id))
    room = uow.session.get(VideoRoom, room_id)
    side = video_view.side_of(uow, room, given) if room is not None else None
    if room is None or side is None:
        raise NotFound("room_unknown", title="这个视频链接无效", action="请从预约页面重新进入")
    with in_words():
        appointment, first = video.enter(
            uow.session, room, uow.now, resident=side == video_view.RESIDENT
        )
    if first:
        trace.record(
            uow,
            subject=desk.subject(appointment.id),
            action="join_video",
            from_state=appointment.state,
            to_state=appointment.state,
            public_text="进入了视频",
        )
    return {
        "side": side,
        "ticket_no": appointment.ticket_no,
        "hall_name": hall_of(uow.session, appointment.hall_id).name,
        "group_name": uow.session.get_one(ItemGroup, appointment.group_code).name,
    }
