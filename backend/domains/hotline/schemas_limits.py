"""What a district sets for its hotline, as edited and shown."""

from typing import Any

import marshmallow as ma

from backend.domains.hotline import clock_rules, rates_rules
from backend.http.place_fields import one_of
from backend.http.schemas import Schema

# What the supervisor names a day for has no limit of its own.
KINDS = tuple(dict.fromkeys(kind for kind, _ in clock_rules.DEFAULTS))


class TicketLimitSchema(Schema):
    """A limit; a category or qualifier left out stands for all.

    `qualifier` is an urgency, for the handling a difficulty.
    """

    kind = ma.fields.String(required=True, validate=one_of(*KINDS))
    kind_text = ma.fields.String(dump_only=True)
    category_code = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Length(1, 40)
    )
    qualifier = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Length(1, 10)
    )
    amount = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 10_000, error="应在1到10000之间")
    )
    unit = ma.fields.String(required=True, validate=one_of(*clock_rules.UNITS))


class DefaultTicketLimitSchema(Schema):
    """What holds where nothing is set."""

    kind = ma.fields.String()
    kind_text = ma.fields.String()
    qualifier = ma.fields.String(allow_none=True)
    amount = ma.fields.Integer()
    unit = ma.fields.String()


def _share() -> Any:
    return ma.fields.Float(
        load_default=None, allow_none=True, allow_nan=False,
        validate=ma.validate.Range(0, 1, error="应在0到1之间"),
    )  # fmt: skip


class RateTargetsSchema(Schema):
    """What each of the three rates should reach, 0 to 1; null where nothing is set."""

    response = _share()
    solved = _share()
    satisfied = _share()


class TicketLimitsSchema(Schema):
    """All limits that differ from the built-in ones, and the targets."""

    items = ma.fields.List(
        ma.fields.Nested(TicketLimitSchema),
        required=True,
        validate=ma.validate.Length(max=300, error="最多300条"),
    )
    targets = ma.fields.Nested(
        RateTargetsSchema, load_default=lambda: dict.fromkeys(rates_rules.RATE_TEXT)
    )


class ShownTicketLimitsSchema(Schema):
    """The limits and targets set, and the limits built in."""

    items = ma.fields.List(ma.fields.Nested(TicketLimitSchema))
    defaults = ma.fields.List(ma.fields.Nested(DefaultTicketLimitSchema))
    targets = ma.fields.Nested(RateTargetsSchema)
    etag = ma.fields.String()
