"""What progress answers."""

import marshmallow as ma

from backend.http.schemas import Moment, PageArgs, Schema, page_schema


class PublicMatterSchema(Schema):
    """Where a matter stands; nothing personal."""

    receipt_number = ma.fields.String()
    kind = ma.fields.String()
    kind_text = ma.fields.String()
    title = ma.fields.String()
    state_text = ma.fields.String()
    next_text = ma.fields.String()
    open = ma.fields.Boolean()
    updated_at = Moment()


class MatterSchema(PublicMatterSchema):
    """A matter of one's own."""

    subject_id = ma.fields.UUID()


class TimelineEntrySchema(Schema):
    """One thing that was done."""

    at = Moment()
    action = ma.fields.String()
    text = ma.fields.String()
    actor_text = ma.fields.String()


class MatterDetailSchema(MatterSchema):
    """A matter of one's own with all its steps, newest first."""

    timeline = ma.fields.List(ma.fields.Nested(TimelineEntrySchema))


class PublicMatterDetailSchema(PublicMatterSchema):
    """What number and query code show."""

    timeline = ma.fields.List(ma.fields.Nested(TimelineEntrySchema))


MatterPageSchema = page_schema(MatterSchema)


class MatterQuerySchema(PageArgs):
    """Open ones, closed ones, or all."""

    open = ma.fields.Boolean(load_default=None, truthy={"true"}, falsy={"false"})


class LookUpSchema(Schema):
    """Receipt number and query code as written on the receipt."""

    receipt_number = ma.fields.String(
        required=True, validate=ma.validate.Length(1, 40, error="请填写编号")
    )
    query_code = ma.fields.String(
        required=True, validate=ma.validate.Length(1, 20, error="请填写6位查询码")
    )
