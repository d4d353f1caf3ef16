"""The district's working days over HTTP."""

from datetime import date, datetime
from typing import Any

from backend.domains.appointments import workday_schemas as s
from backend.domains.appointments import workdays
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.mutation import mutation
from backend.kernel.errors import NotFound

bp = blueprint("workdays", "工作日历：本区的上班日和休息日")


@bp.route("/staff/workdays", methods=["GET"])
@guards.staff()
@bp.arguments(s.WorkdayQuerySchema, location="query")
@bp.response(200, s.WorkdayListSchema)
def list_workdays(query: dict[str, Any]) -> dict[str, Any]:
    """Days with what the state published and what the district decided."""
    return {"items": workdays.shown(uow(), principal(), query["first"], query["last"])}


@bp.route("/staff/workdays/<string(maxlength=10):day>", methods=["PUT"])
@guards.staff(workdays.PERMISSION)
@mutation
@bp.arguments(s.WorkdayDecisionSchema)
@bp.response(200, s.WorkdaySchema)
def decide_workday(body: dict[str, Any], day: str) -> dict[str, Any]:
    """Work or rest on a day; refused while people are booked on a day that would be shut."""
    return workdays.decide(
        uow(), principal(), _day(day), working=body["working"], note=body["note"]
    )


@bp.route("/staff/workdays/<string(maxlength=10):day>", methods=["DELETE"])
@guards.staff(workdays.PERMISSION)
@mutation
@bp.response(200, s.WorkdaySchema)
def leave_workday(day: str) -> dict[str, Any]:
    """Leave a day to the national calendar again."""
    return workdays.leave_to_nation(uow(), principal(), _day(day))


def _day(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise NotFound(detail="日期应像 2026-11-23") from None
    if not 2000 <= day.year < 2200:
        raise NotFound(detail="日期应在 2000 年到 2199 年之间")
    return day
