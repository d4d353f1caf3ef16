"""The words of messages for those who look after them."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from backend.domains.messages import template_editing as editing
from backend.domains.messages import template_schemas as s
from backend.domains.messages import template_view
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("message_templates", "消息模板")
_KIND = "/staff/message-templates/<string(maxlength=60):message_kind>"


@bp.route("/staff/message-templates", methods=["GET"])
@staff(editing.VIEW)
@bp.arguments(s.FreshArgs, location="query")
@bp.response(200, s.MessageKindListSchema)
def list_message_kinds(query: dict[str, Any]) -> dict[str, Any]:
    """All kinds of message by topic, and whether their templates agree with WeChat's."""
    return template_view.overview(uow(), fresh=query["fresh"])


@bp.route(_KIND, methods=["GET"])
@staff(editing.VIEW)
@bp.arguments(s.FreshArgs, location="query")
@bp.response(200, s.MessageKindDetailSchema, headers=ETAG)
def show_message_kind(query: dict[str, Any], message_kind: str) -> ResponseReturnValue:
    """One kind with its built-in words and every version of them."""
    return _answer(editing.show(uow(), message_kind, fresh=query["fresh"]))


@bp.route(f"{_KIND}/previews", methods=["POST"])
@staff(editing.VIEW)
@bp.arguments(s.TemplateTrySchema)
@bp.response(200, s.TemplatePreviewSchema)
def preview_message(body: dict[str, Any], message_kind: str) -> dict[str, Any]:
    """What words would look like on a phone, and what is wrong with them; nothing is kept."""
    return editing.try_out(uow(), message_kind, body["texts"])


@bp.route(f"{_KIND}/drafts", methods=["POST"])
@staff(editing.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.TemplateDraftSchema)
@bp.response(200, s.MessageKindDetailSchema, headers=ETAG)
def save_message_draft(body: dict[str, Any], message_kind: str) -> ResponseReturnValue:
    """Keep new words as a draft; words that cannot be sent are refused, field by field."""
    found = editing.save_draft(uow(), message_kind, body["texts"], body["note"], _seen())
    return _answer(found)


@bp.route(f"{_KIND}/activations", methods=["POST"])
@staff(editing.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.TemplateUseSchema)
@bp.response(200, s.MessageKindDetailSchema, headers=ETAG)
def use_message_draft(body: dict[str, Any], message_kind: str) -> ResponseReturnValue:
    """Say it with the draft from now on; messages already written keep their words."""
    return _answer(editing.activate(uow(), message_kind, body["version"], _seen()))


@bp.route(f"{_KIND}/drafts", methods=["DELETE"])
@staff(editing.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.response(200, s.MessageKindDetailSchema, headers=ETAG)
def discard_message_draft(message_kind: str) -> ResponseReturnValue:
    """Throw the draft away."""
    return _answer(editing.discard(uow(), message_kind, _seen()))


@bp.route(f"{_KIND}/resets", methods=["POST"])
@staff(editing.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.response(200, s.MessageKindDetailSchema, headers=ETAG)
def reset_message_words(message_kind: str) -> ResponseReturnValue:
    """Go back to the built-in words."""
    return _answer(editing.reset(uow(), message_kind, _seen()))


def _seen() -> str | None:
    return request.headers.get("If-Match")


def _answer(found: dict[str, Any]) -> ResponseReturnValue:
    return found, 200, {"ETag": quote_etag(found["etag"])}
