"""Activities over HTTP, for the community's staff."""

import re
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from backend.domains.neighbourhood import (
    access,
    activities,
    attendance,
    checking_in,
    staff_view,
)
from backend.domains.neighbourhood import schemas_staff as s
from backend.domains.neighbourhood.model import Activity
from backend.domains.neighbourhood.schemas import EmptySchema
from backend.domains.neighbourhood.schemas_resources import LifeReasonSchema
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, session, uow
from backend.http.mutation import mutation
from backend.http.schemas import paginate
from backend.kernel.errors import Stale

bp = blueprint("staff_activities", "社区活动：发布、签到、时长")
_ACTIVITY = "/staff/activities/<uuid:activity_id>"
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"')


def seen_version() -> int:
    """The version that If-Match names; `Stale` where it names none."""
    found = _VERSION.fullmatch(request.headers.get("If-Match", "").strip())
    if found is None:
        raise Stale(detail="缺少或看不懂 If-Match", action="请刷新后再改")
    return int(found.group(1))


def _answer(row: Activity) -> ResponseReturnValue:
    shown = staff_view.activity(uow(), row)
    return shown, {"ETag": f'"{row.version}"'}


def _made(row: Activity) -> ResponseReturnValue:
    shown = staff_view.activity(uow(), row)
    return shown, 201, {"ETag": f'"{row.version}"'}


@bp.route("/staff/neighbourhood/areas", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.response(200, s.StaffAreasSchema)
def areas() -> dict[str, Any]:
    """The communities whose life one manages."""
    found = access.staff_areas(uow(), principal())
    return {"items": [{"id": id_, "name": name} for id_, name in found.items()]}


@bp.route("/staff/activities", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.arguments(s.AreaQuerySchema, location="query")
@bp.response(200, s.StaffActivityPageSchema)
def list_activities(query: dict[str, Any]) -> dict[str, Any]:
    """Activities of one's communities, the latest first."""
    rows, following = paginate(
        session(),
        staff_view.query(uow(), principal(), Activity, query["area"], query["state"]),
        [Activity.starts_at, Activity.id],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {"items": staff_view.cards(uow(), rows), "next_cursor": following}


@bp.route("/staff/activities", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(s.EditActivitySchema)
@bp.response(201, s.StaffActivitySchema, headers=ETAG)
def create(body: dict[str, Any]) -> ResponseReturnValue:
    """A draft."""
    return _made(activities.create(uow(), principal(), body))


@bp.route(_ACTIVITY, methods=["GET"])
@guards.staff(access.MANAGE)
@bp.response(200, s.StaffActivitySchema, headers=ETAG)
def show(activity_id: UUID) -> ResponseReturnValue:
    """One activity; the ETag is for an edit."""
    return _answer(access.staff_row(uow(), principal(), Activity, activity_id, lock=False))


@bp.route(_ACTIVITY, methods=["PUT"])
@guards.staff(access.MANAGE)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.EditActivitySchema)
@bp.response(200, s.StaffActivitySchema, headers=ETAG)
def edit(body: dict[str, Any], activity_id: UUID) -> ResponseReturnValue:
    """Change a draft or a published one; those who signed up hear of another time or place."""
    return _answer(activities.edit(uow(), principal(), activity_id, seen_version(), body))


@bp.route(f"{_ACTIVITY}/publications", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.StaffActivitySchema, headers=ETAG)
def publish(body: dict[str, Any], activity_id: UUID) -> ResponseReturnValue:
    """Residents see it and sign up."""
    return _made(activities.publish(uow(), principal(), activity_id))


@bp.route(f"{_ACTIVITY}/cancellations", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(LifeReasonSchema)
@bp.response(201, s.StaffActivitySchema, headers=ETAG)
def cancel(body: dict[str, Any], activity_id: UUID) -> ResponseReturnValue:
    """It does not take place; all who signed up are told why."""
    return _made(activities.cancel(uow(), principal(), activity_id, body["reason"]))


@bp.route(f"{_ACTIVITY}/endings", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.StaffActivitySchema, headers=ETAG)
def end(body: dict[str, Any], activity_id: UUID) -> ResponseReturnValue:
    """It is over before its time."""
    return _made(activities.end(uow(), principal(), activity_id))


@bp.route(f"{_ACTIVITY}/settlements", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.StaffActivitySchema, headers=ETAG)
def settle(body: dict[str, Any], activity_id: UUID) -> ResponseReturnValue:
    """What is recorded stands: hours and points are credited."""
    return _made(activities.settle(uow(), principal(), activity_id))


@bp.route(f"{_ACTIVITY}/signups", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.response(200, s.StaffSignupListSchema)
def list_signups(activity_id: UUID) -> dict[str, Any]:
    """Who signed up, who waits, who came."""
    row = access.staff_row(uow(), principal(), Activity, activity_id, lock=False)
    return {"items": staff_view.signups(uow(), row.id)}


@bp.route(f"{_ACTIVITY}/attendances", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(s.AttendanceSchema)
@bp.response(201, s.StaffSignupListSchema)
def attend(body: dict[str, Any], activity_id: UUID) -> dict[str, Any]:
    """Correct who came and for how long."""
    attendance.mark(
        uow(), principal(), activity_id, body["signup_id"], attended=body["attended"],
        minutes=body["minutes"],
    )  # fmt: skip
    return {"items": staff_view.signups(uow(), activity_id)}


@bp.route(f"{_ACTIVITY}/check-in-code", methods=["GET"])
@guards.staff(access.MANAGE)
@bp.response(200, s.CheckInCodeSchema)
def code(activity_id: UUID) -> ResponseReturnValue:
    """The code for the screen at the entrance; it changes every half minute."""
    shown = checking_in.shown(uow(), principal(), activity_id)
    return shown, {"Cache-Control": "no-store"}


@bp.route("/staff/activity-signups/<uuid:activity_signup_id>/reveals", methods=["POST"])
@guards.staff(access.MANAGE)
@mutation
@bp.arguments(s.SignupRevealSchema)
@bp.response(201, s.SignupRevealedSchema)
def reveal(body: dict[str, Any], activity_signup_id: UUID) -> dict[str, Any]:
    """A participant's name or phone in full, for a written purpose that is kept."""
    value = staff_view.reveal(
        uow(), principal(), activity_signup_id, body["field"], body["purpose"]
    )
    return {"value": value}
