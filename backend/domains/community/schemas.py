"""What residents send and get: communities, their own homes, transfers, proxies."""

from typing import Any

import marshmallow as ma

from backend.domains.community import proxies, rules
from backend.domains.community.attachments import FILES_MOST
from backend.http.schemas import Code, Day, FilePart, Moment, Schema, ShortText

FIELDS = ("name", "phone", "id_number")
HOME_CAN = ("leave", "transfer", "proxy")


def one_of(*codes: str) -> ma.validate.OneOf:
    """One of these codes, said in Chinese."""
    return ma.validate.OneOf(codes, error="没有这个选项")


def file_ids() -> Any:
    """Pictures uploaded before, at most nine, each once."""
    most = ma.validate.Length(max=FILES_MOST, error=f"最多{FILES_MOST}张")
    return ma.fields.List(ma.fields.UUID(), load_default=list, validate=most)


class Phone(ma.fields.String):
    """A mobile number of eleven figures."""

    def __init__(self, **kwargs: Any) -> None:
        shape = ma.validate.Regexp(r"1\d{10}\Z", error="请填写 11 位手机号")
        super().__init__(validate=shape, **kwargs)


class HomeUploadSchema(Schema):
    """A picture of a paper."""

    file = FilePart(required=True)


class HomeFileSchema(Schema):
    """A picture as kept."""

    id = ma.fields.UUID()
    url = ma.fields.String()
    small_url = ma.fields.String()


class HomeFileSizeSchema(Schema):
    """`small`: at most 320 pixels."""

    size = ma.fields.String(load_default="full", validate=one_of("full", "small"))


class CommunityQuerySchema(Schema):
    """Part of a name or an address."""

    q = ShortText(40, needed=False, load_default="")


class HousingCommunitySchema(Schema):
    """An estate or a village, and the grid community it lies in."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    kind = Code(rules.COMMUNITY_KINDS)
    kind_text = ma.fields.String()
    address = ma.fields.String()
    area_id = ma.fields.UUID()
    area_name = ma.fields.String()


class HousingCommunityListSchema(Schema):
    """Communities by name."""

    items = ma.fields.List(ma.fields.Nested(HousingCommunitySchema))


class HousingEntranceSchema(Schema):
    """An entrance; a building without any has one with an empty name."""

    id = ma.fields.UUID()
    name = ma.fields.String()


class HousingBuildingSchema(Schema):
    """A building with its entrances."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    storeys = ma.fields.Integer()
    has_lift = ma.fields.Boolean()
    version = ma.fields.Integer()
    entrances = ma.fields.List(ma.fields.Nested(HousingEntranceSchema))


class HousingPlaceSchema(HousingCommunitySchema):
    """A community with its buildings."""

    buildings = ma.fields.List(ma.fields.Nested(HousingBuildingSchema))


class RoomLabelQuerySchema(Schema):
    """Whose homes."""

    entrance_id = ma.fields.UUID(required=True)


class RoomLabelSchema(Schema):
    """A home by its label."""

    id = ma.fields.UUID()
    label = ma.fields.String()
    use = Code(rules.USES)
    use_text = ma.fields.String()


class RoomLabelListSchema(Schema):
    """The homes of an entrance."""

    items = ma.fields.List(ma.fields.Nested(RoomLabelSchema))


class ClaimHomeSchema(Schema):
    """Which home is mine, and how I belong to it."""

    room_id = ma.fields.UUID(required=True)
    relation = ma.fields.String(required=True, validate=one_of(*rules.RELATIONS))
    words = ShortText(200, needed=False, lines=True, load_default="")
    file_ids = file_ids()


class HomeTransferSchema(Schema):
    """A transfer one has asked for."""

    id = ma.fields.UUID()
    label = ma.fields.String()
    state = Code(rules.TRANSFER_STATES)
    state_text = ma.fields.String()
    owners_count = ma.fields.Integer()
    words = ma.fields.String()
    reason = ma.fields.String()
    requested_at = Moment()
    files = ma.fields.List(ma.fields.Nested(HomeFileSchema))
    can = ma.fields.List(Code(("withdraw",)))


