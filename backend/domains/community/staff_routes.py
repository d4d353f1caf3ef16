"""The register over HTTP, for the community's staff: communities, buildings, rooms, imports."""

from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import select
from werkzeug.http import quote_etag

from backend.domains.community import access, editing, import_files, importing, staff_view
from backend.domains.community import staff_schemas as s
from backend.domains.community.model import HousingCommunity, HousingRoom
from backend.domains.community.resident_view import buildings
from backend.domains.community.schemas import HousingBuildingSchema
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, session, uow
from backend.http.guards import staff
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("register_staff", "社区名册：小区、楼栋、房屋、产权人、导入")
Answer = tuple[dict[str, Any], int, dict[str, str]]
_COMMUNITY = "/staff/communities/<uuid:community_id>"
_ROOM = "/staff/rooms/<uuid:room_id>"


def _tagged(body: dict[str, Any], row: Any, status: int = 200) -> Answer:
    return body, status, {"ETag": quote_etag(editing.etag(row))}


@bp.route("/staff/communities", methods=["GET"])
@staff(access.VIEW)
@bp.response(200, s.StaffCommunityListSchema)
def list_communities() -> dict[str, Any]:
    """The communities one keeps, by name, with what waits in them."""
    mine = access.reachable(uow(), principal(), access.VIEW)
    rows = session().scalars(
        select(HousingCommunity).where(mine).order_by(HousingCommunity.name).limit(500)
    )
    return {"items": staff_view.communities(uow(), rows)}


@bp.route("/staff/communities", methods=["POST"])
@staff(access.EDIT)
@mutation
@bp.arguments(s.NewCommunitySchema)
@bp.response(201, s.StaffPlaceSchema, headers=ETAG)
def create_community(body: dict[str, Any]) -> Answer:
    """A new estate or village in one's own grid community."""
    row = editing.create_community(uow(), principal(), body)
    return _tagged(staff_view.community(uow(), row), row, 201)


@bp.route(_COMMUNITY, methods=["GET"])
@staff(access.VIEW)
@bp.response(200, s.StaffPlaceSchema, headers=ETAG)
def show_community(community_id: UUID) -> Answer:
    """A community; the ETag is what a change must name in If-Match."""
    row = access.reach(uow(), principal(), access.VIEW, community_id)
    return _tagged(staff_view.community(uow(), row), row)


@bp.route(_COMMUNITY, methods=["PUT"])
@staff(access.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.CommunityChangeSchema)
@bp.response(200, s.StaffPlaceSchema, headers=ETAG)
def change_community(body: dict[str, Any], community_id: UUID) -> Answer:
    """Change name, address and what was declared. Needs If-Match."""
    row = editing.change_community(
        uow(), principal(), community_id, body, request.headers.get("If-Match")
    )
    return _tagged(staff_view.community(uow(), row), row)


@bp.route("/staff/buildings/<uuid:building_id>", methods=["PUT"])
@staff(access.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.BuildingChangeSchema)
@bp.response(200, HousingBuildingSchema, headers=ETAG)
def change_building(body: dict[str, Any], building_id: UUID) -> Answer:
    """Change storeys and lift. Needs If-Match (`"<last 12 hex digits of id>-<version>"`)."""
    row = editing.change_building(
        uow(), principal(), building_id, body, request.headers.get("If-Match")
    )
    [shown] = [one for one in buildings(uow(), row.community_id) if one["id"] == row.id]
    return _tagged(shown, row)


@bp.route(f"{_COMMUNITY}/rooms", methods=["GET"])
@staff(access.VIEW)
@bp.arguments(s.RegisterRoomQuerySchema, location="query")
@bp.response(200, s.RegisterRoomPageSchema)
def list_rooms(query: dict[str, Any], community_id: UUID) -> dict[str, Any]:
    """The rooms of a community by label."""
    access.reach(uow(), principal(), access.VIEW, community_id)
    rows, following = paginate(
        session(), staff_view.query_rooms(community_id, query["q"], query["building"]),
        [HousingRoom.label, HousingRoom.id], limit=query["limit"], cursor=query["cursor"],
        descending=False,
    )  # fmt: skip
    return {"items": staff_view.room_rows(uow(), rows), "next_cursor": following}


@bp.route(_ROOM, methods=["GET"])
@staff(access.VIEW)
@bp.response(200, s.RegisterRoomDetailSchema, headers=ETAG)
def show_room(room_id: UUID) -> Answer:
    """A room with owners (masked), residents and history."""
    row = editing.room(uow(), principal(), room_id)
    return _tagged(staff_view.room(uow(), row), row)


@bp.route(_ROOM, methods=["PUT"])
@staff(access.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.RoomChangeSchema)
@bp.response(200, s.RegisterRoomDetailSchema, headers=ETAG)
def change_room(body: dict[str, Any], room_id: UUID) -> Answer:
    """Correct area, storey, use; say whether it counts. Needs If-Match."""
    row = editing.change_room(uow(), principal(), room_id, body, request.headers.get("If-Match"))
    return _tagged(staff_view.room(uow(), row), row)


@bp.route("/staff/owners/<uuid:owner_id>/reveals", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RevealRegisterSchema)
@bp.response(200, s.RevealedRegisterSchema)
def reveal_owner(body: dict[str, Any], owner_id: UUID) -> dict[str, str]:
    """An owner's name, phone or number in full; who looked and why is kept."""
    return {"value": editing.reveal_owner(uow(), principal(), owner_id, **body)}


@bp.route(f"{_COMMUNITY}/imports", methods=["POST"])
@staff(access.EDIT)
@mutation
@bp.arguments(s.ImportRegisterSchema, location="upload")
@bp.response(200, s.ImportReportSchema)
def import_register(form: dict[str, Any], community_id: UUID) -> dict[str, Any]:
    """Bring rooms and owners in from an Excel or CSV file; a dry run only reports."""
    raw = import_files.read(form["file"].stream)
    return importing.run(uow(), principal(), community_id, raw, dry_run=form["dry_run"])
