"""What residents and the hall's staff send and get around the waitlist and kept places."""

from typing import Any

import marshmallow as ma

from backend.domains.appointments.schemas import (
    HallBriefSchema,
    NamedItemSchema,
    NameSchema,
    one_of,
)
from backend.http.schemas import Day, Moment, Schema

CLOCK = "%H:%M"


class JoinSchema(Schema):
    """Which full day, and between which hours a time would suit."""

    hall_id = ma.fields.UUID(required=True)
    item_id = ma.fields.UUID(required=True)
    date = Day(required=True)
    earliest = ma.fields.Time(CLOCK, load_default=None, allow_none=True)
    latest = ma.fields.Time(CLOCK, load_default=None, allow_none=True)

    @ma.validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """The earliest hour comes first."""
        if data.get("earliest") and data.get("latest") and data["earliest"] > data["latest"]:
            raise ma.ValidationError("最早的时间要在最晚的之前", "latest")


class OfferSchema(Schema):
    """A place kept for one person until `expires_at`."""

    id = ma.fields.UUID()
    kind = ma.fields.String(validate=one_of("waitlist", "closing"))
    state = ma.fields.String(validate=one_of("open", "accepted", "declined", "lapsed", "void"))
    state_text = ma.fields.String()
    start = Moment()
    end = Moment()
    hall = ma.fields.Nested(HallBriefSchema)
    item = ma.fields.Nested(NamedItemSchema)
    made_at = Moment()
    expires_at = Moment()
    appointment_id = ma.fields.UUID(allow_none=True)
    booked_id = ma.fields.UUID(allow_none=True)


class OfferListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(OfferSchema))


class EntrySchema(Schema):
    """Somebody's place in the line for a full day."""

    id = ma.fields.UUID()
    state = ma.fields.String(validate=one_of("waiting", "offered", "booked", "left", "ended"))
    state_text = ma.fields.String()
    item = ma.fields.Nested(NamedItemSchema)
    hall = ma.fields.Nested(HallBriefSchema)
    date = Day()
    earliest = ma.fields.Time(CLOCK, allow_none=True)
    latest = ma.fields.Time(CLOCK, allow_none=True)
    ahead = ma.fields.Integer(allow_none=True)
    joined_at = Moment()
    can_leave = ma.fields.Boolean()
    offer = ma.fields.Nested(OfferSchema, allow_none=True)
    version = ma.fields.Integer()


class EntryListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(EntrySchema))


class StaffEntrySchema(EntrySchema):
    """An entry as the hall sees it; the name is masked."""

    person = ma.fields.Nested(NameSchema)
    first = ma.fields.Boolean()


class StaffEntryListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(StaffEntrySchema))


class StaffWaitlistQuerySchema(Schema):
    """Which day; today where none is named."""

    date = Day(load_default=None)
