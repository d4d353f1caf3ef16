"""Rosters over HTTP: duties, shifts, absences, chains, and who is on duty."""

from typing import Any
from uuid import UUID

from flask import request
from werkzeug.http import quote_etag

from backend.domains.grid import boards, rosters, shifts
from backend.domains.grid import roster_schemas as s
from backend.domains.grid.scope import ROSTERS
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("rosters", "值守：网格员、替补、网格长、部门，班次和请假")
Found = dict[str, Any]
Tagged = tuple[dict[str, Any], int, dict[str, str]]


@bp.route("/staff/duty-people", methods=["GET"])
@staff(ROSTERS)
@bp.arguments(s.PeopleQuerySchema, location="query")
@bp.response(200, s.DutyPersonListSchema)
def list_people(query: Found) -> Found:
    """Who can be put on duty in a street or a department."""
    cards = rosters.people(uow(), principal(), query["street"], query["department"])
    return {
        "items": [
            {"staff_id": card.id, "name": card.name, "role_text": card.role_text,
             "phone_bound": card.person_id is not None}
            for card in cards
        ]
    }  # fmt: skip


@bp.route("/staff/duties", methods=["GET"])
@staff()
@bp.arguments(s.StreetQuerySchema, location="query")
@bp.response(200, s.DutyListSchema)
def list_duties(query: Found) -> Found:
    """All duties at areas within reach."""
    return {"items": rosters.listing(uow(), principal(), query["street"])}


@bp.route("/staff/duties/now", methods=["GET"])
@staff()
@bp.arguments(s.OneStreetQuerySchema, location="query")
@bp.response(200, s.NowSchema)
def show_now(query: Found) -> Found:
    """Who is on duty in each cell of a street at this moment."""
    return boards.now(uow(), principal(), query["street"])


@bp.route("/staff/duties/week", methods=["GET"])
@staff()
@bp.arguments(s.WeekQuerySchema, location="query")
@bp.response(200, s.WeekSchema)
def show_week(query: Found) -> Found:
    """A street's rosters through seven days."""
    return boards.week(uow(), principal(), query["street"], query["first"])


@bp.route("/staff/departments-on-duty", methods=["GET"])
@staff()
@bp.response(200, s.DepartmentsNowSchema)
def show_departments() -> Found:
    """Who answers a whistle for each department now."""
    return boards.departments(uow(), principal())


@bp.route("/staff/cells/<uuid:area_id>/duties", methods=["GET"])
@staff()
@bp.response(200, s.AreaDutiesSchema, headers=ETAG)
def show_area_duties(area_id: UUID) -> Tagged:
    """The duties set at a cell (or community, street), and those above that hold there."""
    return _area_duties(area_id)


@bp.route("/staff/cells/<uuid:area_id>/duties", methods=["PUT"])
@staff(ROSTERS)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.NewDutiesSchema)
@bp.response(200, s.AreaDutiesSchema, headers=ETAG)
def replace_area_duties(body: Found, area_id: UUID) -> Tagged:
    """Replace the duties set at a cell (or community, street). Needs If-Match."""
    if_match = request.headers.get("If-Match")
    rosters.set_area(uow(), principal(), area_id, body["items"], if_match)
    return _area_duties(area_id)


@bp.route("/staff/departments/<uuid:department_id>/duties", methods=["GET"])
@staff(ROSTERS)
@bp.response(200, s.DepartmentDutiesSchema, headers=ETAG)
def show_department_duties(department_id: UUID) -> Tagged:
    """The duties of a department."""
    return _department_duties(department_id)


@bp.route("/staff/departments/<uuid:department_id>/duties", methods=["PUT"])
@staff(ROSTERS)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.NewDepartmentDutiesSchema)
@bp.response(200, s.DepartmentDutiesSchema, headers=ETAG)
def replace_department_duties(body: Found, department_id: UUID) -> Tagged:
    """Replace the duties of a department. Needs If-Match."""
    if_match = request.headers.get("If-Match")
    rosters.set_department(uow(), principal(), department_id, body["items"], if_match)
    return _department_duties(department_id)


