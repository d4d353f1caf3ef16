"""The message log for those who look after delivery."""

from typing import Any
from uuid import UUID

from backend.domains.messages import log
from backend.domains.messages import schemas as s
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.guards import staff

bp = blueprint("message_log", "消息发送记录")


@bp.route("/staff/messages", methods=["GET"])
@staff("messages.view")
@bp.arguments(s.LogArgs, location="query")
@bp.response(200, s.LogPageSchema)
def show_log(query: dict[str, Any]) -> dict[str, Any]:
    """What was sent, newest first; by kind, state and channel."""
    return log.list_log(uow(), **query)


@bp.route("/staff/messages/<uuid:message_id>", methods=["GET"])
@staff("messages.view")
@bp.response(200, s.LoggedMessageDetailSchema)
def show_logged_message(message_id: UUID) -> dict[str, Any]:
    """One message with each attempt and its error."""
    return log.show(uow(), message_id)
