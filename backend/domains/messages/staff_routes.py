"""The message log for those who look after delivery."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.domains.messages import log, log_export, readers, resending
from backend.domains.messages import log_schemas as s
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("message_log", "消息发送记录")

_FILE: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The workbook",
            "content": {log_export.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@bp.route("/staff/messages", methods=["GET"])
@staff("messages.view")
@bp.arguments(s.LogArgs, location="query")
@bp.response(200, s.LogPageSchema)
def show_log(query: dict[str, Any]) -> dict[str, Any]:
    """What was sent, newest first; by kind, state, channel, days, matter and person."""
    return log.list_log(uow(), **query)


@bp.route("/staff/messages/choices", methods=["GET"])
@staff("messages.view")
@bp.response(200, s.LogChoicesSchema)
def show_log_choices() -> dict[str, Any]:
    """Kinds, topics, states and channels, to filter by."""
    return log.choices()


@bp.route("/staff/messages/export", methods=["GET"])
@staff("messages.view")
@bp.doc(**_FILE)
@bp.arguments(s.LogExportArgs, location="query")
def export_log(query: dict[str, Any]) -> Response:
    """The same as a workbook, people masked; at most the newest 20 000."""
    sent = Response(log_export.workbook(uow(), query), mimetype=log_export.MEDIA_TYPE)
    sent.headers["Content-Disposition"] = "attachment; filename=messages.xlsx"
    sent.headers["Cache-Control"] = "no-store"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    return sent


@bp.route("/staff/messages/readers", methods=["POST"])
@staff("messages.view")
@mutation(replay=False)
@bp.arguments(s.ReaderQuerySchema)
@bp.response(200, s.ReaderListSchema)
def find_readers(body: dict[str, Any]) -> dict[str, Any]:
    """Whose number or name this is, masked; who looked and why is kept."""
    return readers.find(uow(), **body)


@bp.route("/staff/messages/<uuid:message_id>", methods=["GET"])
@staff("messages.view")
@bp.response(200, s.LoggedMessageDetailSchema)
def show_logged_message(message_id: UUID) -> dict[str, Any]:
    """One message with each attempt and its error, and whether it can be sent again."""
    return log.show(uow(), principal(), message_id)


@bp.route("/staff/messages/<uuid:message_id>/resends", methods=["POST"])
@staff(resending.PERMISSION)
@mutation
@bp.arguments(s.ResendSchema)
@bp.response(201, s.LoggedMessageDetailSchema)
def resend_message(body: dict[str, Any], message_id: UUID) -> dict[str, Any]:
    """Send the message again, for a reason; 409 with `doubts` where it may arrive twice."""
    return log.show(uow(), principal(), resending.resend(uow(), message_id, **body))
