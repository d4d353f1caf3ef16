"""What residents send and get around appointments."""

from typing import Any

import marshmallow as ma

from backend.http.schemas import Day, Moment, PageArgs, Schema, ShortText, page_schema

STATES = (
    "booked",
    "checked_in",
    "called",
    "skipped",
    "parked",
    "serving",
    "finished",
    "cancelled",
    "no_show",
)
CHANNELS = ("online", "on_site", "elderly", "video")


def one_of(*values: str) -> ma.validate.OneOf:
    """A closed list of values."""
    return ma.validate.OneOf(values, error="请从列出的值里选")


class HallSchema(Schema):
    """A hall; the load is today's."""

    id = ma.fields.UUID()
    code = ma.fields.String()
    name = ma.fields.String()
    address = ma.fields.String()
    floor = ma.fields.String()
    phone = ma.fields.String()
    opening_hours = ma.fields.List(ma.fields.String())
    latitude = ma.fields.Float()
    longitude = ma.fields.Float()
    waiting_count = ma.fields.Integer()
    wait_minutes = ma.fields.Integer(allow_none=True)
    video = ma.fields.Boolean(metadata={"description": "has times by video"})


class HallListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(HallSchema))


class HallQuerySchema(Schema):
    """Only halls where this item is done."""

    item_id = ma.fields.UUID(load_default=None)


class DayQuerySchema(Schema):
    """For which item, at the hall or by video."""

    item_id = ma.fields.UUID(required=True)
    video = ma.fields.Boolean(load_default=False)


class SlotQuerySchema(DayQuerySchema):
    """For which item and day."""

    date = Day(required=True)


class DaySchema(Schema):
    """A day of the calendar strip."""

    date = Day()
    weekday_text = ma.fields.String()
    status = ma.fields.String(validate=one_of("open", "full", "closed", "not_released"))
    status_text = ma.fields.String()
    remaining = ma.fields.Integer()
    release_at = Moment(
        allow_none=True,
        metadata={"description": "when the first places of a day not released yet come"},
    )


class DayListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(DaySchema))


class SlotSchema(Schema):
    """A time that can be booked by its id."""

    id = ma.fields.UUID()
    start = Moment()
    end = Moment()
    remaining = ma.fields.Integer()
    status = ma.fields.String(validate=one_of("open", "full", "past"))
    rest_at = Moment(allow_none=True, metadata={"description": "when more places of it come"})


class SlotListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(SlotSchema))


class BookSchema(Schema):
    """Which place, for which business; with a consent, for the one who gave it."""

    slot_id = ma.fields.UUID(required=True)
    item_id = ma.fields.UUID(required=True)
    consent_id = ma.fields.UUID(load_default=None, allow_none=True)
    video = ma.fields.Boolean(
        load_default=False, metadata={"description": "the place is one of the video consultations"}
    )


class RescheduleSchema(Schema):
    """Which place instead."""

    slot_id = ma.fields.UUID(required=True)


class CancelSchema(Schema):
    """Why, if the resident wants to say."""

    reason = ShortText(200, needed=False, load_default="")


class RateSchema(Schema):
    """A judgement from 1 (bad) to 5 (good)."""

    score = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 5, error="评分是1到5分")
    )
    comment = ShortText(500, needed=False, lines=True, load_default="")


class CalendarFeedSchema(Schema):
    """Where a calendar program reads one's appointments; null while no feed is open."""

    url = ma.fields.String(allow_none=True)
    created_at = Moment(allow_none=True)


class NamedItemSchema(Schema):
    """An item's id and name."""

    id = ma.fields.UUID()
    name = ma.fields.String()


class HallBriefSchema(Schema):
    """Where to go."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    address = ma.fields.String()
    floor = ma.fields.String()


class QueueSchema(Schema):
    """The ticket's place in the queue."""

    ticket_no = ma.fields.String()
    ahead = ma.fields.Integer()
    wait_minutes = ma.fields.Integer(allow_none=True)
    window_number = ma.fields.Integer(allow_none=True)
    called_at = Moment(allow_none=True)


class NameSchema(Schema):
    """Somebody's name, masked."""

    name = ma.fields.String()


