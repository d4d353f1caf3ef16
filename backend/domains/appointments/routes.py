"""Booking over HTTP: halls, days, times, one's own appointments, the big screen."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from appointments.model import Appointment
from backend.domains.appointments import halls, moving, proofs, service
from backend.domains.appointments import schemas as s
from backend.domains.appointments.glances import recall
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_NONE_MATCH, NOT_CHANGED
from backend.http.context import principal, services, session, uow
from backend.http.guards import public, resident, token_of
from backend.http.mutation import called, mutation
from backend.http.schemas import paginate

bp = blueprint("appointments", "预约：大厅、时间、我的预约、叫号屏")

PROOF: dict[str, Any] = {
    "name": proofs.HEADER,
    "in": "header",
    "required": True,
    "description": "What the last answer with times gave; it is good once and for ten minutes.",
    "schema": {"type": "string"},
}
PROOF_GIVEN: dict[str, Any] = {
    proofs.HEADER: {
        "description": "For residents whose real name is known: goes along with what is booked of these times.",
        "required": False,
        "schema": {"type": "string"},
    }
}


def person_id() -> UUID:
    """The signed-in resident (the guards make sure there is one)."""
    found = principal().actor.id
    assert found is not None
    return found


def proof() -> dict[str, str]:
    """The header that goes out with times: a fresh proof for a resident who may book."""
    found = principal()
    if found.actor.kind != "person" or found.actor.id is None or not found.verified:
        return {}
    token = token_of("person") or ""
    return {proofs.HEADER: proofs.issue(services(), found.actor.id, token, uow().now)}


def looked() -> None:
    """Count a try for a place, and use up the proof that the times were looked at."""
    proofs.count(services(), person_id(), request.remote_addr or "unknown")
    given, token = request.headers.get(proofs.HEADER, ""), token_of("person") or ""
    proofs.spend(services(), person_id(), token, uow().now, given, call=called())


def unchanged(tag: str) -> bool:
    """Whether the caller already has what `tag` stands for."""
    return request.if_none_match.contains_weak(tag)


@bp.route("/halls", methods=["GET"])
@public
@bp.arguments(s.HallQuerySchema, location="query")
@bp.response(200, s.HallListSchema)
def list_halls(query: dict[str, Any]) -> dict[str, Any]:
    """The halls, or those where an item is done, with how busy they are now."""
    return {"items": halls.list_halls(uow(), query["item_id"])}


@bp.route("/halls/<uuid:hall_id>", methods=["GET"])
@public
@bp.response(200, s.HallSchema)
def show_hall(hall_id: UUID) -> dict[str, Any]:
    """One hall."""
    return halls.show_hall(uow(), hall_id)


@bp.route("/halls/<uuid:hall_id>/days", methods=["GET"])
@public
@bp.arguments(s.DayQuerySchema, location="query")
@bp.response(200, s.DayListSchema)
def list_days(query: dict[str, Any], hall_id: UUID) -> ResponseReturnValue:
    """The days from today on, with what is left for an item."""
    known = recall(request.environ, halls.audience(uow()))
    if known is not None:
        return known
    return {"items": halls.days(uow(), hall_id, query["item_id"], by_video=query["video"])}


@bp.route("/halls/<uuid:hall_id>/slots", methods=["GET"])
@public
@bp.arguments(s.SlotQuerySchema, location="query")
@bp.response(200, s.SlotListSchema, headers=PROOF_GIVEN)
def list_slots(query: dict[str, Any], hall_id: UUID) -> ResponseReturnValue:
    """The times of a day; residents of 60 and more also see the places kept for them.

    A resident whose real name is known gets the proof that booking one of them asks for, good for ten minutes.
    """
    known = recall(request.environ, halls.audience(uow()))
    if known is not None:
        known.headers.update(proof())
        return known
    found = halls.slots(uow(), hall_id, query["item_id"], query["date"], by_video=query["video"])
    return {"items": found}, 200, proof()


@bp.route("/halls/<uuid:hall_id>/screen", methods=["GET"])
@public
@bp.doc(parameters=[IF_NONE_MATCH])
@bp.alt_response(304, description=NOT_CHANGED, headers=ETAG)
@bp.response(200, s.ScreenSchema, headers=ETAG)
def show_screen(hall_id: UUID) -> ResponseReturnValue:
    """The big screen. Ask every second or two with If-None-Match: 304 is cheap."""
    hall = halls.find(uow(), hall_id)
    tag, late = halls.screen_tag(uow(), hall)
    headers = {"ETag": quote_etag(tag, weak=True), "Cache-Control": "no-cache"}
    if unchanged(tag):
        return Response(status=304, headers=headers)
    return halls.screen(uow(), hall, late), 200, headers


@bp.route("/appointments", methods=["POST"])
@resident(verified=True)
@mutation
@bp.doc(parameters=[PROOF])
@bp.arguments(s.BookSchema)
@bp.response(201, s.AppointmentSchema)
def book(body: dict[str, Any]) -> dict[str, Any]:
    """Book a place for one's own business, or as an agent for who consented."""
    looked()
    return service.book(uow(), person_id(), **body)


