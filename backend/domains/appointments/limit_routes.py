"""Limits of bookings over HTTP, for the district and its halls."""

from typing import Any
from uuid import UUID

from backend.domains.appointments import limit_schemas as s
from backend.domains.appointments import limits
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.mutation import mutation

bp = blueprint("booking_limits", "预约限制：一个人能约几个")


@bp.route("/staff/booking-limits", methods=["GET"])
@guards.staff(limits.PERMISSION)
@bp.response(200, s.BookingLimitListSchema)
def list_limits() -> dict[str, Any]:
    """All limits, and those that hold where none is set."""
    return limits.shown(uow(), principal())


@bp.route("/staff/booking-limits", methods=["POST"])
@guards.staff(limits.PERMISSION)
@mutation
@bp.arguments(s.NewBookingLimitSchema)
@bp.response(201, s.BookingLimitSchema)
def add_limit(body: dict[str, Any]) -> dict[str, Any]:
    """A new limit; bookings that exist already stay."""
    return limits.add(uow(), principal(), body)


@bp.route("/staff/booking-limits/<uuid:limit_id>", methods=["PATCH"])
@guards.staff(limits.PERMISSION)
@mutation
@bp.arguments(s.BookingLimitMostSchema)
@bp.response(200, s.BookingLimitSchema)
def change_limit(body: dict[str, Any], limit_id: UUID) -> dict[str, Any]:
    """Another number for a limit."""
    return limits.change(uow(), principal(), limit_id, body["most"])


@bp.route("/staff/booking-limits/<uuid:limit_id>", methods=["DELETE"])
@guards.staff(limits.PERMISSION)
@mutation
@bp.response(204)
def remove_limit(limit_id: UUID) -> None:
    """A limit that no longer holds."""
    limits.remove(uow(), principal(), limit_id)
