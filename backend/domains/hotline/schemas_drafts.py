"""Operators' drafts over HTTP."""

import marshmallow as ma

from backend.http.schemas import Moment, Schema


class TicketDraftSchema(Schema):
    """What was typed, as the desk's page keeps it; version 0 where nothing is kept yet."""

    key = ma.fields.String()
    body = ma.fields.Dict(keys=ma.fields.String())
    version = ma.fields.Integer()
    saved_at = Moment(allow_none=True)


class TicketDraftListSchema(Schema):
    """One's own drafts, the latest first."""

    items = ma.fields.List(ma.fields.Nested(TicketDraftSchema))


class SaveTicketDraftSchema(Schema):
    """`version` is the last one seen; 0 for a new draft."""

    body = ma.fields.Dict(keys=ma.fields.String(), required=True)
    version = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(min=0, error="不能小于0")
    )
