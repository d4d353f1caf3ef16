"""What the community's staff send and get."""

from typing import Any

import marshmallow as ma

from backend.domains.neighbourhood import care_rules, party_rules, rules
from backend.domains.neighbourhood.schemas import (
    CommunityNameSchema,
    Latitude,
    Longitude,
    one_of,
)
from backend.domains.neighbourhood.schemas_care import PostSchema
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema

STAFF_CAN = ("edit", "publish", "cancel", "end", "settle", "attend", "show_code")


class StaffAreasSchema(Schema):
    """The communities one manages."""

    items = ma.fields.List(ma.fields.Nested(CommunityNameSchema))


class AreaQuerySchema(PageArgs):
    """Of one community, in one state; of all one manages otherwise."""

    area = ma.fields.UUID(load_default=None)
    state = ma.fields.String(load_default=None, validate=ma.validate.Length(max=20))


class EditActivitySchema(Schema):
    """An activity as staff write it; the point is WGS-84."""

    area_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=one_of(*rules.KIND_TEXT))
    title = ShortText(60, required=True)
    words = ShortText(3000, required=True, lines=True)
    place = ShortText(100, required=True)
    contact = ShortText(60, needed=False, load_default="")
    latitude = Latitude(load_default=None, allow_none=True)
    longitude = Longitude(load_default=None, allow_none=True)
    radius_m = ma.fields.Integer(
        load_default=200, strict=True,
        validate=ma.validate.Range(20, 2000, error="应在20到2000米之间"),
    )  # fmt: skip
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    sign_up_from = Moment(required=True)
    sign_up_until = Moment(required=True)
    places = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 5000, error="应在1到5000之间")
    )
    most_waiting = ma.fields.Integer(
        load_default=20, strict=True, validate=ma.validate.Range(0, 5000, error="应在0到5000之间")
    )
    audience = ma.fields.String(load_default="everybody", validate=one_of(*rules.AUDIENCE_TEXT))
    check_in = ma.fields.String(load_default="code", validate=one_of(*rules.CHECK_IN_TEXT))

    @ma.validates_schema
    def _both(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise ma.ValidationError("经纬度要一起填写", "latitude")


class StaffActivityCardSchema(Schema):
    """A row of the staff's list."""

    id = ma.fields.UUID()
    title = ma.fields.String()
    kind = Code(rules.KIND_TEXT)
    kind_text = ma.fields.String()
    area = ma.fields.Nested(CommunityNameSchema)
    place = ma.fields.String()
    starts_at = Moment()
    ends_at = Moment()
    state = Code(rules.STATE_TEXT)
    state_text = ma.fields.String()
    places = ma.fields.Integer()
    taken = ma.fields.Integer()
    waiting = ma.fields.Integer()


class StaffActivitySchema(StaffActivityCardSchema):
    """An activity with everything staff may edit, and what they may do now."""

    words = ma.fields.String()
    contact = ma.fields.String()
    latitude = ma.fields.Float(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    radius_m = ma.fields.Integer()
    sign_up_from = Moment()
    sign_up_until = Moment()
    most_waiting = ma.fields.Integer()
    audience = Code(rules.AUDIENCE_TEXT)
    check_in = Code(rules.CHECK_IN_TEXT)
    counts_hours = ma.fields.Boolean()
    attended = ma.fields.Integer()
    minutes = ma.fields.Integer()
    reason = ma.fields.String()
    version = ma.fields.Integer()
    can = ma.fields.List(Code(STAFF_CAN))


StaffActivityPageSchema: Any = page_schema(StaffActivityCardSchema)


class StaffSignupSchema(Schema):
    """Somebody who signed up; the name is masked."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    phone = ma.fields.String()
    state = Code(rules.SIGNUP_TEXT)
    state_text = ma.fields.String()
    turn = ma.fields.Integer(allow_none=True)
    signed_up_at = Moment()
    checked_in_at = Moment(allow_none=True)
    checked_in_text = ma.fields.String()
    minutes = ma.fields.Integer()


class StaffSignupListSchema(Schema):
    """All who signed up, cancelled ones last."""

    items = ma.fields.List(ma.fields.Nested(StaffSignupSchema))


class AttendanceSchema(Schema):
    """Whether somebody came; minutes where they differ from what was reckoned."""

    signup_id = ma.fields.UUID(required=True)
    attended = ma.fields.Boolean(required=True)
    minutes = ma.fields.Integer(
        load_default=None, allow_none=True, strict=True,
        validate=ma.validate.Range(0, rules.MOST_MINUTES, error="应在0到1440分钟之间"),
    )  # fmt: skip


class CheckInCodeSchema(Schema):
    """What the screen at the entrance shows; ask again at `until`."""

    title = ma.fields.String()
    token = ma.fields.String()
    digits = ma.fields.String()
    image = ma.fields.String()
    until = Moment()
    checked_in = ma.fields.Integer()
    signed_up = ma.fields.Integer()


class SignupRevealSchema(Schema):
    """Which value is needed in full, and what for."""

    field = ma.fields.String(required=True, validate=one_of("name", "phone"))
    purpose = ShortText(200, required=True)


class SignupRevealedSchema(Schema):
    """The value."""

    value = ma.fields.String()


class StaffPartyReportSchema(Schema):
    """A report-in as staff see it."""

    id = ma.fields.UUID()
    area = ma.fields.Nested(CommunityNameSchema)
    name = ma.fields.String()
    phone = ma.fields.String()
    branch = ma.fields.String()
    skills = ma.fields.String()
    state = Code(party_rules.REPORT_TEXT)
    state_text = ma.fields.String()
    reason = ma.fields.String()
    at = Moment()
    can = ma.fields.List(Code(("decide", "end")))


StaffPartyReportPageSchema: Any = page_schema(StaffPartyReportSchema)


class DecidePartyReportSchema(Schema):
    """Confirmed, or refused with a reason."""

    confirmed = ma.fields.Boolean(required=True)
    reason = ShortText(200, needed=False, load_default="")


class NewPostSchema(Schema):
    """A post for reported-in members."""

    area_id = ma.fields.UUID(required=True)
    title = ShortText(40, required=True)
    words = ShortText(1000, required=True, lines=True)
    when_text = ShortText(60, needed=False, load_default="")
    places = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 500, error="应在1到500之间")
    )


class StaffPostSchema(PostSchema):
    """With who holds it, names masked."""

    holders = ma.fields.List(ma.fields.String())


StaffPostPageSchema: Any = page_schema(StaffPostSchema)


class StaffCareSchema(Schema):
    """A wish or a request as staff see it."""

    id = ma.fields.UUID()
    kind_text = ma.fields.String()
    title = ma.fields.String()
    words = ma.fields.String()
    area = ma.fields.Nested(CommunityNameSchema)
    author = ma.fields.String()
    partner = ma.fields.String()
    state = Code((*care_rules.WISH_TEXT, *care_rules.HELP_TEXT))
    state_text = ma.fields.String()
    visible = ma.fields.Boolean()
    created_at = Moment()
    can = ma.fields.List(Code(("remove",)))


StaffCarePageSchema: Any = page_schema(StaffCareSchema)
