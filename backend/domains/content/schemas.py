"""The JSON of the moderators' queue."""

from marshmallow import fields

from backend.domains.content import rules
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema


class ContentQueueQuerySchema(PageArgs):
    """Pages of the queue."""


class ContentCheckSchema(Schema):
    """Something that waits for a look."""

    id = fields.UUID(required=True)
    subject_kind = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    author = fields.String(required=True)
    texts = fields.List(fields.String(), required=True)
    pictures = fields.List(fields.String(), required=True)
    why = fields.String(required=True)
    appeal = fields.String(required=True)
    since = Moment(required=True)
    due_at = Moment(required=True, allow_none=True)
    can = fields.List(fields.String(), required=True)
    version = fields.Integer(required=True)


ContentCheckPageSchema = page_schema(ContentCheckSchema)


class DecideContentSchema(Schema):
    """A moderator's decision; a refusal says why."""

    passed = fields.Boolean(required=True)
    reason = ShortText(200, needed=False, load_default="")


class ContentDecisionSchema(Schema):
    """What it is now."""

    id = fields.UUID(required=True)
    state = Code(rules.STATE_TEXT, required=True)
    state_text = fields.String(required=True)
    reason = fields.String(required=True)


class ContentNoticeSchema(Schema):
    """What an author reads while others do not see the words yet."""

    experience = Code(("refused", "under_review", "unavailable", "checking"), required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    can = fields.List(fields.String(), required=True)
    by_when = Moment(required=True, allow_none=True)
