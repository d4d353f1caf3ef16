"""Patrols for staff: a day's walks with their tracks, and the check lists."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.domains.patrols import check_lists, view
from backend.domains.patrols import schemas as s
from backend.http import file_answers
from backend.http.blueprint import blueprint
from backend.http.context import principal, services, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("staff_patrols", "巡查记录和检查清单")
CATEGORIES = "categories.edit"
Found = dict[str, Any]


@bp.route("/staff/patrols", methods=["GET"])
@staff(view.VIEW)
@bp.arguments(s.PatrolDayQuerySchema, location="query")
@bp.response(200, s.StaffPatrolListSchema)
def list_day(query: Found) -> Found:
    """The patrols of a day."""
    return view.day(uow(), principal(), query["date"], query["street"])


@bp.route("/staff/patrols/<uuid:patrol_id>", methods=["GET"])
@staff(view.VIEW)
@bp.response(200, s.StaffPatrolDetailSchema)
def show_patrol(patrol_id: UUID) -> Found:
    """A patrol with its track as GeoJSON, its checks and what was found."""
    return view.detail(uow(), principal(), patrol_id)


@bp.route("/staff/patrols/<uuid:patrol_id>/files/<uuid:file_id>", methods=["GET"])
@staff(view.VIEW)
@bp.doc(**file_answers.PHOTO_DOC)
def show_photo(patrol_id: UUID, file_id: UUID) -> Response:
    """A photo taken at a check."""
    file = view.photo(uow(), principal(), patrol_id, file_id)
    return file_answers.answer(services().files.served(file))


@bp.route("/staff/check-lists", methods=["GET"])
@staff(CATEGORIES)
@bp.response(200, s.CheckListsSchema)
def list_check_lists() -> Found:
    """The newest list of every place type."""
    return {"items": check_lists.current(uow())}


@bp.route("/staff/check-lists/<string(maxlength=40):place_type>", methods=["PUT"])
@staff(CATEGORIES)
@mutation
@bp.arguments(s.NewCheckListSchema)
@bp.response(200, s.CheckListSchema)
def replace_check_list(body: Found, place_type: str) -> check_lists.Current:
    """Write the next version of a list, or the first of a new place type."""
    return check_lists.replace(uow(), place_type, body["name"], body["items"], body["version"])
