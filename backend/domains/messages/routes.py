"""Inbox and consents of the signed-in resident."""

from typing import Any
from uuid import UUID

from backend.domains.messages import choices, grants, service
from backend.domains.messages import schemas as s
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
@bp.arguments(s.InboxArgs, location="query")
@bp.response(200, s.InboxSchema)
def show_inbox(query: dict[str, Any]) -> dict[str, Any]:
    """The resident's messages, newest first; by topic, or only what is unread."""
    return service.list_inbox(uow(), _me(), **query)


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
@bp.arguments(s.ReadAllArgs)
@bp.response(200, s.ReadAllSchema)
def read_all_messages(body: dict[str, Any]) -> dict[str, int]:
    """Mark all messages read, or those of a topic."""
    done = service.read_all(uow(), _me(), body["topic"])
    return {"read": done, "unread": service.unread(uow(), _me())}


@bp.route("/me/message-settings", methods=["GET"])
@resident
@bp.response(200, s.MessageSettingsSchema)
def show_message_settings() -> dict[str, Any]:
    """What the resident is told about by WeChat and text message, topic by topic."""
    return choices.show(uow(), _me())


@bp.route("/me/message-settings", methods=["PATCH"])
@resident
@mutation
@bp.arguments(s.MessageChoiceSchema)
@bp.response(200, s.MessageSettingsSchema)
def change_message_settings(body: dict[str, Any]) -> dict[str, Any]:
    """Mute a topic one way, or tell it again. Calls and changes are told all the same."""
    choices.choose(uow(), _me(), **body)
    return choices.show(uow(), _me())


@bp.route("/me/notification-grants", methods=["GET"])
@resident
@bp.response(200, s.GrantListSchema)
def show_grants() -> dict[str, Any]:
    """How many WeChat reminders of each kind the resident still allows."""
    return {"items": grants.show(uow(), _me())}


@bp.route("/me/notification-grants", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ConsentReportSchema)
@bp.response(200, s.GrantListSchema)
def report_grants(body: dict[str, Any]) -> dict[str, Any]:
    """Report what the resident answered to WeChat's subscribe question."""
    grants.report(uow(), _me(), body["results"])
    return {"items": grants.show(uow(), _me())}


@bp.route("/me/notification-withdrawals", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ConsentWithdrawalSchema)
@bp.response(200, s.GrantListSchema)
def withdraw_grants(body: dict[str, Any]) -> dict[str, Any]:
    """Take back consents to WeChat reminders; nothing more is sent on them."""
    grants.withdraw(uow(), _me(), body["template_ids"])
    return {"items": grants.show(uow(), _me())}


@bp.route("/me/notification-history", methods=["GET"])
@resident
@bp.arguments(PageArgs, location="query")
@bp.response(200, s.ConsentHistorySchema)
def show_grant_history(page: dict[str, Any]) -> dict[str, Any]:
    """What became of the resident's consents: given, used, withdrawn; newest first."""
    return grants.history(uow(), _me(), **page)
