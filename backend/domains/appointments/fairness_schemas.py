"""What residents and staff send and get around no-shows, and other times when a day is full."""

from typing import Any

import marshmallow as ma

from backend.domains.appointments.schemas import HallBriefSchema, NameSchema, one_of
from backend.http.schemas import Day, Moment, PageArgs, Schema, ShortText, page_schema

STATES = ("counted", "appealed", "upheld", "forgiven")
CLOCK = "%H:%M"


class OtherTimeSchema(Schema):
    """A free time elsewhere or on another day."""

    hall = ma.fields.Nested(HallBriefSchema)
    date = Day()
    slot_id = ma.fields.UUID()
    start = Moment()
    end = Moment()
    remaining = ma.fields.Integer()
    why_text = ma.fields.String()


class OtherTimeListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(OtherTimeSchema))


class MissedSchema(Schema):
    """A no-show as its person sees it."""

    appointment_id = ma.fields.UUID()
    item_name = ma.fields.String()
    hall_name = ma.fields.String()
    start = Moment()
    state = ma.fields.String(validate=one_of(*STATES))
    state_text = ma.fields.String()
    can_appeal = ma.fields.Boolean()
    appeal = ma.fields.String()
    decision = ma.fields.String()
    version = ma.fields.Integer()


class BookingStandingSchema(Schema):
    """What was missed, and until when booking online rests."""

    missed = ma.fields.List(ma.fields.Nested(MissedSchema))
    counted = ma.fields.Integer()
    most = ma.fields.Integer()
    within_days = ma.fields.Integer()
    banned_until = Moment(allow_none=True)


class MissedAppealSchema(Schema):
    """Why one could not come."""

    words = ShortText(500, lines=True, required=True)


class StaffMissedSchema(MissedSchema):
    """A no-show as staff see it; the name is masked."""

    person = ma.fields.Nested(NameSchema)
    hall_id = ma.fields.UUID()
    appealed_at = Moment(allow_none=True)
    decided_at = Moment(allow_none=True)


StaffMissedPageSchema = page_schema(StaffMissedSchema)


class MissedQuerySchema(PageArgs):
    """In which state (`decided`: either way), at which hall; and the page wanted."""

    state = ma.fields.String(load_default=None, validate=one_of(*STATES, "decided"))
    hall_id = ma.fields.UUID(load_default=None)


class MissedDecisionSchema(Schema):
    """Forgiven or not, and why."""

    forgive = ma.fields.Boolean(required=True)
    words = ShortText(200, required=True)
    version = ma.fields.Integer(required=True, strict=True)


class MissedForgivenessSchema(Schema):
    """When the hall was late, and why."""

    date = Day(required=True)
    first = ma.fields.Time(CLOCK, required=True, data_key="from")
    last = ma.fields.Time(CLOCK, required=True, data_key="to")
    reason = ShortText(200, required=True)

    @ma.validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """The time has a length."""
        if "first" in data and "last" in data and data["first"] >= data["last"]:
            raise ma.ValidationError("开始要早于结束", "to")


class MissedForgivenSchema(Schema):
    """How many no-shows are forgiven."""

    forgiven = ma.fields.Integer()
