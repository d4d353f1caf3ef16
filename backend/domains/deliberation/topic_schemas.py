"""Topics as residents send and read them."""

from typing import Any

import marshmallow as ma

from backend.domains.deliberation import kind_rules, rules
from backend.http.schemas import (
    Code,
    Day,
    FilePart,
    Moment,
    PageArgs,
    Schema,
    ShortText,
    page_schema,
)

_EXPERIENCES = ("refused", "under_review", "unavailable", "checking", "hidden")


def one_of(values: Any) -> ma.validate.OneOf:
    """A closed list of values."""
    return ma.validate.OneOf(list(values), error="请从列出的值里选")


def strings(**options: Any) -> ma.fields.List[Any]:
    """A list of texts."""
    return ma.fields.List(ma.fields.String(), **options)


class PictureIds(ma.fields.List[Any]):
    """Pictures uploaded before, by id; at most nine."""

    def __init__(self, **options: Any) -> None:
        most = ma.validate.Length(max=9, error="最多9张")
        super().__init__(ma.fields.UUID(), load_default=list, validate=most, **options)


class TopicNothingSchema(Schema):
    """Nothing is sent along."""


class TopicUploadSchema(Schema):
    """A picture."""

    file = FilePart(required=True)


class TopicFileSchema(Schema):
    """A picture as kept."""

    id = ma.fields.UUID()
    media_type = ma.fields.String()
    size = ma.fields.Integer()


class TopicPictureSizeSchema(Schema):
    """`small`: at most 320 pixels."""

    size = ma.fields.String(load_default="full", validate=one_of(("full", "small")))


class TopicPictureSchema(Schema):
    """A picture and where it is."""

    id = ma.fields.UUID()
    url = ma.fields.String()
    small_url = ma.fields.String()


class ProposeTopicSchema(Schema):
    """A new topic. `scope_id` may be left out for the whole community."""

    community_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=one_of(kind_rules.KIND_TEXT))
    scope_kind = ma.fields.String(
        load_default=kind_rules.COMMUNITY, validate=one_of(kind_rules.SCOPE_TEXT)
    )
    scope_id = ma.fields.UUID(load_default=None, allow_none=True)
    title = ShortText(60, required=True)
    words = ShortText(4000, required=True, lines=True)
    file_ids = PictureIds()


class AmendTopicSchema(Schema):
    """The words anew, before the check has let them through."""

    title = ShortText(60, required=True)
    words = ShortText(4000, required=True, lines=True)
    file_ids = PictureIds()


class TopicReasonSchema(Schema):
    """Why."""

    reason = ShortText(300, required=True, lines=True)


class TopicAppealSchema(Schema):
    """Why the refusal or hiding is wrong."""

    words = ShortText(300, required=True, lines=True)


class ObjectTopicSchema(Schema):
    """An objection; only staff of community and street read its words."""

    words = ShortText(2000, required=True, lines=True)
    file_ids = PictureIds()


class TopicListQuerySchema(PageArgs):
    """Filters of the list; `state` is open, ended or a state's code."""

    community = ma.fields.UUID(load_default=None)
    state = ma.fields.String(load_default="", validate=one_of(("", "open", "ended", *rules.STATES)))
    kind = ma.fields.String(load_default="", validate=one_of(("", *kind_rules.KIND_TEXT)))
    mine = ma.fields.Boolean(load_default=False)


class TopicRowSchema(Schema):
    """What every list shows."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    kind = Code(kind_rules.KIND_TEXT)
    kind_text = ma.fields.String()
    worth_name = ma.fields.String()
    title = ma.fields.String()
    state = Code(rules.STATES)
    state_text = ma.fields.String()
    next_text = ma.fields.String()
    by_when = Moment(allow_none=True)
    open = ma.fields.Boolean()
    passed = ma.fields.Boolean(allow_none=True)
    scope_text = ma.fields.String()
    seconds_needed = ma.fields.Integer()
    seconds_count = ma.fields.Integer()
    created_at = Moment()
    last_at = Moment()


class TopicCardSchema(TopicRowSchema):
    """A row of a resident's list."""

    comments_count = ma.fields.Integer()
    picture = ma.fields.String(allow_none=True)
    mine = ma.fields.Boolean()
    followed = ma.fields.Boolean()


