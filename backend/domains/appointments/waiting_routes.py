"""The waitlist over HTTP: waiting for a full day, kept places, and the hall's look at both."""

from typing import Any
from uuid import UUID

from backend.domains.appointments import offering, staff, waiting
from backend.domains.appointments import schemas as s
from backend.domains.appointments import waiting_schemas as w
from backend.domains.appointments.routes import PROOF, looked, person_id
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, session, uow
from backend.http.guards import resident
from backend.http.mutation import mutation
from backend.kernel.clock import local_date

bp = blueprint("waitlist", "候补：排候补、确认名额")


@bp.route("/waitlist", methods=["POST"])
@resident(verified=True)
@mutation
@bp.doc(parameters=[PROOF])
@bp.arguments(w.JoinSchema)
@bp.response(201, w.EntrySchema)
def join_waitlist(body: dict[str, Any]) -> dict[str, Any]:
    """Wait for a place of a full day."""
    looked()
    return waiting.join(uow(), person_id(), **body)


@bp.route("/waitlist", methods=["GET"])
@resident
@bp.response(200, w.EntryListSchema)
def list_waitlist() -> dict[str, Any]:
    """One's own entries, the latest first."""
    query = waiting.of_person(person_id()).limit(50)
    return {"items": waiting.many(uow(), list(session().scalars(query)))}


@bp.route("/waitlist/<uuid:entry_id>", methods=["GET"])
@resident
@bp.response(200, w.EntrySchema)
def show_entry(entry_id: UUID) -> dict[str, Any]:
    """One entry, with how many are asked before."""
    return waiting.one(uow(), waiting.mine(uow(), person_id(), entry_id))


@bp.route("/waitlist/<uuid:entry_id>/leave", methods=["POST"])
@resident
@mutation
@bp.response(200, w.EntrySchema)
def leave_waitlist(entry_id: UUID) -> dict[str, Any]:
    """Stop waiting; a place that was kept goes to the next."""
    return waiting.leave(uow(), person_id(), entry_id)


@bp.route("/slot-offers", methods=["GET"])
@resident
@bp.response(200, w.OfferListSchema)
def list_offers() -> dict[str, Any]:
    """The places kept for oneself, open ones first."""
    rows = list(session().scalars(offering.of_person(person_id())))
    return {"items": waiting.shown_offers(uow(), rows)}


@bp.route("/slot-offers/<uuid:offer_id>", methods=["GET"])
@resident
@bp.response(200, w.OfferSchema)
def show_offer(offer_id: UUID) -> dict[str, Any]:
    """One kept place."""
    return waiting.shown_offers(uow(), [offering.mine(uow(), person_id(), offer_id)])[0]


@bp.route("/slot-offers/<uuid:offer_id>/accept", methods=["POST"])
@resident(verified=True)
@mutation
@bp.response(201, s.AppointmentSchema)
def accept_offer(offer_id: UUID) -> dict[str, Any]:
    """One tap: the kept place becomes an appointment."""
    return offering.accept(uow(), person_id(), offer_id)


@bp.route("/slot-offers/<uuid:offer_id>/decline", methods=["POST"])
@resident
@mutation
@bp.response(200, w.OfferSchema)
def decline_offer(offer_id: UUID) -> dict[str, Any]:
    """Say no: the place goes to the next."""
    return offering.decline(uow(), person_id(), offer_id)


@bp.route("/staff/halls/<uuid:hall_id>/waitlist", methods=["GET"])
@guards.staff("appointments.view")
@bp.arguments(w.StaffWaitlistQuerySchema, location="query")
@bp.response(200, w.StaffEntryListSchema)
def show_hall_waitlist(query: dict[str, Any], hall_id: UUID) -> dict[str, Any]:
    """Who waits for a hall's day, in the order in which they are asked."""
    staff.enter_hall(uow(), principal(), "appointments.view", hall_id)
    day = query["date"] or local_date(uow().now)
    return {"items": waiting.of_hall(uow(), hall_id, day)}