@bp.route("/appointments", methods=["GET"])
@resident
@bp.arguments(s.AppointmentQuerySchema, location="query")
@bp.response(200, s.AppointmentPageSchema)
def list_appointments(query: dict[str, Any]) -> dict[str, Any]:
    """One's own appointments: live ones the nearest first, past ones the latest first."""
    rows, following = paginate(
        session(),
        service.query_mine(person_id(), query["state"], query["role"]),
        [Appointment.start_at, Appointment.id],
        limit=query["limit"],
        cursor=query["cursor"],
        descending=query["state"] != "live",
    )
    return {"items": service.present(uow(), rows), "next_cursor": following}


@bp.route("/appointments/<uuid:appointment_id>", methods=["GET"])
@resident
@bp.doc(parameters=[IF_NONE_MATCH])
@bp.alt_response(304, description=NOT_CHANGED, headers=ETAG)
@bp.response(200, s.AppointmentSchema, headers=ETAG)
def show_appointment(appointment_id: UUID) -> ResponseReturnValue:
    """One appointment, with the place in the queue; 304 while nothing changed."""
    found = service.show(uow(), person_id(), appointment_id)
    headers = {"ETag": quote_etag(found["etag"], weak=True), "Cache-Control": "private, no-cache"}
    if unchanged(found["etag"]):
        return Response(status=304, headers=headers)
    return found, 200, headers


@bp.route("/appointments/<uuid:appointment_id>/cancel", methods=["POST"])
@resident
@mutation
@bp.arguments(s.CancelSchema)
@bp.response(200, s.AppointmentSchema)
def cancel(body: dict[str, Any], appointment_id: UUID) -> dict[str, Any]:
    """Give the place back, up to the hall's deadline."""
    return service.cancel(uow(), person_id(), appointment_id, body["reason"])


@bp.route("/appointments/<uuid:appointment_id>/reschedule", methods=["POST"])
@resident
@mutation
@bp.doc(parameters=[PROOF])
@bp.arguments(s.RescheduleSchema)
@bp.response(200, s.AppointmentSchema)
def reschedule(body: dict[str, Any], appointment_id: UUID) -> dict[str, Any]:
    """Move to another time or hall: the new place is taken before the old one is given back."""
    looked()
    return moving.reschedule(uow(), person_id(), appointment_id, body["slot_id"])


@bp.route("/appointments/<uuid:appointment_id>/rating", methods=["POST"])
@resident
@mutation
@bp.arguments(s.RateSchema)
@bp.response(200, s.AppointmentSchema)
def rate(body: dict[str, Any], appointment_id: UUID) -> dict[str, Any]:
    """Judge a finished service, once."""
    return service.rate(uow(), person_id(), appointment_id, body["score"], body["comment"])
