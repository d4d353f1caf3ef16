"""Parts of what everybody sends and gets around events."""

from typing import Any

import marshmallow as ma

from backend.domains.dispatch import rules
from backend.http.place_fields import one_of
from backend.http.schemas import Code, FilePart, Moment, Schema, ShortText

LIGHTS = ("green", "yellow", "red", "none")
FILE_ROLES = ("report", "before", "after", "result", "note", "voice", "verify")
URGENCIES = tuple(rules.URGENCY_TEXT)
MOST_PHOTOS = 9
RESIDENT_FILES, WORKER_FILES = "/api/v1/files", "/api/v1/worker/files"
STAFF_FILES = "/api/v1/staff/files"


class FileIds(ma.fields.List[Any]):
    """Files uploaded before, by id."""

    def __init__(self, most: int = MOST_PHOTOS, **kwargs: Any) -> None:
        kwargs.setdefault("load_default", list)
        most_text = ma.validate.Length(max=most, error=f"最多{most}张")
        super().__init__(ma.fields.UUID(), validate=most_text, **kwargs)


class NothingSchema(Schema):
    """Nothing is sent along."""


class GcjSchema(Schema):
    """The place as maps in China draw it (GCJ-02)."""

    latitude = ma.fields.Float()
    longitude = ma.fields.Float()


class NamedCodeSchema(Schema):
    """A code and its name."""

    code = ma.fields.String()
    name = ma.fields.String()


class PhotoSchema(Schema):
    """A picture; both addresses need the viewer's session."""

    id = ma.fields.UUID()
    url = ma.fields.String()
    small_url = ma.fields.String()
    role = Code(FILE_ROLES)
    role_text = ma.fields.String()
    at = Moment()


class VoiceSchema(Schema):
    """A voice note; `text` is empty until (and unless) speech was recognised."""

    url = ma.fields.String()
    seconds = ma.fields.Integer()
    text = ma.fields.String()
    state_text = ma.fields.String()


class ClockSchema(Schema):
    """The clock that runs out first."""

    kind = ma.fields.String()
    kind_text = ma.fields.String()
    due_at = Moment(allow_none=True)
    paused = ma.fields.Boolean()


class EventCardSchema(Schema):
    """A row of a list or board, as staff see it. Nothing in it names a caller."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    title = ma.fields.String()
    category = ma.fields.Nested(NamedCodeSchema)
    urgency = Code(URGENCIES)
    urgency_text = ma.fields.String()
    source_text = ma.fields.String()
    state = Code(rules.STATES)
    state_text = ma.fields.String()
    street_name = ma.fields.String()
    community_name = ma.fields.String()
    cell_name = ma.fields.String()
    address = ma.fields.String()
    latitude = ma.fields.Float(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    gcj02 = ma.fields.Nested(GcjSchema, allow_none=True)
    called_at = Moment()
    callers_count = ma.fields.Integer()
    lead_name = ma.fields.String(allow_none=True)
    level_text = ma.fields.String()
    light = Code(LIGHTS)
    clock = ma.fields.Nested(ClockSchema, allow_none=True)
    photo_url = ma.fields.String(allow_none=True)
    distance_m = ma.fields.Integer(allow_none=True)
    mine = Code(("lead", "co", "candidate", "verify", "department"), allow_none=True)
    on_hold = ma.fields.Boolean()
    orders_open = ma.fields.Integer()
    version = ma.fields.Integer()


class CallerSchema(Schema):
    """Somebody who called, masked; `told_at` is when the outcome was sent."""

    id = ma.fields.UUID()
    name_masked = ma.fields.String()
    phone_masked = ma.fields.String(allow_none=True)
    kind_text = ma.fields.String()
    joined_at = Moment()
    words = ma.fields.String()
    told_at = Moment(allow_none=True)
    score = ma.fields.Integer(allow_none=True)
    comment = ma.fields.String()
    can_reveal = ma.fields.Boolean()


class SubtaskSchema(Schema):
    """A co-handler's or department's part of the work."""

    id = ma.fields.UUID()
    what = ma.fields.String()
    who_text = ma.fields.String()
    staff_id = ma.fields.UUID(allow_none=True)
    department_id = ma.fields.UUID(allow_none=True)
    mandatory = ma.fields.Boolean()
    state = Code(rules.SUBTASK_TEXT)
    state_text = ma.fields.String()
    due_at = Moment(allow_none=True)
    light = Code(LIGHTS)
    result = ma.fields.String()
    photos = ma.fields.List(ma.fields.Nested(PhotoSchema))
    can = ma.fields.List(ma.fields.String())


class WhistleSchema(Schema):
    """A department called to the spot."""

    id = ma.fields.UUID()
    department_id = ma.fields.UUID()
    department_name = ma.fields.String()
    what = ma.fields.String()
    hard = ma.fields.Boolean()
    state = Code(rules.WHISTLE_TEXT)
    state_text = ma.fields.String()
    due_at = Moment(allow_none=True)
    light = Code(LIGHTS)
    note = ma.fields.String()
    can = ma.fields.List(ma.fields.String())


class RequestSchema(Schema):
    """A wish that somebody else has to approve: 挂账 or 撤销."""

    id = ma.fields.UUID()
    kind = Code(rules.REQUEST_KIND_TEXT)
    kind_text = ma.fields.String()
    reason = ma.fields.String()
    until = Moment(allow_none=True)
    state = Code(rules.REQUEST_TEXT)
    state_text = ma.fields.String()
    asked_by = ma.fields.String()
    decided_by = ma.fields.String(allow_none=True)
    note = ma.fields.String()
    can = ma.fields.List(ma.fields.String())


class OrderSchema(Schema):
    """A supervisor's order (督办)."""

    id = ma.fields.UUID()
    words = ma.fields.String()
    due_at = Moment()
    state = Code(rules.ORDER_TEXT)
    state_text = ma.fields.String()
    reply = ma.fields.String()
    by_name = ma.fields.String()
    can = ma.fields.List(ma.fields.String())


