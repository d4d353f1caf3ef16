"""Report-ins, posts, wishes, help and shared places over HTTP, for the community's staff."""

from typing import Any
from uuid import UUID

from backend.domains.neighbourhood import (
    access,
    helping,
    party,
    resource_view,
    resources,
    staff_view,
    wishes,
)
from backend.domains.neighbourhood import schemas_resources as r
from backend.domains.neighbourhood import schemas_staff as s
from backend.domains.neighbourhood.care_model import HelpRequest, Wish
from backend.domains.neighbourhood.party_model import PartyPost, PartyReport
from backend.domains.neighbourhood.resource_model import SharedResource
from backend.domains.neighbourhood.schemas import EmptySchema
from backend.domains.neighbourhood.staff_routes import seen_version
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import IF_MATCH
from backend.http.context import principal, session, uow
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("staff_neighbours", "社区：党员报到、微心愿、互助、共享资源")
_REPORT = "/staff/party-reports/<uuid:party_report_id>"
_POST = "/staff/party-posts/<uuid:party_post_id>"
_RESOURCE = "/staff/resources/<uuid:resource_id>"


def _page(query: dict[str, Any], model: Any, moment: Any) -> tuple[list[Any], str | None]:
    found = staff_view.query(uow(), principal(), model, query["area"], query["state"])
    return paginate(
        session(), found, [moment, model.id], limit=query["limit"], cursor=query["cursor"]
    )


