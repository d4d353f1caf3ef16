"""What staff ask and get about hot issues."""

import marshmallow as ma

from backend.http.schemas import Day, Moment, Schema


class HotIssueQuerySchema(Schema):
    """Which day; without one, the newest finding."""

    date = Day(load_default=None)


class HotIssueMemberSchema(Schema):
    """One message of an issue: an event, or a ticket of the hotline."""

    id = ma.fields.UUID()
    kind = ma.fields.String()
    title = ma.fields.String()
    at = Moment()
    place = ma.fields.String()
    callers = ma.fields.Integer()


class HotIssueSchema(Schema):
    """A matter that several people reported; `members` holds at most 50, the most typical first.

    `growth` compares the last seven days with the seven before: -1 silent, 0 as before, 1 new.
    """

    id = ma.fields.UUID()
    rank = ma.fields.Integer()
    title = ma.fields.String()
    words = ma.fields.List(ma.fields.String())
    count = ma.fields.Integer()
    callers = ma.fields.Integer()
    growth = ma.fields.Float()
    score = ma.fields.Float()
    places = ma.fields.List(ma.fields.String())
    first_at = Moment()
    last_at = Moment()
    event_ids = ma.fields.List(ma.fields.UUID())
    members = ma.fields.List(ma.fields.Nested(HotIssueMemberSchema))


class HotIssueRunSchema(Schema):
    """A finding: `waiting` while one is asked for and not yet made."""

    date = Day()
    made_at = Moment(allow_none=True)
    waiting = ma.fields.Boolean()
    messages = ma.fields.Integer()


class HotIssueDaySchema(HotIssueRunSchema):
    """The hot issues of a day."""

    items = ma.fields.List(ma.fields.Nested(HotIssueSchema))
