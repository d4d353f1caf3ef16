"""The words of messages over HTTP, with the Chinese names of what they say in braces."""

from typing import Any

import marshmallow as ma

from backend.domains.messages.rules import CHANNEL_TEXT, PRIORITY_TEXT, TEMPLATE_STATE_TEXT
from backend.domains.messages.topics import TOPICS
from backend.http.place_fields import one_of
from backend.http.schemas import Code, Moment, Schema, ShortText

_LADDER = tuple(name for name in CHANNEL_TEXT if name != "inbox")


class TemplateFieldSchema(Schema):
    """A field of a WeChat card and what it says."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    text = ShortText(300, needed=False, required=True)


class TemplateTextsSchema(Schema):
    """All that a kind of message says, and the channels it tries after the inbox."""

    title = ShortText(300, needed=False, required=True)
    body = ShortText(2000, needed=False, required=True)
    sms = ShortText(1500, needed=False, required=True)
    staff = ShortText(1500, needed=False, required=True)
    subscribe = ma.fields.List(
        ma.fields.Nested(TemplateFieldSchema), required=True,
        validate=ma.validate.Length(max=10, error="最多10项"),
    )  # fmt: skip
    service = ma.fields.List(
        ma.fields.Nested(TemplateFieldSchema), required=True,
        validate=ma.validate.Length(max=10, error="最多10项"),
    )  # fmt: skip
    ladder = ma.fields.List(
        ma.fields.String(validate=one_of(*_LADDER)), required=True,
        validate=ma.validate.Length(max=len(_LADDER), error="方式太多了"),
    )  # fmt: skip


class TemplateDraftSchema(Schema):
    """New words for a kind of message, and why."""

    texts = ma.fields.Nested(TemplateTextsSchema, required=True)
    note = ShortText(200, needed=False, load_default="")


class TemplateTrySchema(Schema):
    """Words to be looked at; nothing is kept."""

    texts = ma.fields.Nested(TemplateTextsSchema, required=True)


class TemplateUseSchema(Schema):
    """The draft to be used from now on."""

    version = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 100_000, error="没有这一版")
    )


class FreshArgs(Schema):
    """Whether WeChat is asked for its templates now."""

    fresh = ma.fields.Boolean(load_default=False)


class _KindFacts(Schema):
    key = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    topic = Code(TOPICS, required=True)
    topic_text = ma.fields.String(required=True)
    priority = ma.fields.Integer(required=True, validate=ma.validate.OneOf(list(PRIORITY_TEXT)))
    priority_text = ma.fields.String(required=True)
    life_minutes = ma.fields.Integer(required=True)
    digest = ma.fields.Boolean(required=True)
    may_repeat = ma.fields.Boolean(required=True)
    ladder = ma.fields.List(Code(_LADDER), required=True)
    ladder_texts = ma.fields.List(ma.fields.String(), required=True)


class MessageKindSchema(_KindFacts):
    """A kind of message as it is told now; `version` null: with its built-in words."""

    version = ma.fields.Integer(required=True, allow_none=True)
    has_draft = ma.fields.Boolean(required=True)
    problems = ma.fields.List(ma.fields.String(), required=True)


class MessageKindListSchema(Schema):
    """All kinds, and what does not agree with the accounts at WeChat."""

    items = ma.fields.List(ma.fields.Nested(MessageKindSchema), required=True)
    account_problems = ma.fields.List(ma.fields.String(), required=True)
    read_at = Moment(required=True, allow_none=True)


class TemplateValueSchema(Schema):
    """Something a kind's texts may say, with its shortest and longest."""

    name = ma.fields.String(required=True)
    moment = ma.fields.Boolean(required=True)
    short = ma.fields.String(required=True)
    long = ma.fields.String(required=True)


class RegisteredFieldSchema(Schema):
    """A field of a template at WeChat."""

    key = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    choices = ma.fields.List(ma.fields.String(), required=True)


class RegisteredTemplateSchema(Schema):
    """A template at WeChat; `long_term` null where WeChat does not say."""

    title = ma.fields.String(required=True)
    long_term = ma.fields.Boolean(required=True, allow_none=True)
    fields_: Any = ma.fields.List(
        ma.fields.Nested(RegisteredFieldSchema), required=True, data_key="fields",
        attribute="fields",
    )  # fmt: skip


class TemplateCardsSchema(Schema):
    """The templates of a kind's cards; null where WeChat could not be asked, or there is none."""

    subscribe = ma.fields.Nested(RegisteredTemplateSchema, required=True, allow_none=True)
    service = ma.fields.Nested(RegisteredTemplateSchema, required=True, allow_none=True)


class TemplateVersionSchema(Schema):
    """A version of a kind's words."""

    version = ma.fields.Integer(required=True)
    state = Code(TEMPLATE_STATE_TEXT, required=True)
    state_text = ma.fields.String(required=True)
    note = ma.fields.String(required=True)
    texts = ma.fields.Nested(TemplateTextsSchema, required=True)
    created_at = Moment(required=True)
    created_by = ma.fields.String(required=True)
    activated_at = Moment(required=True, allow_none=True)
    activated_by = ma.fields.String(required=True)


class MessageKindDetailSchema(_KindFacts):
    """A kind with its built-in words and every version of them, newest first."""

    values = ma.fields.List(ma.fields.Nested(TemplateValueSchema), required=True)
    builtin = ma.fields.Nested(TemplateTextsSchema, required=True)
    versions = ma.fields.List(ma.fields.Nested(TemplateVersionSchema), required=True)
    cards = ma.fields.Nested(TemplateCardsSchema, required=True)
    can_subscribe = ma.fields.Boolean(required=True)
    account_problems = ma.fields.List(ma.fields.String(), required=True)
    etag = ma.fields.String(required=True)


class PreviewRowSchema(Schema):
    """A row of a card. `fits` false: WeChat would refuse it; `changed`: it was cut or filtered."""

    key = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    value = ma.fields.String(required=True)
    fits = ma.fields.Boolean(required=True)
    changed = ma.fields.Boolean(required=True)


class PreviewCardSchema(Schema):
    """A WeChat card."""

    title = ma.fields.String(required=True)
    rows = ma.fields.List(ma.fields.Nested(PreviewRowSchema), required=True)


class PreviewSmsSchema(Schema):
    """A text message with its signature, and how many parts a provider counts."""

    sign = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    length = ma.fields.Integer(required=True)
    parts = ma.fields.Integer(required=True)


class MessagePreviewSchema(Schema):
    """A message on every channel."""

    title = ma.fields.String(required=True)
    body = ma.fields.String(required=True)
    ladder = ma.fields.List(Code(_LADDER), required=True)
    subscribe = ma.fields.Nested(PreviewCardSchema, required=True, allow_none=True)
    service = ma.fields.Nested(PreviewCardSchema, required=True, allow_none=True)
    sms = ma.fields.Nested(PreviewSmsSchema, required=True, allow_none=True)
    staff = ma.fields.String(required=True, allow_none=True)


def _by_field() -> Any:
    return ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()), required=True
    )


class TemplatePreviewSchema(Schema):
    """Shortest and longest; what must be mended, and what is cut, by field."""

    short = ma.fields.Nested(MessagePreviewSchema, required=True)
    long = ma.fields.Nested(MessagePreviewSchema, required=True)
    problems = _by_field()
    warnings = _by_field()
