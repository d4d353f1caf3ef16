"""Topics as staff send and read them."""

import marshmallow as ma

from backend.domains.deliberation import kind_rules, rules
from backend.domains.deliberation.topic_schemas import (
    PictureIds,
    TopicDaysSchema,
    TopicDraftSchema,
    TopicNamedSchema,
    TopicOptionSchema,
    TopicPictureSchema,
    TopicProgressRowSchema,
    TopicRowSchema,
    TopicRuleSchema,
    TopicStageSchema,
    TopicVoteSchema,
    one_of,
    strings,
)
from backend.http.schemas import Code, Day, Moment, PageArgs, Schema, ShortText, page_schema

_DAYS = ma.validate.Range(0, 365, error="应在0到365天之间")
STAGE_ACTIONS = ("discuss", "prolong", "draft", "redraft", "carry_out")
CASE_ACTIONS = ("keep", "hide", "uphold", "restore")
OBJECTION_ACTIONS = ("mediate", "settle", "dismiss", "sustain")


class StaffTopicQuerySchema(PageArgs):
    """Filters of the desk's list."""

    community = ma.fields.UUID(load_default=None)
    state = ma.fields.String(load_default="", validate=one_of(("", "open", "ended", *rules.STATES)))
    kind = ma.fields.String(load_default="", validate=one_of(("", *kind_rules.KIND_TEXT)))
    q = ShortText(40, needed=False, load_default="")


class StaffTopicRowSchema(TopicRowSchema):
    """A row of the desk's list."""

    community = ma.fields.Nested(TopicNamedSchema)
    proposer_text = ma.fields.String()
    overdue = ma.fields.Boolean()
    can = strings()


StaffTopicPageSchema = page_schema(StaffTopicRowSchema)


class StaffRequirementSchema(Schema):
    """What the law asks for beside the vote."""

    code = ma.fields.String()
    text = ma.fields.String()
    before = ma.fields.String()
    met_at = Moment(allow_none=True)
    note = ma.fields.String()


class StaffObjectionSchema(Schema):
    """An objection with its words."""

    id = ma.fields.UUID()
    person = ma.fields.String()
    stage_text = ma.fields.String()
    words = ma.fields.String()
    pictures = ma.fields.List(ma.fields.Nested(TopicPictureSchema))
    state = Code(rules.OBJECTION_TEXT)
    state_text = ma.fields.String()
    decision = ma.fields.String()
    at = Moment()
    decided_at = Moment(allow_none=True)
    can = strings()


class StaffTopicLineSchema(Schema):
    """A line of the trace."""

    at = Moment()
    action = ma.fields.String()
    text = ma.fields.String()
    public = ma.fields.Boolean()
    actor_text = ma.fields.String()


class TopicPeriodsSchema(Schema):
    """Days that may be chosen for each stage."""

    discussion = ma.fields.Nested(TopicDaysSchema)
    notice = ma.fields.Nested(TopicDaysSchema)
    objection = ma.fields.Nested(TopicDaysSchema)


class StaffTopicSchema(StaffTopicRowSchema):
    """One topic with all that belongs to the work."""

    words = ma.fields.String()
    area_name = ma.fields.String()
    street_name = ma.fields.String()
    pictures = ma.fields.List(ma.fields.Nested(TopicPictureSchema))
    stages = ma.fields.List(ma.fields.Nested(TopicStageSchema))
    rule = ma.fields.Nested(TopicRuleSchema)
    periods = ma.fields.Nested(TopicPeriodsSchema)
    turn = ma.fields.Integer()
    silence_with_majority = ma.fields.Boolean()
    silence_basis = ma.fields.String()
    silence_allowed = ma.fields.Boolean()
    followers_count = ma.fields.Integer()
    drafts = ma.fields.List(ma.fields.Nested(TopicDraftSchema))
    noticed_draft = ma.fields.Integer(allow_none=True)
    requirements = ma.fields.List(ma.fields.Nested(StaffRequirementSchema))
    votes = ma.fields.List(ma.fields.Nested(TopicVoteSchema))
    objections = ma.fields.List(ma.fields.Nested(StaffObjectionSchema))
    progress = ma.fields.List(ma.fields.Nested(TopicProgressRowSchema))
    end_reason = ma.fields.String()
    timeline = ma.fields.List(ma.fields.Nested(StaffTopicLineSchema))
    version = ma.fields.Integer()


class EditStaffTopicSchema(Schema):
    """What changes; only what is sent."""

    title = ShortText(60)
    words = ShortText(4000, lines=True)
    silence_with_majority = ma.fields.Boolean()
    silence_basis = ShortText(300, needed=False, lines=True)


