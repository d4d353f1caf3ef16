"""The shapes of campaigns over HTTP."""

import re
from typing import Any

import marshmallow as ma

from backend.domains.content.service import ContentNoticeSchema
from backend.domains.messages import campaign_rules as c
from backend.domains.messages.kinds_news import NOTICE
from backend.domains.messages.rules import CHANNEL_TEXT, STATE_TEXT
from backend.domains.messages.template_schemas import MessagePreviewSchema
from backend.http.place_fields import one_of
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema

_LINK = re.compile(
    rf"(/({'|'.join(c.PAGES)})/[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})?\Z"
)
_DAYS = ma.validate.Range(1, c.MOST_DAYS, error=f"应在1到{c.MOST_DAYS}天之间")


class _Ids(ma.fields.List[Any]):
    """Ids of what a filter names, kept as texts; each once."""

    def __init__(self) -> None:
        most = ma.validate.Length(max=100, error="最多选100个")
        super().__init__(ma.fields.UUID(), load_default=list, validate=most)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        found = super()._deserialize(value, attr, data, **kwargs)
        return [str(one) for one in dict.fromkeys(found)]


def _days() -> Any:
    return ma.fields.Integer(load_default=None, allow_none=True, strict=True, validate=_DAYS)


class AudienceSchema(Schema):
    """Whom a campaign is for: everybody, narrowed by each part that is set.

    `streets` and `communities` (of the grid) say where a confirmed home lies. `booked_days`: who
    booked in so many days, at one of `halls` and for one of `items` where such are named.
    `council_days`: who began to follow a topic; `activity_days`: who signed up for an activity.
    """

    streets = _Ids()
    communities = _Ids()
    booked_days = _days()
    halls = _Ids()
    items = _Ids()
    council_days = _days()
    activity_days = _days()
    elder_mode = ma.fields.Boolean(load_default=False)
    verified = ma.fields.Boolean(load_default=False)

    @ma.validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        found = c.audience_problems(data)
        if found:
            raise ma.ValidationError({key: [text] for key, text in found.items()})


class EditCampaignSchema(Schema):
    """A campaign as it is written. `ladder`: the channels after the inbox, best first.

    `send_at` null: as soon as it is released. `expires_at` null: 72 hours after it begins.
    """

    name = ShortText(60, required=True)
    title = ShortText(60, needed=False, load_default="")
    body = ShortText(800, needed=False, lines=True, load_default="")
    link = ma.fields.String(
        load_default="", validate=ma.validate.Regexp(_LINK, error="请从列出的页面里选")
    )
    sms = ShortText(400, needed=False, load_default="")
    ladder = ma.fields.List(
        ma.fields.String(validate=one_of(*NOTICE.ladder)),
        load_default=lambda: list(NOTICE.ladder[:2]),
        validate=[
            ma.validate.Length(max=len(NOTICE.ladder), error="每种方式选一次"),
            lambda found: len(set(found)) == len(found) or _twice(),
        ],
    )
    audience = ma.fields.Nested(AudienceSchema, load_default=lambda: AudienceSchema().load({}))
    send_at = Moment(load_default=None, allow_none=True)
    expires_at = Moment(load_default=None, allow_none=True)


def _twice() -> bool:
    raise ma.ValidationError("每种方式选一次")


class CampaignStepSchema(Schema):
    """What the writer's side does: `discard` a draft, `submit` it, `recall` it."""

    action = ma.fields.String(required=True, validate=one_of("submit", "recall", "discard"))


class CampaignStopSchema(Schema):
    """Why it is stopped; `withdraw` takes it out of the inboxes too."""

    reason = ShortText(200, required=True)
    withdraw = ma.fields.Boolean(load_default=False)


class CampaignDecisionSchema(Schema):
    """The second person's decision; a return needs a reason.

    `read`: that they read all of it, asked for where the content check gave no verdict.
    """

    release = ma.fields.Boolean(required=True)
    read = ma.fields.Boolean(load_default=False)
    reason = ShortText(200, needed=False, load_default="")


class CampaignQuerySchema(PageArgs):
    """`?state=`."""

    state = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf(c.STATES, error="没有这个状态")
    )


