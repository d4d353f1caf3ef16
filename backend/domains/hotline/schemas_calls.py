"""What the exchange tells of calls, and what operators see of them."""

from typing import Any

import marshmallow as ma

from backend.domains.hotline import call_rules as rules
from backend.http.schemas import Code, Moment, Schema, ShortText


def one_of(*values: str) -> ma.validate.OneOf:
    """A closed list of values."""
    return ma.validate.OneOf(values, error="请从列出的值里选")


class CtiEventSchema(Schema):
    """One event of the exchange; `agent` is a user name of this system."""

    event = ma.fields.String(required=True, validate=one_of(*rules.CALL_STATES))
    call_id = ShortText(80, required=True)
    number = ShortText(40, needed=False, load_default="")
    agent = ShortText(40, needed=False, load_default="")
    at = Moment(load_default=None, allow_none=True)


class CtiAnswerSchema(Schema):
    """The call as it is known now."""

    call_id = ma.fields.String()
    state = Code(rules.CALL_STATES)


class CtiKeySchema(Schema):
    """A key; `hint` is how it begins."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    hint = ma.fields.String(required=True)
    created_at = Moment(required=True)
    used_at = Moment(required=True, allow_none=True)
    revoked_at = Moment(required=True, allow_none=True)


class CtiKeysSchema(Schema):
    """All keys, newest first."""

    items = ma.fields.List(ma.fields.Nested(CtiKeySchema), required=True)


class NewCtiKeySchema(Schema):
    """Which telephone system the key is for."""

    name = ShortText(60, required=True)


class IssuedCtiKeySchema(CtiKeySchema):
    """A fresh key with its secret, told once."""

    key = ma.fields.String(required=True)


class HotlineAgentSchema(Schema):
    """Whether one takes calls."""

    state = Code(rules.AGENT_STATES)
    state_text = ma.fields.String()
    since = Moment(allow_none=True)


class SetHotlineAgentSchema(Schema):
    """ready 示闲, away 示忙, off 签退."""

    state = ma.fields.String(required=True, validate=one_of(*rules.AGENT_STATES))


class PhoneCallSchema(Schema):
    """A call at the operator's place; the number masked."""

    id = ma.fields.UUID()
    state = Code(rules.CALL_STATES)
    state_text = ma.fields.String()
    number_masked = ma.fields.String(allow_none=True)
    mine = ma.fields.Boolean()
    since = Moment()
    began_at = Moment()
    answered_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)


class HotlineLineSchema(Schema):
    """How busy the line is."""

    waiting = ma.fields.Integer()
    talking = ma.fields.Integer()
    agents_ready = ma.fields.Integer()


def current_schema(ticket_card: type[Schema]) -> Any:
    """The answer of /staff/calls/current; its history holds ticket cards."""
    event = Schema.from_dict(
        {
            "id": ma.fields.UUID(),
            "number": ma.fields.String(),
            "title": ma.fields.String(),
            "state_text": ma.fields.String(),
            "called_at": Moment(),
        },
        name="CallerEventSchema",
    )
    caller = Schema.from_dict(
        {
            "name_masked": ma.fields.String(allow_none=True),
            "phone_masked": ma.fields.String(allow_none=True),
            "known": ma.fields.Boolean(),
            "tickets": ma.fields.List(ma.fields.Nested(ticket_card)),
            "tickets_count": ma.fields.Integer(),
            "calls_count": ma.fields.Integer(),
            "appointments_count": ma.fields.Integer(),
            "events": ma.fields.List(ma.fields.Nested(event)),
        },
        name="CallerHistorySchema",
    )
    return Schema.from_dict(
        {
            "agent": ma.fields.Nested(HotlineAgentSchema),
            "line": ma.fields.Nested(HotlineLineSchema),
            "call": ma.fields.Nested(PhoneCallSchema, allow_none=True),
            "caller": ma.fields.Nested(caller, allow_none=True),
        },
        name="CurrentCallSchema",
    )
