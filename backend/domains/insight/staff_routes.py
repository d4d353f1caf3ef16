"""Hot issues over HTTP."""

from typing import Any

from backend.domains.insight import schemas as s
from backend.domains.insight import service
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.mutation import mutation

bp = blueprint("staff_insight", "热点问题：许多人说的同一件事")


@bp.route("/staff/hot-issues", methods=["GET"])
@guards.staff(service.PERMISSION)
@bp.arguments(s.HotIssueQuerySchema, location="query")
@bp.response(200, s.HotIssueDaySchema)
def list_hot_issues(query: dict[str, Any]) -> dict[str, Any]:
    """The hot issues of a day within one's streets."""
    return service.day(uow(), principal(), query["date"])


@bp.route("/staff/hot-issues/runs", methods=["POST"])
@guards.staff("events.dispatch")
@mutation
@bp.response(202, s.HotIssueRunSchema)
def find_hot_issues() -> dict[str, Any]:
    """Have today's hot issues found anew; the worker does it within a minute or two."""
    return service.ask_for_run(uow())
