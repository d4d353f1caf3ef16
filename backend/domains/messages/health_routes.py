"""Whether messages get through, and what residents allow, over HTTP."""

from typing import Any

from backend.domains.messages import consent_figures, health
from backend.domains.messages import health_schemas as s
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.guards import staff

bp = blueprint("message_health", "消息通道、订阅授权的情况")


@bp.route("/staff/message-health", methods=["GET"])
@staff("messages.view")
@bp.response(200, s.MessageHealthSchema)
def show_health() -> dict[str, Any]:
    """Channels, providers, tokens and what waits; the figures of the last hour."""
    return health.show(uow())


@bp.route("/staff/message-consents", methods=["GET"])
@staff("messages.view")
@bp.arguments(s.ConsentFiguresArgs, location="query")
@bp.response(200, s.ConsentFiguresSchema)
def show_consents(query: dict[str, Any]) -> dict[str, Any]:
    """What people granted, used and took back, by template and by day."""
    return consent_figures.show(uow(), query["from_"], query["to"])
