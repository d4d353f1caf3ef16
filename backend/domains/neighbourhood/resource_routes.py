"""Shared rooms and places over HTTP, for residents."""

from typing import Any
from uuid import UUID

from backend.domains.neighbourhood import bookings, ports, resource_view, resources
from backend.domains.neighbourhood import schemas_resources as s
from backend.domains.neighbourhood.resource_model import ResourceBooking
from backend.domains.neighbourhood.routes import person_id
from backend.domains.neighbourhood.schemas import EmptySchema
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, session, uow
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("shared_resources", "越秀人家：共享资源预约")
_RESOURCE = "/resources/<uuid:resource_id>"


@bp.route("/resources", methods=["GET"])
@guards.public
@bp.arguments(s.ResourceQuerySchema, location="query")
@bp.response(200, s.ResourceListSchema)
def list_resources(query: dict[str, Any]) -> dict[str, Any]:
    """Shared places of a community; of one's own, or of all, where none is named."""
    who = principal().actor.id
    own = ports.areas_of(uow(), who) if who else set()
    areas = {query["area"]} if query["area"] else own or None
    return {"items": resource_view.cards(uow(), resources.near(uow(), areas))}


@bp.route(_RESOURCE, methods=["GET"])
@guards.public
@bp.response(200, s.ResourceSchema)
def show(resource_id: UUID) -> dict[str, Any]:
    """One shared place."""
    return resource_view.show(uow(), resource_id, principal().actor.id)


@bp.route(f"{_RESOURCE}/days", methods=["GET"])
@guards.public
@bp.response(200, s.ResourceDaysSchema)
def days(resource_id: UUID) -> dict[str, Any]:
    """The days that can be booked."""
    return {"items": resource_view.days(uow(), resource_id)}


@bp.route(f"{_RESOURCE}/slots", methods=["GET"])
@guards.public
@bp.arguments(s.ResourceSlotQuerySchema, location="query")
@bp.response(200, s.ResourceSlotsSchema)
def slots(query: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """The times of a day."""
    return {"items": resource_view.slots(uow(), resource_id, query["date"])}


@bp.route(f"{_RESOURCE}/bookings", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(s.BookResourceSchema)
@bp.response(201, s.ResourceBookingSchema)
def book(body: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """Book a time at a place of one's own community."""
    row = bookings.book(uow(), person_id(), resource_id, body["slot_id"], body["purpose"])
    return resource_view.bookings(uow(), [row])[0]


@bp.route("/resource-bookings", methods=["GET"])
@guards.resident
@bp.arguments(s.BookingPageArgsSchema, location="query")
@bp.response(200, s.ResourceBookingPageSchema)
def list_bookings(query: dict[str, Any]) -> dict[str, Any]:
    """One's own bookings, the latest first."""
    rows, following = paginate(
        session(), bookings.mine(person_id()), [ResourceBooking.created_at, ResourceBooking.id],
        limit=query["limit"], cursor=query["cursor"],
    )  # fmt: skip
    return {"items": resource_view.bookings(uow(), rows), "next_cursor": following}


@bp.route("/resource-bookings/<uuid:resource_booking_id>/cancellations", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.ResourceBookingSchema)
def cancel(body: dict[str, Any], resource_booking_id: UUID) -> dict[str, Any]:
    """Give the time back."""
    row = bookings.cancel(uow(), person_id(), resource_booking_id)
    return resource_view.bookings(uow(), [row])[0]
