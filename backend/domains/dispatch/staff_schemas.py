"""What the dispatch desk and grid workers ask for and get."""

from typing import Any

import marshmallow as ma

from backend.domains.dispatch import rules
from backend.domains.dispatch.resident_schemas import BboxQuery
from backend.domains.dispatch.schemas import (
    LIGHTS,
    URGENCIES,
    EventCardSchema,
)
from backend.http.place_fields import SYSTEMS as COORDINATE_SYSTEMS
from backend.http.place_fields import Latitude, Longitude, one_of
from backend.http.schemas import Code, Day, Moment, PageArgs, Schema, page_schema

SCOPES = ("open", "all", *rules.STATES)


class CountsSchema(Schema):
    """How many open events there are within reach, by light and by what they wait for."""

    open = ma.fields.Integer()
    called = ma.fields.Integer()
    assigned = ma.fields.Integer()
    working = ma.fields.Integer()
    to_verify = ma.fields.Integer()
    to_rate = ma.fields.Integer()
    overdue = ma.fields.Integer()
    urgent = ma.fields.Integer()
    on_hold = ma.fields.Integer()


class EventListQuerySchema(PageArgs):
    """The desk's list: open ones unless a state is named."""

    state = ma.fields.String(load_default="open", validate=one_of(*SCOPES))
    street = ma.fields.UUID(load_default=None)
    category = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
    light = ma.fields.String(load_default=None, validate=one_of(*LIGHTS))
    q = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 60))
    source = ma.fields.String(load_default=None, validate=one_of(*rules.SOURCE_TEXT))
    urgency = ma.fields.String(load_default=None, validate=one_of(*URGENCIES))
    from_ = Day(load_default=None, data_key="from")
    to = Day(load_default=None)


EventPageSchema: Any = page_schema(EventCardSchema, counts=ma.fields.Nested(CountsSchema))


class MapQuerySchema(Schema):
    """The visible part of the map."""

    bbox = BboxQuery(required=True, load_default=ma.missing)


class MapPointSchema(Schema):
    """An open event on the map."""

    id = ma.fields.UUID()
    latitude = ma.fields.Float()
    longitude = ma.fields.Float()
    state = Code(rules.STATES)
    light = Code(LIGHTS)
    urgency = Code(URGENCIES)
    title = ma.fields.String()


class CellCountSchema(Schema):
    """How many open events a cell has."""

    cell_id = ma.fields.UUID()
    open = ma.fields.Integer()


class EventMapSchema(Schema):
    """At most 500 points, and the counts of every cell, a few seconds old at most."""

    items = ma.fields.List(ma.fields.Nested(MapPointSchema))
    cells = ma.fields.List(ma.fields.Nested(CellCountSchema))
    as_of = Moment()


class ChangesQuerySchema(Schema):
    """The id of the last change seen; left out: where things stand now."""

    after = ma.fields.String(load_default=None, validate=ma.validate.Length(max=80))


class ChangeSchema(Schema):
    """An event as it is after a change; none where it has left the viewer's streets (`moved`)."""

    id = ma.fields.String()
    what = ma.fields.String()
    event_id = ma.fields.UUID()
    number = ma.fields.String()
    moved_to = ma.fields.String(allow_none=True)
    event = ma.fields.Nested(EventCardSchema, allow_none=True)


class ChangeListSchema(Schema):
    """What has changed since; `reset` says that too long has passed: read everything anew."""

    items = ma.fields.List(ma.fields.Nested(ChangeSchema))
    next_cursor = ma.fields.String()
    reset = ma.fields.Boolean()


class CandidateSchema(Schema):
    """Somebody who can be assigned."""

    staff_id = ma.fields.UUID()
    name = ma.fields.String()
    role_text = ma.fields.String()
    cells = ma.fields.List(ma.fields.String())
    open_count = ma.fields.Integer()
    on_duty = ma.fields.Boolean()


class CandidateListSchema(Schema):
    """Who is on duty first, then who has least to do."""

    items = ma.fields.List(ma.fields.Nested(CandidateSchema))


class WorkerQuerySchema(Schema):
    """Which of one's events, and where one stands (the nearest first)."""

    list = ma.fields.String(
        load_default="mine", validate=one_of("claimable", "mine", "overdue", "verify")
    )
    latitude = Latitude(load_default=None)
    longitude = Longitude(load_default=None)
    coordinate_system = ma.fields.String(load_default="wgs84", validate=one_of(*COORDINATE_SYSTEMS))

    @ma.validates_schema
    def _both(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise ma.ValidationError("经纬度要一起填写", "latitude")


class WorkerCountsSchema(Schema):
    """How many of each list."""

    claimable = ma.fields.Integer()
    mine = ma.fields.Integer()
    overdue = ma.fields.Integer()
    verify = ma.fields.Integer()


class WorkerEventListSchema(Schema):
    """At most 100."""

    items = ma.fields.List(ma.fields.Nested(EventCardSchema))
    counts = ma.fields.Nested(WorkerCountsSchema)


class PartySchema(Schema):
    """Somebody, or a department, that can get a part of the work."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    note = ma.fields.String()


class PartiesSchema(Schema):
    """Whom one can ask for help."""

    colleagues = ma.fields.List(ma.fields.Nested(PartySchema))
    departments = ma.fields.List(ma.fields.Nested(PartySchema))