TopicListSchema = page_schema(TopicCardSchema)


class TopicNamedSchema(Schema):
    """Something by id and name."""

    id = ma.fields.UUID()
    name = ma.fields.String()


class TopicStageSchema(Schema):
    """A stage of the kind and where the topic is: done, now or todo."""

    state = ma.fields.String()
    text = ma.fields.String()
    status = Code(("done", "now", "todo"))


class TopicDaysSchema(Schema):
    """Days that may be chosen."""

    least = ma.fields.Integer()
    usual = ma.fields.Integer()
    most = ma.fields.Integer()


class TopicVoteRuleSchema(Schema):
    """One vote of a kind, in words."""

    code = ma.fields.String()
    name = ma.fields.String()
    electorate = Code(kind_rules.ELECTORATE_TEXT)
    electorate_text = ma.fields.String()
    weights = strings()
    thresholds = strings()
    ballots = strings()
    secrecy = strings()
    changeable = ma.fields.Boolean()
    proxies = ma.fields.Integer()
    days = ma.fields.Nested(TopicDaysSchema)


class TopicRuleSchema(Schema):
    """Under which rule it runs and what its result is worth."""

    kind = Code(kind_rules.KIND_TEXT)
    version = ma.fields.Integer()
    name = ma.fields.String()
    in_force_from = Day()
    basis = ma.fields.String()
    worth = Code(kind_rules.WORTH_TEXT)
    worth_name = ma.fields.String()
    worth_text = ma.fields.String()
    votes = ma.fields.List(ma.fields.Nested(TopicVoteRuleSchema))
    requirements = strings()
    notes = strings()


class TopicOptionSchema(Schema):
    """Something one may choose; `cost_cents` for projects with a budget."""

    code = ShortText(20, required=True)
    text = ShortText(100, required=True)
    detail = ShortText(1000, needed=False, lines=True, load_default="")
    cost_cents = ma.fields.Integer(
        load_default=None, allow_none=True, validate=ma.validate.Range(1, 10**12)
    )


class TopicDraftSchema(Schema):
    """A version of the proposal."""

    number = ma.fields.Integer()
    text = ma.fields.String()
    question = ma.fields.String()
    ballot = Code(kind_rules.BALLOT_TEXT)
    options = ma.fields.List(ma.fields.Nested(TopicOptionSchema))
    least = ma.fields.Integer()
    most = ma.fields.Integer()
    budget_cents = ma.fields.Integer(allow_none=True)
    secret = ma.fields.Boolean()
    note = ma.fields.String()
    at = Moment()
    by = ma.fields.String()


class TopicVoteSchema(Schema):
    """A vote held on the topic; its page has the rest."""

    id = ma.fields.UUID()
    turn = ma.fields.Integer()
    name = ma.fields.String()
    state = ma.fields.String()
    state_text = ma.fields.String()
    opened_at = Moment(allow_none=True)
    closes_at = Moment(allow_none=True)


class TopicRequirementStateSchema(Schema):
    """What the law asks for beside the vote, and whether it is there."""

    text = ma.fields.String()
    met = ma.fields.Boolean()


class ObjectionDecisionSchema(Schema):
    """What became of somebody's objection."""

    result_text = ma.fields.String()
    reason = ma.fields.String()
    at = Moment()


class TopicObjectionsSchema(Schema):
    """How many objections there are, and how they were decided."""

    total = ma.fields.Integer()
    open = ma.fields.Integer()
    decisions = ma.fields.List(ma.fields.Nested(ObjectionDecisionSchema))


