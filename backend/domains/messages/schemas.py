"""The shapes of messages over HTTP."""

from typing import Any

import marshmallow as ma

from backend.domains.messages.choices import WAY_TEXT
from backend.domains.messages.topics import TOPICS
from backend.http.schemas import Code, Moment, PageArgs, Schema, page_schema


class MessageSchema(Schema):
    """A message in the inbox. `link` names the matter it is about."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    topic = ma.fields.String(required=True)
    topic_text = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    body = ma.fields.String(required=True)
    created_at = Moment(attribute="visible_from", required=True)
    read_at = Moment(required=True, allow_none=True)
    link = ma.fields.String(required=True, allow_none=True)


class InboxTopicSchema(Schema):
    """A topic that the person has messages of."""

    topic = Code(TOPICS, required=True)
    name = ma.fields.String(required=True)
    total = ma.fields.Integer(required=True)
    unread = ma.fields.Integer(required=True)


InboxSchema = page_schema(
    MessageSchema,
    unread=ma.fields.Integer(required=True),
    topics=ma.fields.List(ma.fields.Nested(InboxTopicSchema), required=True),
)


def _topic(**kwargs: Any) -> ma.fields.Field[str]:
    return ma.fields.String(
        validate=ma.validate.OneOf(list(TOPICS), error="没有这一类消息"), **kwargs
    )


class InboxArgs(PageArgs):
    """Which of the person's messages."""

    topic = _topic(load_default=None)
    unread = ma.fields.Boolean(load_default=False)


class ReadAllArgs(Schema):
    """Which messages are marked read: all, or those of a topic."""

    topic = _topic(load_default=None)


class ReadAllSchema(Schema):
    """How many messages were marked read."""

    read = ma.fields.Integer(required=True)
    unread = ma.fields.Integer(required=True)


class GrantSchema(Schema):
    """How many reminders of one template the person still allows.

    `long_term`: allowed until withdrawn; `can_stand`: one consent is for good; `waiting`: how many
    messages want to go out this way and have no consent yet.
    """

    key = ma.fields.String(required=True)
    template_id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    kinds = ma.fields.List(ma.fields.String(), required=True)
    remaining = ma.fields.Integer(required=True)
    long_term = ma.fields.Boolean(required=True)
    can_stand = ma.fields.Boolean(required=True)
    waiting = ma.fields.Integer(required=True)


class GrantListSchema(Schema):
    """All templates in use."""

    items = ma.fields.List(ma.fields.Nested(GrantSchema), required=True)


class ConsentReportSchema(Schema):
    """What one tap of `wx.requestSubscribeMessage` answered, by template id."""

    results = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.Length(1, 100)),
        values=ma.fields.String(
            validate=ma.validate.OneOf(
                ("accept", "reject", "ban"), error="应为 accept、reject 或 ban"
            )
        ),
        required=True,
    )


class ConsentWithdrawalSchema(Schema):
    """Templates whose consents are taken back."""

    template_ids = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 100)),
        required=True,
        validate=ma.validate.Length(1, 30, error="应为 1 到 30 个提醒"),
    )


class ConsentEventSchema(Schema):
    """What became of a consent. `change`: how many sends were added or used."""

    id = ma.fields.UUID(required=True)
    at = Moment(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    change = ma.fields.Integer(required=True)


ConsentHistorySchema = page_schema(ConsentEventSchema)


class TopicWaySchema(Schema):
    """Whether a topic is told this way. What cannot be muted is on."""

    way = Code(WAY_TEXT, required=True)
    name = ma.fields.String(required=True)
    can_mute = ma.fields.Boolean(required=True)
    on = ma.fields.Boolean(required=True)


class TopicChoiceSchema(Schema):
    """A topic of messages: the kinds that are always told, and those that a switch decides."""

    topic = Code(TOPICS, required=True)
    name = ma.fields.String(required=True)
    always = ma.fields.List(ma.fields.String(), required=True)
    optional = ma.fields.List(ma.fields.String(), required=True)
    ways = ma.fields.List(ma.fields.Nested(TopicWaySchema), required=True)


class MessageReachSchema(Schema):
    """Which ways reach this person at all: a WeChat account, a phone number."""

    wechat = ma.fields.Boolean(required=True)
    sms = ma.fields.Boolean(required=True)


class MessageSettingsSchema(Schema):
    """What a resident is told about, and how. The inbox keeps everything."""

    topics = ma.fields.List(ma.fields.Nested(TopicChoiceSchema), required=True)
    reach = ma.fields.Nested(MessageReachSchema, required=True)


class MessageChoiceSchema(Schema):
    """One switch of the message settings."""

    topic = _topic(required=True)
    way = ma.fields.String(
        required=True, validate=ma.validate.OneOf(list(WAY_TEXT), error="应为 wechat 或 sms")
    )
    on = ma.fields.Boolean(required=True)
