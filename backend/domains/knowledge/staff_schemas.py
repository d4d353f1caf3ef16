"""What is sent and answered about articles at the desk."""

import marshmallow as ma

from backend.domains.knowledge import field_rules as f
from backend.domains.knowledge import listing, rules
from backend.domains.knowledge.schemas import (
    ArticleRelatedSchema,
    PublicFileSchema,
    Text,
    chosen,
    day,
)
from backend.http.schemas import Code, FilePart, Moment, PageArgs, Schema, ShortText, page_schema


class RelatedArticleSchema(Schema):
    """An article or item to point to; its title is ignored."""

    kind = chosen(("article", "item"), required=True)
    id = ma.fields.UUID(required=True)
    title = ShortText(200, needed=False, load_default="")


class AttachedFileSchema(Schema):
    """An uploaded attachment with the name it is shown by."""

    id = ma.fields.UUID(required=True)
    name = ShortText(120, required=True)
    audience = chosen(rules.AUDIENCE_TEXT, load_default=rules.INTERNAL)


def _short(most: int, *, lines: bool = False) -> ShortText:
    return ShortText(most, needed=False, lines=lines)


class ArticleContentSchema(Schema):
    """What an editor fills in; a key left out stays as it is."""

    title = _short(f.TITLE_MOST)
    summary = _short(f.SUMMARY_MOST, lines=True)
    public_text = _short(f.TEXT_MOST, lines=True)
    internal_text = _short(f.TEXT_MOST, lines=True)
    material_kind = chosen(rules.MATERIAL_TEXT)
    keywords = ma.fields.List(
        ShortText(f.KEYWORD_MOST), validate=ma.validate.Length(max=f.KEYWORDS_MOST)
    )
    issuing_unit = _short(f.UNIT_MOST)
    document_number = _short(f.DOCUMENT_MOST)
    category_code = _short(40)
    audience = chosen(rules.AUDIENCE_TEXT)
    region_codes = ma.fields.List(ShortText(20), validate=ma.validate.Length(max=f.REGIONS_MOST))
    effective_on = day()
    expires_on = day()
    source_url = _short(f.ADDRESS_MOST)
    change_note = _short(f.NOTE_MOST)
    related = ma.fields.List(
        ma.fields.Nested(RelatedArticleSchema), validate=ma.validate.Length(max=f.RELATED_MOST)
    )
    files = ma.fields.List(
        ma.fields.Nested(AttachedFileSchema), validate=ma.validate.Length(max=f.FILES_MOST)
    )


class NewArticleSchema(ArticleContentSchema):
    """An article to make; everything but its title may come later."""

    title = ShortText(f.TITLE_MOST, required=True)
    department_id = ma.fields.UUID(required=True)


class ArticleQuerySchema(PageArgs):
    """Filters of the list."""

    q = ma.fields.String(load_default="", validate=ma.validate.Length(max=100, error="最多100个字"))
    state = chosen(("", *listing.STATES), load_default="")
    department = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    audience = chosen(("", *rules.AUDIENCE_TEXT), load_default="")
    material_kind = chosen(("", *rules.MATERIAL_TEXT), load_default="")
    category = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    region = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    mine = ma.fields.Boolean(load_default=False)
    expiring = ma.fields.Integer(
        load_default=0, validate=ma.validate.Range(0, 366, error="应在0到366之间")
    )


class ExportQuerySchema(ArticleQuerySchema):
    """The same filters, and the kind of file."""

    format = chosen(("jsonl", "xlsx", "md"), load_default="xlsx")


