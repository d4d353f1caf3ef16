"""What is sent and answered about articles: shared parts, and what residents see."""

from typing import Any

import marshmallow as ma

from backend.domains.knowledge import rules
from backend.domains.knowledge.documents import EXTENSIONS
from backend.http.schemas import Code, Day, Moment, PageArgs, Schema, ShortText, page_schema


class Text(ma.fields.String):
    """A text in an answer."""


class SnippetPartSchema(Schema):
    """A piece of text; `hit` where it was asked for. Plain text, not HTML."""

    text = Text()
    hit = ma.fields.Boolean()


class ArticleRelatedSchema(Schema):
    """An article or item that belongs to it."""

    kind = Code(("article", "item"))
    id = ma.fields.UUID()
    title = Text()


class PublicFileSchema(Schema):
    """An attachment; `kind` is how its name ends."""

    id = ma.fields.UUID()
    name = Text()
    size = ma.fields.Integer()
    kind = Code(sorted(set(EXTENSIONS.values())))
    url = Text()


class PublicArticleSchema(Schema):
    """An article as a resident reads it; `text` is Markdown. `expired` shows a banner."""

    id = ma.fields.UUID()
    number = Text()
    title = Text()
    summary = Text()
    text = Text()
    material_kind = Code(rules.MATERIAL_TEXT)
    material_kind_text = Text()
    department_name = Text()
    issuing_unit = Text()
    document_number = Text()
    source_url = Text()
    effective_on = ma.fields.Date(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)
    expired = ma.fields.Boolean()
    expired_text = Text()
    updated_at = Moment(allow_none=True)
    related = ma.fields.List(ma.fields.Nested(ArticleRelatedSchema))
    files = ma.fields.List(ma.fields.Nested(PublicFileSchema))


class AnswerQuerySchema(PageArgs):
    """A resident's words, and where and what they ask about."""

    q = ShortText(100, required=True)
    region = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    kind = ma.fields.String(
        load_default="",
        validate=ma.validate.OneOf(["", "article", "item"], error="请从列表中选择"),
    )


class AnswerCardSchema(Schema):
    """Something that answers, with the place in its text."""

    kind = Code(("article", "item"))
    id = ma.fields.UUID()
    title = Text()
    title_parts = ma.fields.List(ma.fields.Nested(SnippetPartSchema))
    snippet = ma.fields.List(ma.fields.Nested(SnippetPartSchema))
    department_name = Text()
    updated_at = ma.fields.String(allow_none=True)


AnswerPageSchema = page_schema(
    AnswerCardSchema, total=ma.fields.Integer(), query_id=ma.fields.UUID()
)


class SuggestQuerySchema(Schema):
    """What was typed so far."""

    q = ShortText(100, required=True)


class AnswerSuggestionSchema(Schema):
    """A title to go on with."""

    kind = Code(("article", "item"))
    id = ma.fields.UUID()
    title = Text()


class AnswerSuggestionListSchema(Schema):
    """Titles, the likeliest first."""

    items = ma.fields.List(ma.fields.Nested(AnswerSuggestionSchema))


class AnswerFeedbackSchema(Schema):
    """Whether an answer helped."""

    query = ShortText(100, required=True)
    kind = ma.fields.String(
        required=True, validate=ma.validate.OneOf(["article", "item"], error="请从列表中选择")
    )
    id = ma.fields.UUID(required=True)
    helpful = ma.fields.Boolean(required=True)


class FrequentQuerySchema(Schema):
    """How many."""

    limit = ma.fields.Integer(
        load_default=10, validate=ma.validate.Range(1, 20, error="应在1到20之间")
    )


class FrequentArticleSchema(Schema):
    """A public article that helps many."""

    id = ma.fields.UUID()
    title = Text()


class FrequentArticleListSchema(Schema):
    """The most helpful first."""

    items = ma.fields.List(ma.fields.Nested(FrequentArticleSchema))


def chosen(codes: Any, **kwargs: Any) -> ma.fields.String:
    """One of a closed list."""
    check = ma.validate.OneOf(list(codes), error="请从列表中选择")
    return ma.fields.String(validate=check, **kwargs)


def day(**kwargs: Any) -> Day:
    """A day, or none."""
    return Day(allow_none=True, **kwargs)
