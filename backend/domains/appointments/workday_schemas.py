"""What is sent and answered about working days."""

import marshmallow as ma

from backend.http.schemas import Day, Schema, ShortText


class WorkdayQuerySchema(Schema):
    """From a day to a day, both included."""

    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")


class WorkdaySchema(Schema):
    """A day. `national` null: that year's calendar is not published; nobody works on a guess."""

    day = Day()
    working = ma.fields.Boolean(allow_none=True)
    national = ma.fields.Boolean(allow_none=True)
    own = ma.fields.Boolean(metadata={"description": "the district decided this day itself"})
    note = ma.fields.String()


class WorkdayListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(WorkdaySchema))


class WorkdayDecisionSchema(Schema):
    """Whether offices of the district work on the day, and why."""

    working = ma.fields.Boolean(required=True)
    note = ShortText(100, needed=False, load_default="")