class ArticleRowSchema(Schema):
    """An article in the list; `draft_…` tell of the version that somebody works on."""

    id = ma.fields.UUID()
    number = Text()
    title = Text()
    draft_title = ma.fields.String(allow_none=True)
    state = Code(rules.ARTICLE_STATES)
    state_text = Text()
    draft_state = ma.fields.String(allow_none=True)
    draft_state_text = ma.fields.String(allow_none=True)
    department_id = ma.fields.UUID()
    department_name = Text()
    audience = Code(rules.AUDIENCE_TEXT)
    audience_text = Text()
    material_kind = Code(rules.MATERIAL_TEXT)
    material_kind_text = Text()
    category_code = Text()
    category_name = Text()
    live_version_number = ma.fields.Integer(allow_none=True)
    draft_version_number = ma.fields.Integer(allow_none=True)
    effective_on = ma.fields.Date(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)
    expires_soon = ma.fields.Boolean()
    open_corrections = ma.fields.Integer()
    updated_at = Moment()
    etag = Text()


ArticlePageSchema = page_schema(ArticleRowSchema)


class ArticleFileSchema(PublicFileSchema):
    """An attachment with who may have it."""

    audience = Code(rules.AUDIENCE_TEXT)


class ArticleVersionSchema(Schema):
    """A version with every field."""

    id = ma.fields.UUID()
    number = ma.fields.Integer()
    state = Code(rules.VERSION_STATES)
    state_text = Text()
    title = Text()
    summary = Text()
    public_text = Text()
    internal_text = Text()
    material_kind = Code(rules.MATERIAL_TEXT)
    material_kind_text = Text()
    keywords = ma.fields.List(Text())
    issuing_unit = Text()
    document_number = Text()
    category_code = Text()
    category_name = Text()
    audience = Code(rules.AUDIENCE_TEXT)
    audience_text = Text()
    region_codes = ma.fields.List(Text())
    region_text = Text()
    effective_on = ma.fields.Date(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)
    source_url = Text()
    change_note = Text()
    author_id = ma.fields.UUID(allow_none=True)
    author_name = Text()
    writer_names = ma.fields.List(Text())
    department_reviewer_name = ma.fields.String(allow_none=True)
    centre_reviewer_name = ma.fields.String(allow_none=True)
    note = Text()
    related = ma.fields.List(ma.fields.Nested(ArticleRelatedSchema))
    files = ma.fields.List(ma.fields.Nested(ArticleFileSchema))
    saved_at = Moment()
    submitted_at = Moment(allow_none=True)
    published_at = Moment(allow_none=True)


class ArticleVersionLineSchema(Schema):
    """A version in the history."""

    id = ma.fields.UUID()
    number = ma.fields.Integer()
    state = Code(rules.VERSION_STATES)
    state_text = Text()
    title = Text()
    change_note = Text()
    author_name = Text()
    saved_at = Moment()
    published_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)


class CorrectionSchema(Schema):
    """A correction with its clock; `light` green, yellow, red, none."""

    id = ma.fields.UUID()
    article_id = ma.fields.UUID()
    article_number = Text()
    article_title = Text()
    department_id = ma.fields.UUID()
    department_name = Text()
    version_number = ma.fields.Integer()
    quote = Text()
    words = Text()
    by_name = Text()
    state = Code(rules.CORRECTION_STATES)
    state_text = Text()
    light = Code(("green", "yellow", "red", "none"))
    due_at = Moment(allow_none=True)
    created_at = Moment()
    answer = ma.fields.String(allow_none=True)
    answered_at = Moment(allow_none=True)
    answered_by = ma.fields.String(allow_none=True)
    draft_number = ma.fields.Integer(allow_none=True)
    can = ma.fields.List(Text())


CorrectionPageSchema = page_schema(CorrectionSchema)


class ArticleUsageSchema(Schema):
    """How often it was used."""

    viewed = ma.fields.Integer()
    inserted = ma.fields.Integer()
    sent = ma.fields.Integer()
    helpful = ma.fields.Integer()
    unhelpful = ma.fields.Integer()


class ArticleProblemSchema(Schema):
    """What stands against submitting the draft."""

    field = Text()
    text = Text()


