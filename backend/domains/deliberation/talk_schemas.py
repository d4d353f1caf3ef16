"""Comments, statements and the opinion map over HTTP."""

import marshmallow as ma

from backend.domains.deliberation import rules, talk_view
from backend.domains.deliberation.topic_schemas import (
    PictureIds,
    PostNoticeSchema,
    TopicPictureSchema,
    one_of,
    strings,
)
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema


class CommentListQuerySchema(PageArgs):
    """Sorting, and the comment whose replies are wanted."""

    sort = ma.fields.String(load_default=talk_view.NEWEST, validate=one_of(talk_view.SORTS))
    parent = ma.fields.UUID(load_default=None)


class WriteCommentSchema(Schema):
    """A comment, or a reply."""

    text = ShortText(1000, required=True, lines=True)
    parent_id = ma.fields.UUID(load_default=None, allow_none=True)
    file_ids = PictureIds()


class EditCommentSchema(Schema):
    """The words anew, before they are public."""

    text = ShortText(1000, required=True, lines=True)


class LikeCommentSchema(Schema):
    """Like it, or not any more."""

    liked = ma.fields.Boolean(required=True)


class ReportPostSchema(Schema):
    """What is wrong with it."""

    why = ma.fields.String(required=True, validate=one_of(rules.REPORT_TEXT))
    words = ShortText(200, needed=False, lines=True, load_default="")


class TopicCommentSchema(Schema):
    """A comment as shown; `gone`: only its place is left."""

    id = ma.fields.UUID()
    parent_id = ma.fields.UUID(allow_none=True)
    author = ma.fields.String()
    official = ma.fields.Boolean()
    mine = ma.fields.Boolean()
    text = ma.fields.String()
    gone = ma.fields.Boolean()
    pictures = ma.fields.List(ma.fields.Nested(TopicPictureSchema))
    state = Code(rules.POST_TEXT)
    state_text = ma.fields.String()
    likes = ma.fields.Integer()
    liked = ma.fields.Boolean()
    replies = ma.fields.Integer()
    at = Moment()
    edited = ma.fields.Boolean()
    notice = ma.fields.Nested(PostNoticeSchema, allow_none=True)
    can = strings()


CommentPageSchema = page_schema(TopicCommentSchema)


class WriteStatementSchema(Schema):
    """A short sentence."""

    text = ShortText(140, required=True)


class AnswerStatementSchema(Schema):
    """Agree, disagree or pass."""

    answer = ma.fields.String(required=True, validate=one_of(rules.ANSWER_TEXT))


class AnswerCountsSchema(Schema):
    """How many said what."""

    agree = ma.fields.Integer()
    disagree = ma.fields.Integer()
    # `pass` is a word of Python.
    passed = ma.fields.Integer(data_key="pass", attribute="pass")


class TopicStatementSchema(Schema):
    """A statement; `counts` are shown once one has answered."""

    id = ma.fields.UUID()
    text = ma.fields.String()
    state = Code(rules.POST_TEXT)
    state_text = ma.fields.String()
    mine = ma.fields.Boolean()
    by_staff = ma.fields.Boolean()
    answer = Code(rules.ANSWER_TEXT, allow_none=True)
    counts = ma.fields.Nested(AnswerCountsSchema, allow_none=True)
    notice = ma.fields.Nested(PostNoticeSchema, allow_none=True)
    can = strings()


class StatementListSchema(Schema):
    """All statements of a topic."""

    items = ma.fields.List(ma.fields.Nested(TopicStatementSchema))


class OpinionPointSchema(Schema):
    """A person on the map: a place and a group, nothing else."""

    x = ma.fields.Float()
    y = ma.fields.Float()
    group = ma.fields.String()


class OpinionStatementSchema(Schema):
    """A statement and how a group, or all, answered it."""

    statement = ma.fields.UUID()
    text = ma.fields.String()
    answer = Code(("agree", "disagree"))
    counts = ma.fields.Nested(AnswerCountsSchema)


class OpinionGroupSchema(Schema):
    """A group: its outline, its middle, and what it says more than the others."""

    name = ma.fields.String()
    size = ma.fields.Integer()
    centre = ma.fields.List(ma.fields.Float())
    hull = ma.fields.List(ma.fields.List(ma.fields.Float()))
    typical = ma.fields.List(ma.fields.Nested(OpinionStatementSchema))


class OpinionGroupAnswerSchema(AnswerCountsSchema):
    """How one group answered."""

    name = ma.fields.String()


class OpinionApartSchema(Schema):
    """Where the groups part."""

    statement = ma.fields.UUID()
    text = ma.fields.String()
    groups = ma.fields.List(ma.fields.Nested(OpinionGroupAnswerSchema))


class OpinionMapSchema(Schema):
    """The map of opinions; `ready` is false while fewer than `needed` took part."""

    ready = ma.fields.Boolean()
    participants = ma.fields.Integer()
    needed = ma.fields.Integer()
    points = ma.fields.List(ma.fields.Nested(OpinionPointSchema))
    groups = ma.fields.List(ma.fields.Nested(OpinionGroupSchema))
    shared = ma.fields.List(ma.fields.Nested(OpinionStatementSchema))
    apart = ma.fields.List(ma.fields.Nested(OpinionApartSchema))
    you = ma.fields.Nested(OpinionPointSchema, allow_none=True)
    at = Moment(allow_none=True)
