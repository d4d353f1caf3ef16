"""The desk's inbox of forwarded messages: paste, look, make an event of it or put it aside."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from backend.domains.dispatch import forwarded_rules, intakes, rules
from backend.domains.grid.service import gcj02_to_wgs84
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation
from backend.http.place_fields import CoordinatesSchema, one_of
from backend.http.schemas import Code, Moment, PageArgs, Schema, ShortText, page_schema

bp = blueprint("event_intakes", "转来的消息：群消息粘贴、服务号转发、开放接口")


class IntakeQuerySchema(PageArgs):
    """Which messages: those that wait unless said otherwise."""

    state = ma.fields.String(
        load_default=forwarded_rules.WAITING, validate=one_of(*forwarded_rules.INTAKE_STATES)
    )


class IntakeSchema(Schema):
    """A forwarded message."""

    id = ma.fields.UUID(required=True)
    channel = Code(tuple(forwarded_rules.CHANNEL_TEXT), required=True)
    channel_text = ma.fields.String(required=True)
    sender_masked = ma.fields.String(required=True)
    said_at = ma.fields.String(required=True, metadata={"description": "as written in the group"})
    words = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    category_code = ma.fields.String(required=True, allow_none=True)
    state = Code(forwarded_rules.INTAKE_STATES, required=True)
    state_text = ma.fields.String(required=True)
    event_id = ma.fields.UUID(required=True, allow_none=True)
    reason = ma.fields.String(required=True)
    received_at = Moment(required=True)


class IntakeListSchema(Schema):
    """What was read from a paste."""

    items = ma.fields.List(ma.fields.Nested(IntakeSchema), required=True)


class PasteSchema(Schema):
    """Messages copied from a group."""

    text = ShortText(20000, lines=True, required=True)


class ConvertSchema(CoordinatesSchema):
    """What the dispatcher adds; `words` only where they were corrected."""

    words = ShortText(2000, needed=False, lines=True, load_default="")
    category_code = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    urgency = ma.fields.String(
        load_default=None, allow_none=True, validate=one_of(*rules.URGENCY_TEXT)
    )
    address = ShortText(200, needed=False, load_default="")


class DismissSchema(Schema):
    """Why it is no matter for the street."""

    reason = ShortText(200, required=True)


IntakePageSchema: Any = page_schema(IntakeSchema)


@bp.route("/staff/intakes", methods=["GET"])
@staff("events.dispatch")
@bp.arguments(IntakeQuerySchema, location="query")
@bp.response(200, IntakePageSchema)
def list_intakes(args: dict[str, Any]) -> dict[str, Any]:
    """Forwarded messages, newest first."""
    rows, further = intakes.listed(
        uow(), wanted=args["state"], limit=args["limit"], cursor=args["cursor"]
    )
    return {"items": [intakes.shown(uow(), row) for row in rows], "next_cursor": further}


@bp.route("/staff/intakes", methods=["POST"])
@staff("events.dispatch")
@mutation
@bp.arguments(PasteSchema)
@bp.response(201, IntakeListSchema)
def paste(body: dict[str, Any]) -> dict[str, Any]:
    """Read messages copied from a group; each waits on its own."""
    return {"items": [intakes.shown(uow(), row) for row in intakes.paste(uow(), body["text"])]}


@bp.route("/staff/intakes/<uuid:intake_id>/event", methods=["POST"])
@staff("events.dispatch")
@mutation
@bp.arguments(ConvertSchema)
@bp.response(201, IntakeSchema)
def convert(body: dict[str, Any], intake_id: UUID) -> dict[str, Any]:
    """Make an event of a message."""
    row, _ = intakes.convert(uow(), principal(), intake_id, _in_wgs84(body))
    return intakes.shown(uow(), row)


@bp.route("/staff/intakes/<uuid:intake_id>/dismissals", methods=["POST"])
@staff("events.dispatch")
@mutation
@bp.arguments(DismissSchema)
@bp.response(201, IntakeSchema)
def dismiss(body: dict[str, Any], intake_id: UUID) -> dict[str, Any]:
    """Put a message aside, with the reason."""
    return intakes.shown(uow(), intakes.dismiss(uow(), intake_id, body["reason"]))


def _in_wgs84(body: dict[str, Any]) -> dict[str, Any]:
    system = body.pop("coordinate_system")
    if body["latitude"] is not None and system == "gcj02":
        body["latitude"], body["longitude"] = gcj02_to_wgs84(body["latitude"], body["longitude"])
    return body
