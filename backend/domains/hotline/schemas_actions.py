"""What staff send about tickets: a new one, an edit, and every action."""

from typing import Any

import marshmallow as ma

from backend.domains.hotline import rules
from backend.domains.hotline.schemas import (
    KINDS,
    URGENCIES,
    TicketCardSchema,
    TicketHotSchema,
    TicketLinkedSchema,
    TicketPlacesSchema,
    file_ids,
)
from backend.http.place_fields import CoordinatesSchema, Latitude, Longitude, one_of
from backend.http.schemas import Moment, Schema, ShortText

DIFFICULTIES = tuple(rules.DIFFICULTY_TEXT)
SOURCES = tuple(name for name in rules.SOURCE_TEXT if name not in ("ask", "transfer"))


def _code() -> Any:
    return ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 40))


def _choice(values: tuple[str, ...]) -> Any:
    return ma.fields.String(load_default=None, allow_none=True, validate=one_of(*values))


def _ids(most: int, least: int = 0) -> Any:
    said = ma.validate.Length(least, most, error=f"请选{least}到{most}项")
    more: dict[str, Any] = {"required": True} if least else {"load_default": list}
    return ma.fields.List(ma.fields.UUID(), validate=said, **more)


def _note(most: int = 500) -> Any:
    return ShortText(most, needed=False, lines=True, load_default="")


class Reason(ShortText):
    """Why, in one to 500 characters; several lines are fine."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(500, lines=True, required=True, **kwargs)


class TakeTicketSchema(CoordinatesSchema):
    """A ticket as an operator takes it down.

    A `call_id` gives the number; `intake_id` is a forwarded message, `event_id` an event that
    it goes with; the draft of `draft_key` is gone once the ticket is there.
    """

    source = ma.fields.String(load_default="phone", validate=one_of(*SOURCES))
    kind = ma.fields.String(required=True, validate=one_of(*KINDS))
    title = ShortText(60, needed=False, load_default="")
    words = ShortText(4000, required=True, lines=True)
    category_code = _code()
    urgency = _choice(URGENCIES)
    difficulty = _choice(DIFFICULTIES)
    address = ShortText(200, needed=False, load_default="")
    caller_name = ShortText(40, needed=False, load_default="")
    caller_phone = ShortText(40, needed=False, load_default="")
    confidential = ma.fields.Boolean(load_default=False)
    call_id = ma.fields.UUID(load_default=None, allow_none=True)
    intake_id = ma.fields.UUID(load_default=None, allow_none=True)
    event_id = ma.fields.UUID(load_default=None, allow_none=True)
    draft_key = ShortText(80, needed=False, load_default="")
    file_ids = file_ids()


class EditTicketSchema(Schema):
    """What is put right; what is left out stays."""

    kind = ma.fields.String(validate=one_of(*KINDS))
    title = ShortText(60)
    words = ShortText(4000, lines=True)
    category_code = ma.fields.String(validate=ma.validate.Length(1, 40))
    urgency = ma.fields.String(validate=one_of(*URGENCIES))
    difficulty = ma.fields.String(validate=one_of(*DIFFICULTIES))
    address = ShortText(200, needed=False)
    latitude = Latitude(allow_none=True)
    longitude = Longitude(allow_none=True)
    coordinate_system = ma.fields.String(validate=one_of("wgs84", "gcj02"))
    caller_name = ShortText(40, needed=False)
    caller_phone = ShortText(40, needed=False)
    confidential = ma.fields.Boolean()

    @ma.validates_schema
    def _both(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise ma.ValidationError("经纬度要一起填写", "latitude")


class SuggestTicketSchema(CoordinatesSchema):
    """What the caller says so far; whose number it is, by the call or as typed."""

    words = ShortText(4000, required=True, lines=True)
    title = ShortText(60, needed=False, load_default="")
    number = ShortText(40, needed=False, load_default="")
    call_id = ma.fields.UUID(load_default=None, allow_none=True)


class NearEventSchema(TicketLinkedSchema):
    """An open event nearby."""

    distance_m = ma.fields.Integer(allow_none=True)
    called_at = Moment()


class DangerServiceSchema(Schema):
    """Whom to call."""

    number = ma.fields.String()
    name = ma.fields.String()


class TicketDangerSchema(Schema):
    """Shown before anything else where words tell of danger."""

    matched = ma.fields.Boolean()
    services = ma.fields.List(ma.fields.Nested(DangerServiceSchema))
    advice = ma.fields.String()


class TicketSuggestionsSchema(TicketPlacesSchema):
    """What helps while the caller is speaking; nothing of it is kept."""

    emergency = ma.fields.Nested(TicketDangerSchema, allow_none=True)
    repeat = ma.fields.List(ma.fields.Nested(TicketCardSchema))
    events = ma.fields.List(ma.fields.Nested(NearEventSchema))
    hot = ma.fields.Nested(TicketHotSchema, allow_none=True)


class TicketActionSchema(Schema):
    """The version that was looked at; left out, the state alone decides."""

    version = ma.fields.Integer(load_default=None, allow_none=True, strict=True)


class TicketReasonSchema(TicketActionSchema):
    """An action with its reason: reject, separate, send back, reopen."""

    reason = Reason()


class TicketNoteSchema(TicketActionSchema):
    """An action with a word, or without."""

    note = _note()


class AnswerNowSchema(TicketActionSchema):
    """The caller is answered at once, from these versions of articles and items."""

    public_text = ShortText(4000, required=True, lines=True)
    version_ids = _ids(10, 1)


class DispatchTicketSchema(TicketActionSchema):
    """Which unit answers, and which help."""

    lead_id = ma.fields.UUID(required=True)
    co_ids = _ids(10)
    difficulty = _choice(DIFFICULTIES)
    note = _note()


class MergeTicketSchema(TicketActionSchema):
    """Into which ticket it goes."""

    parent_id = ma.fields.UUID(required=True)
    reason = _note()


class ReturnTicketSchema(TicketActionSchema):
    """Not this unit's matter, by which rule."""

    legal_basis = ShortText(300, required=True, lines=True)
    reason = Reason()
    suggested_department_id = ma.fields.UUID(load_default=None, allow_none=True)


