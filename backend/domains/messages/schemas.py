"""The shapes of messages over HTTP."""

import marshmallow as ma

from backend.domains.messages.rules import CHANNEL_TEXT, STATE_TEXT
from backend.http.schemas import Code, Moment, PageArgs, Schema, page_schema


class MessageSchema(Schema):
    """A message in the inbox. `link` names the matter it is about."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    body = ma.fields.String(required=True)
    created_at = Moment(attribute="visible_from", required=True)
    read_at = Moment(required=True, allow_none=True)
    link = ma.fields.String(required=True, allow_none=True)


InboxSchema = page_schema(MessageSchema, unread=ma.fields.Integer(required=True))


class ReadAllSchema(Schema):
    """How many messages were marked read."""

    read = ma.fields.Integer(required=True)
    unread = ma.fields.Integer(required=True)


class GrantSchema(Schema):
    """How many reminders of one template the person still allows."""

    template_id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    remaining = ma.fields.Integer(required=True)
    long_term = ma.fields.Boolean(required=True)


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


class LogArgs(PageArgs):
    """Filters of the message log."""

    kind = ma.fields.String(load_default=None, validate=ma.validate.Length(max=60))
    state = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf(list(STATE_TEXT), error="没有这个状态")
    )
    channel = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf(list(CHANNEL_TEXT), error="没有这种方式")
    )


class LoggedMessageSchema(Schema):
    """A message as the operator sees it; the person only masked."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    kind_text = ma.fields.String(required=True)
    channel = Code(CHANNEL_TEXT, required=True)
    channel_text = ma.fields.String(required=True)
    state = Code(STATE_TEXT, required=True)
    state_text = ma.fields.String(required=True)
    person_name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    created_at = Moment(required=True)
    attempts = ma.fields.Integer(required=True)
    last_error = ma.fields.String(required=True)


LogPageSchema = page_schema(LoggedMessageSchema)


class AttemptSchema(Schema):
    """One call to a provider."""

    channel = Code(CHANNEL_TEXT, required=True)
    channel_text = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    started_at = Moment(required=True)
    finished_at = Moment(required=True, allow_none=True)
    outcome_text = ma.fields.String(required=True)
    error = ma.fields.String(required=True)


class ReceiptSchema(Schema):
    """What a provider said later."""

    at = Moment(required=True)
    ok = ma.fields.Boolean(required=True)
    text = ma.fields.String(required=True)


class LoggedMessageDetailSchema(LoggedMessageSchema):
    """A message with every attempt, its receipts and what was sent, receipt numbers masked."""

    body = ma.fields.String(required=True)
    ladder_texts = ma.fields.List(ma.fields.String(), required=True)
    not_before = Moment(required=True)
    expires_at = Moment(required=True)
    next_at = Moment(required=True, allow_none=True)
    payload = ma.fields.Dict(required=True)
    attempt_list = ma.fields.List(ma.fields.Nested(AttemptSchema), required=True)
    receipts = ma.fields.List(ma.fields.Nested(ReceiptSchema), required=True)
