"""Tickets as staff see them over HTTP: cards, one ticket with everything about it, lists."""

from typing import Any

import marshmallow as ma

from backend.domains.hotline import rules
from backend.http.place_fields import one_of
from backend.http.schemas import Code, Day, Moment, PageArgs, Schema, page_schema

LIGHTS = ("green", "yellow", "red", "none")
LISTS = (
    "pending", "to_dispatch", "mine", "unit", "to_review", "callback", "judgement", "overdue",
    "all",
)  # fmt: skip
KINDS = tuple(rules.KIND_TEXT)
STATES = tuple(rules.STATE_TEXT)
URGENCIES = tuple(rules.URGENCY_TEXT)


class TicketCategorySchema(Schema):
    """A code and its name."""

    code = ma.fields.String()
    name = ma.fields.String()


class TicketClockSchema(Schema):
    """The clock that runs out first."""

    kind = ma.fields.String()
    kind_text = ma.fields.String()
    due_at = Moment(allow_none=True)
    paused = ma.fields.Boolean()


class TicketCardSchema(Schema):
    """A row of a list, the caller masked."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    title = ma.fields.String()
    kind = Code(KINDS)
    kind_text = ma.fields.String()
    source_text = ma.fields.String()
    state = Code(STATES)
    state_text = ma.fields.String()
    urgency = Code(URGENCIES)
    urgency_text = ma.fields.String()
    category = ma.fields.Nested(TicketCategorySchema, allow_none=True)
    caller_masked = ma.fields.String()
    phone_masked = ma.fields.String(allow_none=True)
    confidential = ma.fields.Boolean()
    lead_unit_name = ma.fields.String(allow_none=True)
    light = Code(LIGHTS)
    clock = ma.fields.Nested(TicketClockSchema, allow_none=True)
    created_at = Moment()
    urges_count = ma.fields.Integer()
    orders_open = ma.fields.Integer()
    repeat_count = ma.fields.Integer()
    version = ma.fields.Integer()


class TicketCountsSchema(Schema):
    """How many tickets each list has within reach."""

    pending = ma.fields.Integer()
    to_dispatch = ma.fields.Integer()
    mine = ma.fields.Integer()
    unit = ma.fields.Integer()
    to_review = ma.fields.Integer()
    callback = ma.fields.Integer()
    judgement = ma.fields.Integer()
    overdue = ma.fields.Integer()
    all = ma.fields.Integer()


class TicketListQuerySchema(PageArgs):
    """Which list, and what in it."""

    list = ma.fields.String(load_default="all", validate=one_of(*LISTS))
    q = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 60))
    state = ma.fields.String(load_default=None, validate=one_of(*STATES))
    kind = ma.fields.String(load_default=None, validate=one_of(*KINDS))
    department = ma.fields.UUID(load_default=None)
    category = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
    light = ma.fields.String(load_default=None, validate=one_of(*LIGHTS))
    from_ = Day(load_default=None, data_key="from")
    to = Day(load_default=None)


TicketPageSchema: Any = page_schema(TicketCardSchema, counts=ma.fields.Nested(TicketCountsSchema))


class TicketUnitSchema(Schema):
    """A department that works on it; `first` signed first and stays answerable."""

    id = ma.fields.UUID()
    department_id = ma.fields.UUID()
    department_name = ma.fields.String()
    role = Code(("lead", "co"))
    role_text = ma.fields.String()
    state = ma.fields.String()
    state_text = ma.fields.String()
    signed_by = ma.fields.String(allow_none=True)
    signed_at = Moment(allow_none=True)
    first = ma.fields.Boolean()
    reply = ma.fields.String()


class TicketRequestSchema(Schema):
    """A wish of a unit that somebody else decides: return, extension, hold, exclusion."""

    id = ma.fields.UUID()
    kind = ma.fields.String()
    kind_text = ma.fields.String()
    state = ma.fields.String()
    state_text = ma.fields.String()
    department_name = ma.fields.String()
    asked_by = ma.fields.String()
    asked_at = Moment()
    legal_basis = ma.fields.String()
    reason = ma.fields.String()
    days = ma.fields.Integer(allow_none=True)
    until = Moment(allow_none=True)
    decided_by = ma.fields.String(allow_none=True)
    decided_at = Moment(allow_none=True)
    note = ma.fields.String()
    can = ma.fields.List(ma.fields.String())


class TicketCallbackSchema(Schema):
    """One try to call back."""

    attempt = ma.fields.Integer()
    at = Moment()
    by_name = ma.fields.String()
    contacted = ma.fields.Boolean()
    solved = ma.fields.Boolean(allow_none=True)
    satisfied = ma.fields.Boolean(allow_none=True)
    note = ma.fields.String()


class TicketOrderSchema(Schema):
    """A supervisor's order (督办)."""

    id = ma.fields.UUID()
    words = ma.fields.String()
    by_name = ma.fields.String()
    at = Moment()
    due_at = Moment()
    state = ma.fields.String()
    state_text = ma.fields.String()
    reply = ma.fields.String()
    can = ma.fields.List(ma.fields.String())


