"""The JSON of groups and systems of staff."""

import marshmallow as ma

from backend.domains.messages.hook_rules import DIALECT_TEXT, MOST_CHARACTERS
from backend.domains.messages.rules import STATE_TEXT
from backend.http.place_fields import one_of
from backend.http.schemas import Code, Moment, Schema, ShortText

_MOST_KINDS = 30


class HookOutcomeSchema(Schema):
    """What became of the last message to a hook."""

    title = ma.fields.String(required=True)
    at = Moment(required=True)
    state = Code(STATE_TEXT, required=True)
    state_text = ma.fields.String(required=True)
    error = ma.fields.String(required=True)


class StaffHookSchema(Schema):
    """A group or system of staff; of its address only what may be seen."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    dialect = Code(DIALECT_TEXT, required=True)
    dialect_text = ma.fields.String(required=True)
    unit_id = ma.fields.UUID(required=True, allow_none=True)
    unit_name = ma.fields.String(required=True)
    address_shown = ma.fields.String(required=True)
    kinds = ma.fields.List(ma.fields.String(), required=True)
    active = ma.fields.Boolean(required=True)
    last = ma.fields.Nested(HookOutcomeSchema, required=True, allow_none=True)
    etag = ma.fields.String(required=True)


class HookKindSchema(Schema):
    """A kind of message a hook can want."""

    key = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class HookUnitSchema(Schema):
    """A unit whose messages a hook can get."""

    id = ma.fields.UUID(required=True)
    kind = Code(("street", "department"), required=True)
    name = ma.fields.String(required=True)


class StaffHookListSchema(Schema):
    """Every hook, and what can be chosen."""

    items = ma.fields.List(ma.fields.Nested(StaffHookSchema), required=True)
    kinds = ma.fields.List(ma.fields.Nested(HookKindSchema), required=True)
    units = ma.fields.List(ma.fields.Nested(HookUnitSchema), required=True)


class _HookSchema(Schema):
    name = ShortText(60, required=True)
    unit_id = ma.fields.UUID(load_default=None, allow_none=True)
    kinds = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 60)), required=True,
        validate=ma.validate.Length(max=_MOST_KINDS, error=f"最多{_MOST_KINDS}种"),
    )  # fmt: skip


class NewStaffHookSchema(_HookSchema):
    """A hook to be added. ``unit_id`` null: the whole district's messages."""

    dialect = ma.fields.String(required=True, validate=one_of(*DIALECT_TEXT))
    address = ShortText(MOST_CHARACTERS, required=True)
    secret = ShortText(200, needed=False, load_default="")


class ChangeStaffHookSchema(_HookSchema):
    """A hook as it should be; an address or secret that is empty or left out stays."""

    active = ma.fields.Boolean(required=True)
    address = ShortText(MOST_CHARACTERS, needed=False, load_default="")
    secret = ShortText(200, needed=False, load_default="")