class EventClockSchema(Schema):
    """One clock of an event, running or stopped."""

    kind = ma.fields.String()
    kind_text = ma.fields.String()
    state_text = ma.fields.String()
    started_at = Moment()
    due_at = Moment(allow_none=True)
    stopped_at = Moment(allow_none=True)
    light = Code(LIGHTS)
    paused_minutes = ma.fields.Integer()


class EventBriefSchema(Schema):
    """An event that this one is tied to."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    title = ma.fields.String()
    state_text = ma.fields.String()


class EventLineSchema(Schema):
    """One thing that was done, with what staff alone read."""

    at = Moment()
    action = ma.fields.String()
    action_text = ma.fields.String()
    actor_name = ma.fields.String()
    role_text = ma.fields.String()
    text = ma.fields.String()
    internal_text = ma.fields.String()
    photos = ma.fields.List(ma.fields.Nested(PhotoSchema))


class EventDetailSchema(EventCardSchema):
    """An event with everything about it; `can` names what the viewer may do now."""

    words = ma.fields.String()
    confidential = ma.fields.Boolean()
    voice = ma.fields.Nested(VoiceSchema, allow_none=True)
    photos = ma.fields.List(ma.fields.Nested(PhotoSchema))
    before_photo = ma.fields.Boolean()
    after_photo = ma.fields.Boolean()
    result = ma.fields.String()
    public_result = ma.fields.String()
    visit_at = Moment(allow_none=True)
    ticket_number = ma.fields.String(allow_none=True)
    external_number = ma.fields.String(allow_none=True)
    callers = ma.fields.List(ma.fields.Nested(CallerSchema))
    subtasks = ma.fields.List(ma.fields.Nested(SubtaskSchema))
    whistles = ma.fields.List(ma.fields.Nested(WhistleSchema))
    requests = ma.fields.List(ma.fields.Nested(RequestSchema))
    orders = ma.fields.List(ma.fields.Nested(OrderSchema))
    clocks = ma.fields.List(ma.fields.Nested(EventClockSchema))
    duplicates = ma.fields.List(ma.fields.Nested(EventCardSchema))
    parent = ma.fields.Nested(EventBriefSchema, allow_none=True)
    children = ma.fields.List(ma.fields.Nested(EventBriefSchema))
    timeline = ma.fields.List(ma.fields.Nested(EventLineSchema))
    navigation_url = ma.fields.String()
    can = ma.fields.List(ma.fields.String())


class VersionedSchema(Schema):
    """The version that was looked at; left out, the state alone decides."""

    version = ma.fields.Integer(load_default=None, allow_none=True, strict=True)


class UploadSchema(Schema):
    """A file, and what it is for."""

    file = FilePart(required=True)
    purpose = ma.fields.String(required=True, validate=one_of("event_photo", "event_voice"))


class StoredFileSchema(Schema):
    """A file as kept; `seconds` for voice notes."""

    id = ma.fields.UUID()
    media_type = ma.fields.String()
    size = ma.fields.Integer()
    seconds = ma.fields.Integer(allow_none=True)
    url = ma.fields.String()


class SizeQuerySchema(Schema):
    """`small`: at most 320 pixels."""

    size = ma.fields.String(load_default="full", validate=one_of("full", "small"))


class Reason(ShortText):
    """Why, in one to 500 characters; several lines are fine."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(500, lines=True, required=True, **kwargs)


class RevealCallerSchema(Schema):
    """Which value of a caller, and why."""

    field = ma.fields.String(required=True, validate=one_of("name", "phone"))
    purpose = ShortText(200, required=True)


class CallerValueSchema(Schema):
    """The value in full."""

    value = ma.fields.String()
