"""The telephone side over HTTP: the exchange's events, its keys, the operator's own call."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from backend.domains.hotline import calls, cti_keys, history
from backend.domains.hotline import schemas_calls as s
from backend.domains.hotline.schemas import TicketCardSchema
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_NONE_MATCH, NOT_CHANGED, answer_unless_seen
from backend.http.context import principal, uow
from backend.http.guards import public, staff
from backend.http.mutation import mutation
from backend.http.problems import flatten
from backend.kernel.errors import Forbidden, Invalid

plain = Blueprint("cti", __name__, url_prefix="/cti/v1")
bp = blueprint("hotline_calls", "热线电话：来电、座席、接口密钥")
CurrentCallSchema = s.current_schema(TicketCardSchema)
_EVENT = s.CtiEventSchema()


def staff_id() -> UUID:
    """The signed-in member of staff (the guards make sure there is one)."""
    found = principal().actor.id
    assert found is not None
    return found


@plain.post("/events")
@public
@mutation(replay=False)
def tell() -> Response:
    """An event of the exchange, with `X-Api-Key`; the same (call_id, event) again has no effect."""
    key = cti_keys.find(uow(), request.headers.get("X-Api-Key", "")[:200])
    if key is None:
        raise Forbidden(
            "bad_api_key", title="接口密钥不对", detail="请带上有效的 X-Api-Key",
            action="请联系系统管理员核对密钥",
        )  # fmt: skip
    try:
        told = _EVENT.load(request.get_json(silent=True) or {})
    except ma.ValidationError as error:
        raise Invalid(fields=flatten(error.messages)) from None
    row = calls.tell(uow(), **told)
    key.used_at = uow().now
    uow().session.flush()
    return jsonify(call_id=row.external_id, state=row.state)


@bp.route("/staff/cti-keys", methods=["GET"])
@staff("api_keys.edit")
@bp.response(200, s.CtiKeysSchema)
def list_keys() -> dict[str, Any]:
    """Which telephone systems may tell of calls."""
    return {"items": [cti_keys.view(row) for row in cti_keys.listed(uow())]}


@bp.route("/staff/cti-keys", methods=["POST"])
@staff("api_keys.edit")
@mutation(replay=False)
@bp.arguments(s.NewCtiKeySchema)
@bp.response(201, s.IssuedCtiKeySchema)
def issue_key(body: dict[str, Any]) -> dict[str, Any]:
    """A new key; its secret is told once."""
    row, key = cti_keys.issue(uow(), body["name"])
    return {**cti_keys.view(row), "key": key}


@bp.route("/staff/cti-keys/<uuid:cti_key_id>/revocations", methods=["POST"])
@staff("api_keys.edit")
@mutation
@bp.response(200, s.CtiKeySchema)
def revoke_key(cti_key_id: UUID) -> dict[str, Any]:
    """Stop a key at once."""
    return cti_keys.view(cti_keys.revoke(uow(), cti_key_id))


@bp.route("/staff/calls/current", methods=["GET"])
@staff("tickets.intake")
@bp.doc(parameters=[IF_NONE_MATCH])
@bp.alt_response(304, description=NOT_CHANGED, headers=ETAG)
@bp.response(200, CurrentCallSchema, headers=ETAG)
def show_current() -> ResponseReturnValue:
    """What rings or is spoken at one's place, with the caller's history; made to be asked often."""
    return answer_unless_seen(history.current(uow(), principal(), staff_id()))


@bp.route("/staff/calls/agent", methods=["PUT"])
@staff("tickets.intake")
@mutation
@bp.arguments(s.SetHotlineAgentSchema)
@bp.response(200, s.HotlineAgentSchema)
def set_agent(body: dict[str, Any]) -> dict[str, Any]:
    """Take calls, pause, or leave."""
    return calls.set_agent(uow(), staff_id(), body["state"])


@bp.route("/staff/calls/<uuid:call_id>/answer", methods=["POST"])
@staff("tickets.intake")
@mutation
@bp.response(200, CurrentCallSchema)
def answer(call_id: UUID) -> dict[str, Any]:
    """Pick up by the soft phone; the first operator wins."""
    calls.answer(uow(), staff_id(), call_id)
    return history.current(uow(), principal(), staff_id())


@bp.route("/staff/calls/<uuid:call_id>/end", methods=["POST"])
@staff("tickets.intake")
@mutation
@bp.response(200, s.PhoneCallSchema)
def end(call_id: UUID) -> dict[str, Any]:
    """Hang up by the soft phone."""
    return history.shown(uow(), staff_id(), calls.end(uow(), staff_id(), call_id))
