"""The shapes of the channels' health and of the consents' figures."""

import marshmallow as ma

from backend.domains.messages import health_rules
from backend.domains.messages.rules import CHANNEL_TEXT
from backend.http.schemas import Code, Day, Moment, Schema


def _seconds() -> ma.fields.Float:
    return ma.fields.Float(required=True, allow_none=True)


class ChannelFailureSchema(Schema):
    """Why calls failed. `expected`: the person is only reached some other way."""

    code = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    expected = ma.fields.Boolean(required=True)


class ChannelHealthSchema(Schema):
    """One channel in the last hour; seconds are from being due to being handed over."""

    channel = Code(CHANNEL_TEXT, required=True)
    channel_text = ma.fields.String(required=True)
    state = Code(health_rules.STATE_TEXT, required=True)
    handed_over = ma.fields.Integer(required=True)
    accepted = ma.fields.Integer(required=True)
    unclear = ma.fields.Integer(required=True)
    p50_seconds = _seconds()
    p95_seconds = _seconds()
    soon_share = ma.fields.Float(required=True, allow_none=True)
    waiting = ma.fields.Integer(required=True)
    due = ma.fields.Integer(required=True)
    oldest_due_seconds = _seconds()
    failures = ma.fields.List(ma.fields.Nested(ChannelFailureSchema), required=True)


class QuotaSchema(Schema):
    """How much of a day's quota a channel, one template of it or one group has used.

    `sent` is null while Redis is away; `per_day` where the provider has no quota. Bulk may use
    `bulk_per_day` and is stopped until `bulk_until`; everything more urgent goes on.
    """

    key = ma.fields.String(required=True)
    channel = Code(CHANNEL_TEXT, required=True)
    channel_text = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    sent = ma.fields.Integer(required=True, allow_none=True)
    per_day = ma.fields.Integer(required=True, allow_none=True)
    bulk_per_day = ma.fields.Integer(required=True, allow_none=True)
    bulk_stopped = Code(health_rules.STOPPED_TEXT, required=True, allow_none=True)
    bulk_until = Moment(required=True, allow_none=True)


class ProviderHealthSchema(Schema):
    """The share of a channel a provider gets now, of 100, and why it is not its own."""

    provider = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    channel = ma.fields.String(required=True)
    channel_text = ma.fields.String(required=True)
    weight = ma.fields.Integer(required=True)
    base_weight = ma.fields.Integer(required=True)
    reason = ma.fields.String(required=True)
    changed_at = Moment(required=True)
    judged_at = Moment(required=True, allow_none=True)


class TokenHealthSchema(Schema):
    """The access token of a WeChat account; null when none is kept."""

    account = Code(("mini", "service"), required=True)
    name = ma.fields.String(required=True)
    seconds_left = ma.fields.Integer(required=True, allow_none=True)


class PushHealthSchema(Schema):
    """Callbacks taken in and not acted on yet. `troubled`: acted on late, or given up."""

    waiting = ma.fields.Integer(required=True)
    oldest_seconds = _seconds()
    failing = ma.fields.Integer(required=True)
    troubled = ma.fields.Integer(required=True)


class HealthStepSchema(Schema):
    """Five minutes of a channel."""

    at = Moment(required=True)
    channel = ma.fields.String(required=True)
    accepted = ma.fields.Integer(required=True)
    failed = ma.fields.Integer(required=True)


class MessageHealthSchema(Schema):
    """Whether messages get through now."""

    as_of = Moment(required=True)
    minutes = ma.fields.Integer(required=True)
    worker_at = Moment(required=True, allow_none=True)
    redis = ma.fields.Boolean(required=True)
    tokens = ma.fields.List(ma.fields.Nested(TokenHealthSchema), required=True)
    pushes = ma.fields.Nested(PushHealthSchema, required=True)
    channels = ma.fields.List(ma.fields.Nested(ChannelHealthSchema), required=True)
    quotas = ma.fields.List(ma.fields.Nested(QuotaSchema), required=True)
    providers = ma.fields.List(ma.fields.Nested(ProviderHealthSchema), required=True)
    steps = ma.fields.List(ma.fields.Nested(HealthStepSchema), required=True)


class ConsentFiguresArgs(Schema):
    """Days in Shanghai, both included; the last 30 when none are named."""

    from_ = Day(load_default=None, data_key="from")
    to = Day(load_default=None)


class TemplateConsentSchema(Schema):
    """A template: what people allow now, and what the ledger says of these days.

    `wanted` messages could have gone out by it, `without` of them went another way or not at all.
    """

    key = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    people = ma.fields.Integer(required=True)
    grants = ma.fields.Integer(required=True)
    long_term = ma.fields.Integer(required=True)
    granted = ma.fields.Integer(required=True)
    declined = ma.fields.Integer(required=True)
    spent = ma.fields.Integer(required=True)
    withdrawn = ma.fields.Integer(required=True)
    lost = ma.fields.Integer(required=True)
    wanted = ma.fields.Integer(required=True)
    without = ma.fields.Integer(required=True)


class ConsentDaySchema(Schema):
    """One day of all templates."""

    day = ma.fields.Date(required=True)
    granted = ma.fields.Integer(required=True)
    declined = ma.fields.Integer(required=True)
    spent = ma.fields.Integer(required=True)
    withdrawn = ma.fields.Integer(required=True)
    lost = ma.fields.Integer(required=True)


class ConsentFiguresSchema(Schema):
    """The ledger of consents over some days."""

    from_ = ma.fields.Date(required=True, data_key="from", attribute="from")
    to = ma.fields.Date(required=True)
    as_of = Moment(required=True)
    templates = ma.fields.List(ma.fields.Nested(TemplateConsentSchema), required=True)
    days = ma.fields.List(ma.fields.Nested(ConsentDaySchema), required=True)
