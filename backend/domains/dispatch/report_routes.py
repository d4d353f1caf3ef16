"""Reports over HTTP."""

from typing import Any

from backend.domains.dispatch import report
from backend.domains.dispatch import report_schemas as s
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow

bp = blueprint("event_reports", "事件日报、热力图")


@bp.route("/staff/reports/daily", methods=["GET"])
@guards.staff(report.PERMISSION)
@bp.arguments(s.DailyQuerySchema, location="query")
@bp.response(200, s.DailyReportSchema)
def show_daily(query: dict[str, Any]) -> dict[str, Any]:
    """A day in numbers: calls, response, escalations, overdue, load, satisfaction."""
    return report.daily(uow(), principal(), query["date"], query["street"])


@bp.route("/staff/reports/heat", methods=["GET"])
@guards.staff(report.PERMISSION)
@bp.arguments(s.HeatQuerySchema, location="query")
@bp.response(200, s.HeatSchema)
def show_heat(query: dict[str, Any]) -> dict[str, Any]:
    """Calls of some days by cell and by square of about 100 m."""
    return report.heat(uow(), principal(), query)
