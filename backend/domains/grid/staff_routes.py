"""The grid editor over HTTP."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from backend.domains.grid import editing, scope
from backend.domains.grid import schemas as s
from backend.domains.grid.model import Area
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH, IF_NONE_MATCH, NOT_CHANGED
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("grid_staff", "网格编辑：区域的名称、别名、边界")
Answer = tuple[Area, int, dict[str, str]]


@bp.route("/staff/areas", methods=["GET"])
@staff()
@bp.doc(parameters=[IF_NONE_MATCH])
@bp.arguments(s.StaffAreaQuerySchema, location="query")
@bp.response(200, s.StaffAreaCollectionSchema, headers=ETAG)
@bp.alt_response(304, description=NOT_CHANGED, headers=ETAG)
def list_areas(query: dict[str, Any]) -> ResponseReturnValue:
    """All areas as GeoJSON, those out of use too."""
    scope.may_look(principal())
    tag = f"{editing.tag(uow())}-{query['kind'] or 'all'}-{query['street'] or 'all'}"
    headers = {"ETag": quote_etag(tag), "Cache-Control": "private, no-cache"}
    if request.if_none_match.contains_weak(tag):
        return Response(status=304, headers=headers)
    return editing.listing(uow(), query["kind"], query["street"]), 200, headers


@bp.route("/staff/areas/<uuid:area_id>", methods=["GET"])
@staff()
@bp.response(200, s.StaffAreaSchema, headers=ETAG)
def show_area(area_id: UUID) -> Answer:
    """One area; the ETag is what a change must name in If-Match."""
    scope.may_look(principal())
    return _answer(editing.detail(uow(), area_id))


@bp.route("/staff/areas/<uuid:area_id>", methods=["PUT"])
@staff(scope.GRID)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.AreaChangeSchema)
@bp.response(200, s.StaffAreaSchema, headers=ETAG)
def change_area(body: dict[str, Any], area_id: UUID) -> Answer:
    """Change name, aliases, outline. 422 says by field what does not fit. Needs If-Match."""
    if_match = request.headers.get("If-Match")
    return _answer(editing.save(uow(), principal(), area_id, body, if_match))


def _answer(row: Area) -> Answer:
    return row, 200, {"ETag": quote_etag(editing.etag(row))}
