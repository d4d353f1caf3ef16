"""What residents and staff send and get around shared rooms and places."""

from typing import Any

import marshmallow as ma

from backend.domains.neighbourhood.resource_model import KIND_TEXT
from backend.domains.neighbourhood.schemas import (
    ActivityPointSchema,
    CommunityNameSchema,
    Latitude,
    Longitude,
    one_of,
)
from backend.http.schemas import Code, Day, Moment, PageArgs, Schema, ShortText, page_schema


class ResourceQuerySchema(Schema):
    """Of one community; of one's own otherwise."""

    area = ma.fields.UUID(load_default=None)


class ResourceCardSchema(Schema):
    """A shared room or place."""

    id = ma.fields.UUID()
    kind = Code(KIND_TEXT)
    kind_text = ma.fields.String()
    name = ma.fields.String()
    unit_name = ma.fields.String()
    address = ma.fields.String()
    area = ma.fields.Nested(CommunityNameSchema)
    open = ma.fields.Boolean()
    next_free = Moment(allow_none=True)


class ResourceListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(ResourceCardSchema))


class ResourceSchema(ResourceCardSchema):
    """One, with how it is used and whether the viewer may book."""

    words = ma.fields.String()
    gcj02 = ma.fields.Nested(ActivityPointSchema)
    cancel_minutes = ma.fields.Integer()
    can_book = ma.fields.Boolean()
    next_text = ma.fields.String()


class ResourceDaySchema(Schema):
    """A day of the strip."""

    date = ma.fields.Date()
    status = Code(("open", "full", "closed", "not_released"))
    remaining = ma.fields.Integer()


class ResourceDaysSchema(Schema):
    """The days that can be booked, and a few more."""

    items = ma.fields.List(ma.fields.Nested(ResourceDaySchema))


class ResourceSlotQuerySchema(Schema):
    """Of which day."""

    date = Day(required=True)


class ResourceSlotSchema(Schema):
    """A time of a day."""

    id = ma.fields.UUID()
    start = Moment()
    end = Moment()
    remaining = ma.fields.Integer()
    status = Code(("open", "full", "past"))


class ResourceSlotsSchema(Schema):
    """The times of a day."""

    items = ma.fields.List(ma.fields.Nested(ResourceSlotSchema))


class BookResourceSchema(Schema):
    """Which time, and what for."""

    slot_id = ma.fields.UUID(required=True)
    purpose = ShortText(100, required=True)


class ResourceBookingSchema(Schema):
    """One's own booking."""

    id = ma.fields.UUID()
    resource_id = ma.fields.UUID()
    name = ma.fields.String()
    address = ma.fields.String()
    start = Moment()
    end = Moment()
    purpose = ma.fields.String()
    state_text = ma.fields.String()
    reason = ma.fields.String()
    can_cancel = ma.fields.Boolean()
    cancel_until = Moment()


ResourceBookingPageSchema: Any = page_schema(ResourceBookingSchema)


class BookingPageArgsSchema(PageArgs):
    """One's own bookings, the latest first."""


class EditResourceSchema(Schema):
    """The description of a shared place; the point is WGS-84."""

    area_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=one_of(*KIND_TEXT))
    name = ShortText(60, required=True)
    unit_name = ShortText(60, required=True)
    words = ShortText(1000, required=True, lines=True)
    address = ShortText(200, required=True)
    latitude = Latitude(required=True)
    longitude = Longitude(required=True)
    open = ma.fields.Boolean(load_default=True)
    cancel_minutes = ma.fields.Integer(
        load_default=120, strict=True,
        validate=ma.validate.Range(0, 7 * 24 * 60, error="应在0到10080分钟之间"),
    )  # fmt: skip
    days_ahead = ma.fields.Integer(
        load_default=7, strict=True, validate=ma.validate.Range(1, 14, error="应在1到14天之间")
    )


class ResourceWeekRowSchema(Schema):
    """A row of the week: `capacity` bookings at a time."""

    weekday = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 7, error="应在1到7之间")
    )
    start = ma.fields.Time(required=True, format="%H:%M")
    end = ma.fields.Time(required=True, format="%H:%M")
    slot_minutes = ma.fields.Integer(
        required=True, strict=True,
        validate=ma.validate.Range(15, 240, error="应在15到240分钟之间"),
    )  # fmt: skip
    capacity = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 500, error="应在1到500之间")
    )


class ResourceWeekSchema(Schema):
    """All rows of the week."""

    items = ma.fields.List(
        ma.fields.Nested(ResourceWeekRowSchema), required=True,
        validate=ma.validate.Length(max=100, error="最多100行"),
    )  # fmt: skip


class StaffResourceSchema(ResourceCardSchema):
    """As staff edit it."""

    words = ma.fields.String()
    latitude = ma.fields.Float()
    longitude = ma.fields.Float()
    cancel_minutes = ma.fields.Integer()
    days_ahead = ma.fields.Integer()
    week = ma.fields.List(ma.fields.Nested(ResourceWeekRowSchema))
    version = ma.fields.Integer()


class StaffResourceListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(StaffResourceSchema))


class CloseDaySchema(Schema):
    """Nobody can use it that day."""

    date = Day(required=True)
    reason = ShortText(200, required=True)


class ClosedDaySchema(Schema):
    """How many bookings that cancelled."""

    date = ma.fields.Date()
    cancelled = ma.fields.Integer()


class LifeReasonSchema(Schema):
    """Why; whoever is concerned is told."""

    reason = ShortText(200, required=True)


class StaffBookingSchema(Schema):
    """Who has the place when."""

    id = ma.fields.UUID()
    start = Moment()
    end = Moment()
    name = ma.fields.String()
    purpose = ma.fields.String()
    state_text = ma.fields.String()
    can = ma.fields.List(Code(("cancel",)))


class StaffBookingListSchema(Schema):
    """A day's bookings."""

    items = ma.fields.List(ma.fields.Nested(StaffBookingSchema))
