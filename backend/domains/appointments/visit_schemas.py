"""What residents send and get around visits of several appointments."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from appointments.visits_rules import LEAST, MOST, MOST_ITEMS
from backend.domains.appointments.schemas import AppointmentSchema, CancelSchema, one_of
from backend.http.schemas import Day, Moment, Schema

_MANY = ma.validate.Length(LEAST, MOST, error=f"一次{LEAST}到{MOST}个")


class Uuids(ma.fields.String):
    """Ids with commas between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return [UUID(one) for one in (text or "").split(",")]
        except ValueError:
            raise ma.ValidationError("事项编号不对，请重新选择") from None


class VisitTimesQuerySchema(Schema):
    """Which day, and for which items, with commas between them."""

    date = Day(required=True)
    item_ids = Uuids(required=True, validate=ma.validate.Length(max=MOST_ITEMS, error="太多了"))


class VisitTimePartSchema(Schema):
    """One item of the way through."""

    item_id = ma.fields.UUID()
    item_name = ma.fields.String()
    slot_id = ma.fields.UUID()
    start = Moment()
    end = Moment()


class VisitTimeSchema(Schema):
    """A time that fits all items one after the other."""

    start = Moment()
    end = Moment()
    parts = ma.fields.List(ma.fields.Nested(VisitTimePartSchema))


class VisitTimesSchema(Schema):
    """A short list without pages, earliest first."""

    items = ma.fields.List(ma.fields.Nested(VisitTimeSchema))


class VisitPartSchema(Schema):
    """One appointment to be made; with a consent, for the one who gave it."""

    item_id = ma.fields.UUID(required=True)
    slot_id = ma.fields.UUID(required=True)
    consent_id = ma.fields.UUID(load_default=None, allow_none=True)


class BookVisitSchema(Schema):
    """One person's items, or places of several people."""

    kind = ma.fields.String(required=True, validate=one_of("items", "group"))
    parts = ma.fields.List(ma.fields.Nested(VisitPartSchema), required=True, validate=_MANY)


class MadeVisitSchema(Schema):
    """A visit with the appointments in it that concern the one who looks."""

    id = ma.fields.UUID()
    kind = ma.fields.String(validate=one_of("items", "group"))
    appointments = ma.fields.List(ma.fields.Nested(AppointmentSchema))


class CancelVisitSchema(CancelSchema):
    """Why, if the resident wants to say."""


class VisitMoveSchema(Schema):
    """Which appointment goes to which slot."""

    appointment_id = ma.fields.UUID(required=True)
    slot_id = ma.fields.UUID(required=True)


class RescheduleVisitSchema(Schema):
    """The appointments that move."""

    parts = ma.fields.List(
        ma.fields.Nested(VisitMoveSchema),
        required=True,
        validate=ma.validate.Length(1, MOST, error=f"一次1到{MOST}个"),
    )
