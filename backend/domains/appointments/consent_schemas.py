"""What residents and clerks send and get around acting for others."""

import marshmallow as ma

from backend.domains.appointments.schemas import NamedItemSchema, one_of
from backend.http.schemas import Day, Moment, Schema, ShortText

#: What the agent is to the principal. A closed list: the other one reads it.
RELATIONS = ("子女", "配偶", "父母", "兄弟姐妹", "其他亲友", "")
_PHONE = ma.validate.Regexp(r"1[3-9][0-9]{9}\Z", error="请填11位手机号")


class AgentConsentSchema(Schema):
    """A consent as one of the two sees it; `role` is what she is herself."""

    id = ma.fields.UUID()
    role = ma.fields.String(validate=one_of("principal", "agent"))
    other_name = ma.fields.String()
    item = ma.fields.Nested(NamedItemSchema, allow_none=True)
    relation = ma.fields.String()
    state = ma.fields.String(validate=one_of("asked", "given", "refused", "withdrawn"))
    state_text = ma.fields.String()
    way = ma.fields.String(validate=one_of("online", "paper"))
    until = Day()
    asked_at = Moment()
    can_answer = ma.fields.Boolean()
    can_withdraw = ma.fields.Boolean()
    version = ma.fields.Integer()


class AgentConsentListSchema(Schema):
    """A short list without pages."""

    items = ma.fields.List(ma.fields.Nested(AgentConsentSchema))


class AskConsentSchema(Schema):
    """Whom one asks, and for what; `role` is what one is oneself."""

    role = ma.fields.String(required=True, validate=one_of("principal", "agent"))
    name = ShortText(50, required=True)
    phone = ma.fields.String(required=True, validate=_PHONE)
    item_id = ma.fields.UUID(load_default=None, allow_none=True)
    relation = ma.fields.String(load_default="", validate=one_of(*RELATIONS))
    until = Day(required=True)


class AnswerConsentSchema(Schema):
    """Yes or no."""

    give = ma.fields.Boolean(required=True)


class CardSchema(Schema):
    """Name and number as they stand on the identity card."""

    name = ShortText(50, required=True)
    id_number = ShortText(20, required=True)


class PaperConsentSchema(Schema):
    """A signed paper that a clerk saw, with both cards."""

    hall_id = ma.fields.UUID(required=True)
    principal = ma.fields.Nested(CardSchema, required=True)
    agent = ma.fields.Nested(CardSchema, required=True)
    item_id = ma.fields.UUID(load_default=None, allow_none=True)
    relation = ShortText(20, needed=False, load_default="")
    until = Day(required=True)


class PaperConsentShownSchema(Schema):
    """What was recorded, names masked."""

    id = ma.fields.UUID()
    principal_name = ma.fields.String()
    agent_name = ma.fields.String()
    item_name = ma.fields.String()
    state = ma.fields.String()
    state_text = ma.fields.String()
    until = Day()
