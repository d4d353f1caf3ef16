"""What staff send and get when they edit items."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma

from backend.domains.catalog import content as words
from backend.domains.catalog.rules import DRAFT, LIVE, VERSION_STATES
from backend.domains.catalog.schemas import ItemSchema, Text
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema

_LONG = 1000


def _one_of(codes: Iterable[Any], **kwargs: Any) -> ma.fields.String:
    check = ma.validate.OneOf(list(codes), error="请从列表中选择")
    return ma.fields.String(required=True, validate=check, **kwargs)


def _number(low: int, high: int, **kwargs: Any) -> ma.fields.Integer:
    check = ma.validate.Range(low, high, error=f"应在{low}到{high}之间")
    return ma.fields.Integer(required=True, strict=True, validate=check, **kwargs)


def _list(inner: ma.fields.Field[Any], most: int) -> ma.fields.List[Any]:
    check = ma.validate.Length(max=most, error=f"最多{most}项")
    return ma.fields.List(inner, required=True, validate=check)


def _text(maximum: int, *, lines: bool = False) -> ShortText:
    return ShortText(maximum, needed=False, lines=lines, required=True)


class ItemLimitSchema(Schema):
    """A period; 0 means while the person waits."""

    value = _number(0, 3650)
    unit = _one_of(words.UNITS)


class EditMaterialSchema(Schema):
    """What the person brings and the law that asks for it."""

    name = ShortText(200, required=True)
    form = _one_of(words.MATERIAL_FORMS)
    count = _number(1, 100)
    necessity = _one_of(words.NECESSITIES)
    source = _text(200)
    replaced_by_licence = ShortText(100, required=True, allow_none=True)
    legal_basis = _text(500)
    note = _text(500)


class EditStepSchema(Schema):
    """A box of the flow chart."""

    key = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"^[a-z0-9_-]{1,40}\Z", error="用小写字母和数字")
    )
    name = ShortText(60, required=True)
    actor = _text(60)
    limit_text = _text(60)
    description = _text(500)
    next = _list(ma.fields.String(validate=ma.validate.Length(max=40)), 20)


class EditFeeSchema(Schema):
    """A charge and the rule that allows it."""

    name = ShortText(100, required=True)
    amount_text = ShortText(100, required=True)
    basis = _text(300)


class EditPlaceSchema(Schema):
    """A hall by its code, or in words where no hall is known."""

    hall_code = _text(40)
    windows_text = _text(100)
    hall_name = ShortText(100, needed=False)
    address = ShortText(200, needed=False)
    floor = ShortText(50, needed=False)
    opening_hours = ma.fields.List(ShortText(100), validate=ma.validate.Length(max=14))
    phone = ShortText(100, needed=False)


class ItemContentSchema(Schema):
    """Everything of an item that a version fixes."""

    name = ShortText(200, required=True)
    summary = _text(200)
    aliases = _list(ShortText(60), 40)
    level = _one_of(words.LEVELS)
    item_class = _one_of(words.ITEM_CLASSES)
    case_type = _one_of(words.CASE_TYPES)
    group_code = _one_of(words.GROUPS)
    bookable = ma.fields.Boolean(required=True)
    audience = _one_of(words.AUDIENCES)
    themes = _list(_one_of(words.THEMES), len(words.THEMES))
    legal_limit = ma.fields.Nested(ItemLimitSchema, required=True, allow_none=True)
    promise_limit = ma.fields.Nested(ItemLimitSchema, required=True, allow_none=True)
    conditions = _list(ShortText(_LONG, lines=True), 50)
    materials = _list(ma.fields.Nested(EditMaterialSchema), 100)
    steps = _list(ma.fields.Nested(EditStepSchema), 30)
    special_procedures = _list(ShortText(300), 20)
    fees = _list(ma.fields.Nested(EditFeeSchema), 30)
    visits = _number(0, 20)
    visits_reason = _text(300)
    online_depth = _number(1, 7)
    places = _list(ma.fields.Nested(EditPlaceSchema), 50)
    consult_phone = _text(200)
    complaint_phone = _text(200)
    courier = ma.fields.Boolean(required=True)
    scope = _one_of(words.SCOPES)
    result_type = _one_of(words.RESULT_TYPES)
    result_name = _text(200)
    remedies = _text(_LONG, lines=True)
    legal_basis = _list(ShortText(500), 50)


class NewItemSchema(Schema):
    """An item to make, with its first draft."""

    implementation_code = ma.fields.String(
        required=True,
        validate=ma.validate.Regexp(r"^[A-Za-z0-9-]{4,80}\Z", error="用4到80位字母、数字和横线"),
    )
    base_code = ShortText(40, needed=False, load_default="")
    business_code = ShortText(80, needed=False, load_default="")
    department = ShortText(40, required=True)
    content = ma.fields.Nested(ItemContentSchema, required=True)


class ItemDraftSchema(Schema):
    """A draft to save."""

    content = ma.fields.Nested(ItemContentSchema, required=True)


class StaffItemQuerySchema(PageArgs):
    """Words and state of the editor's list."""

    q = ma.fields.String(load_default="", validate=ma.validate.Length(max=100, error="最多100个字"))
    state = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf([DRAFT, LIVE], error="请从列表中选择")
    )


class StaffItemRowSchema(Schema):
    """An item in the editor's list."""

    id = ma.fields.UUID()
    implementation_code = Text()
    base_code = Text()
    business_code = Text()
    department_id = ma.fields.UUID()
    department_name = Text()
    name = Text()
    state = Code((DRAFT, LIVE))
    state_text = Text()
    live_version = ma.fields.Integer(allow_none=True)
    draft_version = ma.fields.Integer(allow_none=True)
    saved_at = Moment()
    published_at = Moment(allow_none=True)
    can_edit = ma.fields.Boolean()
    etag = Text()


StaffItemPageSchema = page_schema(StaffItemRowSchema)


class ItemProblemSchema(Schema):
    """A cross-check the draft fails."""

    field = Text()
    code = Text()
    text = Text()


class StaffItemSchema(StaffItemRowSchema):
    """An item with what is live, what is draft, and what stands against publishing."""

    live = ma.fields.Nested(ItemContentSchema, allow_none=True)
    draft = ma.fields.Nested(ItemContentSchema, allow_none=True)
    problems = ma.fields.List(ma.fields.Nested(ItemProblemSchema))


class ItemVersionSchema(Schema):
    """A version in the history."""

    number = ma.fields.Integer()
    name = Text()
    state = Code(VERSION_STATES)
    state_text = Text()
    saved_at = Moment()
    published_at = Moment(allow_none=True)
    published_by = Text()


class ItemVersionListSchema(Schema):
    """All versions, newest first."""

    items = ma.fields.List(ma.fields.Nested(ItemVersionSchema))


class ItemVersionDetailSchema(ItemVersionSchema):
    """A version's content, and the guide as residents would read it."""

    content = ma.fields.Nested(ItemContentSchema)
    preview = ma.fields.Nested(ItemSchema)