class StaffWordsSchema(Schema):
    """A line for colleagues, with pictures or without."""

    words = ShortText(1000, required=True, lines=True)
    file_ids = file_ids()


class ContactTicketSchema(TicketActionSchema):
    """What came of talking to the caller."""

    note = ShortText(500, required=True, lines=True)


class AddUnitsSchema(TicketActionSchema):
    """Which units help as well."""

    department_ids = _ids(10, 1)
    note = _note()


class ExtensionSchema(TicketActionSchema):
    """How many days more, and why."""

    days = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 15, error="应在1到15之间")
    )
    reason = Reason()


class HoldTicketSchema(TicketActionSchema):
    """Until when it has to wait, and why."""

    until = Moment(required=True)
    reason = Reason()


class ReplyTicketSchema(TicketActionSchema):
    """The record for the file and the text for the caller, with the versions it was taken from."""

    internal_record = ShortText(4000, required=True, lines=True)
    public_text = ShortText(4000, required=True, lines=True)
    version_ids = _ids(10)


class CoReplySchema(TicketActionSchema):
    """What a helping unit did."""

    text = ShortText(2000, required=True, lines=True)


class CallBackSchema(TicketActionSchema):
    """One try to call back; what the caller said is asked only when there was one."""

    contacted = ma.fields.Boolean(required=True)
    solved = ma.fields.Boolean(load_default=None, allow_none=True)
    satisfied = ma.fields.Boolean(load_default=None, allow_none=True)
    note = _note(1000)

    @ma.validates_schema
    def _said(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("contacted"):
            for field in ("solved", "satisfied"):
                if data.get(field) is None:
                    raise ma.ValidationError("请选是或否", field)


class JudgeTicketSchema(TicketActionSchema):
    """What becomes of a bad answer; leaving it out of the rates takes a second person."""

    decision = ma.fields.String(required=True, validate=one_of("redo", "explained", "excluded"))
    reason = ShortText(1000, required=True, lines=True)


class UrgeTicketSchema(TicketActionSchema):
    """The caller asks how far it is."""

    words = _note()


class OrderTicketSchema(TicketActionSchema):
    """An order to answer by a moment (督办)."""

    words = ShortText(1000, required=True, lines=True)
    due_at = Moment(required=True)


class LinkTicketSchema(TicketActionSchema):
    """An event or a case, by its number."""

    kind = ma.fields.String(required=True, validate=one_of(*rules.LINK_TEXT))
    number = ShortText(40, required=True)


class MakeEventSchema(CoordinatesSchema):
    """What the event of a ticket has otherwise than the ticket."""

    words = _note(2000)
    category_code = _code()
    urgent = ma.fields.Boolean(load_default=None, allow_none=True)
    address = ShortText(200, needed=False, load_default="")
    version = ma.fields.Integer(load_default=None, allow_none=True, strict=True)


class PinTicketSchema(TicketActionSchema):
    """The version of an article or a service item that was used."""

    version_id = ma.fields.UUID(required=True)


class RevealTicketSchema(Schema):
    """Which value of the caller, and why."""

    field = ma.fields.String(required=True, validate=one_of("name", "phone"))
    purpose = ShortText(200, required=True)


class RevealedCallerSchema(Schema):
    """The value in full."""

    value = ma.fields.String()


class DecideTicketSchema(Schema):
    """Yes or no; a return that is approved names the right unit; a no needs its reason."""

    approved = ma.fields.Boolean(required=True)
    note = _note()
    department_id = ma.fields.UUID(load_default=None, allow_none=True)


class OrderWordsSchema(Schema):
    """What the order is answered with."""

    words = ShortText(1000, required=True, lines=True)


class NoWordsSchema(Schema):
    """Nothing is sent along."""
