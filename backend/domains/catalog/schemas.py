"""What the public catalogue answers."""

import marshmallow as ma

from backend.domains.catalog import content as words
from backend.http.schemas import Code, Moment, PageArgs, Schema, page_schema


class Text(ma.fields.String):
    """A text in an answer, always there."""


class CatalogNameSchema(Schema):
    """A code and its name."""

    code = Text()
    name = Text()


class CatalogCountSchema(CatalogNameSchema):
    """A code, its name, and how many items it has."""

    count = ma.fields.Integer()


class CatalogCountListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(CatalogCountSchema))


class ItemCardSchema(Schema):
    """An item in a list."""

    id = ma.fields.UUID()
    code = Text()
    name = Text()
    department_name = Text()
    level = Code(words.LEVELS)
    level_text = Text()
    case_type = Code(words.CASE_TYPES)
    case_type_text = Text()
    promise_text = Text()
    visits = ma.fields.Integer()
    bookable = ma.fields.Boolean()
    summary = Text()


class ItemMaterialSchema(Schema):
    """What to bring."""

    name = Text()
    form_text = Text()
    count = ma.fields.Integer()
    necessity = Code(words.NECESSITIES)
    necessity_text = Text()
    source = Text()
    replaced_by_licence = ma.fields.String(allow_none=True)
    legal_basis = Text()
    note = Text()


class ItemStepSchema(Schema):
    """A box of the flow chart; `next` are the keys that may follow."""

    key = Text()
    name = Text()
    actor = Text()
    limit_text = Text()
    description = Text()
    next = ma.fields.List(Text())


class ItemFeeSchema(Schema):
    """A charge and the rule that allows it."""

    name = Text()
    amount_text = Text()
    basis = Text()


class ItemPlaceSchema(Schema):
    """Where the item is handled."""

    hall_id = ma.fields.UUID(allow_none=True)
    hall_code = Text()
    hall_name = Text()
    address = Text()
    floor = Text()
    windows_text = Text()
    opening_hours = ma.fields.List(Text())
    phone = Text()


class ItemSchema(ItemCardSchema):
    """The whole guide of an item."""

    implementation_code = Text()
    business_code = Text()
    base_code = Text()
    version = ma.fields.Integer()
    aliases = ma.fields.List(Text())
    group_code = Code(words.GROUPS)
    group_text = Text()
    item_class = Code(words.ITEM_CLASSES)
    item_class_text = Text()
    legal_limit_text = Text()
    promise_limit_text = Text()
    conditions = ma.fields.List(Text())
    materials = ma.fields.List(ma.fields.Nested(ItemMaterialSchema))
    steps = ma.fields.List(ma.fields.Nested(ItemStepSchema))
    special_procedures = ma.fields.List(Text())
    fees = ma.fields.List(ma.fields.Nested(ItemFeeSchema))
    visits_reason = Text()
    online_depth = ma.fields.Integer()
    online_depth_text = Text()
    places = ma.fields.List(ma.fields.Nested(ItemPlaceSchema))
    consult_phone = Text()
    complaint_phone = Text()
    courier = ma.fields.Boolean()
    scope_text = Text()
    result_type_text = Text()
    result_name = Text()
    remedies = Text()
    legal_basis = ma.fields.List(Text())
    audience_text = Text()
    themes = ma.fields.List(ma.fields.Nested(CatalogNameSchema))
    published_at = Moment(allow_none=True)


ItemPageSchema = page_schema(ItemCardSchema, note=Text())


class ItemQuerySchema(PageArgs):
    """Words and filters of the item list."""

    q = ma.fields.String(load_default="", validate=ma.validate.Length(max=200, error="最多200个字"))
    theme = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
    department = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
    life_event = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
    street = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))


class ItemSuggestQuerySchema(Schema):
    """What has been typed so far."""

    q = ma.fields.String(load_default="", validate=ma.validate.Length(max=100, error="最多100个字"))


class ItemSuggestionSchema(Schema):
    """A completion and why it is offered."""

    id = ma.fields.UUID()
    name = Text()
    hint = Text()


class ItemSuggestionListSchema(Schema):
    """Up to eight completions, best first."""

    items = ma.fields.List(ma.fields.Nested(ItemSuggestionSchema))


class LifeEventCardSchema(CatalogCountSchema):
    """A life event in the list."""

    summary = Text()


class LifeEventListSchema(Schema):
    """All life events."""

    items = ma.fields.List(ma.fields.Nested(LifeEventCardSchema))


class LifeEventStepSchema(Schema):
    """An item at its place; `after` are the orders it has to wait for."""

    order = ma.fields.Integer()
    item = ma.fields.Nested(ItemCardSchema)
    after = ma.fields.List(ma.fields.Integer())
    note = Text()


class LifeEventSchema(CatalogNameSchema):
    """A life event with its items in order."""

    summary = Text()
    steps = ma.fields.List(ma.fields.Nested(LifeEventStepSchema))
