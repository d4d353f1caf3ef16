"""What the community's staff send and get."""

from typing import Any

import marshmallow as ma

from backend.domains.community import rules
from backend.domains.community.schemas import (
    FIELDS,
    HomeFileSchema,
    HousingBuildingSchema,
    HousingCommunitySchema,
    NewOwnerSchema,
    ProxyHolderSchema,
    file_ids,
    one_of,
)
from backend.http.schemas import Code, FilePart, Moment, PageArgs, Schema, ShortText, page_schema

_MATCHES = ("owner", "known", "none")


class Count(ma.fields.Integer):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        bounds = ma.validate.Range(least, most, error=f"应在{least}到{most}之间")
        super().__init__(validate=bounds, strict=True, **kwargs)


def _version() -> Count:
    """The version that was looked at; left out, the state alone decides."""
    return Count(1, 2_000_000_000, load_default=None, allow_none=True)


class StaffCommunitySchema(HousingCommunitySchema):
    """A community with what waits in it."""

    version = ma.fields.Integer()
    claims_waiting = ma.fields.Integer()
    transfers_waiting = ma.fields.Integer()
    proxies_waiting = ma.fields.Integer()


class StaffCommunityListSchema(Schema):
    """The communities one keeps."""

    items = ma.fields.List(ma.fields.Nested(StaffCommunitySchema))


class StaffPlaceSchema(StaffCommunitySchema):
    """A community with its rooms and areas (hundredths of a square metre) against the declared."""

    buildings = ma.fields.List(ma.fields.Nested(HousingBuildingSchema))
    rooms = ma.fields.Integer()
    rooms_in_roll = ma.fields.Integer()
    rooms_without_owner = ma.fields.Integer()
    area_centi = ma.fields.Integer()
    area_text = ma.fields.String()
    room_count_declared = ma.fields.Integer()
    area_declared_centi = ma.fields.Integer(allow_none=True)
    area_declared_text = ma.fields.String()


class CommunityChangeSchema(Schema):
    """What may be changed of a community."""

    name = ShortText(60, required=True)
    address = ShortText(200, needed=False, load_default="")
    room_count_declared = Count(0, 100_000, load_default=0)
    area_declared_centi = Count(1, 2_000_000_000, load_default=None, allow_none=True)


class NewCommunitySchema(CommunityChangeSchema):
    """A new estate or village."""

    area_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=one_of(*rules.COMMUNITY_KINDS))


class BuildingChangeSchema(Schema):
    """What may be changed of a building."""

    storeys = Count(1, 200, required=True)
    has_lift = ma.fields.Boolean(required=True)


class RegisterRoomQuerySchema(PageArgs):
    """Rooms by label, of a building."""

    q = ShortText(40, needed=False, load_default="")
    building = ma.fields.UUID(load_default=None)


class RegisterRoomSchema(Schema):
    """A room; owners are masked, companies are named."""

    id = ma.fields.UUID()
    community_id = ma.fields.UUID()
    entrance_id = ma.fields.UUID()
    label = ma.fields.String()
    storey = ma.fields.Integer()
    area_centi = ma.fields.Integer()
    area_text = ma.fields.String()
    use = Code(rules.USES)
    use_text = ma.fields.String()
    in_roll = ma.fields.Boolean()
    active = ma.fields.Boolean()
    version = ma.fields.Integer()
    owners = ma.fields.List(ma.fields.String())
    residents_count = ma.fields.Integer()


RegisterRoomPageSchema: Any = page_schema(RegisterRoomSchema)


class RegisterOwnerSchema(Schema):
    """Somebody of the register, masked; `bound`: an account is known for them."""

    id = ma.fields.UUID()
    kind = Code(rules.OWNER_KINDS)
    kind_text = ma.fields.String()
    name = ma.fields.String()
    number = ma.fields.String()
    phone = ma.fields.String()
    party_member = ma.fields.Boolean()
    bound = ma.fields.Boolean()


class HomeClaimSchema(Schema):
    """A claim or a home. `register_match`: owner of this room, known here, or none."""

    id = ma.fields.UUID()
    community_id = ma.fields.UUID()
    community_name = ma.fields.String()
    room_id = ma.fields.UUID()
    label = ma.fields.String()
    person_name = ma.fields.String()
    person_phone = ma.fields.String()
    person_number = ma.fields.String()
    relation = Code(rules.RELATIONS)
    relation_text = ma.fields.String()
    state = Code(rules.RESIDENCE_STATES)
    state_text = ma.fields.String()
    words = ma.fields.String()
    reason = ma.fields.String()
    claimed_at = Moment()
    decided_at = Moment(allow_none=True)
    waiting_text = ma.fields.String()
    register_match = Code(_MATCHES)
    version = ma.fields.Integer()
    files = ma.fields.List(ma.fields.Nested(HomeFileSchema))


HomeClaimPageSchema: Any = page_schema(HomeClaimSchema)


class OwnershipLineSchema(Schema):
    """Who owned the room from when to when."""

    owners = ma.fields.List(ma.fields.String())
    since = Moment()
    until = Moment(allow_none=True)
    source_text = ma.fields.String()


class RegisterRoomDetailSchema(RegisterRoomSchema):
    """A room in full; `head_rooms` are all rooms of the same owners: one head."""

    class Meta:
        """The owners are told in full here, and the residents one by one."""

        unknown = ma.RAISE
        exclude = ("residents_count",)

    building_name = ma.fields.String()
    entrance_name = ma.fields.String()
    owners = ma.fields.List(ma.fields.Nested(RegisterOwnerSchema))
    head_rooms = ma.fields.List(ma.fields.String())
    members = ma.fields.List(ma.fields.Nested(RegisterOwnerSchema))
    residents = ma.fields.List(ma.fields.Nested(HomeClaimSchema))
    history = ma.fields.List(ma.fields.Nested(OwnershipLineSchema))


