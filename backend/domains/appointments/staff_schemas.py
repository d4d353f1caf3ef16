"""What the hall's staff send and get."""

import re
from datetime import time
from typing import Any

import marshmallow as ma

from appointments.calendar import CHANNELS
from backend.domains.appointments.schemas import CHANNELS as EVERY_CHANNEL
from backend.domains.appointments.schemas import (
    STATES,
    AppointmentLineSchema,
    HallSchema,
    VisitBriefSchema,
    one_of,
)
from backend.http.schemas import Code, Day, Moment, Schema, ShortText


class AgentSchema(Schema):
    """Who acts for the person, and how the consent to it stands now."""

    name = ma.fields.String()
    relation = ma.fields.String()
    consent_holds = ma.fields.Boolean()
    consent_state_text = ma.fields.String()


class StaffAppointmentSchema(Schema):
    """A row of the board. `wait_minutes` is how long the person has waited (or did)."""

    id = ma.fields.UUID()
    ticket_no = ma.fields.String(allow_none=True)
    person_name = ma.fields.String()
    phone_masked = ma.fields.String(allow_none=True)
    item_name = ma.fields.String()
    group_name = ma.fields.String()
    start = Moment()
    end = Moment()
    state = ma.fields.String(validate=one_of(*STATES))
    state_text = ma.fields.String()
    source = ma.fields.String(validate=one_of("booked", "walk_in", "paper"))
    channel = ma.fields.String(validate=one_of(*EVERY_CHANNEL))
    agent = ma.fields.Nested(AgentSchema, allow_none=True)
    visit = ma.fields.Nested(VisitBriefSchema, allow_none=True)
    checked_in_at = Moment(allow_none=True)
    called_at = Moment(allow_none=True)
    wait_minutes = ma.fields.Integer(allow_none=True)
    window_number = ma.fields.Integer(allow_none=True)
    for_window_number = ma.fields.Integer(
        allow_none=True, metadata={"description": "transferred: only this window calls it"}
    )
    priority = ma.fields.Integer()
    version = ma.fields.Integer()


class PrecedenceSchema(Schema):
    """Somebody is served first (a disability was shown); without `until` for good."""

    until = ma.fields.Date(required=True, allow_none=True)


class StaffAppointmentDetailSchema(StaffAppointmentSchema):
    """A row with its receipt number and its timeline, newest first."""

    precedence = ma.fields.Nested(PrecedenceSchema, allow_none=True)
    receipt_number = ma.fields.String()
    timeline = ma.fields.List(ma.fields.Nested(AppointmentLineSchema))


class WindowSchema(Schema):
    """A window and who is there."""

    id = ma.fields.UUID()
    number = ma.fields.Integer()
    name = ma.fields.String()
    status = ma.fields.String(validate=one_of("open", "paused", "closed"))
    status_text = ma.fields.String()
    groups = ma.fields.List(ma.fields.String())
    current = ma.fields.Nested(StaffAppointmentSchema, allow_none=True)


class StatsSchema(Schema):
    """The day in numbers; averages in minutes, null where nothing was measured."""

    booked = ma.fields.Integer()
    waiting = ma.fields.Integer()
    serving = ma.fields.Integer()
    finished = ma.fields.Integer()
    no_show = ma.fields.Integer()
    cancelled = ma.fields.Integer()
    avg_wait_minutes = ma.fields.Float(allow_none=True)
    avg_service_minutes = ma.fields.Float(allow_none=True)


class ExpectedWaitSchema(Schema):
    """Minutes a waiting ticket can expect still; null while no window is open for it."""

    id = ma.fields.UUID()
    minutes = ma.fields.Integer(allow_none=True)


class BoardSchema(Schema):
    """A hall's day at a glance."""

    hall = ma.fields.Nested(HallSchema)
    date = Day()
    as_of = Moment()
    stats = ma.fields.Nested(StatsSchema)
    windows = ma.fields.List(ma.fields.Nested(WindowSchema))
    waiting = ma.fields.List(ma.fields.Nested(StaffAppointmentSchema))
    expected = ma.fields.List(
        ma.fields.Nested(ExpectedWaitSchema),
        metadata={"description": "for each that waits, by the formula that residents are told"},
    )
    appointments = ma.fields.List(ma.fields.Nested(StaffAppointmentSchema))