class VisitBriefSchema(Schema):
    """The visit an appointment was made in, and how many appointments that has."""

    id = ma.fields.UUID()
    kind = ma.fields.String(validate=one_of("items", "group"))
    count = ma.fields.Integer()


class VideoSchema(Schema):
    """A consultation by video; `join_url` is there while the clerk's room is open."""

    opens_at = Moment(metadata={"description": "from when one can check in by phone"})
    closes_at = Moment(metadata={"description": "until when"})
    checked_in = ma.fields.Boolean()
    join_url = ma.fields.String(allow_none=True)
    ended = ma.fields.Boolean()


class RatingSchema(Schema):
    """A judgement given."""

    score = ma.fields.Integer()
    comment = ma.fields.String()


class AppointmentLineSchema(Schema):
    """One line of the timeline."""

    at = Moment()
    action = ma.fields.String()
    text = ma.fields.String()
    actor_text = ma.fields.String()


class AppointmentSchema(Schema):
    """An appointment as its owner sees it. QR code and token are there until check-in."""

    id = ma.fields.UUID()
    receipt_number = ma.fields.String()
    query_code = ma.fields.String()
    state = ma.fields.String(validate=one_of(*STATES))
    state_text = ma.fields.String()
    next_text = ma.fields.String()
    item = ma.fields.Nested(NamedItemSchema)
    hall = ma.fields.Nested(HallBriefSchema)
    start = Moment()
    end = Moment()
    can_cancel = ma.fields.Boolean()
    cancel_deadline = Moment()
    channel = ma.fields.String(validate=one_of(*CHANNELS))
    source = ma.fields.String(validate=one_of("booked", "walk_in", "paper"))
    video = ma.fields.Nested(VideoSchema, allow_none=True)
    can_reschedule = ma.fields.Boolean()
    reschedules_left = ma.fields.Integer()
    agent = ma.fields.Nested(NameSchema, allow_none=True)
    principal = ma.fields.Nested(NameSchema, allow_none=True)
    visit = ma.fields.Nested(VisitBriefSchema, allow_none=True)
    check_in_code = ma.fields.String()
    qr_image = ma.fields.String(allow_none=True)
    qr_token = ma.fields.String(allow_none=True)
    materials = ma.fields.List(ma.fields.String())
    queue = ma.fields.Nested(QueueSchema, allow_none=True)
    can_rate = ma.fields.Boolean()
    rating = ma.fields.Nested(RatingSchema, allow_none=True)
    timeline = ma.fields.List(ma.fields.Nested(AppointmentLineSchema))
    etag = ma.fields.String()


AppointmentPageSchema: Any = page_schema(AppointmentSchema)


class AppointmentQuerySchema(PageArgs):
    """Live ones, past ones, or all; one's own, those booked as an agent, or both."""

    role = ma.fields.String(load_default=None, validate=one_of("own", "agent"))
    state = ma.fields.String(load_default=None, validate=one_of("live", "past"))


class ScreenCallSchema(Schema):
    """A ticket being called; `speech` is for the loudspeaker."""

    ticket_no = ma.fields.String()
    window_number = ma.fields.Integer()
    called_at = Moment()
    speech = ma.fields.String()


class ScreenTicketSchema(Schema):
    """A ticket that belongs to a certain window."""

    ticket_no = ma.fields.String()
    window_number = ma.fields.Integer()


class ScreenSchema(Schema):
    """The hall's big screen.

    `parked` go back to their window without being called anew, `transferred` are called by that
    window only. `late_minutes`: how far the hall is behind those who booked (0: it is not).
    """

    hall_name = ma.fields.String()
    calling = ma.fields.List(ma.fields.Nested(ScreenCallSchema))
    waiting = ma.fields.List(ma.fields.String())
    waiting_count = ma.fields.Integer()
    wait_minutes = ma.fields.Integer(allow_none=True)
    parked = ma.fields.List(ma.fields.Nested(ScreenTicketSchema))
    transferred = ma.fields.List(ma.fields.Nested(ScreenTicketSchema))
    late_minutes = ma.fields.Integer()
    as_of = Moment()
