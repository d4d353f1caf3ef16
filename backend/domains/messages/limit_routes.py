"""Caps and rates of delivery over HTTP."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from backend.domains.messages import limit_schemas as s
from backend.domains.messages import limit_settings
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import uow
from backend.http.mutation import mutation

bp = blueprint("message_limits", "消息限额：一人一天几条、通道多快")


@bp.route("/staff/message-limits", methods=["GET"])
@guards.staff(limit_settings.VIEW)
@bp.response(200, s.ShownMessageLimitsSchema, headers=ETAG)
def show() -> ResponseReturnValue:
    """The caps and rates set, and those that hold where none is set."""
    return _answer(limit_settings.shown(uow()))


@bp.route("/staff/message-limits", methods=["PUT"])
@guards.staff(limit_settings.PERMISSION)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.MessageLimitsSchema)
@bp.response(200, s.ShownMessageLimitsSchema, headers=ETAG)
def save(body: dict[str, Any]) -> ResponseReturnValue:
    """Put caps and rates in place of those before; workers know within seconds."""
    return _answer(limit_settings.save(uow(), body, request.headers.get("If-Match")))


def _answer(found: dict[str, Any]) -> ResponseReturnValue:
    return found, 200, {"ETag": quote_etag(found["etag"])}
