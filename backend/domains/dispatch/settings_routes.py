"""Categories and limits over HTTP."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from backend.domains.dispatch import settings
from backend.domains.dispatch import settings_schemas as s
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import uow
from backend.http.mutation import mutation

bp = blueprint("event_settings", "事件设置：类别、时限")


@bp.route("/staff/event-categories", methods=["GET"])
@guards.staff()
@bp.response(200, s.EventCategoryListSchema)
def list_categories() -> dict[str, Any]:
    """Every category with everything set for it; `etag` is for changing it."""
    return {"items": settings.categories(uow())}


@bp.route("/staff/event-categories/<string(maxlength=40):code>", methods=["PUT"])
@guards.staff("categories.edit")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.EditCategorySchema)
@bp.response(200, s.EventCategorySchema, headers=ETAG)
def save_category(body: dict[str, Any], code: str) -> ResponseReturnValue:
    """Change a category; with `If-Match: "new"` make one."""
    found = settings.save_category(uow(), code, body, request.headers.get("If-Match"))
    return found, 200, {"ETag": quote_etag(found["etag"])}


@bp.route("/staff/clock-rules", methods=["GET"])
@guards.staff()
@bp.response(200, s.ShownClockRulesSchema, headers=ETAG)
def show_limits() -> ResponseReturnValue:
    """The limits set, and those that hold where none is set."""
    found = settings.limits(uow())
    return found, 200, {"ETag": quote_etag(found["etag"])}


@bp.route("/staff/clock-rules", methods=["PUT"])
@guards.staff("categories.edit")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.ClockRulesSchema)
@bp.response(200, s.ShownClockRulesSchema, headers=ETAG)
def save_limits(body: dict[str, Any]) -> ResponseReturnValue:
    """Put a whole list of limits in place; clocks that run keep theirs."""
    found = settings.save_limits(uow(), body["items"], request.headers.get("If-Match"))
    return found, 200, {"ETag": quote_etag(found["etag"])}
