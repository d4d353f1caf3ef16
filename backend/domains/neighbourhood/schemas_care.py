"""What residents send and get around wishes, help and party members' report-in."""

from typing import Any

import marshmallow as ma

from backend.domains.content.service import ContentNoticeSchema
from backend.domains.neighbourhood import care_rules, party_rules
from backend.domains.neighbourhood.schemas import CommunityNameSchema, one_of
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema

WISH_CAN = ("claim", "release", "grant", "confirm", "not_yet", "withdraw", "rewrite", "appeal")
HELP_CAN = (
    "offer", "take_back", "choose", "part", "finish", "withdraw", "rewrite", "appeal",
)  # fmt: skip


class CareQuerySchema(PageArgs):
    """`mine`: what one has asked or taken on; otherwise what is open in one's communities."""

    mine = ma.fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})


class NewWishSchema(Schema):
    """A wish to one's own community."""

    area_id = ma.fields.UUID(required=True)
    title = ShortText(40, required=True)
    words = ShortText(500, required=True, lines=True)
    share_phone = ma.fields.Boolean(load_default=False)


class RewriteSchema(Schema):
    """New words in the place of refused ones."""

    title = ShortText(40, required=True)
    words = ShortText(500, required=True, lines=True)


class CareAppealSchema(Schema):
    """Why the refusal is wrong."""

    words = ShortText(200, required=True, lines=True)


class ThanksSchema(Schema):
    """Thanks, chosen from a list."""

    thanks = ma.fields.String(load_default="", validate=one_of(*care_rules.THANKS_TEXT))


class CareSchema(Schema):
    """What wishes and requests have in common; `notice` only for the author."""

    id = ma.fields.UUID()
    title = ma.fields.String()
    words = ma.fields.String()
    area = ma.fields.Nested(CommunityNameSchema)
    author = ma.fields.String()
    state_text = ma.fields.String()
    next_text = ma.fields.String()
    mine = ma.fields.Boolean()
    visible = ma.fields.Boolean()
    notice = ma.fields.Nested(ContentNoticeSchema, allow_none=True)
    partner = ma.fields.String()
    phone = ma.fields.String()
    thanks_text = ma.fields.String()
    created_at = Moment()


class WishSchema(CareSchema):
    """A wish. `partner` and `phone` are for the two people concerned alone."""

    state = Code(care_rules.WISH_TEXT)
    can = ma.fields.List(Code(WISH_CAN))


WishPageSchema: Any = page_schema(WishSchema)


class NewHelpSchema(Schema):
    """Asking the neighbours."""

    area_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=one_of(*care_rules.HELP_KIND_TEXT))
    title = ShortText(40, required=True)
    words = ShortText(500, required=True, lines=True)
    until = Moment(required=True)
    share_phone = ma.fields.Boolean(load_default=False)


class OfferHelpSchema(Schema):
    """One would help; whether the asker, once they have chosen, sees one's number."""

    share_phone = ma.fields.Boolean(load_default=False)


class HelpChoiceSchema(Schema):
    """Which offer is taken."""

    offer_id = ma.fields.UUID(required=True)


class HelpOfferSchema(Schema):
    """An offer as the asker sees it."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    state = Code(care_rules.OFFER_TEXT)
    state_text = ma.fields.String()
    helped_before = ma.fields.Integer()
    at = Moment()


class HelpSchema(CareSchema):
    """A request for help; `offers` are for the asker alone, `offer_text` for who offered."""

    state = Code(care_rules.HELP_TEXT)
    kind = Code(care_rules.HELP_KIND_TEXT)
    kind_text = ma.fields.String()
    until = Moment()
    offers = ma.fields.List(ma.fields.Nested(HelpOfferSchema))
    offers_count = ma.fields.Integer()
    offer_text = ma.fields.String()
    can = ma.fields.List(Code(HELP_CAN))


HelpPageSchema: Any = page_schema(HelpSchema)


class NewPartyReportSchema(Schema):
    """A party member reports in at a community."""

    area_id = ma.fields.UUID(required=True)
    branch = ShortText(60, required=True)
    skills = ShortText(100, needed=False, load_default="")


class OwnPartyReportSchema(Schema):
    """One's own report-in."""

    id = ma.fields.UUID()
    area = ma.fields.Nested(CommunityNameSchema)
    branch = ma.fields.String()
    skills = ma.fields.String()
    state = Code(party_rules.REPORT_TEXT)
    state_text = ma.fields.String()
    reason = ma.fields.String()
    at = Moment()


class PostSchema(Schema):
    """A post that reported-in members may take."""

    id = ma.fields.UUID()
    area = ma.fields.Nested(CommunityNameSchema)
    title = ma.fields.String()
    words = ma.fields.String()
    when_text = ma.fields.String()
    places = ma.fields.Integer()
    free = ma.fields.Integer()
    state = Code(party_rules.POST_TEXT)
    state_text = ma.fields.String()
    claimed = ma.fields.Boolean()
    can = ma.fields.List(Code(("claim", "release")))


class PartyWorkSchema(Schema):
    """One's report-ins, and the posts and open wishes of those communities."""

    reports = ma.fields.List(ma.fields.Nested(OwnPartyReportSchema))
    posts = ma.fields.List(ma.fields.Nested(PostSchema))
    wishes = ma.fields.List(ma.fields.Nested(WishSchema))
