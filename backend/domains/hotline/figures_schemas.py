"""The hotline's figures over HTTP: rates, the board, reports, the public page."""

from typing import Any

import marshmallow as ma

from backend.domains.hotline.reports import GROUP_TEXT
from backend.domains.hotline.schemas_limits import RateTargetsSchema
from backend.http.schemas import Code, Day, Moment, Schema


class ExclusionSchema(Schema):
    """How many were left out of a rate, and why."""

    text = ma.fields.String()
    count = ma.fields.Integer()


class ShareSchema(Schema):
    """A share with what it is a share of; `rate` (0 to 1) is null where nothing counts."""

    numerator = ma.fields.Integer()
    denominator = ma.fields.Integer()
    excluded = ma.fields.Integer()
    reasons = ma.fields.List(ma.fields.Nested(ExclusionSchema))
    rate = ma.fields.Float(allow_none=True)


class ThreeSchema(Schema):
    """三率."""

    response = ma.fields.Nested(ShareSchema)
    solved = ma.fields.Nested(ShareSchema)
    satisfied = ma.fields.Nested(ShareSchema)


class HourFiguresSchema(Schema):
    """An hour of today in Asia/Shanghai."""

    hour = ma.fields.Integer()
    calls = ma.fields.Integer()
    answered = ma.fields.Integer()
    tickets = ma.fields.Integer()


class UnitFiguresSchema(ThreeSchema):
    """A unit: what it has open, how much of it is late, its rates of the last 30 days."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    open = ma.fields.Integer()
    overdue = ma.fields.Integer()


class HotlineBoardSchema(ThreeSchema):
    """The live board."""

    waiting = ma.fields.Integer()
    talking = ma.fields.Integer()
    calls_today = ma.fields.Integer()
    connected_rate = ma.fields.Nested(ShareSchema)
    answered_15s_rate = ma.fields.Nested(ShareSchema)
    average_wait_seconds = ma.fields.Float(allow_none=True)
    by_hour = ma.fields.List(ma.fields.Nested(HourFiguresSchema))
    by_unit = ma.fields.List(ma.fields.Nested(UnitFiguresSchema))
    targets = ma.fields.Nested(RateTargetsSchema)
    as_of = Moment()


class ReportQuerySchema(Schema):
    """Days of which the tickets came in, both counted, and what to group them by."""

    from_ = Day(required=True, data_key="from")
    to = Day(required=True)
    group = Code(tuple(GROUP_TEXT), load_default="department")


class WorkbookQuerySchema(ReportQuerySchema):
    """The same as a file."""

    format = Code(("xlsx",), load_default="xlsx")


class ReportRowSchema(ThreeSchema):
    """One group; `tickets` counts those that were never dispatched too."""

    id = ma.fields.String()
    name = ma.fields.String()
    tickets = ma.fields.Integer()


_SPAN: dict[str, Any] = {"from": Day()}


class HotlineReportSchema(Schema.from_dict(_SPAN)):  # type: ignore[misc]  # `from` is a keyword
    """The rates by group, and of all groups together."""

    to = Day()
    group = Code(tuple(GROUP_TEXT))
    rows = ma.fields.List(ma.fields.Nested(ReportRowSchema))
    total = ma.fields.Nested(ReportRowSchema)
    targets = ma.fields.Nested(RateTargetsSchema)
    as_of = Moment()


class BusyPointSchema(Schema):
    """A minute of the busy hour: what came in, and what operators waited for."""

    minute = ma.fields.Integer()
    calls = ma.fields.Integer()
    p50_ms = ma.fields.Float()
    p95_ms = ma.fields.Float()


class BusyActionSchema(Schema):
    """One thing operators wait for, over the whole hour."""

    name = ma.fields.String()
    text = ma.fields.String()
    count = ma.fields.Integer()
    p50_ms = ma.fields.Float()
    p95_ms = ma.fields.Float()
    p99_ms = ma.fields.Float()


class BusyHourSchema(Schema):
    """The last simulated busy hour; conversations went `pace` times as quick as people talk."""

    measured_on = ma.fields.String()
    operators = ma.fields.Integer()
    calls = ma.fields.Integer()
    pace = ma.fields.Float()
    tickets = ma.fields.Integer()
    failed = ma.fields.Integer()
    average_wait_seconds = ma.fields.Float()
    answered_15s_rate = ma.fields.Float()
    points = ma.fields.List(ma.fields.Nested(BusyPointSchema))
    actions = ma.fields.List(ma.fields.Nested(BusyActionSchema))


class PublicFiguresSchema(Schema):
    """What the hotline did within the period."""

    calls = ma.fields.Integer()
    connected_rate = ma.fields.Float(allow_none=True)
    answered_15s_rate = ma.fields.Float(allow_none=True)
    tickets = ma.fields.Integer()
    closed = ma.fields.Integer()
    open = ma.fields.Integer()


class FrequentQuestionSchema(Schema):
    """A public article that many read."""

    id = ma.fields.UUID()
    title = ma.fields.String()


class AnsweredMatterSchema(Schema):
    """A question that was answered; nothing in it tells of a person."""

    id = ma.fields.UUID()
    title = ma.fields.String()
    kind_text = ma.fields.String()
    reply = ma.fields.String()
    unit_name = ma.fields.String()
    closed_at = Moment()


class PublicShareSchema(Schema):
    """A share anybody may know; all of it is null where so few would tell of single callers."""

    numerator = ma.fields.Integer(allow_none=True)
    denominator = ma.fields.Integer(allow_none=True)
    excluded = ma.fields.Integer(allow_none=True)
    reasons = ma.fields.List(ma.fields.Nested(ExclusionSchema))
    rate = ma.fields.Float(allow_none=True)


class PublicThreeSchema(Schema):
    """三率 for everybody."""

    response = ma.fields.Nested(PublicShareSchema)
    solved = ma.fields.Nested(PublicShareSchema)
    satisfied = ma.fields.Nested(PublicShareSchema)


class PublicHotlineSchema(Schema):
    """The hotline's page for everybody."""

    period_text = ma.fields.String()
    as_of = Moment()
    figures = ma.fields.Nested(PublicFiguresSchema)
    rates = ma.fields.Nested(PublicThreeSchema)
    frequent = ma.fields.List(ma.fields.Nested(FrequentQuestionSchema))
    answered = ma.fields.List(ma.fields.Nested(AnsweredMatterSchema))