class CampaignCardSchema(Schema):
    """A campaign in the list. `counted`: how many it was for when it was last counted."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    state = Code(c.STATES, required=True)
    state_text = ma.fields.String(required=True)
    audience_text = ma.fields.String(required=True)
    ladder_texts = ma.fields.List(ma.fields.String(), required=True)
    counted = ma.fields.Integer(required=True)
    written = ma.fields.Integer(required=True)
    send_at = Moment(required=True, allow_none=True)
    created_at = Moment(required=True)
    author = ma.fields.String(required=True)
    released_by = ma.fields.String(required=True)
    ended_at = Moment(required=True, allow_none=True)


CampaignPageSchema = page_schema(CampaignCardSchema)


class CampaignCountSchema(Schema):
    """How many messages are in a state, by the channel they were last tried on."""

    state = Code(STATE_TEXT, required=True)
    state_text = ma.fields.String(required=True)
    channel = Code(CHANNEL_TEXT, required=True)
    channel_text = ma.fields.String(required=True)
    messages = ma.fields.Integer(required=True)


class CampaignReasonSchema(Schema):
    """Why so many did not get through, or not yet."""

    text = ma.fields.String(required=True)
    messages = ma.fields.Integer(required=True)


class CampaignProgressSchema(Schema):
    """How far it is. `handed`: taken or delivered by a channel; `waiting`: still to be sent;
    `failed`: came to nothing; `inbox_only`: nothing but the inbox was tried, or could be;
    `stopped`: cancelled by the stop; `read`: opened in the inbox.
    """

    written = ma.fields.Integer(required=True)
    handed = ma.fields.Integer(required=True)
    waiting = ma.fields.Integer(required=True)
    failed = ma.fields.Integer(required=True)
    stopped = ma.fields.Integer(required=True)
    inbox_only = ma.fields.Integer(required=True)
    read = ma.fields.Integer(required=True)
    in_inbox = ma.fields.Integer(required=True)
    counts = ma.fields.List(ma.fields.Nested(CampaignCountSchema), required=True)
    reasons = ma.fields.List(ma.fields.Nested(CampaignReasonSchema), required=True)


class CampaignEntrySchema(Schema):
    """A step of its way."""

    at = Moment(required=True)
    who = ma.fields.String(required=True)
    action = ma.fields.String(required=True)
    action_text = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    words = ma.fields.String(required=True)


class CampaignSchema(CampaignCardSchema):
    """A campaign with all that is known of it; its ETag is for the next step."""

    body = ma.fields.String(required=True)
    link = ma.fields.String(required=True)
    link_text = ma.fields.String(required=True)
    sms = ma.fields.String(required=True)
    sms_parts = ma.fields.Integer(required=True)
    ladder = ma.fields.List(Code(NOTICE.ladder), required=True)
    audience = ma.fields.Nested(AudienceSchema, required=True)
    expires_at = Moment(required=True, allow_none=True)
    submitted_by = ma.fields.String(required=True)
    submitted_at = Moment(required=True, allow_none=True)
    released_at = Moment(required=True, allow_none=True)
    reason = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    can = ma.fields.List(Code(c.ACTION_TEXT), required=True)
    why_not_release = ma.fields.String(required=True)
    check_state = ma.fields.String(required=True)
    check = ma.fields.Nested(ContentNoticeSchema, required=True, allow_none=True)
    must_read = ma.fields.Boolean(required=True)
    preview = ma.fields.Nested(MessagePreviewSchema, required=True)
    progress = ma.fields.Nested(CampaignProgressSchema, required=True, allow_none=True)
    entries = ma.fields.List(ma.fields.Nested(CampaignEntrySchema), required=True)
    fresh_at = Moment(required=True)


class CampaignReachSchema(Schema):
    """How many would be reached first on one channel."""

    channel = Code(CHANNEL_TEXT, required=True)
    channel_text = ma.fields.String(required=True)
    people = ma.fields.Integer(required=True)


class CampaignSampleSchema(Schema):
    """One of them, masked."""

    name = ma.fields.String(required=True)
    phone = ma.fields.String(required=True)
    channel_text = ma.fields.String(required=True)


class CampaignDryRunSchema(Schema):
    """Whom it would reach how, were it sent now. `muted`: who wants nothing of notices on any
    of its channels and reads it in the inbox. `sms_parts`: texts one person would be charged for.
    """

    total = ma.fields.Integer(required=True)
    audience_text = ma.fields.String(required=True)
    reach = ma.fields.List(ma.fields.Nested(CampaignReachSchema), required=True)
    muted = ma.fields.Integer(required=True)
    sms_parts = ma.fields.Integer(required=True)
    first_at = Moment(required=True)
    until = Moment(required=True)
    sample = ma.fields.List(ma.fields.Nested(CampaignSampleSchema), required=True)
    counted_at = Moment(required=True)


class CampaignChoiceSchema(Schema):
    """Something to choose, by name."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class CampaignCommunitySchema(CampaignChoiceSchema):
    """A community of the grid with its street."""

    street_id = ma.fields.UUID(required=True)


class CampaignItemSchema(CampaignChoiceSchema):
    """A service item; `people`: how many booked it within 90 days."""

    people = ma.fields.Integer(required=True)


def _choices(item: type[Schema] = CampaignChoiceSchema) -> Any:
    return ma.fields.List(ma.fields.Nested(item), required=True)


class CampaignOptionsSchema(Schema):
    """What an audience can name and a notice can lead to.

    `preview` is a notice whose words are placeholders, to draw the one being written upon.
    """

    preview = ma.fields.Nested(MessagePreviewSchema, required=True)
    streets = _choices()
    communities = _choices(CampaignCommunitySchema)
    halls = _choices()
    items = _choices(CampaignItemSchema)
    topics = _choices()
    activities = _choices()
