"""What machines at the door send and get, and what a hall sees of them."""

import marshmallow as ma

from backend.http.schemas import Moment, Schema, ShortText


class KioskSchema(Schema):
    """A machine; `seen_at` is when it last asked for something."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    made_at = Moment()
    seen_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)


class KioskListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(KioskSchema))


class NewKioskSchema(Schema):
    """How people call it, for example by where it stands."""

    name = ShortText(50, required=True)


class MadeKioskSchema(KioskSchema):
    """A fresh machine with its key, told once."""

    key = ma.fields.String()


class KioskHallSchema(Schema):
    """Where the machine stands."""

    id = ma.fields.UUID()
    name = ma.fields.String()


class KioskGroupSchema(Schema):
    """A kind of business done here, and its queue now."""

    code = ma.fields.String()
    name = ma.fields.String()
    waiting = ma.fields.Integer()
    wait_minutes = ma.fields.Integer(allow_none=True)


class KioskItemSchema(Schema):
    """Something that is done here at a window."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    group = ma.fields.String()


class KioskHomeSchema(Schema):
    """What the machine shows first."""

    hall = ma.fields.Nested(KioskHallSchema)
    groups = ma.fields.List(ma.fields.Nested(KioskGroupSchema))
    items = ma.fields.List(ma.fields.Nested(KioskItemSchema))
    now = Moment()


class KioskWalkInSchema(Schema):
    """One item or one kind of business; who it is only where she says so."""

    item_id = ma.fields.UUID(load_default=None, allow_none=True)
    group = ShortText(32, needed=False, load_default=None, allow_none=True)
    name = ShortText(40, needed=False, load_default="")
    id_number = ShortText(40, needed=False, load_default="")


class KioskTicketSchema(Schema):
    """What is shown and spoken; `start` is null without a booking, `windows` those open for her."""

    ticket_no = ma.fields.String()
    group_name = ma.fields.String()
    item_name = ma.fields.String()
    name = ma.fields.String(metadata={"description": "masked; empty where nobody is known"})
    start = Moment(allow_none=True)
    ahead = ma.fields.Integer()
    wait_minutes = ma.fields.Integer(allow_none=True)
    windows = ma.fields.List(ma.fields.Integer())
