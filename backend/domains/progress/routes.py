"""Progress over HTTP: one's own matters, and any by number and query code."""

from typing import Any
from uuid import UUID

from flask import request

from backend.domains.progress import schemas as s
from backend.domains.progress import service
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import public, resident
from backend.http.mutation import mutation

bp = blueprint("progress", "进度查询")


def person_id() -> UUID:
    """The signed-in resident (the guards make sure there is one)."""
    found = principal().actor.id
    assert found is not None
    return found


@bp.route("/matters", methods=["GET"])
@resident
@bp.arguments(s.MatterQuerySchema, location="query")
@bp.response(200, s.MatterPageSchema)
def list_matters(query: dict[str, Any]) -> dict[str, Any]:
    """One's own matters of every kind, newest first."""
    found, following = service.list_mine(
        uow(), person_id(), open_=query["open"], limit=query["limit"], after=query["cursor"]
    )
    return {"items": found, "next_cursor": following}


@bp.route("/matters/<string(maxlength=40):receipt_number>", methods=["GET"])
@resident
@bp.response(200, s.MatterDetailSchema)
def show_matter(receipt_number: str) -> dict[str, Any]:
    """One matter with every step and its time."""
    return service.show_mine(uow(), person_id(), receipt_number)


@bp.route("/matter-lookups", methods=["POST"])
@public
@mutation(replay=False)
@bp.arguments(s.LookUpSchema)
@bp.response(200, s.PublicMatterDetailSchema)
def look_up(body: dict[str, Any]) -> dict[str, Any]:
    """Where a matter stands, without signing in, for whoever holds number and query code."""
    return service.look_up(
        uow(), body["receipt_number"], body["query_code"], request.remote_addr or "unknown"
    )
