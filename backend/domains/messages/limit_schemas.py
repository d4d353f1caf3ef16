"""What a district sets for delivery, as edited and shown."""

from typing import Any

import marshmallow as ma

from backend.domains.messages.log_schemas import ChoiceSchema
from backend.http.schemas import Schema

#: More than anybody could mean.
_MOST_A_DAY = 1000
_FASTEST = 10_000
_MOST_QUOTA = 100_000_000


def _whole(low: int, high: int, **kwargs: Any) -> ma.fields.Integer:
    return ma.fields.Integer(
        strict=True, validate=ma.validate.Range(low, high, error=f"应在{low}到{high}之间"), **kwargs
    )


class MessageCapSchema(Schema):
    """How many messages of a kind (`*`: of all) a person gets in a day outside the inbox."""

    scope = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))
    name = ma.fields.String(dump_only=True)
    per_day = _whole(1, _MOST_A_DAY, required=True)


class ChannelRateSchema(Schema):
    """How fast a channel, or one template of it, may be used: messages a second, at once, a day."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(1, 120))
    name = ma.fields.String(dump_only=True)
    per_second = ma.fields.Float(
        required=True,
        allow_nan=False,
        validate=ma.validate.Range(0.01, _FASTEST, error=f"应在0.01到{_FASTEST}之间"),
    )
    burst = _whole(1, _FASTEST * 10, required=True)
    per_day = _whole(1, _MOST_QUOTA, load_default=None, allow_none=True)


class MessageLimitsSchema(Schema):
    """All caps and rates that differ from the built-in ones."""

    caps = ma.fields.List(
        ma.fields.Nested(MessageCapSchema),
        required=True,
        validate=ma.validate.Length(max=100, error="最多100条"),
    )
    rates = ma.fields.List(
        ma.fields.Nested(ChannelRateSchema),
        required=True,
        validate=ma.validate.Length(max=100, error="最多100条"),
    )


class ShownMessageLimitsSchema(Schema):
    """The caps and rates set, those built in, and what they can be set for."""

    caps = ma.fields.List(ma.fields.Nested(MessageCapSchema), required=True)
    rates = ma.fields.List(ma.fields.Nested(ChannelRateSchema), required=True)
    default_caps = ma.fields.List(ma.fields.Nested(MessageCapSchema), required=True)
    default_rates = ma.fields.List(ma.fields.Nested(ChannelRateSchema), required=True)
    scopes = ma.fields.List(ma.fields.Nested(ChoiceSchema), required=True)
    keys = ma.fields.List(ma.fields.Nested(ChoiceSchema), required=True)
    etag = ma.fields.String(required=True)
