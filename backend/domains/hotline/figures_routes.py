"""The hotline's figures for staff: the live board, reports, their workbook."""

from typing import Any

from flask import Response

from backend.domains.hotline import board, busy_hour, report_export, reports
from backend.domains.hotline import figures_schemas as s
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, services, uow

bp = blueprint("hotline_figures", "12345 热线：实时看板、三率报表")

_FILE: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The workbook",
            "content": {
                report_export.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
}


@bp.route("/staff/hotline-board", methods=["GET"])
@guards.staff(board.PERMISSION)
@bp.response(200, s.HotlineBoardSchema)
def show_board() -> dict[str, Any]:
    """Who waits and speaks now, how calls were taken today, how the units do."""
    return board.show(uow())


@bp.route("/staff/hotline-reports", methods=["GET"])
@guards.staff(reports.PERMISSION)
@bp.arguments(s.ReportQuerySchema, location="query")
@bp.response(200, s.HotlineReportSchema)
def show_report(query: dict[str, Any]) -> dict[str, Any]:
    """三率 of the tickets that came in on these days, by unit, category or street."""
    return reports.make(uow(), principal(), query["from_"], query["to"], query["group"])


@bp.route("/staff/hotline-reports/export", methods=["GET"])
@guards.staff(reports.PERMISSION)
@bp.doc(**_FILE)
@bp.arguments(s.WorkbookQuerySchema, location="query")
def export_report(query: dict[str, Any]) -> Response:
    """The same as a workbook, with what each rate counts."""
    report = reports.make(uow(), principal(), query["from_"], query["to"], query["group"])
    sent = Response(report_export.workbook(report), mimetype=report_export.MEDIA_TYPE)
    name = f"hotline-{query['from_']}-{query['to']}.xlsx"
    sent.headers["Content-Disposition"] = f"attachment; filename={name}"
    sent.headers["Cache-Control"] = "no-store"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    return sent


@bp.route("/staff/hotline-reports/busy-hour", methods=["GET"])
@guards.staff(reports.PERMISSION)
@bp.response(200, s.BusyHourSchema)
def show_busy_hour() -> dict[str, Any]:
    """What operators waited for in the last simulated busy hour."""
    return busy_hour.read(services())
