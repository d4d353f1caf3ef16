"""What is sent and answered about where places come from."""

from typing import Any

import marshmallow as ma

from backend.domains.appointments.staff_schemas import ClockTime
from backend.http.schemas import Day, Moment, Schema, ShortText


def _number(low: int, high: int, error: str, **more: Any) -> ma.fields.Integer:
    return ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(low, high, error=error), **more
    )


class ReleaseSchema(Schema):
    """When places are given out; days are the hall's working days before the day itself.

    Without `release_days` a day is on offer as soon as it comes into reach.
    """

    release_days = _number(0, 20, "提前0到20个工作日", allow_none=True)
    release_time = ClockTime(required=True)
    first_percent = _number(1, 100, "第一批在1%到100%之间")
    rest_days = _number(0, 20, "提前0到20个工作日")
    rest_time = ClockTime(required=True)
    offer_minutes = _number(5, 1440, "候补保留5到1440分钟")


class ShownReleaseSchema(ReleaseSchema):
    """The rule, and how many working days ahead the hall can be booked at all."""

    days_ahead = ma.fields.Integer()


class ReleaseDaySchema(Schema):
    """A coming open day under the rule; `first_at` null: as soon as it comes into reach."""

    date = Day()
    first_at = Moment(allow_none=True)
    rest_at = Moment(allow_none=True)
    first_places = ma.fields.Integer()
    places = ma.fields.Integer()


class ReleasePreviewSchema(Schema):
    """The coming open days."""

    days = ma.fields.List(ma.fields.Nested(ReleaseDaySchema))


class ExtraPlacesSchema(Schema):
    """How many more, and why."""

    places = _number(1, 100, "一次加1到100个号")
    reason = ShortText(200, required=True)
