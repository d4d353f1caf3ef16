"""What places are made of, over HTTP: seasons, shifts at the windows, the pace of a business."""

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from backend.domains.appointments import roster_schemas as s
from backend.domains.appointments import rostering, seasons
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH, tagged
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("staff_rosters", "号源：时段模板、排班、办理节奏")
_HALL = "/staff/halls/<uuid:hall_id>"
Found = dict[str, Any]


@bp.route(f"{_HALL}/seasons", methods=["GET"])
@staff("appointments.view")
@bp.response(200, s.SeasonListSchema)
def list_seasons(hall_id: UUID) -> Found:
    """The weeks that hold between two days in place of the usual one."""
    return seasons.listed(uow(), principal(), hall_id)


@bp.route(f"{_HALL}/seasons", methods=["POST"])
@staff("schedules.edit")
@mutation
@bp.arguments(s.SeasonBodySchema)
@bp.response(201, s.SavedSeasonSchema)
def add_season(body: Found, hall_id: UUID) -> Found:
    """A new season; nobody loses a booked place."""
    return seasons.add(uow(), principal(), hall_id, body)


@bp.route(f"{_HALL}/seasons/<uuid:season_id>", methods=["PUT"])
@staff("schedules.edit")
@mutation
@bp.arguments(s.ChangedSeasonSchema)
@bp.response(200, s.SavedSeasonSchema)
def change_season(body: Found, hall_id: UUID, season_id: UUID) -> Found:
    """Other days or another week; nobody loses a booked place."""
    return seasons.change(uow(), principal(), hall_id, season_id, body)


@bp.route(f"{_HALL}/seasons/<uuid:season_id>", methods=["DELETE"])
@staff("schedules.edit")
@mutation
@bp.response(200, s.RebuiltSchema)
def remove_season(hall_id: UUID, season_id: UUID) -> Found:
    """The usual week holds again."""
    return seasons.remove(uow(), principal(), hall_id, season_id)


@bp.route(f"{_HALL}/shifts", methods=["GET"])
@staff("appointments.view")
@bp.arguments(s.WindowShiftQuerySchema, location="query")
@bp.response(200, s.WindowShiftListSchema)
def list_shifts(query: Found, hall_id: UUID) -> Found:
    """Who is at which window when."""
    return rostering.listed(uow(), principal(), hall_id, query["first"], query["last"])


@bp.route(f"{_HALL}/shifts", methods=["POST"])
@staff("schedules.edit")
@mutation
@bp.arguments(s.WindowShiftBodySchema)
@bp.response(201, s.SavedWindowShiftSchema)
def add_shift(body: Found, hall_id: UUID) -> Found:
    """A new shift; two of a window, or of a person, do not overlap."""
    return rostering.add(uow(), principal(), hall_id, body)


@bp.route(f"{_HALL}/shifts/copy", methods=["POST"])
@staff("schedules.edit")
@mutation
@bp.arguments(s.CopyWeekSchema)
@bp.response(200, s.CopiedWeekSchema)
def copy_shifts(body: Found, hall_id: UUID) -> Found:
    """One week's shifts in another; refused where that has some, unless they are replaced."""
    return rostering.copy(uow(), principal(), hall_id, body)


@bp.route(f"{_HALL}/shifts/import", methods=["POST"])
@staff("schedules.edit")
@mutation
@bp.arguments(s.ShiftFileSchema)
@bp.response(200, s.ImportedShiftsSchema)
def import_shifts(body: Found, hall_id: UUID) -> Found:
    """Shifts out of a CSV file: all lines or none, with what is wrong with each."""
    text, dry_run = body["csv"], body["dry_run"]
    return rostering.import_file(uow(), principal(), hall_id, text, dry_run=dry_run)


@bp.route(f"{_HALL}/shifts/<uuid:window_shift_id>", methods=["PUT"])
@staff("schedules.edit")
@mutation
@bp.arguments(s.WindowShiftBodySchema)
@bp.response(200, s.SavedWindowShiftSchema)
def change_shift(body: Found, hall_id: UUID, window_shift_id: UUID) -> Found:
    """Another time, window or person."""
    return rostering.change(uow(), principal(), hall_id, window_shift_id, body)


@bp.route(f"{_HALL}/shifts/<uuid:window_shift_id>", methods=["DELETE"])
@staff("schedules.edit")
@mutation
@bp.response(200, s.RebuiltSchema)
def remove_shift(hall_id: UUID, window_shift_id: UUID) -> Found:
    """A shift that is no more; nobody loses a booked place."""
    return rostering.remove(uow(), principal(), hall_id, window_shift_id)


@bp.route(f"{_HALL}/paces", methods=["GET"])
@staff("appointments.view")
@bp.response(200, s.ShownPacesSchema, headers=ETAG)
def show_paces(hall_id: UUID) -> ResponseReturnValue:
    """How many a staffed window serves in a slot, by business."""
    return tagged(rostering.show_paces(uow(), principal(), hall_id))


@bp.route(f"{_HALL}/paces", methods=["PUT"])
@staff("schedules.edit")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.PacesSchema)
@bp.response(200, s.SavedPacesSchema, headers=ETAG)
def set_paces(body: Found, hall_id: UUID) -> ResponseReturnValue:
    """With a pace a business has its places from the shifts; nobody loses a booked place."""
    seen = request.headers.get("If-Match")
    return tagged(rostering.set_paces(uow(), principal(), hall_id, body["items"], seen))
