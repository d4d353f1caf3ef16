"""Paper for when the network is gone, as it is printed and as it is entered."""

import marshmallow as ma

from backend.domains.appointments.kiosk_schemas import KioskHallSchema
from backend.domains.appointments.schemas import one_of
from backend.http.schemas import Day, Moment, Schema, ShortText


class HallPaperQuerySchema(Schema):
    """Which day; today when left out."""

    date = Day(load_default=None)


class HallPaperAppointmentSchema(Schema):
    """Somebody who is booked or waits; the name is masked."""

    start = Moment()
    group = ma.fields.String()
    group_name = ma.fields.String()
    item_name = ma.fields.String()
    name = ma.fields.String()
    code = ma.fields.String()
    ticket_no = ma.fields.String(allow_none=True)
    priority = ma.fields.Boolean()
    state_text = ma.fields.String()


class HallPaperTicketsSchema(Schema):
    """With which number the paper's tickets of a kind of business begin."""

    group = ma.fields.String()
    group_name = ma.fields.String()
    ticket_no = ma.fields.String()


class HallPaperSheetSchema(Schema):
    """What is to be printed before the network may go."""

    hall = ma.fields.Nested(KioskHallSchema)
    date = Day()
    printed_at = Moment()
    appointments = ma.fields.List(ma.fields.Nested(HallPaperAppointmentSchema))
    tickets_from = ma.fields.List(ma.fields.Nested(HallPaperTicketsSchema))
    windows = ma.fields.List(ma.fields.Integer())


class HallPaperEntrySchema(Schema):
    """One line: who came (by code, or without a booking) and how it ended.

    Ticket and arrival are left out only for somebody booked who never came.
    """

    code = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Regexp(r"[0-9]{6}\Z", error="取号码是6位数字"),
    )
    name = ShortText(40, needed=False, load_default="")
    group = ShortText(32, required=True)
    ticket_no = ShortText(8, needed=False, load_default=None, allow_none=True)
    arrived_at = Moment(load_default=None, allow_none=True)
    called_at = Moment(load_default=None, allow_none=True)
    window_number = ma.fields.Integer(load_default=None, allow_none=True, strict=True)
    finished_at = Moment(load_default=None, allow_none=True)
    outcome = ma.fields.String(required=True, validate=one_of("finished", "no_show", "left"))


class HallPaperEntriesSchema(Schema):
    """The lines of a day; all of them are entered, or none."""

    date = Day(required=True)
    entries = ma.fields.List(
        ma.fields.Nested(HallPaperEntrySchema),
        required=True,
        validate=ma.validate.Length(1, 500, error="一次补录1到500行"),
    )


class HallPaperErrorSchema(Schema):
    """What is wrong with a line; the first is 1."""

    row = ma.fields.Integer()
    text = ma.fields.String()


class HallPaperResultSchema(Schema):
    """How many lines were entered, and how many were in the system already."""

    rows = ma.fields.Integer()
    made = ma.fields.Integer()
    known = ma.fields.Integer()
    errors = ma.fields.List(ma.fields.Nested(HallPaperErrorSchema))
