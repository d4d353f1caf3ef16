"""What staff send and get around limits of bookings."""

import marshmallow as ma

from backend.domains.appointments.schemas import one_of
from backend.http.schemas import Schema

_MOST = ma.validate.Range(1, 100, error="数目在1到100之间")


class BookingLimitSchema(Schema):
    """A limit; without hall, group and item it holds everywhere."""

    id = ma.fields.UUID()
    hall_id = ma.fields.UUID(allow_none=True)
    hall_name = ma.fields.String()
    group = ma.fields.String(allow_none=True)
    group_name = ma.fields.String()
    item_id = ma.fields.UUID(allow_none=True)
    item_name = ma.fields.String()
    per = ma.fields.String(validate=one_of("day", "week", "live"))
    per_text = ma.fields.String()
    most = ma.fields.Integer()
    can_edit = ma.fields.Boolean()


class BuiltInLimitSchema(Schema):
    """What holds everywhere while nobody set another number."""

    per = ma.fields.String(validate=one_of("day", "week", "live"))
    per_text = ma.fields.String()
    most = ma.fields.Integer()


class BookingLimitListSchema(Schema):
    """All limits; `everywhere` says whether the one who looks may set one for the district."""

    items = ma.fields.List(ma.fields.Nested(BookingLimitSchema))
    built_in = ma.fields.List(ma.fields.Nested(BuiltInLimitSchema))
    most_as_agent = ma.fields.Integer()
    everywhere = ma.fields.Boolean()


class NewBookingLimitSchema(Schema):
    """How many, over what, where."""

    hall_id = ma.fields.UUID(load_default=None, allow_none=True)
    group = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Length(1, 32, error="太长了")
    )
    item_id = ma.fields.UUID(load_default=None, allow_none=True)
    per = ma.fields.String(required=True, validate=one_of("day", "week", "live"))
    most = ma.fields.Integer(required=True, strict=True, validate=_MOST)


class BookingLimitMostSchema(Schema):
    """Another number."""

    most = ma.fields.Integer(required=True, strict=True, validate=_MOST)
