"""What staff send to move an event on, at the console and on the phone alike."""

from typing import Any

import marshmallow as ma

from backend.domains.dispatch import rules
from backend.domains.dispatch.resident_schemas import ReportSchema
from backend.domains.dispatch.schemas import (
    URGENCIES,
    FileIds,
    Reason,
    VersionedSchema,
)
from backend.http.place_fields import CoordinatesSchema, one_of
from backend.http.schemas import Moment, Schema, ShortText

EMERGENCY_SERVICES = ("110", "119", "120", "122")


class StepSchema(VersionedSchema):
    """A step that needs no words: claim, accept, start."""


class StepReasonSchema(VersionedSchema):
    """A step with its reason: release, decline, separate, reopen."""

    reason = Reason()


class AssignSchema(VersionedSchema):
    """Who should take it, and a word for them."""

    staff_id = ma.fields.UUID(required=True)
    note = ShortText(500, needed=False, lines=True, load_default="")


class VisitSchema(VersionedSchema):
    """When somebody comes."""

    visit_at = Moment(required=True)
    note = ShortText(500, needed=False, lines=True, load_default="")


class ContactSchema(VersionedSchema):
    """What came of talking to the caller."""

    result = ShortText(500, required=True, lines=True)


class StaffNoteSchema(VersionedSchema):
    """A line in the trace; `public` shows it to callers as well."""

    words = ShortText(1000, required=True, lines=True)
    file_ids = FileIds()
    public = ma.fields.Boolean(load_default=False)


class DisposeSchema(VersionedSchema):
    """The result for the record, the text for callers, photos before and after."""

    result = ShortText(2000, required=True, lines=True)
    public_text = ShortText(1000, required=True, lines=True)
    before_ids = FileIds()
    after_ids = FileIds()


class VerifySchema(VersionedSchema):
    """Whether it is solved; if not, what is left."""

    passed = ma.fields.Boolean(required=True)
    note = ShortText(500, needed=False, lines=True, load_default="")
    file_ids = FileIds()

    @ma.validates_schema
    def _why(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("passed") is False and not data.get("note"):
            raise ma.ValidationError("请写明哪里还没有解决", "note")


class BlowSchema(VersionedSchema):
    """Which department is called, for what; `hard` gives it five days to arrive."""

    department_id = ma.fields.UUID(required=True)
    what = ShortText(500, required=True, lines=True)
    hard = ma.fields.Boolean(load_default=False)


class GiveSubtaskSchema(VersionedSchema):
    """A part of the work, for one person or one department."""

    what = ShortText(500, required=True, lines=True)
    staff_id = ma.fields.UUID(load_default=None, allow_none=True)
    department_id = ma.fields.UUID(load_default=None, allow_none=True)
    mandatory = ma.fields.Boolean(load_default=True)
    hours = ma.fields.Integer(
        load_default=24, strict=True, validate=ma.validate.Range(1, 720, error="应在1到720小时之间")
    )

    @ma.validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("staff_id") is None) == (data.get("department_id") is None):
            raise ma.ValidationError("请选一位同事或一个部门", "staff_id")


class AskSchema(VersionedSchema):
    """A hold or a cancellation that somebody else has to approve."""

    kind = ma.fields.String(required=True, validate=one_of(*rules.REQUEST_KIND_TEXT))
    reason = Reason()
    until = Moment(load_default=None, allow_none=True)


class TransferSchema(VersionedSchema):
    """To whom it goes; guidance was shown first."""

    service = ma.fields.String(required=True, validate=one_of(*EMERGENCY_SERVICES))
    note = ShortText(500, needed=False, lines=True, load_default="")


class FinishSubtaskSchema(Schema):
    """What was done, with photos."""

    result = ShortText(1000, required=True, lines=True)
    file_ids = FileIds()


class WhistleNoteSchema(Schema):
    """A word with a step."""

    note = ShortText(1000, needed=False, lines=True, load_default="")


class PatrolReportSchema(ReportSchema):
    """A point found on patrol."""

    patrol_id = ma.fields.UUID(load_default=None, allow_none=True)
    before_ids = FileIds()


class StaffReportSchema(ReportSchema):
    """A call that came another way: from above, as a ticket, by WeChat, by telephone."""

    source = ma.fields.String(
        required=True, validate=one_of("superior", "ticket", "wechat", "patrol")
    )
    caller_name = ShortText(40, needed=False, load_default="")
    external_number = ShortText(60, needed=False, load_default="")


class MergeSchema(VersionedSchema):
    """Into which open event this one goes."""

    parent_id = ma.fields.UUID(required=True)
    reason = Reason()


class SplitSchema(VersionedSchema):
    """Which callers mean another matter, and what it is."""

    caller_ids = ma.fields.List(
        ma.fields.UUID(),
        required=True,
        validate=ma.validate.Length(1, 200, error="请选1到200位反映人"),
    )
    words = ShortText(2000, required=True, lines=True)
    category_code = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    reason = Reason()


class TicketLinkSchema(VersionedSchema):
    """The 12345 ticket it goes on as; without a number a new one is made."""

    ticket_number = ShortText(60, needed=False, load_default="")
    reason = Reason()


class SuperviseSchema(VersionedSchema):
    """An order to answer by a moment (督办)."""

    words = ShortText(1000, required=True, lines=True)
    due_at = Moment(required=True)


class OrderReplySchema(Schema):
    """What the order is answered with."""

    words = ShortText(1000, required=True, lines=True)


class DecisionSchema(Schema):
    """Yes or no; a no needs its reason."""

    approved = ma.fields.Boolean(required=True)
    note = ShortText(500, needed=False, lines=True, load_default="")

    @ma.validates_schema
    def _why(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("approved") is False and not data.get("note"):
            raise ma.ValidationError("请写明不同意的理由", "note")


class UrgencySchema(VersionedSchema):
    """The right urgency, and why."""

    urgency = ma.fields.String(required=True, validate=one_of(*URGENCIES))
    reason = ShortText(500, needed=False, lines=True, load_default="")


class RecategoriseSchema(VersionedSchema):
    """The right kind, and why."""

    category_code = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    reason = ShortText(500, needed=False, lines=True, load_default="")


class PlaceSchema(CoordinatesSchema):
    """The right place, and why."""

    address = ShortText(200, needed=False, load_default="")
    version = ma.fields.Integer(load_default=None, allow_none=True, strict=True)
    reason = ShortText(500, needed=False, lines=True, load_default="")


class WhistleEndSchema(Schema):
    """What the department did."""

    note = ShortText(1000, required=True, lines=True)


class ReasonOnlySchema(Schema):
    """Why, of a part of the work."""

    reason = Reason()
