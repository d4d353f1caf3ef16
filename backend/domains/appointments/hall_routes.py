"""The hall over HTTP: tickets at the door, tickets sent on, figures."""

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from backend.domains.appointments import door, figures, queue_settings
from backend.domains.appointments import hall_schemas as h
from backend.domains.appointments import staff_schemas as s
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH, tagged
from backend.http.context import principal, uow
from backend.http.mutation import mutation

bp = blueprint("staff_hall", "大厅现场：现场取号、转窗、数据")


@bp.route("/staff/halls/<uuid:hall_id>/walk-in-choices", methods=["GET"])
@guards.staff("appointments.view")
@bp.response(200, h.GroupChoiceListSchema)
def walk_in_choices(hall_id: UUID) -> dict[str, Any]:
    """The kinds of business done here, each with its queue."""
    return {"items": door.staff_choices(uow(), principal(), hall_id)}


@bp.route("/staff/halls/<uuid:hall_id>/walk-ins", methods=["POST"])
@guards.staff("queue.operate")
@mutation
@bp.arguments(h.WalkInSchema)
@bp.response(201, s.StaffAppointmentSchema)
def walk_in(body: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """A ticket for somebody who has no booking."""
    comer = door.Comer(body["name"], body["id_number"], body["priority"])
    return door.take_ticket(
        uow(), principal(), hall_id, comer, item_id=body["item_id"], group=body["group"]
    )


@bp.route("/staff/appointments/<uuid:appointment_id>/transfer", methods=["POST"])
@guards.staff("queue.operate")
@mutation
@bp.arguments(h.TicketTransferSchema)
@bp.response(200, s.StaffAppointmentSchema)
def transfer(body: dict[str, Any], appointment_id: UUID) -> dict[str, Any]:
    """Send a ticket on to another window or business, with its place in the queue kept."""
    return door.transfer(uow(), principal(), appointment_id, **body)


@bp.route("/staff/halls/<uuid:hall_id>/figures", methods=["GET"])
@guards.staff("appointments.view")
@bp.arguments(h.FiguresQuerySchema, location="query")
@bp.response(200, h.HallFiguresSchema)
def show_figures(query: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """Waiting and serving minutes, no-shows, and the load of the windows."""
    return figures.show(uow(), principal(), hall_id, query["first"], query["last"])


@bp.route("/staff/halls/<uuid:hall_id>/queue-rules", methods=["GET"])
@guards.staff("appointments.view")
@bp.response(200, h.QueueRulesSchema, headers=ETAG)
def show_queue_rules(hall_id: UUID) -> ResponseReturnValue:
    """Who comes late, who missed her call, and whose turn it is."""
    return tagged(queue_settings.show(uow(), principal(), hall_id))


@bp.route("/staff/halls/<uuid:hall_id>/queue-rules", methods=["PUT"])
@guards.staff("schedules.edit")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(h.QueueRulesSchema)
@bp.response(200, h.QueueRulesSchema, headers=ETAG)
def replace_queue_rules(body: dict[str, Any], hall_id: UUID) -> ResponseReturnValue:
    """New rules; they hold from the next check-in, call and return on."""
    seen = request.headers.get("If-Match")
    return tagged(queue_settings.replace(uow(), principal(), hall_id, body, seen))