class AcceptTopicSchema(Schema):
    """A word to the proposer."""

    note = ShortText(200, needed=False, lines=True, load_default="")


class DeclineTopicSchema(Schema):
    """Why it is not taken up."""

    reason = ShortText(300, needed=False, lines=True, load_default="")


class TopicStageActionSchema(Schema):
    """Which way to go."""

    action = ma.fields.String(required=True, validate=one_of(STAGE_ACTIONS))
    days = ma.fields.Integer(load_default=None, allow_none=True, validate=_DAYS)
    reason = ShortText(300, needed=False, lines=True, load_default="")


class NoticeTopicSchema(Schema):
    """For how many days."""

    days = ma.fields.Integer(load_default=None, allow_none=True, validate=_DAYS)


class SaveTopicDraftSchema(Schema):
    """A new version of the proposal; a plain question needs no options."""

    text = ShortText(20000, required=True, lines=True)
    question = ShortText(200, required=True)
    ballot = ma.fields.String(
        load_default=kind_rules.SINGLE, validate=one_of(kind_rules.BALLOT_TEXT)
    )
    options = ma.fields.List(
        ma.fields.Nested(TopicOptionSchema), load_default=list,
        validate=ma.validate.Length(max=40, error="最多40个选项"),
    )  # fmt: skip
    least = ma.fields.Integer(load_default=1, validate=ma.validate.Range(0, 40))
    most = ma.fields.Integer(load_default=1, validate=ma.validate.Range(1, 40))
    budget_cents = ma.fields.Integer(
        load_default=None, allow_none=True, validate=ma.validate.Range(1, 10**12)
    )
    secret = ma.fields.Boolean(load_default=False)
    note = ShortText(200, needed=False, load_default="")


class OfficialAnswerSchema(Schema):
    """An answer of the community or the street."""

    text = ShortText(2000, required=True, lines=True)
    parent_id = ma.fields.UUID(load_default=None, allow_none=True)
    file_ids = PictureIds()


class ReportProgressSchema(Schema):
    """What was done."""

    text = ShortText(2000, required=True, lines=True)
    percent = ma.fields.Integer(
        required=True, validate=ma.validate.Range(0, 100, error="应在0到100之间")
    )
    done_on = Day(load_default=None, allow_none=True)
    planned_until = Day(load_default=None, allow_none=True)
    file_ids = PictureIds()


class MeetRequirementSchema(Schema):
    """Which requirement is met, and how."""

    code = ShortText(30, required=True)
    note = ShortText(500, required=True, lines=True)
    file_ids = PictureIds()


class CloseTopicSchema(Schema):
    """How it went."""

    summary = ShortText(500, required=True, lines=True)


class DecideObjectionSchema(Schema):
    """What the street does with an objection."""

    action = ma.fields.String(required=True, validate=one_of(OBJECTION_ACTIONS))
    reason = ShortText(500, needed=False, lines=True, load_default="")


class ModerationReportSchema(Schema):
    """A neighbour's report."""

    why = Code(rules.REPORT_TEXT)
    why_text = ma.fields.String()
    words = ma.fields.String()
    at = Moment()


class ModerationTopicSchema(Schema):
    """The topic a post stands under."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    title = ma.fields.String()


class ModerationCaseSchema(Schema):
    """A post before the moderators."""

    id = ma.fields.UUID()
    kind = Code(("report", "appeal"))
    state = Code(rules.CASE_TEXT)
    state_text = ma.fields.String()
    post_kind = Code(("comment", "statement"))
    post_id = ma.fields.UUID()
    post_state_text = ma.fields.String()
    topic = ma.fields.Nested(ModerationTopicSchema)
    text = ma.fields.String()
    pictures = ma.fields.List(ma.fields.Nested(TopicPictureSchema))
    author = ma.fields.String()
    reports = ma.fields.List(ma.fields.Nested(ModerationReportSchema))
    reason = ma.fields.String()
    appeal = ma.fields.String()
    since = Moment()
    can = strings()


class ModerationListSchema(Schema):
    """What waits, the oldest first."""

    items = ma.fields.List(ma.fields.Nested(ModerationCaseSchema))


class DecideCaseSchema(Schema):
    """A moderator's decision."""

    action = ma.fields.String(required=True, validate=one_of(CASE_ACTIONS))
    reason = ShortText(300, needed=False, lines=True, load_default="")


class ModerationOutcomeSchema(Schema):
    """What the case is now."""

    id = ma.fields.UUID()
    state = Code(rules.CASE_TEXT)
    state_text = ma.fields.String()
