"""What is sent and answered about seasons, shifts and paces."""

from typing import Any

import marshmallow as ma

from backend.domains.appointments.schemas import CHANNELS as EVERY_CHANNEL
from backend.domains.appointments.schemas import one_of
from backend.domains.appointments.staff_schemas import ClockTime, GroupSchema, RuleSchema
from backend.http.schemas import Day, Moment, Schema, ShortText

_ROWS = ma.validate.Length(max=300, error="时段太多，最多300行")
LONGEST_FILE = 200_000


class KeptSlotSchema(Schema):
    """A slot that could not shrink as far as wanted; `wanted` 0: it is closed for new bookings."""

    slot_id = ma.fields.UUID()
    group = ma.fields.String()
    group_name = ma.fields.String()
    channel = ma.fields.String(validate=one_of(*EVERY_CHANNEL))
    channel_text = ma.fields.String()
    start = Moment()
    end = Moment()
    wanted = ma.fields.Integer()
    taken = ma.fields.Integer()


class RebuiltSchema(Schema):
    """What a change did to the coming slots: nobody loses a place."""

    changed = ma.fields.Integer()
    kept = ma.fields.List(ma.fields.Nested(KeptSlotSchema))


class SeasonBodySchema(Schema):
    """A week that holds between two days, both included."""

    name = ShortText(50, required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)
    items = ma.fields.List(ma.fields.Nested(RuleSchema), required=True, validate=_ROWS)


class ChangedSeasonSchema(SeasonBodySchema):
    """The season as it is to be; `version`: the one that was seen."""

    version = ma.fields.Integer(load_default=None, strict=True)


class SeasonSchema(Schema):
    """A season."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    first_day = Day()
    last_day = Day()
    items = ma.fields.List(ma.fields.Nested(RuleSchema))
    version = ma.fields.Integer()


class SeasonListSchema(Schema):
    """A hall's seasons, the earliest first, and the businesses their weeks can name."""

    items = ma.fields.List(ma.fields.Nested(SeasonSchema))
    groups = ma.fields.List(ma.fields.Nested(GroupSchema))


class SavedSeasonSchema(SeasonSchema):
    """A season that was put in place, and what that did."""

    rebuilt = ma.fields.Nested(RebuiltSchema)


class WindowShiftQuerySchema(Schema):
    """Two days, both included."""

    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")


class WindowShiftBodySchema(Schema):
    """Somebody at a window: a member of the hall's staff, or a name."""

    window_id = ma.fields.UUID(required=True)
    staff_id = ma.fields.UUID(load_default=None, allow_none=True)
    name = ShortText(50, needed=False, load_default="")
    day = Day(required=True)
    starts = ClockTime(required=True)
    ends = ClockTime(required=True)


class WindowShiftSchema(Schema):
    """A shift."""

    id = ma.fields.UUID()
    window_id = ma.fields.UUID()
    window_number = ma.fields.Integer()
    staff_id = ma.fields.UUID(allow_none=True)
    name = ma.fields.String()
    day = Day()
    starts = ClockTime()
    ends = ClockTime()


class SavedWindowShiftSchema(WindowShiftSchema):
    """A shift that was put in place, and what that did."""

    rebuilt = ma.fields.Nested(RebuiltSchema)


class RosterWindowSchema(Schema):
    """A window a shift can name."""

    id = ma.fields.UUID()
    number = ma.fields.Integer()
    name = ma.fields.String()


class RosterPersonSchema(Schema):
    """Somebody who works in the hall."""

    id = ma.fields.UUID()
    name = ma.fields.String()


class WindowShiftListSchema(Schema):
    """Shifts by day and time, with the windows and the people a shift can name."""

    items = ma.fields.List(ma.fields.Nested(WindowShiftSchema))
    windows = ma.fields.List(ma.fields.Nested(RosterWindowSchema))
    staff = ma.fields.List(ma.fields.Nested(RosterPersonSchema))


class CopyWeekSchema(Schema):
    """Two weeks by their Mondays; `replace` takes what the second has away."""

    from_week = Day(required=True)
    to_week = Day(required=True)
    replace = ma.fields.Boolean(load_default=False)


class CopiedWeekSchema(Schema):
    """How many shifts were made, and what that did."""

    made = ma.fields.Integer()
    rebuilt = ma.fields.Nested(RebuiltSchema)


class ShiftFileSchema(Schema):
    """A CSV file with the heading 日期,窗口,开始,结束,姓名 and, where wanted, 账号."""

    csv = ma.fields.String(
        required=True, validate=ma.validate.Length(1, LONGEST_FILE, error="文件是空的，或太大")
    )
    dry_run = ma.fields.Boolean(required=True)


class ShiftFileErrorSchema(Schema):
    """What is wrong with a line; the heading is line 1."""

    row = ma.fields.Integer()
    text = ma.fields.String()


class ImportedShiftsSchema(Schema):
    """All lines were taken, or none; `made` 0 on a dry run and where there are errors."""

    rows = ma.fields.Integer()
    errors = ma.fields.List(ma.fields.Nested(ShiftFileErrorSchema))
    made = ma.fields.Integer()
    rebuilt = ma.fields.Nested(RebuiltSchema, allow_none=True)


def _percent(**more: Any) -> ma.fields.Integer:
    return ma.fields.Integer(
        strict=True, validate=ma.validate.Range(0, 100, error="比例在0到100之间"), **more
    )


class PaceSchema(Schema):
    """How many a staffed window serves in a slot of a business; the four percents make 100."""

    group = ma.fields.String(required=True, validate=ma.validate.Length(1, 32, error="太长了"))
    slot_minutes = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(5, 240, error="每个号5到240分钟")
    )
    places = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 100, error="人数在1到100之间")
    )
    online = _percent(required=True)
    on_site = _percent(required=True)
    elderly = _percent(required=True)
    video = _percent(load_default=0)


class PacesSchema(Schema):
    """All paces of a hall; they replace those before."""

    items = ma.fields.List(
        ma.fields.Nested(PaceSchema),
        required=True,
        validate=ma.validate.Length(max=100, error="最多100行"),
    )


class ShownPacesSchema(Schema):
    """The paces, and the businesses that can have one."""

    items = ma.fields.List(ma.fields.Nested(PaceSchema))
    groups = ma.fields.List(ma.fields.Nested(GroupSchema))


class SavedPacesSchema(ShownPacesSchema):
    """The paces that were put in place, and what that did."""

    rebuilt = ma.fields.Nested(RebuiltSchema)