class RoomChangeSchema(Schema):
    """What may be corrected of a room; frozen rolls stay as they are."""

    storey = Count(-9, 200, required=True)
    area_centi = Count(1, rules.AREA_MOST_CENTI, required=True)
    use = ma.fields.String(required=True, validate=one_of(*rules.USES))
    in_roll = ma.fields.Boolean(required=True)
    active = ma.fields.Boolean(required=True)


class RevealRegisterSchema(Schema):
    """Which value, and why."""

    field = ma.fields.String(required=True, validate=one_of(*FIELDS))
    purpose = ShortText(200, required=True)


class RevealClaimantSchema(Schema):
    """Which value, and why."""

    field = ma.fields.String(required=True, validate=one_of("name", "phone"))
    purpose = ShortText(200, required=True)


class RevealedRegisterSchema(Schema):
    """The value in full."""

    value = ma.fields.String()


class HomeClaimQuerySchema(PageArgs):
    """Claims and homes in a state, of a community."""

    state = ma.fields.String(load_default=rules.CLAIMED, validate=one_of(*rules.RESIDENCE_STATES))
    community = ma.fields.UUID(load_default=None)


class RegisterStepSchema(Schema):
    """A decision on the version that was looked at."""

    version = _version()


class RegisterReasonSchema(RegisterStepSchema):
    """A refusal or an end, and why."""

    reason = ShortText(200, required=True, lines=True)


class TransferQuerySchema(PageArgs):
    """Transfers in a state, of a community."""

    state = ma.fields.String(load_default=rules.REQUESTED, validate=one_of(*rules.TRANSFER_STATES))
    community = ma.fields.UUID(load_default=None)


class RecordTransferSchema(Schema):
    """A transfer brought on paper."""

    owners = ma.fields.List(
        ma.fields.Nested(NewOwnerSchema), required=True,
        validate=ma.validate.Length(
            1, rules.OWNERS_MOST, error=f"请填写1到{rules.OWNERS_MOST}位新产权人"
        ),
    )  # fmt: skip
    words = ShortText(200, needed=False, lines=True, load_default="")
    file_ids = file_ids()


class RegisterTransferSchema(Schema):
    """A transfer; owners are masked."""

    id = ma.fields.UUID()
    community_id = ma.fields.UUID()
    community_name = ma.fields.String()
    room_id = ma.fields.UUID()
    label = ma.fields.String()
    from_owners = ma.fields.List(ma.fields.String())
    to_owners = ma.fields.List(ma.fields.String())
    by_staff = ma.fields.Boolean()
    state = Code(rules.TRANSFER_STATES)
    state_text = ma.fields.String()
    words = ma.fields.String()
    reason = ma.fields.String()
    requested_at = Moment()
    decided_at = Moment(allow_none=True)
    waiting_text = ma.fields.String()
    version = ma.fields.Integer()
    files = ma.fields.List(ma.fields.Nested(HomeFileSchema))


RegisterTransferPageSchema: Any = page_schema(RegisterTransferSchema)


class RegisterProxyQuerySchema(PageArgs):
    """Proxies in a state, of a community."""

    state = ma.fields.String(load_default=rules.GIVEN, validate=one_of(*rules.PROXY_STATES))
    community = ma.fields.UUID(load_default=None)


class RecordProxySchema(ProxyHolderSchema):
    """A written proxy of a room's owners, brought on paper."""

    room_id = ma.fields.UUID(required=True)


class RegisterProxySchema(Schema):
    """A proxy; names and phones are masked."""

    id = ma.fields.UUID()
    community_id = ma.fields.UUID()
    community_name = ma.fields.String()
    as_text = ma.fields.String()
    holder_name = ma.fields.String()
    holder_phone = ma.fields.String()
    scope_text = ma.fields.String()
    topic_id = ma.fields.UUID(allow_none=True)
    until = ma.fields.Date(allow_none=True)
    paper = ma.fields.Boolean()
    state = Code(rules.PROXY_STATES)
    state_text = ma.fields.String()
    reason = ma.fields.String()
    given_at = Moment()
    decided_at = Moment(allow_none=True)
    version = ma.fields.Integer()
    files = ma.fields.List(ma.fields.Nested(HomeFileSchema))


RegisterProxyPageSchema: Any = page_schema(RegisterProxySchema)


class ImportRegisterSchema(Schema):
    """An xlsx or CSV file; `dry_run` only tells what would happen."""

    file = FilePart(required=True)
    dry_run = ma.fields.Boolean(load_default=True, truthy={"true"}, falsy={"false"})


class RefusedRowSchema(Schema):
    """A row that was not taken."""

    row = ma.fields.Integer()
    label = ma.fields.String()
    reason = ma.fields.String()


class ImportReportSchema(Schema):
    """What an import did, and the whole register after it against what was declared."""

    dry_run = ma.fields.Boolean()
    read = ma.fields.Integer()
    rooms_created = ma.fields.Integer()
    rooms_updated = ma.fields.Integer()
    rooms_unchanged = ma.fields.Integer()
    people_created = ma.fields.Integer()
    people_updated = ma.fields.Integer()
    rooms = ma.fields.Integer()
    rooms_in_roll = ma.fields.Integer()
    rooms_without_owner = ma.fields.Integer()
    rooms_declared = ma.fields.Integer()
    area_centi = ma.fields.Integer()
    area_declared_centi = ma.fields.Integer(allow_none=True)
    area_difference_centi = ma.fields.Integer(allow_none=True)
    refused_count = ma.fields.Integer()
    refused = ma.fields.List(ma.fields.Nested(RefusedRowSchema))
