"""What the days add up to."""

import marshmallow as ma

from backend.http.place_fields import one_of
from backend.http.schemas import Day, Schema


class DailyQuerySchema(Schema):
    """Which day (today when left out), and which street (all within reach)."""

    date = Day(load_default=None)
    street = ma.fields.UUID(load_default=None)


class BucketSchema(Schema):
    """How many calls were claimed within a span of time."""

    label = ma.fields.String()
    count = ma.fields.Integer()


class ResponseTimesSchema(Schema):
    """Minutes from the call to the claim; null where nothing was claimed."""

    p50_minutes = ma.fields.Float(allow_none=True)
    p90_minutes = ma.fields.Float(allow_none=True)
    buckets = ma.fields.List(ma.fields.Nested(BucketSchema))


class EscalationSchema(Schema):
    """How many calls went up to a level because nobody below claimed in time."""

    level_text = ma.fields.String()
    count = ma.fields.Integer()


class OverdueSchema(Schema):
    """Of the clocks that were due that day, how many ran over; `share` from 0 to 1."""

    share = ma.fields.Float()
    count = ma.fields.Integer()
    of = ma.fields.Integer()


class CategoryCountSchema(Schema):
    """Calls of the day by kind."""

    code = ma.fields.String()
    name = ma.fields.String()
    count = ma.fields.Integer()
    closed = ma.fields.Integer()
    overdue = ma.fields.Integer()


class StreetCountSchema(Schema):
    """Calls of the day by street; without a place `id` is null."""

    id = ma.fields.UUID(allow_none=True)
    name = ma.fields.String()
    count = ma.fields.Integer()
    closed = ma.fields.Integer()
    overdue = ma.fields.Integer()


class LoadSchema(Schema):
    """What one person disposed of that day, and has open now."""

    staff_name = ma.fields.String()
    handled = ma.fields.Integer()
    open = ma.fields.Integer()


class SatisfactionSchema(Schema):
    """Ratings of the day."""

    average = ma.fields.Float(allow_none=True)
    rated = ma.fields.Integer()


class HourSchema(Schema):
    """An hour of the day, 0 to 23."""

    hour = ma.fields.Integer()
    called = ma.fields.Integer()
    claimed = ma.fields.Integer()


class DailyReportSchema(Schema):
    """A day in numbers."""

    date = Day()
    called = ma.fields.Integer()
    closed = ma.fields.Integer()
    open_now = ma.fields.Integer()
    response = ma.fields.Nested(ResponseTimesSchema)
    escalations = ma.fields.List(ma.fields.Nested(EscalationSchema))
    overdue = ma.fields.Nested(OverdueSchema)
    by_category = ma.fields.List(ma.fields.Nested(CategoryCountSchema))
    by_street = ma.fields.List(ma.fields.Nested(StreetCountSchema))
    load = ma.fields.List(ma.fields.Nested(LoadSchema))  # type: ignore[assignment]  # marshmallow takes fields off the class
    satisfaction = ma.fields.Nested(SatisfactionSchema)
    hours = ma.fields.List(ma.fields.Nested(HourSchema))


class HeatQuerySchema(Schema):
    """Days from … to … (both counted, at most 366), a kind."""

    from_ = Day(required=True, data_key="from")
    to = Day(required=True)
    category = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
    system = ma.fields.String(load_default="wgs84", validate=one_of("wgs84", "gcj02"))


class CellHeatSchema(Schema):
    """How many calls a cell had."""

    cell_id = ma.fields.UUID()
    name = ma.fields.String()
    count = ma.fields.Integer()


class HeatSchema(Schema):
    """Calls by cell, and by square of about 100 m: latitude, longitude, count."""

    cells = ma.fields.List(ma.fields.Nested(CellHeatSchema))
    points = ma.fields.List(ma.fields.List(ma.fields.Float()))
