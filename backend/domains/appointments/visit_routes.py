"""Several appointments as one over HTTP: times that fit, booking, moving, giving back."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from backend.domains.appointments import visit_schemas as s
from backend.domains.appointments import visits
from backend.domains.appointments.routes import PROOF, PROOF_GIVEN, looked, person_id, proof
from backend.domains.appointments.service import Wanted
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.guards import public, resident
from backend.http.mutation import mutation

bp = blueprint("visits", "一次办：几件事、几个人一起约")


@bp.route("/halls/<uuid:hall_id>/visit-times", methods=["GET"])
@public
@bp.arguments(s.VisitTimesQuerySchema, location="query")
@bp.response(200, s.VisitTimesSchema, headers=PROOF_GIVEN)
def list_times(query: dict[str, Any], hall_id: UUID) -> ResponseReturnValue:
    """The times of a day that fit several items one after the other."""
    return visits.times(uow(), hall_id, query["date"], query["item_ids"]), 200, proof()


@bp.route("/visits", methods=["POST"])
@resident(verified=True)
@mutation
@bp.doc(parameters=[PROOF])
@bp.arguments(s.BookVisitSchema)
@bp.response(201, s.MadeVisitSchema)
def book_visit(body: dict[str, Any]) -> dict[str, Any]:
    """Book all parts or none: one person's items, or places for a family or group."""
    looked()
    parts = [Wanted(one["slot_id"], one["item_id"], one["consent_id"]) for one in body["parts"]]
    return visits.book(uow(), person_id(), body["kind"], parts)


@bp.route("/visits/<uuid:visit_id>", methods=["GET"])
@resident
@bp.response(200, s.MadeVisitSchema)
def show_visit(visit_id: UUID) -> dict[str, Any]:
    """A visit, with what in it concerns the one who looks."""
    return visits.show(uow(), person_id(), visit_id)


@bp.route("/visits/<uuid:visit_id>/cancel", methods=["POST"])
@resident
@mutation
@bp.arguments(s.CancelVisitSchema)
@bp.response(200, s.MadeVisitSchema)
def cancel_visit(body: dict[str, Any], visit_id: UUID) -> dict[str, Any]:
    """Give back every place of it that is still booked, or none."""
    return visits.cancel(uow(), person_id(), visit_id, body["reason"])


@bp.route("/visits/<uuid:visit_id>/reschedule", methods=["POST"])
@resident
@mutation
@bp.doc(parameters=[PROOF])
@bp.arguments(s.RescheduleVisitSchema)
@bp.response(200, s.MadeVisitSchema)
def reschedule_visit(body: dict[str, Any], visit_id: UUID) -> dict[str, Any]:
    """Move appointments of it to other times, all of them or none."""
    looked()
    moves = {one["appointment_id"]: one["slot_id"] for one in body["parts"]}
    return visits.reschedule(uow(), person_id(), visit_id, moves)