@bp.route("/staff/duty-shifts", methods=["GET"])
@staff()
@bp.arguments(s.StreetQuerySchema, location="query")
@bp.response(200, s.ShiftListSchema)
def list_shifts(query: Found) -> Found:
    """The district's shifts and the streets' own."""
    return {"items": shifts.shifts(uow(), principal(), query["street"])}


@bp.route("/staff/duty-shifts", methods=["POST"])
@staff(ROSTERS)
@mutation
@bp.arguments(s.NewShiftSchema)
@bp.response(201, s.ShiftSchema)
def add_shift(body: Found) -> Found:
    """A new shift."""
    return shifts.shown_shift(principal(), shifts.add_shift(uow(), principal(), body))


@bp.route("/staff/duty-shifts/<uuid:shift_id>", methods=["PUT"])
@staff(ROSTERS)
@mutation
@bp.arguments(s.ShiftChangeSchema)
@bp.response(200, s.ShiftSchema)
def change_shift(body: Found, shift_id: UUID) -> Found:
    """Change a shift; duties with it follow."""
    row = shifts.change_shift(uow(), principal(), shift_id, body)
    return shifts.shown_shift(principal(), row)


@bp.route("/staff/duty-shifts/<uuid:shift_id>", methods=["DELETE"])
@staff(ROSTERS)
@mutation
@bp.response(200, s.RemovedSchema)
def remove_shift(shift_id: UUID) -> Found:
    """Take away a shift that no duty has."""
    shifts.remove_shift(uow(), principal(), shift_id)
    return {"removed": True}


@bp.route("/staff/duty-absences", methods=["GET"])
@staff()
@bp.arguments(s.StreetQuerySchema, location="query")
@bp.response(200, s.AbsenceListSchema)
def list_absences(query: Found) -> Found:
    """Who is or will be away, and who stands in."""
    return {"items": shifts.absences(uow(), principal(), query["street"])}


@bp.route("/staff/duty-absences", methods=["POST"])
@staff(ROSTERS)
@mutation
@bp.arguments(s.NewAbsenceSchema)
@bp.response(201, s.AbsenceSchema)
def add_absence(body: Found) -> Found:
    """Note that somebody will be away."""
    return shifts.shown_absence(uow(), shifts.add_absence(uow(), principal(), body))


@bp.route("/staff/duty-absences/<uuid:absence_id>", methods=["PUT"])
@staff(ROSTERS)
@mutation
@bp.arguments(s.AbsenceChangeSchema)
@bp.response(200, s.AbsenceSchema)
def change_absence(body: Found, absence_id: UUID) -> Found:
    """Change an absence."""
    row = shifts.change_absence(uow(), principal(), absence_id, body)
    return shifts.shown_absence(uow(), row)


@bp.route("/staff/duty-absences/<uuid:absence_id>", methods=["DELETE"])
@staff(ROSTERS)
@mutation
@bp.response(200, s.RemovedSchema)
def remove_absence(absence_id: UUID) -> Found:
    """They are there after all."""
    shifts.remove_absence(uow(), principal(), absence_id)
    return {"removed": True}


@bp.route("/staff/escalation-chains", methods=["GET"])
@staff()
@bp.response(200, s.ChainListSchema)
def list_chains() -> Found:
    """The levels a call climbs, for the district and each street."""
    return {"items": shifts.chains(uow(), principal())}


@bp.route("/staff/escalation-chains", methods=["PUT"])
@staff(ROSTERS)
@mutation
@bp.arguments(s.ChainChangeSchema)
@bp.response(200, s.ChainListSchema)
def replace_chain(body: Found) -> Found:
    """Change the chain of a street or the district."""
    shifts.set_chain(uow(), principal(), body["street_id"], body["levels"], body["version"])
    return {"items": shifts.chains(uow(), principal())}


def _area_duties(area_id: UUID) -> Tagged:
    shown, tag = rosters.of_area(uow(), principal(), area_id)
    return shown, 200, {"ETag": quote_etag(tag)}


def _department_duties(department_id: UUID) -> Tagged:
    items, tag = rosters.of_department(uow(), principal(), department_id)
    return {"department_id": department_id, "items": items}, 200, {"ETag": quote_etag(tag)}
