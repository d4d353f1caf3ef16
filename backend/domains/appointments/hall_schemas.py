"""What is sent and answered at the door and about the hall itself."""

from typing import Any

import marshmallow as ma

from backend.http.schemas import Day, Schema, ShortText


class GroupChoiceSchema(Schema):
    """A kind of business done in this hall, and how long one waits for it now."""

    code = ma.fields.String()
    name = ma.fields.String()
    waiting_count = ma.fields.Integer()
    wait_minutes = ma.fields.Integer(allow_none=True)


class GroupChoiceListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(GroupChoiceSchema))


class WalkInSchema(Schema):
    """One item or one kind of business; who it is only where she says so."""

    item_id = ma.fields.UUID(load_default=None, allow_none=True)
    group = ShortText(32, needed=False, load_default=None, allow_none=True)
    name = ShortText(40, needed=False, load_default="")
    id_number = ShortText(40, needed=False, load_default="")
    priority = ma.fields.Boolean(load_default=False)


class TicketTransferSchema(Schema):
    """To one window, or to everybody who does this kind of business."""

    window_id = ma.fields.UUID(load_default=None, allow_none=True)
    group = ShortText(32, needed=False, load_default=None, allow_none=True)
    version = ma.fields.Integer(load_default=None, strict=True)


class FiguresQuerySchema(Schema):
    """From which day to which, both included; today when left out."""

    first = Day(data_key="from", load_default=None)
    last = Day(data_key="to", load_default=None)


class FiguresLineSchema(Schema):
    """Who came, what ended how, and average minutes (null where nothing was measured)."""

    came = ma.fields.Integer()
    finished = ma.fields.Integer()
    no_show = ma.fields.Integer()
    wait_minutes = ma.fields.Float(allow_none=True)
    service_minutes = ma.fields.Float(allow_none=True)


class FiguresDaySchema(FiguresLineSchema):
    """A day."""

    date = Day()


class FiguresHourSchema(FiguresLineSchema):
    """The hour in which they came, local time."""

    hour = ma.fields.Integer()


class WindowLoadSchema(Schema):
    """What a window did."""

    number = ma.fields.Integer()
    name = ma.fields.String()
    finished = ma.fields.Integer()
    busy_minutes = ma.fields.Integer()
    service_minutes = ma.fields.Float(allow_none=True)


class HallFiguresSchema(Schema):
    """A hall's figures: as a whole, by day, by hour, by window."""

    first = Day(data_key="from", attribute="from")
    last = Day(data_key="to", attribute="to")
    total = ma.fields.Nested(FiguresLineSchema)
    days = ma.fields.List(ma.fields.Nested(FiguresDaySchema))
    hours = ma.fields.List(ma.fields.Nested(FiguresHourSchema))
    windows = ma.fields.List(ma.fields.Nested(WindowLoadSchema))


def _number(low: int, high: int, error: str, **more: Any) -> ma.fields.Integer:
    return ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(low, high, error=error), **more
    )


class QueueRulesSchema(Schema):
    """A hall's queue rules.

    `return_behind`: who missed her call and is back stands behind so many who wait (null: where
    coming back puts her). `priority_run`: after so many with priority in a row one of the others
    is called (0: priority always first).
    """

    grace_minutes = _number(0, 120, "0到120分钟")
    late_minutes = _number(0, 240, "0到240分钟")
    return_behind = _number(0, 99, "0到99人", allow_none=True)
    most_skips = _number(1, 20, "1到20次")
    priority_run = _number(0, 20, "0到20个")
    hall_late_minutes = _number(10, 480, "10到480分钟")
