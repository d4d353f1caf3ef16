"""What the routes of patrols take and give."""

import marshmallow as ma

from backend.domains.grid.service import SYSTEMS, WGS84
from backend.domains.patrols.rules import PATROL_STATES
from backend.http.schemas import Code, Day, Moment, Schema, ShortText

_SYSTEM = ma.validate.OneOf(SYSTEMS, error="请从列表中选择")


def _degrees(limit: int, *, required: bool = True) -> ma.fields.Float:
    check = ma.validate.Range(-limit, limit, error=f"应在{-limit}到{limit}之间")
    if required:
        return ma.fields.Float(required=True, validate=check)
    return ma.fields.Float(load_default=None, allow_none=True, validate=check)


class MaybePlaceSchema(Schema):
    """A place, if the phone knows it: both or neither coordinate."""

    latitude = _degrees(90, required=False)
    longitude = _degrees(180, required=False)
    coordinate_system = ma.fields.String(load_default=WGS84, validate=_SYSTEM)


class StartSchema(MaybePlaceSchema):
    """A patrol begins."""

    started_at = Moment(required=True)


class PointSchema(Schema):
    """Where the phone was; `accuracy` in metres."""

    at = Moment(required=True)
    latitude = _degrees(90)
    longitude = _degrees(180)
    accuracy = ma.fields.Float(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Range(0, 1_000_000, error="应为0以上的米数"),
    )


class PointsSchema(Schema):
    """Points in any order; those known already change nothing."""

    points = ma.fields.List(
        ma.fields.Nested(PointSchema),
        required=True,
        validate=ma.validate.Length(1, 2000, error="一次1到2000个点"),
    )
    coordinate_system = ma.fields.String(load_default=WGS84, validate=_SYSTEM)


class FinishSchema(Schema):
    """A patrol ends."""

    finished_at = Moment(required=True)


class PatrolSchema(Schema):
    """A patrol and what came of it."""

    id = ma.fields.UUID(required=True)
    state = Code(PATROL_STATES, required=True)
    state_text = ma.fields.String(required=True)
    started_at = Moment(required=True)
    finished_at = Moment(required=True, allow_none=True)
    distance_m = ma.fields.Float(required=True)
    points_count = ma.fields.Integer(required=True)
    checks_count = ma.fields.Integer(required=True)
    failed_count = ma.fields.Integer(required=True)
    found_count = ma.fields.Integer(required=True)


class PatrolListSchema(Schema):
    """The own patrols, newest first."""

    items = ma.fields.List(ma.fields.Nested(PatrolSchema), required=True)


class PointsTakenSchema(Schema):
    """What came of the points: new, known before, of another time than the patrol."""

    accepted = ma.fields.Integer(required=True)
    known = ma.fields.Integer(required=True)
    ignored = ma.fields.Integer(required=True)
    points_count = ma.fields.Integer(required=True)
    distance_m = ma.fields.Float(required=True)


class CheckItemSchema(Schema):
    """Something to look at."""

    key = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    hint = ma.fields.String(required=True)


class CheckListSchema(Schema):
    """The newest list of a place type; send its version back with the answers."""

    place_type = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(CheckItemSchema), required=True)


class CheckListsSchema(Schema):
    """The lists of all place types."""

    items = ma.fields.List(ma.fields.Nested(CheckListSchema), required=True)


class NewCheckItemSchema(Schema):
    """Something to look at; `key` stays the same when the words change."""

    key = ma.fields.String(
        required=True,
        validate=ma.validate.Regexp(r"\A[a-z][a-z0-9_]{0,29}\Z", error="小写字母、数字、下划线"),
    )
    text = ShortText(80, required=True)
    hint = ShortText(120, needed=False, load_default="")


class NewCheckListSchema(Schema):
    """The next version; `version` is the one it was made from, 0 for a new place type."""

    name = ShortText(40, required=True)
    items = ma.fields.List(
        ma.fields.Nested(NewCheckItemSchema),
        required=True,
        validate=ma.validate.Length(max=40, error="最多40项"),
    )
    version = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(0, 100_000, error="版本不对")
    )


class NewAnswerSchema(Schema):
    """How an item was found."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(1, 30))
    ok = ma.fields.Boolean(required=True)
    note = ShortText(300, needed=False, lines=True, load_default="")
    file_ids = ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=9, error="最多9张"),
    )


class NewCheckSchema(MaybePlaceSchema):
    """A place that was checked; without `version` the newest list with these items counts."""

    place_type = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    place_name = ShortText(80, required=True)
    version = ma.fields.Integer(load_default=None, allow_none=True, strict=True)
    checked_at = Moment(load_default=None, allow_none=True)
    answers = ma.fields.List(
        ma.fields.Nested(NewAnswerSchema),
        required=True,
        validate=ma.validate.Length(1, 40, error="1到40项"),
    )


class AnswerSchema(Schema):
    """An item as it was asked and answered."""

    key = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    ok = ma.fields.Boolean(required=True)
    note = ma.fields.String(required=True)
    file_ids = ma.fields.List(ma.fields.UUID(), required=True)
    event_id = ma.fields.UUID(required=True, allow_none=True)


class CheckSchema(Schema):
    """A check."""

    id = ma.fields.UUID(required=True)
    place_type = ma.fields.String(required=True)
    list_name = ma.fields.String(required=True)
    list_version = ma.fields.Integer(required=True)
    place_name = ma.fields.String(required=True)
    latitude = ma.fields.Float(required=True, allow_none=True)
    longitude = ma.fields.Float(required=True, allow_none=True)
    checked_at = Moment(required=True)
    failed = ma.fields.Integer(required=True)
    answers = ma.fields.List(ma.fields.Nested(AnswerSchema), required=True)


class FaultEventSchema(Schema):
    """Which event came of a fault."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(1, 30))
    event_id = ma.fields.UUID(required=True)


class PatrolDayQuerySchema(Schema):
    """Which day (today when left out) and street."""

    date = Day(load_default=None)
    street = ma.fields.UUID(load_default=None)


class StaffPatrolSchema(PatrolSchema):
    """A patrol and whose it was."""

    staff_id = ma.fields.UUID(required=True)
    staff_name = ma.fields.String(required=True)
    street_id = ma.fields.UUID(required=True, allow_none=True)


class StaffPatrolListSchema(Schema):
    """The patrols of a day, the latest first."""

    date = Day(required=True)
    items = ma.fields.List(ma.fields.Nested(StaffPatrolSchema), required=True)


class LineSchema(Schema):
    """A GeoJSON LineString in WGS-84, or null where there are fewer than two points."""

    type = Code(("LineString",), required=True)
    coordinates = ma.fields.List(ma.fields.List(ma.fields.Float()), required=True)


class TrackPropertiesSchema(Schema):
    """When the phone was at each position of the line."""

    times = ma.fields.List(Moment(), required=True)


class TrackSchema(Schema):
    """The way walked as a GeoJSON feature."""

    type = Code(("Feature",), required=True)
    properties = ma.fields.Nested(TrackPropertiesSchema, required=True)
    geometry = ma.fields.Nested(LineSchema, required=True, allow_none=True)


class StaffPatrolDetailSchema(StaffPatrolSchema):
    """A patrol with its way, its checks and the events found on it."""

    track = ma.fields.Nested(TrackSchema, required=True)
    checks = ma.fields.List(ma.fields.Nested(CheckSchema), required=True)
    event_ids = ma.fields.List(ma.fields.UUID(), required=True)
