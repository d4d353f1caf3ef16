"""Patrols on the phone. Everything may arrive late, twice and out of order."""

from typing import Any
from uuid import UUID

from backend.domains.grid import service as grid
from backend.domains.patrols import check_lists, checking, rules, service, view
from backend.domains.patrols import schemas as s
from backend.domains.patrols.model import CheckRecord
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import worker
from backend.http.mutation import mutation
from backend.kernel.errors import Invalid

bp = blueprint("patrols", "巡查：轨迹、场所检查")
Found = dict[str, Any]


@bp.route("/worker/patrols", methods=["GET"])
@worker(service.PERMISSION)
@bp.response(200, s.PatrolListSchema)
def list_patrols() -> Found:
    """The own patrols, newest first."""
    return {"items": view.shown(uow(), service.mine(uow(), principal()))}


@bp.route("/worker/patrols", methods=["POST"])
@worker(service.PERMISSION)
@mutation
@bp.arguments(s.StartSchema)
@bp.response(201, s.PatrolSchema)
def start_patrol(body: Found) -> Found:
    """Begin a patrol; the same start again is the same patrol."""
    patrol = service.start(uow(), principal(), body["started_at"], _place(body))
    return view.shown(uow(), [patrol])[0]


@bp.route("/worker/patrols/<uuid:patrol_id>/points", methods=["POST"])
@worker(service.PERMISSION)
@mutation
@bp.arguments(s.PointsSchema)
@bp.response(200, s.PointsTakenSchema)
def add_points(body: Found, patrol_id: UUID) -> Found:
    """Add points to the track, in any order, also after the end."""
    system = body["coordinate_system"]
    points = [
        rules.Point(
            one["at"], *grid.to_wgs84(one["latitude"], one["longitude"], system), one["accuracy"]
        )
        for one in body["points"]
    ]
    taken = service.add_points(uow(), principal(), patrol_id, points)
    return {
        "accepted": taken.accepted, "known": taken.known, "ignored": taken.ignored,
        "points_count": taken.patrol.points_count, "distance_m": taken.patrol.distance_m,
    }  # fmt: skip


@bp.route("/worker/patrols/<uuid:patrol_id>/finish", methods=["POST"])
@worker(service.PERMISSION)
@mutation
@bp.arguments(s.FinishSchema)
@bp.response(200, s.PatrolSchema)
def finish_patrol(body: Found, patrol_id: UUID) -> Found:
    """End a patrol."""
    patrol = service.finish(uow(), principal(), patrol_id, body["finished_at"])
    return view.shown(uow(), [patrol])[0]


@bp.route("/worker/check-lists", methods=["GET"])
@worker(service.PERMISSION)
@bp.response(200, s.CheckListsSchema)
def list_check_lists() -> Found:
    """What to look at in places of each type."""
    return {"items": check_lists.current(uow())}


@bp.route("/worker/patrols/<uuid:patrol_id>/checks", methods=["POST"])
@worker(service.PERMISSION)
@mutation
@bp.arguments(s.NewCheckSchema)
@bp.response(201, s.CheckSchema)
def add_check(body: Found, patrol_id: UUID) -> CheckRecord:
    """Keep the check of a place."""
    return checking.add(uow(), principal(), patrol_id, body, _place(body))


@bp.route("/worker/patrols/<uuid:patrol_id>/checks/<uuid:check_id>/events", methods=["POST"])
@worker(service.PERMISSION)
@mutation
@bp.arguments(s.FaultEventSchema)
@bp.response(200, s.CheckSchema)
def link_event(body: Found, patrol_id: UUID, check_id: UUID) -> CheckRecord:
    """Keep which event, reported on this patrol, came of a fault."""
    return checking.link(uow(), principal(), patrol_id, check_id, **body)


def _place(body: Found) -> tuple[float, float] | None:
    latitude, longitude = body["latitude"], body["longitude"]
    if (latitude is None) != (longitude is None):
        text = "经度和纬度要一起填"
        raise Invalid("half_a_place", title=text, fields={"latitude": [text]})
    if latitude is None:
        return None
    return grid.to_wgs84(latitude, longitude, body["coordinate_system"])
