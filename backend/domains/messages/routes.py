"""Inbox and consents of the signed-in resident."""

from typing import Any
from uuid import UUID

from backend.domains.messages import schemas as s
from backend.domains.messages import service
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import resident
from backend.http.mutation import mutation
from backend.http.schemas import PageArgs

bp = blueprint("messages", "站内消息和订阅授权")


def _me() -> UUID:
    person_id = principal().actor.id
    assert person_id is not None
    return person_id


@bp.route("/messages", methods=["GET"])
@resident
@bp.arguments(PageArgs, location="query")
@bp.response(200, s.InboxSchema)
def show_inbox(page: dict[str, Any]) -> dict[str, Any]:
    """The resident's messages, newest first."""
    return service.list_inbox(uow(), _me(), **page)


@bp.route("/messages/<uuid:message_id>/read", methods=["POST"])
@resident
@mutation
@bp.response(200, s.MessageSchema)
def read_message(message_id: UUID) -> Any:
    """Mark one message read."""
    return service.read(uow(), _me(), message_id)


@bp.route("/messages/read-all", methods=["POST"])
@resident
@mutation
@bp.response(200, s.ReadAllSchema)
def read_all_messages() -> dict[str, int]:
    """Mark all messages read."""
    return {"read": service.read_all(uow(), _me()), "unread": 0}


@bp.route("/me/notification-grants", methods=["GET"])
@resident
@bp.response(200, s.GrantListSchema)
def show_grants() -> dict[str, Any]:
    """How many WeChat reminders of each kind the resident still allows."""
    return {"items": service.grants(uow(), _me())}


@bp.route("/me/notification-grants", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ConsentReportSchema)
@bp.response(200, s.GrantListSchema)
def report_grants(body: dict[str, Any]) -> dict[str, Any]:
    """Report what the resident answered to WeChat's subscribe question."""
    service.report_consent(uow(), _me(), body["results"])
    return {"items": service.grants(uow(), _me())}