class HomeSchema(Schema):
    """One's own home. `owner_matched`: the register names the person among its owners."""

    id = ma.fields.UUID()
    community = ma.fields.Nested(HousingCommunitySchema)
    building_id = ma.fields.UUID()
    entrance_id = ma.fields.UUID()
    room_id = ma.fields.UUID()
    label = ma.fields.String()
    area_text = ma.fields.String()
    use = Code(rules.USES)
    use_text = ma.fields.String()
    relation = Code(rules.RELATIONS)
    relation_text = ma.fields.String()
    state = Code(rules.RESIDENCE_STATES)
    state_text = ma.fields.String()
    next_text = ma.fields.String()
    reason = ma.fields.String()
    words = ma.fields.String()
    claimed_at = Moment()
    owner_matched = ma.fields.Boolean(allow_none=True)
    transfer = ma.fields.Nested(HomeTransferSchema, allow_none=True)
    files = ma.fields.List(ma.fields.Nested(HomeFileSchema))
    can = ma.fields.List(Code(HOME_CAN))


class HomeListSchema(Schema):
    """One's own homes."""

    items = ma.fields.List(ma.fields.Nested(HomeSchema))


class NewOwnerSchema(Schema):
    """A new owner as the papers name them; `id_number` of a company is its code."""

    kind = ma.fields.String(load_default=rules.PERSON, validate=one_of(*rules.OWNER_KINDS))
    name = ShortText(60, required=True)
    id_number = ShortText(18, required=True)
    phone = ShortText(11, needed=False, load_default="")


class AskTransferSchema(Schema):
    """The home goes to other owners; `with_me`: I am one of them."""

    owners = ma.fields.List(
        ma.fields.Nested(NewOwnerSchema), load_default=list,
        validate=ma.validate.Length(
            max=rules.OWNERS_MOST, error=f"最多{rules.OWNERS_MOST}位"
        ),
    )  # fmt: skip
    with_me = ma.fields.Boolean(load_default=False)
    words = ShortText(200, needed=False, lines=True, load_default="")
    file_ids = file_ids()


class ProxyHolderSchema(Schema):
    """To whom, and for one topic or until a day."""

    holder_name = ShortText(30, required=True)
    holder_phone = Phone(required=True)
    topic_id = ma.fields.UUID(load_default=None, allow_none=True)
    until = Day(load_default=None, allow_none=True)
    file_ids = file_ids()


class GiveProxySchema(ProxyHolderSchema):
    """For the owners of a home (`as` owner), or for oneself where each person votes."""

    home_id = ma.fields.UUID(required=True)
    as_ = ma.fields.String(
        required=True, data_key="as", validate=one_of(proxies.AS_OWNER, proxies.AS_PERSON)
    )


class ProxySchema(Schema):
    """A proxy one gave or holds."""

    id = ma.fields.UUID()
    community_id = ma.fields.UUID()
    community_name = ma.fields.String()
    direction = Code(("given", "held"))
    paper = ma.fields.Boolean()
    as_text = ma.fields.String()
    holder_name = ma.fields.String()
    scope_text = ma.fields.String()
    topic_id = ma.fields.UUID(allow_none=True)
    until = ma.fields.Date(allow_none=True)
    state = Code(rules.PROXY_STATES)
    state_text = ma.fields.String()
    reason = ma.fields.String()
    given_at = Moment()
    files = ma.fields.List(ma.fields.Nested(HomeFileSchema))
    can = ma.fields.List(Code(("revoke",)))


class ProxyListSchema(Schema):
    """Proxies one gave or holds, live ones first."""

    items = ma.fields.List(ma.fields.Nested(ProxySchema))
