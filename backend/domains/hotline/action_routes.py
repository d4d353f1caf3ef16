"""Everything staff do with tickets over HTTP; each act answers the ticket as it is then."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from backend.domains.hotline import access, acting, detail_view
from backend.domains.hotline.acting import Action
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.schemas import TicketDetailSchema
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("ticket_actions", "12345热线：受理、派单、办理、审核、回访、督办")
_guard = staff()


def _add(root: str, kind: str, table: Mapping[str, Action]) -> None:
    for name, action in table.items():
        _one(root, kind, name, action)


def _one(root: str, kind: str, name: str, action: Action) -> None:
    argument = f"{kind}_id"

    @_guard
    @mutation
    @bp.arguments(action.schema)
    @bp.response(200, TicketDetailSchema, headers=ETAG)
    def take(body: dict[str, Any], **ids: UUID) -> ResponseReturnValue:
        ticket_id = action.act(uow(), principal(), ids[argument], body)
        # The viewer may have lost sight of it by this very act: it is shown once more.
        ticket = uow().session.get_one(Ticket, ticket_id, populate_existing=True)
        found = detail_view.shown(uow(), access.Viewer(uow(), principal(), ticket))
        return found, 200, {"ETag": f'"{found["version"]}"'}

    take.__doc__ = action.promise
    path = f"{root}/<uuid:{argument}>/{name}"
    bp.route(path, methods=["POST"], endpoint=f"{kind}-{name}")(take)


_add("/staff/tickets", "ticket", acting.TICKET)
_add("/staff/ticket-requests", "ticket_request", acting.REQUEST)
_add("/staff/ticket-orders", "ticket_order", acting.ORDER)
