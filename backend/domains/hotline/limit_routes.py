"""Limits of tickets' clocks and targets of the rates over HTTP."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from backend.domains.hotline import limit_settings
from backend.domains.hotline import schemas_limits as s
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, uow
from backend.http.mutation import mutation

bp = blueprint("ticket_limits", "12345热线：工单时限、三率目标")


@bp.route("/staff/ticket-limits", methods=["GET"])
@guards.staff(limit_settings.PERMISSION)
@bp.response(200, s.ShownTicketLimitsSchema, headers=ETAG)
def show() -> ResponseReturnValue:
    """The limits and targets set, and the limits that hold where none is set."""
    return _answer(limit_settings.shown(uow()))


@bp.route("/staff/ticket-limits", methods=["PUT"])
@guards.staff(limit_settings.PERMISSION)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.TicketLimitsSchema)
@bp.response(200, s.ShownTicketLimitsSchema, headers=ETAG)
def save(body: dict[str, Any]) -> ResponseReturnValue:
    """Put limits and targets in place of those before; clocks that run keep theirs."""
    if_match = request.headers.get("If-Match")
    return _answer(limit_settings.save(uow(), principal(), body, if_match))


def _answer(found: dict[str, Any]) -> ResponseReturnValue:
    return found, 200, {"ETag": quote_etag(found["etag"])}
