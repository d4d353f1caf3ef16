"""What anybody may ask about matters of the street."""

from typing import Any
from uuid import UUID

from flask import Response, request

from backend.domains.dispatch import public, reporting
from backend.domains.dispatch import resident_schemas as s
from backend.domains.dispatch.schemas import SizeQuerySchema
from backend.http import file_answers, guards
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.mutation import mutation

bp = blueprint("public_events", "有呼同应：类别、提示、公开地图")


@bp.route("/event-categories", methods=["GET"])
@guards.public
@bp.response(200, s.CategoryListSchema)
def list_categories() -> dict[str, Any]:
    """The kinds of events that can be reported, in groups."""
    return {"items": reporting.groups(uow())}


@bp.route("/event-suggestions", methods=["POST"])
@guards.public
@mutation(replay=False)
@bp.arguments(s.SuggestSchema)
@bp.response(200, s.SuggestionsSchema)
def suggest(body: dict[str, Any]) -> dict[str, Any]:
    """What helps before a report is sent: kinds, emergency numbers, the same nearby, the place."""
    return reporting.suggest(uow(), body, request.remote_addr or "unknown")


@bp.route("/public/events", methods=["GET"])
@guards.public
@bp.arguments(s.PublicQuerySchema, location="query")
@bp.response(200, s.PublicEventListSchema)
def list_events(query: dict[str, Any]) -> dict[str, Any]:
    """Open matters, or those solved in the last 60 days; places are rounded to about 100 m."""
    return public.listing(
        uow(), state=query["state"], box=query["bbox"], category=query["category"]
    )


@bp.route("/public/events/<uuid:event_id>", methods=["GET"])
@guards.public
@bp.response(200, s.PublicEventDetailSchema)
def show_event(event_id: UUID) -> dict[str, Any]:
    """One public matter with the pictures of its result."""
    return public.show(uow(), event_id)


@bp.route("/public/events/<uuid:event_id>/files/<uuid:file_id>", methods=["GET"])
@guards.public
@bp.doc(**file_answers.DOC)
@bp.arguments(SizeQuerySchema, location="query")
def show_file(query: dict[str, Any], event_id: UUID, file_id: UUID) -> Response:
    """A picture of the result of a solved public matter."""
    found = public.served(uow(), event_id, file_id, query["size"])
    return file_answers.answer(found, public=True)