class ArticleLineSchema(Schema):
    """Something that was done."""

    at = Moment()
    action = Text()
    text = Text()
    note = Text()
    actor_text = Text()


class ArticleSchema(ArticleRowSchema):
    """An article with all that is in sight of it."""

    live = ma.fields.Nested(ArticleVersionSchema, allow_none=True)
    draft = ma.fields.Nested(ArticleVersionSchema, allow_none=True)
    versions = ma.fields.List(ma.fields.Nested(ArticleVersionLineSchema))
    corrections = ma.fields.List(ma.fields.Nested(CorrectionSchema))
    usage = ma.fields.Nested(ArticleUsageSchema)
    expired = ma.fields.Boolean()
    problems = ma.fields.List(ma.fields.Nested(ArticleProblemSchema))
    can = ma.fields.List(Text())
    timeline = ma.fields.List(ma.fields.Nested(ArticleLineSchema))


class ArticleStepSchema(Schema):
    """Nothing to say."""


class ArticleReasonSchema(Schema):
    """Why."""

    reason = ShortText(500, lines=True, required=True)


class ArticleDraftFromSchema(Schema):
    """The older version to begin from; none for the live one."""

    number = ma.fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=ma.validate.Range(1, 100_000)
    )


class ArticleRenewalSchema(Schema):
    """The new last day."""

    expires_on = day(required=True)
    reason = ShortText(500, needed=False, lines=True, load_default="")

    @ma.validates("expires_on")
    def _given(self, value: object, data_key: str) -> None:
        if value is None:
            raise ma.ValidationError("请选择日期")


class ComparisonQuerySchema(Schema):
    """The two versions by their numbers."""

    from_ = ma.fields.Integer(
        data_key="from", required=True, validate=ma.validate.Range(1, 100_000)
    )
    to = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 100_000))


class DifferencePartSchema(Schema):
    """A piece that stayed, came or went."""

    op = Code(("same", "add", "del"))
    text = Text()


class ComparedFieldSchema(Schema):
    """A field of both versions."""

    key = Text()
    label = Text()
    from_ = ma.fields.String(data_key="from", attribute="from")
    to = Text()
    changed = ma.fields.Boolean()
    parts = ma.fields.List(ma.fields.Nested(DifferencePartSchema))


class ArticleComparisonSchema(Schema):
    """Two versions field by field."""

    from_number = ma.fields.Integer()
    to_number = ma.fields.Integer()
    fields_ = ma.fields.List(
        ma.fields.Nested(ComparedFieldSchema), data_key="fields", attribute="fields"
    )


class ArticleUploadSchema(Schema):
    """An attachment: PDF, Word, Excel or a picture, at most 10 MiB."""

    file = FilePart(required=True)


class UploadedArticleFileSchema(Schema):
    """An attachment that belongs to no article yet."""

    id = ma.fields.UUID()
    name = Text()
    size = ma.fields.Integer()
    kind = Text()
    url = Text()


class ArticleOptionSchema(Schema):
    """A code and what it is called."""

    code = Text()
    name = Text()


class ArticleCategoryGroupSchema(Schema):
    """Leaf categories under one heading."""

    group = Text()
    items = ma.fields.List(ma.fields.Nested(ArticleOptionSchema))


class ArticleDepartmentOptionSchema(ArticleOptionSchema):
    """A department."""

    id = ma.fields.UUID()


class ArticleOptionsSchema(Schema):
    """What an editor chooses from."""

    categories = ma.fields.List(ma.fields.Nested(ArticleCategoryGroupSchema))
    material_kinds = ma.fields.List(ma.fields.Nested(ArticleOptionSchema))
    audiences = ma.fields.List(ma.fields.Nested(ArticleOptionSchema))
    regions = ma.fields.List(ma.fields.Nested(ArticleOptionSchema))
    departments = ma.fields.List(ma.fields.Nested(ArticleDepartmentOptionSchema))