class BoardQuerySchema(Schema):
    """Which day; today when left out."""

    date = Day(load_default=None)


class CheckInSchema(Schema):
    """Six digits, the text of a QR code, or what a card reader read: exactly one of them."""

    code = ma.fields.String(validate=ma.validate.Regexp(r"[0-9]{6}\Z", error="取号码是6位数字"))
    token = ma.fields.String(validate=ma.validate.Length(1, 300, error="二维码内容太长"))
    id_number = ma.fields.String(
        validate=ma.validate.Length(1, 40, error="身份证号应为18位"),
        metadata={"description": "finds today's appointment and is not kept"},
    )


class CallSchema(Schema):
    """A ticket out of turn, or nothing for the next one."""

    appointment_id = ma.fields.UUID(load_default=None, allow_none=True)


class QueueStepSchema(Schema):
    """The version the clerk was looking at; left out, the state alone decides."""

    version = ma.fields.Integer(load_default=None, strict=True)


class WindowStatusSchema(Schema):
    """Open, paused or closed."""

    status = ma.fields.String(required=True, validate=one_of("open", "paused", "closed"))


class RevealSchema(Schema):
    """Which value, and why."""

    field = ma.fields.String(required=True, validate=one_of("name", "phone", "id_number"))
    purpose = ShortText(200, required=True)


class RevealedSchema(Schema):
    """The value in full."""

    value = ma.fields.String()


class ClockTime(ma.fields.String):
    """A time of day as `09:30`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": "^[0-2][0-9]:[0-5][0-9]$"}, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return f"{value:%H:%M}"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            if re.fullmatch(r"[0-9]{2}:[0-9]{2}", text or ""):
                return time.fromisoformat(str(text))
        except ValueError:
            pass
        raise ma.ValidationError("时间应像 09:30")


class RuleSchema(Schema):
    """One row of the week; `weekday` 1 (Monday) to 7."""

    group = ma.fields.String(required=True, validate=ma.validate.Length(1, 32, error="太长了"))
    weekday = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 7, error="星期应在1到7之间")
    )
    start = ClockTime(required=True)
    end = ClockTime(required=True)
    slot_minutes = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(5, 240, error="每个号5到240分钟")
    )
    capacity = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(0, 500, error="名额在0到500之间")
    )
    channel = ma.fields.String(load_default="online", validate=one_of(*CHANNELS))


class ScheduleSchema(Schema):
    """A whole week; it replaces the one before."""

    items = ma.fields.List(
        ma.fields.Nested(RuleSchema),
        required=True,
        validate=ma.validate.Length(max=300, error="时段太多，最多300行"),
    )


class GroupSchema(Schema):
    """A business group."""

    code = ma.fields.String()
    name = ma.fields.String()


class OverrideSchema(Schema):
    """A day opened or closed by hand."""

    date = Day()
    open = ma.fields.Boolean()
    note = ma.fields.String()


class ShownScheduleSchema(Schema):
    """The week, the groups it can name, and the coming days set by hand."""

    items = ma.fields.List(ma.fields.Nested(RuleSchema))
    groups = ma.fields.List(ma.fields.Nested(GroupSchema))
    overrides = ma.fields.List(ma.fields.Nested(OverrideSchema))


class StaffSlotSchema(Schema):
    """A slot with its quota."""

    id = ma.fields.UUID()
    group = ma.fields.String()
    group_name = ma.fields.String()
    channel = Code(CHANNELS)
    channel_text = ma.fields.String()
    start = Moment()
    end = Moment()
    capacity = ma.fields.Integer()
    booked = ma.fields.Integer()
    closed = ma.fields.Boolean()


class StaffSlotListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(StaffSlotSchema))


class SlotDayQuerySchema(Schema):
    """Which day."""

    date = Day(required=True)


class CapacitySchema(Schema):
    """How many places."""

    capacity = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(0, 500, error="名额在0到500之间")
    )


class DayOverrideSchema(Schema):
    """Open or closed, and why."""

    open = ma.fields.Boolean(required=True)
    note = ShortText(200, needed=False, load_default="")


class DayOverriddenSchema(OverrideSchema):
    """What was set, how many bookings were cancelled by it, how many have another place kept."""

    cancelled = ma.fields.Integer()
    offered = ma.fields.Integer()
