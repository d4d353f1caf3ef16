"""The administrator's list of Open311 keys."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from backend.domains.open311 import keys
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.guards import staff
from backend.http.mutation import mutation
from backend.http.schemas import Moment, Schema, ShortText

bp = blueprint("api_keys", "开放接口密钥：可以通过 Open311 上报的应用")


class KeySchema(Schema):
    """A key; `hint` is how it begins."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    hint = ma.fields.String(required=True)
    created_at = Moment(required=True)
    used_at = Moment(required=True, allow_none=True)
    revoked_at = Moment(required=True, allow_none=True)


class KeysSchema(Schema):
    """All keys, newest first."""

    items = ma.fields.List(ma.fields.Nested(KeySchema), required=True)


class NewKeySchema(Schema):
    """Which application the key is for."""

    name = ShortText(60, required=True)


class IssuedKeySchema(KeySchema):
    """A fresh key with its secret, told once."""

    key = ma.fields.String(required=True)


@bp.route("/staff/api-keys", methods=["GET"])
@staff("api_keys.edit")
@bp.response(200, KeysSchema)
def list_keys() -> dict[str, Any]:
    """Which applications may report."""
    return {"items": [keys.view(row) for row in keys.listed(uow())]}


@bp.route("/staff/api-keys", methods=["POST"])
@staff("api_keys.edit")
@mutation(replay=False)
@bp.arguments(NewKeySchema)
@bp.response(201, IssuedKeySchema)
def issue_key(body: dict[str, Any]) -> dict[str, Any]:
    """A new key; its secret is told once."""
    row, key = keys.issue(uow(), body["name"])
    return {**keys.view(row), "key": key}


@bp.route("/staff/api-keys/<uuid:key_id>/revocations", methods=["POST"])
@staff("api_keys.edit")
@mutation
@bp.response(200, KeySchema)
def revoke_key(key_id: UUID) -> dict[str, Any]:
    """Stop a key at once."""
    return keys.view(keys.revoke(uow(), key_id))
