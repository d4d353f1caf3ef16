"""What is sent and answered at the door and about the hall itself."""

import marshmallow as ma

from backend.http.schemas import Schema, ShortText


class GroupChoiceSchema(Schema):
    """A kind of business done in this hall, and how long one waits for it now."""

    code = ma.fields.String()
    name = ma.fields.String()
    waiting_count = ma.fields.Integer()
    wait_minutes = ma.fields.Integer(allow_none=True)


class GroupChoiceListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(GroupChoiceSchema))


class WalkInSchema(Schema):
    """One item or one kind of business; who it is only where she says so."""

    item_id = ma.fields.UUID(load_default=None, allow_none=True)
    group = ShortText(32, needed=False, load_default=None, allow_none=True)
    name = ShortText(40, needed=False, load_default="")
    id_number = ShortText(40, needed=False, load_default="")
    priority = ma.fields.Boolean(load_default=False)


class TicketTransferSchema(Schema):
    """To one window, or to everybody who does this kind of business."""

    window_id = ma.fields.UUID(load_default=None, allow_none=True)
    group = ShortText(32, needed=False, load_default=None, allow_none=True)
    version = ma.fields.Integer(load_default=None, strict=True)
