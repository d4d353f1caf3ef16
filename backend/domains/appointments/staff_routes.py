"""The hall's work over HTTP: board, check-in, calls, windows, schedules."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from backend.domains.appointments import planning, precedence, staff
from backend.domains.appointments import staff_schemas as s
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH, tagged
from backend.http.context import principal, uow
from backend.http.mutation import mutation
from backend.kernel.errors import NotFound

bp = blueprint("staff_appointments", "大厅工作台：看板、取号、叫号、窗口、时段")
STEPS = {
    "recall": "Call the same ticket once more.",
    "skip": "Nobody came to the window: pass the ticket over.",
    "requeue": "A skipped person is back: queue the ticket again.",
    "start": "The person is at the window.",
    "park": "Put the person aside while a paper is fetched; the number is kept.",
    "finish": "The service is done.",
    "no-show": "Nobody came.",
}


@bp.route("/staff/halls/<uuid:hall_id>/board", methods=["GET"])
@guards.staff("appointments.view")
@bp.arguments(s.BoardQuerySchema, location="query")
@bp.response(200, s.BoardSchema)
def show_board(query: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """A hall's day at a glance."""
    return staff.board(uow(), principal(), hall_id, query["date"])


@bp.route("/staff/halls/<uuid:hall_id>/check-ins", methods=["POST"])
@guards.staff("queue.operate")
@mutation
@bp.arguments(s.CheckInSchema)
@bp.response(200, s.StaffAppointmentSchema)
def check_in(body: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """Give a ticket for a QR code, a six-digit code or the number of an identity card."""
    return staff.check_in(uow(), principal(), hall_id, **body)


@bp.route("/staff/windows/<uuid:window_id>/calls", methods=["POST"])
@guards.staff("queue.operate")
@mutation
@bp.arguments(s.CallSchema)
@bp.response(200, s.StaffAppointmentSchema)
def call(body: dict[str, Any], window_id: UUID) -> dict[str, Any]:
    """Call the next ticket, or a certain one, to a window."""
    return staff.call(uow(), principal(), window_id, body["appointment_id"])


@bp.route("/staff/appointments/<uuid:appointment_id>", methods=["GET"])
@guards.staff("appointments.view")
@bp.response(200, s.StaffAppointmentDetailSchema)
def show_appointment(appointment_id: UUID) -> dict[str, Any]:
    """A row of the board with its receipt number and what has happened to it."""
    return staff.detail(uow(), principal(), appointment_id)


def _step_route(name: str, promise: str) -> None:
    """One route for one step: actions of one shape."""

    @guards.staff("queue.operate")
    @mutation
    @bp.arguments(s.QueueStepSchema)
    @bp.response(200, s.StaffAppointmentSchema)
    def take_step(body: dict[str, Any], appointment_id: UUID) -> dict[str, Any]:
        return staff.step(uow(), principal(), appointment_id, name, body["version"])

    take_step.__doc__ = promise
    path = f"/staff/appointments/<uuid:appointment_id>/{name}"
    bp.route(path, methods=["POST"], endpoint=name)(take_step)


for _name, _promise in STEPS.items():
    _step_route(_name, _promise)


@bp.route("/staff/windows/<uuid:window_id>", methods=["PATCH"])
@guards.staff("queue.operate")
@mutation
@bp.arguments(s.WindowStatusSchema)
@bp.response(200, s.WindowSchema)
def set_window(body: dict[str, Any], window_id: UUID) -> dict[str, Any]:
    """Open, pause or close a window."""
    return staff.set_window(uow(), principal(), window_id, body["status"])


@bp.route("/staff/appointments/<uuid:appointment_id>/reveals", methods=["POST"])
@guards.staff("personal.reveal")
@mutation
@bp.arguments(s.RevealSchema)
@bp.response(200, s.RevealedSchema)
def reveal(body: dict[str, Any], appointment_id: UUID) -> dict[str, str]:
    """One masked value in full; who looked and why is kept."""
    return {"value": staff.reveal(uow(), principal(), appointment_id, **body)}


@bp.route("/staff/appointments/<uuid:appointment_id>/precedence", methods=["PUT"])
@guards.staff(precedence.PERMISSION)
@mutation
@bp.arguments(s.PrecedenceSchema)
@bp.response(200, s.StaffAppointmentDetailSchema)
def grant_precedence(body: dict[str, Any], appointment_id: UUID) -> dict[str, Any]:
    """Serve this person first from now on; the reason is not kept."""
    return precedence.grant(uow(), principal(), appointment_id, body["until"])


@bp.route("/staff/appointments/<uuid:appointment_id>/precedence", methods=["DELETE"])
@guards.staff(precedence.PERMISSION)
@mutation
@bp.response(200, s.StaffAppointmentDetailSchema)
def revoke_precedence(appointment_id: UUID) -> dict[str, Any]:
    """Serve this person in turn again."""
    return precedence.revoke(uow(), principal(), appointment_id)


@bp.route("/staff/halls/<uuid:hall_id>/schedules", methods=["GET"])
@guards.staff("appointments.view")
@bp.response(200, s.ShownScheduleSchema, headers=ETAG)
def show_schedule(hall_id: UUID) -> ResponseReturnValue:
    """The hall's week."""
    return tagged(planning.show_schedule(uow(), principal(), hall_id))


@bp.route("/staff/halls/<uuid:hall_id>/schedules", methods=["PUT"])
@guards.staff("schedules.edit")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.ScheduleSchema)
@bp.response(200, s.ShownScheduleSchema, headers=ETAG)
def replace_schedule(body: dict[str, Any], hall_id: UUID) -> ResponseReturnValue:
    """Put a new week in place; nobody loses a booked place."""
    seen = request.headers.get("If-Match")
    return tagged(planning.replace_schedule(uow(), principal(), hall_id, body["items"], seen))


@bp.route("/staff/halls/<uuid:hall_id>/slots", methods=["GET"])
@guards.staff("appointments.view")
@bp.arguments(s.SlotDayQuerySchema, location="query")
@bp.response(200, s.StaffSlotListSchema)
def list_slots(query: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """All slots of a day with their quotas."""
    return {"items": planning.list_slots(uow(), principal(), hall_id, query["date"])}


@bp.route("/staff/slots/<uuid:slot_id>", methods=["PATCH"])
@guards.staff("schedules.edit")
@mutation
@bp.arguments(s.CapacitySchema)
@bp.response(200, s.StaffSlotSchema)
def set_capacity(body: dict[str, Any], slot_id: UUID) -> dict[str, Any]:
    """Change the places of one slot; never below what is booked."""
    return planning.set_capacity(uow(), principal(), slot_id, body["capacity"])


@bp.route("/staff/halls/<uuid:hall_id>/day-overrides/<string(maxlength=10):day>", methods=["PUT"])
@guards.staff("schedules.edit")
@mutation
@bp.arguments(s.DayOverrideSchema)
@bp.response(200, s.DayOverriddenSchema)
def override_day(body: dict[str, Any], hall_id: UUID, day: str) -> dict[str, Any]:
    """Open or close one day. Closing cancels its bookings and tells each of them why."""
    return planning.override_day(
        uow(), principal(), hall_id, _day(day), opened=body["open"], note=body["note"]
    )


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise NotFound(detail="日期应像 2026-11-23") from None