class OwnObjectionSchema(Schema):
    """One's own objection."""

    id = ma.fields.UUID()
    words = ma.fields.String()
    state = Code(rules.OBJECTION_TEXT)
    state_text = ma.fields.String()
    decision = ma.fields.String()
    at = Moment()


class PostNoticeSchema(Schema):
    """What an author reads while neighbours do not see the words."""

    experience = Code(_EXPERIENCES)
    title = ma.fields.String()
    text = ma.fields.String()
    can = strings()
    by_when = Moment(allow_none=True)


class TopicLineSchema(Schema):
    """A line of what happened."""

    at = Moment()
    text = ma.fields.String()
    actor_text = ma.fields.String()


class TopicMainSchema(Schema):
    """The one thing the page puts first."""

    code = ma.fields.String()
    text = ma.fields.String()


class TopicDetailSchema(TopicRowSchema):
    """One topic with everything about it."""

    words = ma.fields.String()
    community = ma.fields.Nested(TopicNamedSchema)
    proposer_text = ma.fields.String()
    pictures = ma.fields.List(ma.fields.Nested(TopicPictureSchema))
    stages = ma.fields.List(ma.fields.Nested(TopicStageSchema))
    rule = ma.fields.Nested(TopicRuleSchema)
    silence_with_majority = ma.fields.Boolean()
    silence_basis = ma.fields.String()
    requirements = ma.fields.List(ma.fields.Nested(TopicRequirementStateSchema))
    draft = ma.fields.Nested(TopicDraftSchema, allow_none=True)
    votes = ma.fields.List(ma.fields.Nested(TopicVoteSchema))
    objections = ma.fields.Nested(TopicObjectionsSchema)
    my_objections = ma.fields.List(ma.fields.Nested(OwnObjectionSchema))
    progress_percent = ma.fields.Integer(allow_none=True)
    end_reason = ma.fields.String()
    comments_count = ma.fields.Integer()
    statements_count = ma.fields.Integer()
    timeline = ma.fields.List(ma.fields.Nested(TopicLineSchema))
    version = ma.fields.Integer()
    mine = ma.fields.Boolean()
    followed = ma.fields.Boolean()
    seconded = ma.fields.Boolean()
    notice = ma.fields.Nested(PostNoticeSchema, allow_none=True)
    can = strings()
    main_action = ma.fields.Nested(TopicMainSchema, allow_none=True)


class TopicProgressRowSchema(Schema):
    """A report of what was done."""

    id = ma.fields.UUID()
    text = ma.fields.String()
    percent = ma.fields.Integer()
    done_on = Day()
    planned_until = Day(allow_none=True)
    at = Moment()
    pictures = ma.fields.List(ma.fields.Nested(TopicPictureSchema))


class TopicProgressListSchema(Schema):
    """All reports, the newest first."""

    items = ma.fields.List(ma.fields.Nested(TopicProgressRowSchema))


class TopicScopeSchema(Schema):
    """A place a topic may be about."""

    kind = Code(kind_rules.SCOPE_TEXT)
    id = ma.fields.UUID()
    text = ma.fields.String()


class TopicKindSchema(Schema):
    """A kind one may propose, with its places and its rule."""

    kind = Code(kind_rules.KIND_TEXT)
    name = ma.fields.String()
    scopes = ma.fields.List(ma.fields.Nested(TopicScopeSchema))
    rule = ma.fields.Nested(TopicRuleSchema)


class MyCommunitySchema(Schema):
    """A community one belongs to."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    kind = ma.fields.String()
    address = ma.fields.String()
    area_name = ma.fields.String()
    street_name = ma.fields.String()
    verified = ma.fields.Boolean()
    homes = strings()
    open_topics = ma.fields.Integer()
    kinds = ma.fields.List(ma.fields.Nested(TopicKindSchema))


class MyCommunitiesSchema(Schema):
    """The communities one belongs to."""

    items = ma.fields.List(ma.fields.Nested(MyCommunitySchema))
