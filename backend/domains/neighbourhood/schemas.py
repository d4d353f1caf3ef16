"""What residents send and get around activities, hours and certificates."""

from typing import Any

import marshmallow as ma

from backend.domains.neighbourhood import certificate_rules, rules
from backend.http.schemas import Code, Day, Moment, PageArgs, Schema, ShortText, page_schema

ACTIVITY_CAN = ("sign_up", "wait", "cancel", "accept", "check_in")


def one_of(*codes: str) -> ma.validate.OneOf:
    """One of a closed list, as input."""
    return ma.validate.OneOf(codes, error="请选一个选项")


class Latitude(ma.fields.Float):
    """Degrees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=ma.validate.Range(-90, 90, error="纬度不对"), **kwargs)


class Longitude(ma.fields.Float):
    """Degrees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=ma.validate.Range(-180, 180, error="经度不对"), **kwargs)


class CommunityNameSchema(Schema):
    """A community of the grid."""

    id = ma.fields.UUID()
    name = ma.fields.String()


class ActivityPointSchema(Schema):
    """A point as maps in China draw it (GCJ-02)."""

    latitude = ma.fields.Float()
    longitude = ma.fields.Float()


class ActivityQuerySchema(PageArgs):
    """Coming ones (the next first) or past ones (the latest first); of a community, of a kind."""

    area = ma.fields.UUID(load_default=None)
    kind = ma.fields.String(load_default=None, validate=one_of(*rules.KIND_TEXT))
    when = ma.fields.String(load_default="coming", validate=one_of("coming", "past"))


class SignupSchema(Schema):
    """One's own sign-up; `ahead` people wait before."""

    state = Code(rules.SIGNUP_TEXT)
    state_text = ma.fields.String()
    ahead = ma.fields.Integer(allow_none=True)
    offered_until = Moment(allow_none=True)
    checked_in_at = Moment(allow_none=True)
    minutes = ma.fields.Integer()


class ActivityCardSchema(Schema):
    """A row of the list. `free` is how many places are left for who signs up now."""

    id = ma.fields.UUID()
    kind = Code(rules.KIND_TEXT)
    kind_text = ma.fields.String()
    title = ma.fields.String()
    area = ma.fields.Nested(CommunityNameSchema)
    place = ma.fields.String()
    starts_at = Moment()
    ends_at = Moment()
    state = Code(rules.STATE_TEXT)
    state_text = ma.fields.String()
    places = ma.fields.Integer()
    free = ma.fields.Integer()
    waiting = ma.fields.Integer()
    audience_text = ma.fields.String()
    mine = ma.fields.Nested(SignupSchema, allow_none=True)


class ActivitySchema(ActivityCardSchema):
    """One activity, what comes next for the viewer and what they may do now."""

    words = ma.fields.String()
    contact = ma.fields.String()
    gcj02 = ma.fields.Nested(ActivityPointSchema, allow_none=True)
    radius_m = ma.fields.Integer()
    check_in = Code(rules.CHECK_IN_TEXT)
    check_in_text = ma.fields.String()
    counts_hours = ma.fields.Boolean()
    sign_up_from = Moment()
    sign_up_until = Moment()
    reason = ma.fields.String()
    next_text = ma.fields.String()
    can = ma.fields.List(Code(ACTIVITY_CAN))


ActivityPageSchema: Any = page_schema(ActivityCardSchema)


