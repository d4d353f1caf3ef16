"""Fairness over HTTP: one's standing, appeals and what staff decide; other times when it is full."""

from datetime import datetime
from typing import Any
from uuid import UUID

from appointments.demand_model import Missed
from appointments.rules import ZONE
from backend.domains.appointments import fairness, suggesting
from backend.domains.appointments import fairness_schemas as f
from backend.domains.appointments import schemas as s
from backend.domains.appointments.routes import person_id
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, session, uow
from backend.http.guards import public, resident
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("booking_fairness", "预约信用：未到、申诉；约满时的别的时间")


@bp.route("/halls/<uuid:hall_id>/suggestions", methods=["GET"])
@public
@bp.arguments(s.SlotQuerySchema, location="query")
@bp.response(200, f.OtherTimeListSchema)
def list_other_times(query: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """Other halls on a full day, and other days at this hall."""
    return {"items": suggesting.others(uow(), hall_id, query["item_id"], query["date"])}


@bp.route("/booking-standing", methods=["GET"])
@resident
@bp.response(200, f.BookingStandingSchema)
def show_standing() -> dict[str, Any]:
    """What one missed, and until when booking online rests."""
    return fairness.standing(uow(), person_id())


@bp.route("/missed-appointments/<uuid:appointment_id>/appeal", methods=["POST"])
@resident
@mutation
@bp.arguments(f.MissedAppealSchema)
@bp.response(200, f.MissedSchema)
def appeal(body: dict[str, Any], appointment_id: UUID) -> dict[str, Any]:
    """Say why one could not come; staff decide."""
    return fairness.appeal(uow(), person_id(), appointment_id, body["words"])


@bp.route("/staff/missed-appointments", methods=["GET"])
@guards.staff(fairness.PERMISSION)
@bp.arguments(f.MissedQuerySchema, location="query")
@bp.response(200, f.StaffMissedPageSchema)
def list_missed(query: dict[str, Any]) -> dict[str, Any]:
    """The no-shows of the halls within reach: appeals in the order they came, others the latest first."""
    rows, following = paginate(
        session(),
        fairness.query_listed(uow(), principal(), query["state"], query["hall_id"]),
        [Missed.at, Missed.appointment_id],
        limit=query["limit"],
        cursor=query["cursor"],
        descending=query["state"] != "appealed",
    )
    return {"items": fairness.for_staff(uow(), rows), "next_cursor": following}


@bp.route("/staff/missed-appointments/<uuid:appointment_id>/decision", methods=["POST"])
@guards.staff(fairness.PERMISSION)
@mutation
@bp.arguments(f.MissedDecisionSchema)
@bp.response(200, f.StaffMissedSchema)
def decide(body: dict[str, Any], appointment_id: UUID) -> dict[str, Any]:
    """Forgive a no-show, or let it stand."""
    return fairness.decide(uow(), principal(), appointment_id, **body)


@bp.route("/staff/halls/<uuid:hall_id>/forgiveness", methods=["POST"])
@guards.staff(fairness.PERMISSION)
@mutation
@bp.arguments(f.MissedForgivenessSchema)
@bp.response(200, f.MissedForgivenSchema)
def forgive_hall(body: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """The hall was late: no no-show of that time counts."""
    start, end = (datetime.combine(body["date"], body[at], ZONE) for at in ("first", "last"))
    number = fairness.forgive_hall(uow(), principal(), hall_id, (start, end), body["reason"])
    return {"forgiven": number}
