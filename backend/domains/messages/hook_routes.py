"""Groups and systems of staff over HTTP."""

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from backend.domains.messages import hook_schemas as s
from backend.domains.messages import hooks
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("staff_hooks", "工作群：发给工作人员的群和网址")
_HOOK = "/staff/message-hooks/<uuid:staff_hook_id>"


@bp.route("/staff/message-hooks", methods=["GET"])
@staff("messages.manage")
@bp.response(200, s.StaffHookListSchema)
def list_hooks() -> dict[str, Any]:
    """Every group and system with what became of its last message."""
    return hooks.listed(uow())


@bp.route("/staff/message-hooks", methods=["POST"])
@staff("messages.manage")
@mutation
@bp.arguments(s.NewStaffHookSchema)
@bp.response(201, s.StaffHookSchema, headers=ETAG)
def add_hook(body: dict[str, Any]) -> ResponseReturnValue:
    """Add one. Addresses on this machine or inside are refused."""
    return _answer(hooks.add(uow(), principal(), body), 201)


@bp.route(_HOOK, methods=["PUT"])
@staff("messages.manage")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.ChangeStaffHookSchema)
@bp.response(200, s.StaffHookSchema, headers=ETAG)
def change_hook(body: dict[str, Any], staff_hook_id: UUID) -> ResponseReturnValue:
    """Change one, or switch it off and on."""
    if_match = request.headers.get("If-Match")
    return _answer(hooks.change(uow(), staff_hook_id, body, if_match), 200)


@bp.route(f"{_HOOK}/tries", methods=["POST"])
@staff("messages.manage")
@mutation
@bp.response(202, s.StaffHookSchema)
def try_hook(staff_hook_id: UUID) -> dict[str, Any]:
    """Send one message there now."""
    return hooks.try_it(uow(), principal(), staff_hook_id)


def _answer(found: dict[str, Any], status: int) -> ResponseReturnValue:
    return found, status, {"ETag": quote_etag(found["etag"])}
