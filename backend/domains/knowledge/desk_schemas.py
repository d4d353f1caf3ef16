"""What is sent and answered around articles: corrections, misses, usage, import, staff search."""

import marshmallow as ma

from backend.domains.knowledge import bulk, rules
from backend.domains.knowledge.field_rules import TITLE_MOST
from backend.domains.knowledge.schemas import SnippetPartSchema, Text, chosen, day
from backend.domains.knowledge.staff_schemas import ArticleUsageSchema
from backend.http.schemas import Code, FilePart, Moment, PageArgs, Schema, ShortText, page_schema


class NewCorrectionSchema(Schema):
    """What is wrong, and the words it is about."""

    words = ShortText(500, lines=True, required=True)
    quote = ShortText(200, needed=False, lines=True, load_default="")


class CorrectionQuerySchema(PageArgs):
    """Which corrections."""

    state = chosen(("", *rules.CORRECTION_STATES), load_default="")


class CorrectionAnswerSchema(Schema):
    """What the department says; a refusal needs its reason."""

    accepted = ma.fields.Boolean(required=True)
    answer = ShortText(500, needed=False, lines=True, load_default="")


class MissQuerySchema(PageArgs):
    """Which questions."""

    state = chosen(rules.MISS_STATES, load_default=rules.MISSED)


class MissSchema(Schema):
    """A question without an answer."""

    id = ma.fields.UUID()
    words = Text()
    audience = Code(rules.AUDIENCE_TEXT)
    count = ma.fields.Integer()
    first_on = ma.fields.Date()
    last_on = ma.fields.Date()
    state = Code(rules.MISS_STATES)
    state_text = Text()
    department_id = ma.fields.UUID(allow_none=True)
    department_name = ma.fields.String(allow_none=True)
    article_id = ma.fields.UUID(allow_none=True)
    reason = Text()


MissPageSchema = page_schema(MissSchema)


class MissDismissalSchema(Schema):
    """Why nothing is to be written."""

    reason = ShortText(200, lines=True, required=True)


class MissArticleSchema(Schema):
    """The department that writes the article; its title is the question where none is given."""

    department_id = ma.fields.UUID(required=True)
    title = ShortText(TITLE_MOST, needed=False, load_default="")


class UsageQuerySchema(Schema):
    """The first and the last day, both counted; the last 30 days where none are given."""

    from_ = day(data_key="from", load_default=None)
    to = day(load_default=None)


class ArticleUsageRowSchema(ArticleUsageSchema):
    """An article with its uses."""

    article_id = ma.fields.UUID()
    number = Text()
    title = Text()
    department_name = Text()


class KnowledgeUsageSchema(Schema):
    """The most used first, at most 200."""

    from_ = ma.fields.Date(data_key="from", attribute="from")
    to = ma.fields.Date()
    items = ma.fields.List(ma.fields.Nested(ArticleUsageRowSchema))
    next_cursor = ma.fields.String(allow_none=True)


class ArticleImportSchema(Schema):
    """A file of articles for a department; with `dry_run` nothing is kept."""

    file = FilePart(required=True)
    department_id = ma.fields.UUID(required=True)
    dry_run = ma.fields.Boolean(load_default=False)


class ImportRefusalSchema(Schema):
    """A row that was refused, by its number in the file, and why."""

    row = ma.fields.Integer()
    title = Text()
    reason = Text()


class ArticleImportReportSchema(Schema):
    """What became (or would become) of the rows; `titles` are the first hundred accepted.

    `article_ids` are all the drafts that were made.
    """

    dry_run = ma.fields.Boolean()
    format = Text()
    read = ma.fields.Integer()
    accepted = ma.fields.Integer()
    titles = ma.fields.List(Text())
    article_ids = ma.fields.List(ma.fields.UUID())
    refused = ma.fields.List(ma.fields.Nested(ImportRefusalSchema))


class ArticleSubmissionsSchema(Schema):
    """Drafts to hand to review together."""

    article_ids = ma.fields.List(
        ma.fields.UUID(),
        required=True,
        validate=ma.validate.Length(1, bulk.MOST, error=f"一次最多{bulk.MOST}篇"),
    )


class ArticleSubmissionOutcomeSchema(Schema):
    """What became of one of them; the reason where it was not submitted."""

    article_id = ma.fields.UUID()
    number = Text()
    title = Text()
    submitted = ma.fields.Boolean()
    reason = Text()


class ArticleSubmissionsReportSchema(Schema):
    """What became of all of them, in the order they were named in."""

    submitted = ma.fields.Integer()
    refused = ma.fields.Integer()
    items = ma.fields.List(ma.fields.Nested(ArticleSubmissionOutcomeSchema))


class StaffAnswerQuerySchema(Schema):
    """A caller's words as they are typed; `deep` once typing has paused."""

    q = ShortText(200, required=True)
    deep = ma.fields.Boolean(load_default=False)
    kinds = ma.fields.String(load_default="", validate=ma.validate.Length(max=60))
    department = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    region = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    material_kind = chosen(("", *rules.MATERIAL_TEXT), load_default="")
    category = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    latitude = ma.fields.Float(load_default=None, validate=ma.validate.Range(-90, 90))
    longitude = ma.fields.Float(load_default=None, validate=ma.validate.Range(-180, 180))
    limit = ma.fields.Integer(
        load_default=10, validate=ma.validate.Range(1, 50, error="应在1到50之间")
    )


class StaffAnswerSchema(Schema):
    """Something that answers; `public_text` may be inserted into a reply as it is."""

    kind = Code(("article", "item", "ticket"))
    id = ma.fields.UUID()
    number = Text()
    title = Text()
    title_parts = ma.fields.List(ma.fields.Nested(SnippetPartSchema))
    snippet = ma.fields.List(ma.fields.Nested(SnippetPartSchema))
    department_name = Text()
    audience = Code(rules.AUDIENCE_TEXT)
    version_id = ma.fields.UUID(allow_none=True)
    version_number = ma.fields.Integer(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)
    expires_soon = ma.fields.Boolean()
    public_text = Text()
    score = ma.fields.Float()


class AnswerEventSchema(Schema):
    """An open event that tells of the same; metres from the place asked for, where one was."""

    id = ma.fields.UUID()
    number = Text()
    title = Text()
    state_text = Text()
    called_at = Moment()
    distance_m = ma.fields.Integer(allow_none=True)


class StaffAnswersSchema(Schema):
    """The best first; `total` counts all that fit, but the open events nearby."""

    items = ma.fields.List(ma.fields.Nested(StaffAnswerSchema))
    events = ma.fields.List(ma.fields.Nested(AnswerEventSchema))
    total = ma.fields.Integer()
    took_ms = ma.fields.Integer()
    as_of = Moment()
