"""What a district sets for its events, as edited and shown."""

import marshmallow as ma

from backend.domains.dispatch.schemas import URGENCIES
from backend.http.place_fields import one_of
from backend.http.schemas import Code, Schema, ShortText

UNITS = ("minutes", "hours", "working_days")
CLOCK_KINDS = (
    "claim", "accept", "contact", "dispose", "verify", "subtask", "sign", "dept_contact",
    "arrive", "supervise",
)  # fmt: skip


class EventCategorySchema(Schema):
    """A kind of event with everything set for it."""

    code = ma.fields.String()
    parent_code = ma.fields.String(allow_none=True)
    name = ma.fields.String()
    hint = ma.fields.String()
    icon = ma.fields.String()
    urgency = Code(URGENCIES)
    dispose_amount = ma.fields.Integer()
    dispose_unit = Code(UNITS)
    before_photo = ma.fields.Boolean()
    after_photo = ma.fields.Boolean()
    department_code = ma.fields.String(allow_none=True)
    keywords = ma.fields.List(ma.fields.String())
    public = ma.fields.Boolean()
    active = ma.fields.Boolean()
    position = ma.fields.Integer()
    etag = ma.fields.String()


class EventCategoryListSchema(Schema):
    """The whole tree, flat: parents before their children."""

    items = ma.fields.List(ma.fields.Nested(EventCategorySchema))


class EditCategorySchema(Schema):
    """A kind of event as it should be."""

    parent_code = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Length(1, 40)
    )
    name = ShortText(40, required=True)
    hint = ShortText(200, needed=False, load_default="")
    icon = ShortText(40, needed=False, load_default="")
    urgency = ma.fields.String(required=True, validate=one_of(*URGENCIES))
    dispose_amount = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 1000, error="应在1到1000之间")
    )
    dispose_unit = ma.fields.String(required=True, validate=one_of(*UNITS))
    before_photo = ma.fields.Boolean(load_default=False)
    after_photo = ma.fields.Boolean(load_default=False)
    department_code = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Length(1, 40)
    )
    keywords = ma.fields.List(
        ShortText(20), load_default=list, validate=ma.validate.Length(max=60, error="最多60个")
    )
    public = ma.fields.Boolean(load_default=True)
    active = ma.fields.Boolean(load_default=True)
    position = ma.fields.Integer(
        load_default=0, strict=True, validate=ma.validate.Range(0, 10_000, error="应在0到10000之间")
    )


class ClockRuleSchema(Schema):
    """A limit; a category or urgency left out stands for all."""

    kind = ma.fields.String(required=True, validate=one_of(*CLOCK_KINDS))
    kind_text = ma.fields.String(dump_only=True)
    category_code = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Length(1, 40)
    )
    urgency = ma.fields.String(load_default=None, allow_none=True, validate=one_of(*URGENCIES))
    amount = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 10_000, error="应在1到10000之间")
    )
    unit = ma.fields.String(required=True, validate=one_of(*UNITS))


class ClockRulesSchema(Schema):
    """All limits that differ from the built-in ones."""

    items = ma.fields.List(
        ma.fields.Nested(ClockRuleSchema),
        required=True,
        validate=ma.validate.Length(max=300, error="最多300条"),
    )


class DefaultLimitSchema(Schema):
    """What holds where nothing is set."""

    kind = ma.fields.String()
    kind_text = ma.fields.String()
    urgency = ma.fields.String(allow_none=True)
    amount = ma.fields.Integer()
    unit = ma.fields.String()


class ShownClockRulesSchema(Schema):
    """The limits set, and those built in."""

    items = ma.fields.List(ma.fields.Nested(ClockRuleSchema))
    defaults = ma.fields.List(ma.fields.Nested(DefaultLimitSchema))
    etag = ma.fields.String()
