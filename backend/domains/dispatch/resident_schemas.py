"""What residents and visitors send and get around events."""

from typing import Any

import marshmallow as ma

from backend.domains.dispatch import rules
from backend.domains.dispatch.schemas import (
    URGENCIES,
    FileIds,
    GcjSchema,
    NamedCodeSchema,
    PhotoSchema,
    Reason,
    VoiceSchema,
)
from backend.http.place_fields import CoordinatesSchema, one_of
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema

CAN = ("cancel", "confirm", "rate", "reopen", "add")


class CategoryLeafSchema(Schema):
    """A kind of event that can be chosen."""

    code = ma.fields.String()
    name = ma.fields.String()
    hint = ma.fields.String()


class CategoryGroupSchema(Schema):
    """A group of kinds."""

    code = ma.fields.String()
    name = ma.fields.String()
    icon = ma.fields.String()
    children = ma.fields.List(ma.fields.Nested(CategoryLeafSchema))


class CategoryListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(CategoryGroupSchema))


class SuggestSchema(CoordinatesSchema):
    """What happened, and perhaps where."""

    words = ShortText(2000, required=True, lines=True)


class SuggestedCategorySchema(Schema):
    """A kind the words speak for; `sure` from 0 to 1."""

    code = ma.fields.String()
    name = ma.fields.String()
    parent_name = ma.fields.String()
    sure = ma.fields.Float()


class EmergencyServiceSchema(Schema):
    """Whom to call."""

    number = ma.fields.String()
    name = ma.fields.String()


class EmergencySchema(Schema):
    """Shown before anything else where words tell of danger."""

    matched = ma.fields.Boolean()
    services = ma.fields.List(ma.fields.Nested(EmergencyServiceSchema))
    advice = ma.fields.String()


class SimilarSchema(Schema):
    """An open public event nearby: 'me too' joins it."""

    id = ma.fields.UUID()
    title = ma.fields.String()
    state_text = ma.fields.String()
    distance_m = ma.fields.Integer()
    callers_count = ma.fields.Integer()
    called_at = Moment()
    photo_url = ma.fields.String(allow_none=True)


class PlaceNamesSchema(Schema):
    """Where the point lies."""

    street_name = ma.fields.String()
    community_name = ma.fields.String()
    cell_name = ma.fields.String()


class SuggestionsSchema(Schema):
    """What helps before a report is sent; nothing of it is kept."""

    categories = ma.fields.List(ma.fields.Nested(SuggestedCategorySchema))
    emergency = ma.fields.Nested(EmergencySchema, allow_none=True)
    similar = ma.fields.List(ma.fields.Nested(SimilarSchema))
    place = ma.fields.Nested(PlaceNamesSchema, allow_none=True)


class ReportSchema(CoordinatesSchema):
    """A call: words, or a voice note, or both; where; and photos."""

    words = ShortText(2000, needed=False, lines=True, load_default="")
    category_code = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Length(max=40)
    )
    urgency = ma.fields.String(load_default=None, allow_none=True, validate=one_of(*URGENCIES))
    address = ShortText(200, needed=False, load_default="")
    file_ids = FileIds()
    voice_id = ma.fields.UUID(load_default=None, allow_none=True)
    confidential = ma.fields.Boolean(load_default=False)

    @ma.validates_schema
    def _said(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("words") and data.get("voice_id") is None:
            raise ma.ValidationError("请写一句话，或录一段语音", "words")


class MeTooSchema(Schema):
    """What one adds to a neighbour's report."""

    words = ShortText(1000, needed=False, lines=True, load_default="")
    file_ids = FileIds()


class MyNoteSchema(Schema):
    """Something to add."""

    words = ShortText(1000, required=True, lines=True)
    file_ids = FileIds()


class ReasonSchema(Schema):
    """Why."""

    reason = Reason()


class ConfirmSchema(Schema):
    """Whether it is solved; if not, what is left."""

    solved = ma.fields.Boolean(required=True)
    note = ShortText(500, needed=False, lines=True, load_default="")


class RateEventSchema(Schema):
    """A judgement from 1 (bad) to 5 (good)."""

    score = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 5, error="评分是1到5分")
    )
    comment = ShortText(500, needed=False, lines=True, load_default="")


