"""Paper for when the network is gone, over HTTP."""

from typing import Any
from uuid import UUID

from backend.domains.appointments import paper
from backend.domains.appointments import paper_schemas as p
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.mutation import mutation

bp = blueprint("staff_paper", "断网时的纸质名单和补录")


@bp.route("/staff/halls/<uuid:hall_id>/paper", methods=["GET"])
@guards.staff("appointments.view")
@bp.arguments(p.HallPaperQuerySchema, location="query")
@bp.response(200, p.HallPaperSheetSchema)
def show_sheet(query: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """What is to be printed before the network may go."""
    return paper.sheet(uow(), principal(), hall_id, query["date"])


@bp.route("/staff/halls/<uuid:hall_id>/paper-entries", methods=["POST"])
@guards.staff("queue.operate")
@mutation
@bp.arguments(p.HallPaperEntriesSchema)
@bp.response(200, p.HallPaperResultSchema)
def catch_up(body: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """Enter what was written on paper: all of it, or nothing and what is wrong with which line."""
    return paper.catch_up(uow(), principal(), hall_id, body["date"], body["entries"])