class CheckInActivitySchema(Schema):
    """Proof of being there: the scanned word or the six digits, the phone's place, or both."""

    code = ShortText(100, needed=False, load_default="")
    latitude = Latitude(load_default=None, allow_none=True)
    longitude = Longitude(load_default=None, allow_none=True)
    system = ma.fields.String(load_default="wgs84", validate=one_of("wgs84", "gcj02"))

    @ma.validates_schema
    def _both(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise ma.ValidationError("经纬度要一起填写", "latitude")


class EmptySchema(Schema):
    """Nothing to say."""


class MyActivityQuerySchema(PageArgs):
    """One's own sign-ups, the latest first."""


class HourLineSchema(Schema):
    """One activity that one served at."""

    activity_id = ma.fields.UUID()
    title = ma.fields.String()
    kind_text = ma.fields.String()
    day = ma.fields.Date()
    minutes = ma.fields.Integer()
    hours_text = ma.fields.String()


class YearHoursSchema(Schema):
    """A year's sum."""

    year = ma.fields.Integer()
    minutes = ma.fields.Integer()
    hours_text = ma.fields.String()
    activities = ma.fields.Integer()


class MyHoursSchema(Schema):
    """Hours and points of a person."""

    minutes = ma.fields.Integer()
    hours_text = ma.fields.String()
    activities = ma.fields.Integer()
    points = ma.fields.Integer()
    ranked = ma.fields.Boolean()
    years = ma.fields.List(ma.fields.Nested(YearHoursSchema))
    lines = ma.fields.List(ma.fields.Nested(HourLineSchema))


class NewCertificateSchema(Schema):
    """The period, both days included."""

    first_day = Day(required=True)
    last_day = Day(required=True)


class CertificateSchema(Schema):
    """A certificate of service; nothing of it tells whose it is."""

    number = ma.fields.String()
    first_day = ma.fields.Date()
    last_day = ma.fields.Date()
    minutes = ma.fields.Integer()
    hours_text = ma.fields.String()
    activities = ma.fields.Integer()
    state = Code(certificate_rules.CERTIFICATE_TEXT)
    state_text = ma.fields.String()
    reason = ma.fields.String()
    issued_at = Moment()


class CertificateLineSchema(Schema):
    """An activity on a certificate."""

    title = ma.fields.String()
    kind = ma.fields.String()
    day = ma.fields.String()
    minutes = ma.fields.Integer()


class OwnCertificateSchema(CertificateSchema):
    """One's own: with the name, the activities and the address where anybody can check it."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    lines = ma.fields.List(ma.fields.Nested(CertificateLineSchema))
    check_url = ma.fields.String()


class CertificateListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(OwnCertificateSchema))


class PointLineSchema(Schema):
    """A line of the ledger."""

    id = ma.fields.UUID()
    at = Moment()
    title = ma.fields.String()
    points = ma.fields.Integer()
    minutes = ma.fields.Integer()
    reason_text = ma.fields.String()


PointPageSchema: Any = page_schema(PointLineSchema, total=ma.fields.Integer())


class RankWishSchema(Schema):
    """Whether one wishes to stand in the list."""

    ranked = ma.fields.Boolean(required=True)


class RankQuerySchema(Schema):
    """Of which community."""

    area = ma.fields.UUID(required=True)


class RankLineSchema(Schema):
    """A place in the list."""

    place = ma.fields.Integer()
    name = ma.fields.String()
    points = ma.fields.Integer()
    me = ma.fields.Boolean()


class RankListSchema(Schema):
    """Those who wish to be seen."""

    items = ma.fields.List(ma.fields.Nested(RankLineSchema))
    ranked = ma.fields.Boolean()


class WaitingForMeSchema(Schema):
    """Something the person has to do: the words, and what it is about."""

    kind = Code(("activity", "wish", "help"))
    id = ma.fields.UUID()
    text = ma.fields.String()


class NeighbourhoodSchema(Schema):
    """The person's communities, where a party member is known, and what waits for them."""

    areas = ma.fields.List(ma.fields.Nested(CommunityNameSchema))
    all_areas = ma.fields.List(ma.fields.Nested(CommunityNameSchema))
    party_areas = ma.fields.List(ma.fields.UUID())
    verified = ma.fields.Boolean()
    next_activities = ma.fields.List(ma.fields.Nested(ActivityCardSchema))
    waiting_for_me = ma.fields.List(ma.fields.Nested(WaitingForMeSchema))


class LifeFiguresQuerySchema(Schema):
    """Of one community; of all otherwise."""

    area = ma.fields.UUID(load_default=None)


class LifeFiguresSchema(Schema):
    """How many took part in activities that were held, and what units share now."""

    activities = ma.fields.Integer()
    sign_ups = ma.fields.Integer()
    visits = ma.fields.Integer()
    people = ma.fields.Integer()
    minutes = ma.fields.Integer()
    units = ma.fields.Integer()
    resources = ma.fields.Integer()
    as_of = Moment()
