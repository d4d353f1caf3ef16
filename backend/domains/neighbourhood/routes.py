"""Activities, hours, certificates and points over HTTP, for residents and visitors."""

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import select

from backend.domains.neighbourhood import (
    activity_view,
    certificate_page,
    certificates,
    checking_in,
    figures,
    hours_view,
    points,
    signups,
)
from backend.domains.neighbourhood import schemas as s
from backend.domains.neighbourhood.model import Activity, ActivitySignup, PointEntry
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, session, uow
from backend.http.mutation import mutation
from backend.http.schemas import PageArgs, paginate
from backend.kernel.clock import local, moment_text

bp = blueprint("activities", "越秀人家：社区活动、时长、积分")
_ACTIVITY = "/activities/<uuid:activity_id>"
_PAGE_STYLE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def person_id() -> UUID:
    """The signed-in resident (the guards make sure there is one)."""
    found = principal().actor.id
    assert found is not None
    return found


@bp.route("/neighbourhood", methods=["GET"])
@guards.resident
@bp.response(200, s.NeighbourhoodSchema)
def home() -> dict[str, Any]:
    """One's communities, what is coming there, and what waits for an answer."""
    return hours_view.home(uow(), person_id(), verified=principal().verified)


@bp.route("/activities", methods=["GET"])
@guards.public
@bp.arguments(s.ActivityQuerySchema, location="query")
@bp.response(200, s.ActivityPageSchema)
def list_activities(query: dict[str, Any]) -> dict[str, Any]:
    """Activities to come, the next first; or past ones, the latest first."""
    coming = query["when"] == "coming"
    rows, following = paginate(
        session(),
        activity_view.query(query["area"], query["kind"], coming=coming),
        [Activity.starts_at, Activity.id],
        limit=query["limit"],
        cursor=query["cursor"],
        descending=not coming,
    )
    items = activity_view.cards(uow(), rows, principal().actor.id)
    return {"items": items, "next_cursor": following}


@bp.route(_ACTIVITY, methods=["GET"])
@guards.public
@bp.response(200, s.ActivitySchema)
def show(activity_id: UUID) -> dict[str, Any]:
    """One activity; who is signed in sees the own sign-up."""
    return activity_view.show(uow(), activity_id, principal().actor.id)


