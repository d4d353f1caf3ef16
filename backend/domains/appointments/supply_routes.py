"""Where places come from, over HTTP: release in batches, places added at short notice."""

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from backend.domains.appointments import staff_schemas as s
from backend.domains.appointments import supply_schemas as u
from backend.domains.appointments import supplying
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH, tagged
from backend.http.context import principal, uow
from backend.http.mutation import mutation

bp = blueprint("staff_supply", "号源：放号规则、加号")


@bp.route("/staff/halls/<uuid:hall_id>/release", methods=["GET"])
@guards.staff("appointments.view")
@bp.response(200, u.ShownReleaseSchema, headers=ETAG)
def show_release(hall_id: UUID) -> ResponseReturnValue:
    """When the hall gives its places out."""
    return tagged(supplying.show_release(uow(), principal(), hall_id))


@bp.route("/staff/halls/<uuid:hall_id>/release", methods=["PUT"])
@guards.staff("schedules.edit")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(u.ReleaseSchema)
@bp.response(200, u.ShownReleaseSchema, headers=ETAG)
def set_release(body: dict[str, Any], hall_id: UUID) -> ResponseReturnValue:
    """Put a new rule in place; what is on offer already stays on offer."""
    seen = request.headers.get("If-Match")
    return tagged(supplying.set_release(uow(), principal(), hall_id, body, seen))


@bp.route("/staff/halls/<uuid:hall_id>/release/preview", methods=["POST"])
@guards.staff("schedules.edit")
@mutation
@bp.arguments(u.ReleaseSchema)
@bp.response(200, u.ReleasePreviewSchema)
def preview_release(body: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """What a rule would do with the coming days; nothing is changed."""
    return {"days": supplying.preview_release(uow(), principal(), hall_id, body)}


@bp.route("/staff/slots/<uuid:slot_id>/extra", methods=["POST"])
@guards.staff("schedules.edit")
@mutation
@bp.arguments(u.ExtraPlacesSchema)
@bp.response(200, s.StaffSlotSchema)
def add_places(body: dict[str, Any], slot_id: UUID) -> dict[str, Any]:
    """More places in one slot at short notice."""
    return supplying.add_places(uow(), principal(), slot_id, body["places"], body["reason"])
