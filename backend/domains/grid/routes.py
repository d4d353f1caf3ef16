"""The district's areas for everybody's maps, and the shift of who asks on the phone."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from backend.domains.grid import editing, own_shift
from backend.domains.grid import schemas as s
from backend.domains.grid.roster_schemas import OwnShiftSchema
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_NONE_MATCH, NOT_CHANGED
from backend.http.context import principal, uow
from backend.http.guards import public, worker

bp = blueprint("grid", "网格：街道、社区、网格的边界")


@bp.route("/public/areas", methods=["GET"])
@public
@bp.doc(parameters=[IF_NONE_MATCH])
@bp.arguments(s.PublicAreaQuerySchema, location="query")
@bp.response(200, s.AreaCollectionSchema, headers=ETAG)
@bp.alt_response(304, description=NOT_CHANGED, headers=ETAG)
def public_areas(query: dict[str, Any]) -> ResponseReturnValue:
    """Streets, communities and cells as GeoJSON for drawing maps."""
    tag = f"{editing.tag(uow())}-{query['kind'] or 'all'}-{query['system']}"
    headers = {"ETag": quote_etag(tag), "Cache-Control": "public, max-age=60"}
    if request.if_none_match.contains_weak(tag):
        return Response(status=304, headers=headers)
    text = editing.public_text(uow(), query["kind"], query["system"])
    return Response(text, headers=headers, content_type="application/json")


@bp.route("/worker/shift", methods=["GET"])
@worker()
@bp.response(200, OwnShiftSchema)
def own_shift_now() -> dict[str, Any]:
    """Whether the worker is on duty now, since when and where."""
    staff_id = principal().actor.id
    assert staff_id is not None, "the guard finds a member of staff"
    return own_shift.now(uow(), staff_id)