class TicketUrgeSchema(Schema):
    """The caller asked how far it is (催办)."""

    at = Moment()
    words = ma.fields.String()
    by_text = ma.fields.String()


class TicketPinSchema(Schema):
    """The version of an article or a service item that an answer was taken from."""

    kind = Code(tuple(rules.PIN_TEXT))
    source_id = ma.fields.UUID()
    version_id = ma.fields.UUID()
    version_number = ma.fields.Integer()
    number = ma.fields.String()
    title = ma.fields.String()
    public = ma.fields.Boolean()


class TicketLinkedSchema(Schema):
    """Something a ticket is tied to."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    title = ma.fields.String()
    state_text = ma.fields.String()


class TicketLinksSchema(Schema):
    """Events, cases, merged tickets and what it was merged into."""

    events = ma.fields.List(ma.fields.Nested(TicketLinkedSchema))
    cases = ma.fields.List(ma.fields.Nested(TicketLinkedSchema))
    children = ma.fields.List(ma.fields.Nested(TicketLinkedSchema))
    parent = ma.fields.Nested(TicketLinkedSchema, allow_none=True)


class SureCategorySchema(TicketCategorySchema):
    """A category the words speak for; `sure` from 0 to 1."""

    parent_name = ma.fields.String()
    sure = ma.fields.Float()


class SureDepartmentSchema(Schema):
    """A department the words speak for."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    sure = ma.fields.Float()


class TicketPlacesSchema(Schema):
    """Where it may belong; a person decides."""

    categories = ma.fields.List(ma.fields.Nested(SureCategorySchema))
    departments = ma.fields.List(ma.fields.Nested(SureDepartmentSchema))


class TicketHotSchema(Schema):
    """The hot issue it belongs to."""

    id = ma.fields.UUID()
    title = ma.fields.String()
    count = ma.fields.Integer()


class TicketRunClockSchema(Schema):
    """One clock of a ticket, running or stopped."""

    kind = ma.fields.String()
    kind_text = ma.fields.String()
    state_text = ma.fields.String()
    started_at = Moment()
    due_at = Moment(allow_none=True)
    stopped_at = Moment(allow_none=True)
    light = Code(LIGHTS)
    paused_minutes = ma.fields.Integer()


class TicketLineSchema(Schema):
    """One thing that was done, with what staff alone read."""

    at = Moment()
    action = ma.fields.String()
    action_text = ma.fields.String()
    actor_name = ma.fields.String()
    role_text = ma.fields.String()
    text = ma.fields.String()
    internal_text = ma.fields.String()


class TicketGcjSchema(Schema):
    """The place as maps in China draw it (GCJ-02)."""

    latitude = ma.fields.Float()
    longitude = ma.fields.Float()


class TicketFileSchema(Schema):
    """A picture of the matter."""

    id = ma.fields.UUID()
    url = ma.fields.String()
    small_url = ma.fields.String()
    at = Moment()


class TicketFileQuerySchema(Schema):
    """`small`: at most 320 pixels."""

    size = ma.fields.String(load_default="full", validate=one_of("full", "small"))


def file_ids(most: int = 9) -> Any:
    """Photos that the acting person has uploaded, to be put with a ticket."""
    said = ma.validate.Length(max=most, error=f"一次最多{most}张照片")
    return ma.fields.List(ma.fields.UUID(), load_default=list, validate=said)


class TicketDetailSchema(TicketCardSchema):
    """A ticket with everything about it; `can` names what the viewer may do now."""

    words = ma.fields.String()
    files = ma.fields.List(ma.fields.Nested(TicketFileSchema))
    difficulty = ma.fields.String()
    difficulty_text = ma.fields.String()
    address = ma.fields.String()
    latitude = ma.fields.Float(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    gcj02 = ma.fields.Nested(TicketGcjSchema, allow_none=True)
    first_unit_name = ma.fields.String(allow_none=True)
    first_signer_name = ma.fields.String(allow_none=True)
    units = ma.fields.List(ma.fields.Nested(TicketUnitSchema))
    requests = ma.fields.List(ma.fields.Nested(TicketRequestSchema))
    callbacks = ma.fields.List(ma.fields.Nested(TicketCallbackSchema))
    urges = ma.fields.List(ma.fields.Nested(TicketUrgeSchema))
    orders = ma.fields.List(ma.fields.Nested(TicketOrderSchema))
    clocks = ma.fields.List(ma.fields.Nested(TicketRunClockSchema))
    pins = ma.fields.List(ma.fields.Nested(TicketPinSchema))
    links = ma.fields.Nested(TicketLinksSchema)
    reply_internal = ma.fields.String()
    reply_public = ma.fields.String()
    replied_by = ma.fields.String(allow_none=True)
    repeat = ma.fields.List(ma.fields.Nested(TicketCardSchema))
    hot = ma.fields.Nested(TicketHotSchema, allow_none=True)
    suggestions = ma.fields.Nested(TicketPlacesSchema)
    timeline = ma.fields.List(ma.fields.Nested(TicketLineSchema))
    can = ma.fields.List(ma.fields.String())
    can_reveal = ma.fields.Boolean()