@bp.route(f"{_ACTIVITY}/signups", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(s.EmptySchema)
@bp.response(201, s.ActivitySchema)
def sign_up(body: dict[str, Any], activity_id: UUID) -> dict[str, Any]:
    """Take a place, or a turn in the line where none is free."""
    signups.sign_up(uow(), person_id(), activity_id)
    return activity_view.show(uow(), activity_id, person_id())


@bp.route(f"{_ACTIVITY}/cancellations", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.EmptySchema)
@bp.response(201, s.ActivitySchema)
def cancel(body: dict[str, Any], activity_id: UUID) -> dict[str, Any]:
    """Give up the place, the offer or the turn."""
    signups.cancel(uow(), person_id(), activity_id)
    return activity_view.show(uow(), activity_id, person_id())


@bp.route(f"{_ACTIVITY}/acceptances", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.EmptySchema)
@bp.response(201, s.ActivitySchema)
def accept(body: dict[str, Any], activity_id: UUID) -> dict[str, Any]:
    """Take the place that fell free."""
    signups.accept(uow(), person_id(), activity_id)
    return activity_view.show(uow(), activity_id, person_id())


@bp.route(f"{_ACTIVITY}/check-ins", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.CheckInActivitySchema)
@bp.response(201, s.ActivitySchema)
def check_in(body: dict[str, Any], activity_id: UUID) -> dict[str, Any]:
    """Say that one is there, by the code on the screen, the phone's place, or both."""
    checking_in.check_in(uow(), person_id(), activity_id, body)
    return activity_view.show(uow(), activity_id, person_id())


@bp.route("/my-activities", methods=["GET"])
@guards.resident
@bp.arguments(s.MyActivityQuerySchema, location="query")
@bp.response(200, s.ActivityPageSchema)
def list_mine(query: dict[str, Any]) -> dict[str, Any]:
    """What one has signed up for, the latest first."""
    rows, following = paginate(
        session(),
        activity_view.query_mine(person_id()),
        [ActivitySignup.signed_up_at, ActivitySignup.id],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {"items": activity_view.of_signups(uow(), rows), "next_cursor": following}


@bp.route("/my-hours", methods=["GET"])
@guards.resident
@bp.response(200, s.MyHoursSchema)
def my_hours() -> dict[str, Any]:
    """One's hours and points."""
    return hours_view.show(uow(), person_id())


@bp.route("/my-hours/certificates", methods=["GET"])
@guards.resident
@bp.response(200, s.CertificateListSchema)
def list_certificates() -> dict[str, Any]:
    """One's certificates."""
    rows = certificates.mine(uow(), person_id())
    return {"items": [hours_view.certificate(uow(), row) for row in rows]}


@bp.route("/my-hours/certificates", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(s.NewCertificateSchema)
@bp.response(201, s.OwnCertificateSchema)
def issue(body: dict[str, Any]) -> dict[str, Any]:
    """A certificate of one's recorded service in a period."""
    row = certificates.issue(uow(), person_id(), body["first_day"], body["last_day"])
    return hours_view.certificate(uow(), row)


@bp.route("/my-hours/certificates/<uuid:service_certificate_id>/withdrawals", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.EmptySchema)
@bp.response(201, s.OwnCertificateSchema)
def withdraw(body: dict[str, Any], service_certificate_id: UUID) -> dict[str, Any]:
    """Take a certificate back: whoever checks it learns that it holds no longer."""
    row = certificates.withdraw(uow(), person_id(), service_certificate_id)
    return hours_view.certificate(uow(), row)


@bp.route("/my-hours/certificates/<uuid:service_certificate_id>/export", methods=["GET"])
@guards.resident
@bp.doc(responses={"200": {"description": "A page to print", "content": {"text/html": {}}}})
def print_page(service_certificate_id: UUID) -> Response:
    """One's certificate as a page to print."""
    row = certificates.own(uow(), person_id(), service_certificate_id)
    shown = hours_view.certificate(uow(), row)
    html = certificate_page.page(shown, moment_text(local(row.issued_at)))
    sent = Response(html, mimetype="text/html")
    sent.headers["Content-Security-Policy"] = _PAGE_STYLE
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


@bp.route("/public/service-certificates/<string(maxlength=40):certificate_number>",
          methods=["GET"])  # fmt: skip
@guards.public
@bp.response(200, s.CertificateSchema)
def verify(certificate_number: str) -> dict[str, Any]:
    """Check a certificate by its number: period, hours and whether it holds; no person."""
    who = request.remote_addr or "unknown"
    row = certificates.public(uow(), certificate_number, who)
    return hours_view.public_certificate(row)


@bp.route("/public/neighbourhood-figures", methods=["GET"])
@guards.public
@bp.arguments(s.LifeFiguresQuerySchema, location="query")
@bp.response(200, s.LifeFiguresSchema)
def public_figures(query: dict[str, Any]) -> dict[str, Any]:
    """How many took part in activities so far."""
    return figures.show(uow(), query["area"])


@bp.route("/my-points", methods=["GET"])
@guards.resident
@bp.arguments(PageArgs, location="query")
@bp.response(200, s.PointPageSchema)
def my_points(query: dict[str, Any]) -> dict[str, Any]:
    """The lines of one's points, the latest first."""
    rows, following = paginate(
        session(),
        select(PointEntry).where(PointEntry.person_id == person_id()),
        [PointEntry.at, PointEntry.id],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    total = points.total(uow(), person_id())
    return {"items": points.lines(rows), "next_cursor": following, "total": total}


@bp.route("/my-points/rank", methods=["PUT"])
@guards.resident
@mutation
@bp.arguments(s.RankWishSchema)
@bp.response(200, s.RankWishSchema)
def set_rank(body: dict[str, Any]) -> dict[str, Any]:
    """Stand in the community's list with a masked name, or not (not, unless one wishes)."""
    points.set_ranked(uow(), person_id(), wish=body["ranked"])
    return {"ranked": body["ranked"]}


@bp.route("/point-ranks", methods=["GET"])
@guards.resident
@bp.arguments(s.RankQuerySchema, location="query")
@bp.response(200, s.RankListSchema)
def ranks(query: dict[str, Any]) -> dict[str, Any]:
    """The list of a community: only those who wish to be seen."""
    items = points.ranking(uow(), query["area"], person_id())
    return {"items": items, "ranked": points.ranked(uow(), person_id())}
