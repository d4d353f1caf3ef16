"""The dispatch desk over HTTP: the list, the map, one event and everything done with it."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.domains.dispatch import (
    access,
    attachments,
    caller_view,
    card_view,
    desk,
    detail_view,
    reporting,
    step_routes,
    steps,
)
from backend.domains.dispatch import action_schemas as a
from backend.domains.dispatch import map as event_map
from backend.domains.dispatch import staff_schemas as s
from backend.domains.dispatch.model import EventFile
from backend.domains.dispatch.schemas import (
    STAFF_FILES,
    CallerValueSchema,
    EventDetailSchema,
    RevealCallerSchema,
    SizeQuerySchema,
    StoredFileSchema,
    UploadSchema,
)
from backend.http import file_answers, guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.mutation import mutation

bp = blueprint("staff_events", "调度台：事件列表、地图、处置、督办")
_EVENT = "/staff/events/<uuid:event_id>"


@bp.route("/staff/files", methods=["POST"])
@guards.staff()
@mutation
@bp.arguments(UploadSchema, location="upload")
@bp.response(201, StoredFileSchema)
def upload(form: dict[str, Any]) -> dict[str, Any]:
    """Upload a photo or a voice note, to be named in a report or step."""
    return attachments.upload(uow(), form["file"].stream, form["purpose"], STAFF_FILES)


@bp.route("/staff/files/<uuid:file_id>", methods=["GET"])
@guards.staff()
@bp.doc(**file_answers.DOC)
@bp.arguments(SizeQuerySchema, location="query")
def show_upload(query: dict[str, Any], file_id: UUID) -> Response:
    """A file one has uploaded."""
    return file_answers.answer(attachments.own(uow(), file_id, query["size"]))


@bp.route("/staff/events", methods=["GET"])
@guards.staff()
@bp.arguments(s.EventListQuerySchema, location="query")
@bp.response(200, s.EventPageSchema)
def list_events(query: dict[str, Any]) -> dict[str, Any]:
    """The events within reach, the newest first; open ones unless a state is named."""
    return desk.page(uow(), principal(), query)


@bp.route("/staff/events", methods=["POST"])
@guards.staff("events.dispatch")
@mutation
@bp.arguments(a.StaffReportSchema)
@bp.response(201, EventDetailSchema)
def take_in(body: dict[str, Any]) -> dict[str, Any]:
    """Take in a call that came another way: from above, as a ticket, by WeChat, by telephone."""
    source = body.pop("source")
    event = reporting.report(uow(), body, source=source)
    return detail_view.show(uow(), access.Viewer(uow(), principal(), event), card_view.STAFF)


@bp.route("/staff/events/map", methods=["GET"])
@guards.staff()
@bp.arguments(s.MapQuerySchema, location="query")
@bp.response(200, s.EventMapSchema)
def show_map(query: dict[str, Any]) -> dict[str, Any]:
    """What is open in a part of the map: at most 500 points, and counts by cell."""
    return event_map.show(uow(), principal(), query["bbox"])


@bp.route(_EVENT, methods=["GET"])
@guards.staff()
@bp.response(200, EventDetailSchema)
def show(event_id: UUID) -> dict[str, Any]:
    """One event with everything about it and what one may do."""
    return desk.show(uow(), principal(), event_id, card_view.STAFF)


@bp.route(f"{_EVENT}/files/<uuid:file_id>", methods=["GET"])
@guards.staff()
@bp.doc(**file_answers.DOC)
@bp.arguments(SizeQuerySchema, location="query")
def show_file(query: dict[str, Any], event_id: UUID, file_id: UUID) -> Response:
    """A picture or voice note of an event."""
    event = access.reach(uow(), principal(), event_id)
    own = EventFile.event_id == event.id
    return file_answers.answer(
        attachments.of_events(uow(), [event.id], file_id, query["size"], own)
    )


@bp.route(f"{_EVENT}/candidates", methods=["GET"])
@guards.staff()
@bp.response(200, s.CandidateListSchema)
def list_candidates(event_id: UUID) -> dict[str, Any]:
    """Who can be given the event: on duty first, then who has least to do."""
    return {"items": desk.candidates(uow(), principal(), event_id)}


@bp.route(f"{_EVENT}/callers/<uuid:caller_id>/reveals", methods=["POST"])
@guards.staff()
@mutation
@bp.arguments(RevealCallerSchema)
@bp.response(200, CallerValueSchema)
def reveal(body: dict[str, Any], event_id: UUID, caller_id: UUID) -> dict[str, str]:
    """A caller's name or phone in full, for lead and dispatcher; who looked and why is kept."""
    return {"value": caller_view.reveal(uow(), principal(), event_id, caller_id, **body)}


_guard = guards.staff()
for _root, _kind, _table in (
    ("/staff/events", "event", {**steps.BOTH, **steps.DESK}),
    ("/staff/subtasks", "subtask", steps.SUBTASK),
    ("/staff/whistles", "whistle", steps.WHISTLE),
    ("/staff/event-requests", "request", steps.REQUEST),
    ("/staff/supervisions", "order", steps.ORDER),
):
    _address = step_routes.Address(_root, _kind, card_view.STAFF)
    step_routes.add(bp, _guard, _address, _table)