class EventRatingSchema(Schema):
    """A judgement given."""

    score = ma.fields.Integer()
    comment = ma.fields.String()


class MyLineSchema(Schema):
    """One thing that was done, in words for callers."""

    at = Moment()
    action = ma.fields.String()
    text = ma.fields.String()
    actor_text = ma.fields.String()
    photos = ma.fields.List(ma.fields.Nested(PhotoSchema))


class MyEventCardSchema(Schema):
    """A row of one's own list; `number` is the caller's own receipt."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    title = ma.fields.String()
    category = ma.fields.Nested(NamedCodeSchema)
    state = Code(rules.STATES)
    state_text = ma.fields.String()
    next_text = ma.fields.String()
    address = ma.fields.String()
    called_at = Moment()
    callers_count = ma.fields.Integer()
    photo_url = ma.fields.String(allow_none=True)
    can = ma.fields.List(Code(CAN))


class MyEventSchema(MyEventCardSchema):
    """An event as one of its callers sees it: the own words and photos, the public steps."""

    query_code = ma.fields.String()
    due_text = ma.fields.String()
    words = ma.fields.String()
    voice = ma.fields.Nested(VoiceSchema, allow_none=True)
    latitude = ma.fields.Float(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    gcj02 = ma.fields.Nested(GcjSchema, allow_none=True)
    confidential = ma.fields.Boolean()
    photos = ma.fields.List(ma.fields.Nested(PhotoSchema))
    result_photos = ma.fields.List(ma.fields.Nested(PhotoSchema))
    public_result = ma.fields.String()
    handler_text = ma.fields.String()
    rating = ma.fields.Nested(EventRatingSchema, allow_none=True)
    timeline = ma.fields.List(ma.fields.Nested(MyLineSchema))


class MyEventQuerySchema(PageArgs):
    """Open ones, those that are over, or all."""

    open = ma.fields.Boolean(load_default=None, truthy={"true"}, falsy={"false"})


MyEventPageSchema: Any = page_schema(MyEventCardSchema)


class BboxQuery(ma.fields.String):
    """`west,south,east,north` in degrees."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("load_default", None)
        super().__init__(metadata={"example": "115.2,20.4,115.4,20.6"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise ma.ValidationError("范围应像 115.2,20.4,115.4,20.6") from None
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ma.ValidationError("范围应像 115.2,20.4,115.4,20.6")
        return west, south, east, north


class PublicQuerySchema(Schema):
    """Open or solved ones, in a box of the map, of one kind."""

    state = ma.fields.String(load_default="open", validate=one_of("open", "solved"))
    bbox = BboxQuery()
    category = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))


class PublicEventSchema(Schema):
    """What anybody may see: kind, rough place, how it stands. No words, no people."""

    id = ma.fields.UUID()
    title = ma.fields.String()
    category_name = ma.fields.String()
    state_text = ma.fields.String()
    address_public = ma.fields.String()
    latitude = ma.fields.Float(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    gcj02 = ma.fields.Nested(GcjSchema, allow_none=True)
    at = Moment()
    solved_at = Moment(allow_none=True)
    photo_url = ma.fields.String(allow_none=True)


class AreaCountSchema(Schema):
    """How many events a street has."""

    street_id = ma.fields.UUID()
    street_name = ma.fields.String()
    count = ma.fields.Integer()


class PublicEventListSchema(Schema):
    """At most 300, the newest first, and the counts of all."""

    items = ma.fields.List(ma.fields.Nested(PublicEventSchema))
    areas = ma.fields.List(ma.fields.Nested(AreaCountSchema))
    total = ma.fields.Integer()


class PublicEventDetailSchema(PublicEventSchema):
    """With its result."""

    public_result = ma.fields.String()
    callers_count = ma.fields.Integer()
    photos = ma.fields.List(ma.fields.Nested(PhotoSchema))
    timeline = ma.fields.List(ma.fields.Nested(MyLineSchema))
