"""Operators' drafts over HTTP."""

import marshmallow as ma

from backend.http.schemas import Moment, Schema


class DraftSchema(Schema):
    """What was typed, as the desk's page keeps it."""

    key = ma.fields.String()
    body = ma.fields.Dict(keys=ma.fields.String())
    version = ma.fields.Integer()
    saved_at = Moment()


class DraftListSchema(Schema):
    """One's own drafts, the latest first."""

    items = ma.fields.List(ma.fields.Nested(DraftSchema))


class SaveDraftSchema(Schema):
    """`version` is the last one seen; 0 for a new draft."""

    body = ma.fields.Dict(keys=ma.fields.String(), required=True)
    version = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(min=0, error="不能小于0")
    )
