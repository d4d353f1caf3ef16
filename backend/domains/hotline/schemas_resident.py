"""Tickets and questions as their own caller sees them."""

from typing import Any

import marshmallow as ma

from backend.domains.hotline import rules
from backend.domains.hotline.schemas import (
    KINDS,
    STATES,
    TicketFileSchema,
    file_ids,
)
from backend.http.place_fields import CoordinatesSchema, one_of
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema

CAN = ("urge", "rate", "add", "cancel")


class FileTicketSchema(CoordinatesSchema):
    """What one asks the hotline, by the mini-program or the web."""

    kind = ma.fields.String(required=True, validate=one_of(*KINDS))
    words = ShortText(2000, required=True, lines=True)
    address = ShortText(200, needed=False, load_default="")
    confidential = ma.fields.Boolean(load_default=False)
    file_ids = file_ids()


class AskQuestionSchema(Schema):
    """The question in one's own words, and what was searched for before; one of the two at least."""

    query = ShortText(60, needed=False, load_default="")
    words = ShortText(1000, needed=False, lines=True, load_default="")

    @ma.validates_schema
    def _something(self, data: dict[str, Any], **_: object) -> None:
        if not (data.get("query") or data.get("words")):
            raise ma.ValidationError("请写下想问的，一句话就行", "words")


class UrgeMineSchema(Schema):
    """How far is it?"""

    words = ShortText(500, needed=False, lines=True, load_default="")


class RateTicketSchema(Schema):
    """Whether it is solved and how it was."""

    solved = ma.fields.Boolean(required=True)
    satisfied = ma.fields.Boolean(required=True)
    comment = ShortText(500, needed=False, lines=True, load_default="")


class AddWordsSchema(Schema):
    """Something to add."""

    words = ShortText(1000, required=True, lines=True)
    file_ids = file_ids()


class TakeBackSchema(Schema):
    """Why."""

    reason = ShortText(500, required=True, lines=True)


class MyTicketQuerySchema(PageArgs):
    """Open ones, those that are over, or all."""

    open = ma.fields.Boolean(load_default=None, truthy={"true"}, falsy={"false"})


class MyTicketCardSchema(Schema):
    """A row of one's own list; `question` tells that it came from 问一问."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    kind = Code(KINDS)
    kind_text = ma.fields.String()
    title = ma.fields.String()
    state = Code(STATES)
    state_text = ma.fields.String()
    next_text = ma.fields.String()
    created_at = Moment()
    open = ma.fields.Boolean()
    question = ma.fields.Boolean()
    can = ma.fields.List(Code(CAN))


MyTicketPageSchema: Any = page_schema(MyTicketCardSchema)


class MyTicketLineSchema(Schema):
    """One thing that was done, in words for callers."""

    at = Moment()
    text = ma.fields.String()
    actor_text = ma.fields.String()


class MyTicketRatingSchema(Schema):
    """What the caller said of it."""

    solved = ma.fields.Boolean()
    satisfied = ma.fields.Boolean()
    comment = ma.fields.String()


class MyTicketEventSchema(Schema):
    """The own event that goes with it."""

    id = ma.fields.UUID()


class MyTicketSchema(MyTicketCardSchema):
    """A ticket as its caller sees it; `urge_text` says why one cannot urge now."""

    query_code = ma.fields.String()
    due_text = ma.fields.String()
    words = ma.fields.String()
    files = ma.fields.List(ma.fields.Nested(TicketFileSchema))
    address = ma.fields.String()
    confidential = ma.fields.Boolean()
    unit_name = ma.fields.String()
    reply = ma.fields.String()
    replied_at = Moment(allow_none=True)
    rating = ma.fields.Nested(MyTicketRatingSchema, allow_none=True)
    urge_text = ma.fields.String()
    event = ma.fields.Nested(MyTicketEventSchema, allow_none=True)
    timeline = ma.fields.List(ma.fields.Nested(MyTicketLineSchema))


class QuestionSourceSchema(Schema):
    """A public article or a service item that the answer was taken from."""

    kind = Code(tuple(rules.PIN_TEXT))
    id = ma.fields.UUID()
    title = ma.fields.String()


class QuestionSchema(Schema):
    """A question and, once there is one, its answer."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    query_code = ma.fields.String()
    query = ma.fields.String()
    words = ma.fields.String()
    state = Code(STATES)
    state_text = ma.fields.String()
    next_text = ma.fields.String()
    due_text = ma.fields.String()
    asked_at = Moment()
    answered_at = Moment(allow_none=True)
    answer = ma.fields.String()
    answered_by = ma.fields.String()
    sources = ma.fields.List(ma.fields.Nested(QuestionSourceSchema))
    can = ma.fields.List(Code(CAN))
    timeline = ma.fields.List(ma.fields.Nested(MyTicketLineSchema))
