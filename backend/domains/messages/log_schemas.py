"""The shapes of the message log."""

import marshmallow as ma

from backend.domains.messages.rules import CHANNEL_TEXT, DOUBT_TEXT, NOT_AGAIN_TEXT, STATE_TEXT
from backend.domains.messages.topics import TOPICS
from backend.http.schemas import Code, Day, Moment, PageArgs, Schema, ShortText, page_schema


def _one_of(known: dict[str, str], error: str) -> ma.fields.String:
    return ma.fields.String(load_default=None, validate=ma.validate.OneOf(list(known), error=error))


class LogFilterSchema(Schema):
    """Filters of the message log; days are those of Shanghai, both included."""

    kind = ma.fields.String(load_default=None, validate=ma.validate.Length(max=60))
    topic = _one_of(TOPICS, "没有这个分类")
    state = _one_of(STATE_TEXT, "没有这个状态")
    channel = _one_of(CHANNEL_TEXT, "没有这种方式")
    trouble = ma.fields.Boolean(load_default=False)
    from_ = Day(load_default=None, data_key="from")
    to = Day(load_default=None)
    number = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
    person = ma.fields.UUID(load_default=None)
    campaign = ma.fields.UUID(load_default=None)


class LogArgs(PageArgs, LogFilterSchema):
    """Filters of the message log, and the page wanted."""


class LogExportArgs(LogFilterSchema):
    """Filters of what is taken out as a workbook."""


class LoggedMessageSchema(Schema):
    """A message as the operator sees it; the person only masked."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    kind_text = ma.fields.String(required=True)
    channel = Code(CHANNEL_TEXT, required=True)
    channel_text = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    state = Code(STATE_TEXT, required=True)
    state_text = ma.fields.String(required=True)
    person_id = ma.fields.UUID(required=True)
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
    provider = ma.fields.String(required=True)
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


class DoubtSchema(Schema):
    """Something to confirm before a message is sent again."""

    code = Code(DOUBT_TEXT, required=True)
    text = ma.fields.String(required=True)


class ResendStandingSchema(Schema):
    """Whether a message can be sent again, and by whoever looks at it."""

    allowed = ma.fields.Boolean(required=True)
    why_not = Code(["", "forbidden", *NOT_AGAIN_TEXT], required=True)
    why_not_text = ma.fields.String(required=True)
    doubts = ma.fields.List(ma.fields.Nested(DoubtSchema), required=True)


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
    resend = ma.fields.Nested(ResendStandingSchema, required=True)
    resent_of = ma.fields.UUID(required=True, allow_none=True)
    resent_as = ma.fields.UUID(required=True, allow_none=True)
    resent_why = ma.fields.String(required=True)


class ResendSchema(Schema):
    """Why a message is sent again. `sure`: every doubt about it was confirmed."""

    reason = ShortText(200, required=True)
    sure = ma.fields.Boolean(load_default=False)


class KindChoiceSchema(Schema):
    """A kind of message, to choose from."""

    key = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    topic = Code(TOPICS, required=True)


class ChoiceSchema(Schema):
    """A code and its words."""

    key = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class LogChoicesSchema(Schema):
    """What the log can be filtered by."""

    kinds = ma.fields.List(ma.fields.Nested(KindChoiceSchema), required=True)
    topics = ma.fields.List(ma.fields.Nested(ChoiceSchema), required=True)
    states = ma.fields.List(ma.fields.Nested(ChoiceSchema), required=True)
    channels = ma.fields.List(ma.fields.Nested(ChoiceSchema), required=True)


class ReaderQuerySchema(Schema):
    """A mobile number or a full name, and what for it is looked up."""

    q = ShortText(40, required=True)
    purpose = ShortText(200, required=True)


class ReaderSchema(Schema):
    """Somebody whom messages went to; only masked."""

    person_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    messages = ma.fields.Integer(required=True)


class ReaderListSchema(Schema):
    """Who was found; `complete` is false where there were too many people to look at them all."""

    items = ma.fields.List(ma.fields.Nested(ReaderSchema), required=True)
    complete = ma.fields.Boolean(required=True)