@bp.route("/staff/party-reports", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.arguments(s.AreaQuerySchema, location="query")
@bp.response(200, s.StaffPartyReportPageSchema)
def list_reports(query: dict[str, Any]) -> dict[str, Any]:
    """Report-ins of one's communities, the latest first."""
    rows, following = _page(query, PartyReport, PartyReport.at)
    return {"items": staff_view.reports(uow(), rows), "next_cursor": following}


@bp.route(f"{_REPORT}/decisions", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(s.DecidePartyReportSchema)
@bp.response(201, s.StaffPartyReportSchema)
def decide(body: dict[str, Any], party_report_id: UUID) -> dict[str, Any]:
    """Confirm a report-in, or refuse it with a reason."""
    row = party.decide(uow(), principal(), party_report_id, **body)
    return staff_view.reports(uow(), [row])[0]


@bp.route(f"{_REPORT}/endings", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.StaffPartyReportSchema)
def end_report(body: dict[str, Any], party_report_id: UUID) -> dict[str, Any]:
    """The member has moved away."""
    row = party.end(uow(), principal(), party_report_id)
    return staff_view.reports(uow(), [row])[0]


@bp.route("/staff/party-posts", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.arguments(s.AreaQuerySchema, location="query")
@bp.response(200, s.StaffPostPageSchema)
def list_posts(query: dict[str, Any]) -> dict[str, Any]:
    """Posts of one's communities, the latest first."""
    rows, following = _page(query, PartyPost, PartyPost.created_at)
    return {"items": staff_view.posts(uow(), rows), "next_cursor": following}


@bp.route("/staff/party-posts", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(s.NewPostSchema)
@bp.response(201, s.StaffPostSchema)
def new_post(body: dict[str, Any]) -> dict[str, Any]:
    """A post for reported-in members."""
    return staff_view.posts(uow(), [party.new_post(uow(), principal(), body)])[0]


@bp.route(f"{_POST}/closings", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.StaffPostSchema)
def close_post(body: dict[str, Any], party_post_id: UUID) -> dict[str, Any]:
    """The post is over; whoever holds it has served."""
    return staff_view.posts(uow(), [party.close_post(uow(), principal(), party_post_id)])[0]


@bp.route("/staff/wishes", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.arguments(s.AreaQuerySchema, location="query")
@bp.response(200, s.StaffCarePageSchema)
def list_wishes(query: dict[str, Any]) -> dict[str, Any]:
    """Wishes of one's communities, the latest first."""
    rows, following = _page(query, Wish, Wish.created_at)
    return {"items": staff_view.care(uow(), rows), "next_cursor": following}


@bp.route("/staff/wishes/<uuid:wish_id>/removals", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(r.LifeReasonSchema)
@bp.response(201, s.StaffCareSchema)
def remove_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """Take a wish down; the wisher is told why."""
    row = wishes.remove(uow(), principal(), wish_id, body["reason"])
    return staff_view.care(uow(), [row])[0]


@bp.route("/staff/help-requests", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.arguments(s.AreaQuerySchema, location="query")
@bp.response(200, s.StaffCarePageSchema)
def list_helps(query: dict[str, Any]) -> dict[str, Any]:
    """Requests for help of one's communities, the latest first."""
    rows, following = _page(query, HelpRequest, HelpRequest.created_at)
    return {"items": staff_view.care(uow(), rows), "next_cursor": following}


@bp.route("/staff/help-requests/<uuid:help_id>/removals", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(r.LifeReasonSchema)
@bp.response(201, s.StaffCareSchema)
def remove_help(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """Take a request down; the asker is told why."""
    row = helping.remove(uow(), principal(), help_id, body["reason"])
    return staff_view.care(uow(), [row])[0]


@bp.route("/staff/resources", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.arguments(r.ResourceQuerySchema, location="query")
@bp.response(200, r.StaffResourceListSchema)
def list_resources(query: dict[str, Any]) -> dict[str, Any]:
    """Shared places of one's communities."""
    mine = set(access.staff_areas(uow(), principal()))
    areas = mine & {query["area"]} if query["area"] else mine
    return {"items": resource_view.staff(uow(), resources.near(uow(), areas))}


@bp.route("/staff/resources", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(r.EditResourceSchema)
@bp.response(201, r.StaffResourceSchema)
def new_resource(body: dict[str, Any]) -> dict[str, Any]:
    """A shared place, without times yet."""
    row = resources.create(uow(), principal(), body)
    return resource_view.staff(uow(), [row])[0]


@bp.route(_RESOURCE, methods=["PUT"])
@guards.staff(access.MANAGE)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(r.EditResourceSchema)
@bp.response(200, r.StaffResourceSchema)
def edit_resource(body: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """Change the description. If-Match names the version of the list."""
    row = resources.edit(uow(), principal(), resource_id, seen_version(), body)
    return resource_view.staff(uow(), [row])[0]


@bp.route(f"{_RESOURCE}/week", methods=["PUT"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(r.ResourceWeekSchema)
@bp.response(200, r.StaffResourceSchema)
def set_week(body: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """Put a new week in place; what is booked stays booked."""
    resources.set_week(uow(), principal(), resource_id, body["items"])
    row = access.staff_row(uow(), principal(), SharedResource, resource_id)
    return resource_view.staff(uow(), [row])[0]


@bp.route(f"{_RESOURCE}/closures", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(r.CloseDaySchema)
@bp.response(201, r.ClosedDaySchema)
def close_day(body: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """Nobody can use it that day; those who booked are told why."""
    count = resources.close_day(uow(), principal(), resource_id, body["date"], body["reason"])
    return {"date": body["date"], "cancelled": count}


@bp.route(f"{_RESOURCE}/bookings", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.arguments(r.ResourceSlotQuerySchema, location="query")
@bp.response(200, r.StaffBookingListSchema)
def list_bookings(query: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """Who has it that day."""
    rows = resources.booked(uow(), principal(), resource_id, query["date"])
    return {"items": resource_view.booked(uow(), rows)}


@bp.route("/staff/resource-bookings/<uuid:resource_booking_id>/cancellations", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(r.LifeReasonSchema)
@bp.response(201, r.LifeReasonSchema)
def cancel_booking(body: dict[str, Any], resource_booking_id: UUID) -> dict[str, Any]:
    """The unit needs the place itself; whoever booked is told why."""
    resources.cancel_booking(uow(), principal(), resource_booking_id, body["reason"])
    return {"reason": body["reason"]}
