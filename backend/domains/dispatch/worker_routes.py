"""A grid worker's phone over HTTP: calls near by, one event, reports on patrol."""

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
    parties,
    reporting,
    step_routes,
    steps,
    worker_desk,
)
from backend.domains.dispatch import action_schemas as a
from backend.domains.dispatch import staff_schemas as s
from backend.domains.dispatch.model import EventFile
from backend.domains.dispatch.schemas import (
    WORKER_FILES,
    CallerValueSchema,
    EventDetailSchema,
    RevealCallerSchema,
    SizeQuerySchema,
    StoredFileSchema,
    UploadSchema,
)
from backend.domains.grid.service import to_wgs84
from backend.http import file_answers, guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.mutation import mutation

bp = blueprint("worker_events", "网格员手机：呼叫、处置、随手报")
_EVENT = "/worker/events/<uuid:event_id>"


@bp.route("/worker/files", methods=["POST"])
@guards.worker()
@mutation
@bp.arguments(UploadSchema, location="upload")
@bp.response(201, StoredFileSchema)
def upload(form: dict[str, Any]) -> dict[str, Any]:
    """Upload a photo or a voice note, to be named in a report or step."""
    return attachments.upload(uow(), form["file"].stream, form["purpose"], WORKER_FILES)


@bp.route("/worker/files/<uuid:file_id>", methods=["GET"])
@guards.worker()
@bp.doc(**file_answers.DOC)
@bp.arguments(SizeQuerySchema, location="query")
def show_upload(query: dict[str, Any], file_id: UUID) -> Response:
    """A file one has uploaded."""
    return file_answers.answer(attachments.own(uow(), file_id, query["size"]))


@bp.route("/worker/events", methods=["GET"])
@guards.worker("events.handle")
@bp.arguments(s.WorkerQuerySchema, location="query")
@bp.response(200, s.WorkerEventListSchema)
def list_events(query: dict[str, Any]) -> dict[str, Any]:
    """One's calls: claimable, mine, overdue or to verify; the nearest first."""
    here = None
    if query["latitude"] is not None:
        here = to_wgs84(query["latitude"], query["longitude"], query["coordinate_system"])
    return worker_desk.lists(uow(), principal(), query["list"], here)


@bp.route("/worker/events", methods=["POST"])
@guards.worker("events.handle")
@mutation
@bp.arguments(a.PatrolReportSchema)
@bp.response(201, EventDetailSchema)
def report(body: dict[str, Any]) -> dict[str, Any]:
    """Report what one has found."""
    by = principal()
    event = reporting.report(uow(), body, source="patrol", staff_id=access.by_id(by))
    return detail_view.show(uow(), access.Viewer(uow(), by, event), card_view.WORKER)


@bp.route(_EVENT, methods=["GET"])
@guards.worker("events.handle")
@bp.response(200, EventDetailSchema)
def show(event_id: UUID) -> dict[str, Any]:
    """One event with everything about it and what one may do."""
    return desk.show(uow(), principal(), event_id, card_view.WORKER)


@bp.route(f"{_EVENT}/files/<uuid:file_id>", methods=["GET"])
@guards.worker("events.handle")
@bp.doc(**file_answers.DOC)
@bp.arguments(SizeQuerySchema, location="query")
def show_file(query: dict[str, Any], event_id: UUID, file_id: UUID) -> Response:
    """A picture or voice note of an event."""
    event = access.reach(uow(), principal(), event_id)
    own = EventFile.event_id == event.id
    return file_answers.answer(
        attachments.of_events(uow(), [event.id], file_id, query["size"], own)
    )


@bp.route(f"{_EVENT}/parties", methods=["GET"])
@guards.worker("events.handle")
@bp.response(200, s.PartiesSchema)
def list_parties(event_id: UUID) -> dict[str, Any]:
    """Whom one can ask for help with it: colleagues of the street, departments."""
    return parties.of_event(uow(), principal(), event_id)


@bp.route(f"{_EVENT}/callers/<uuid:caller_id>/reveals", methods=["POST"])
@guards.worker("events.handle")
@mutation
@bp.arguments(RevealCallerSchema)
@bp.response(200, CallerValueSchema)
def reveal(body: dict[str, Any], event_id: UUID, caller_id: UUID) -> dict[str, str]:
    """A caller's name or phone in full, for the lead; who looked and why is kept."""
    return {"value": caller_view.reveal(uow(), principal(), event_id, caller_id, **body)}


for _guard, _root, _kind, _table in (
    ("events.handle", "/worker/events", "event", steps.BOTH),
    ("events.handle", "/worker/subtasks", "subtask", steps.SUBTASK),
    ("whistles.answer", "/worker/whistles", "whistle", steps.WHISTLE),
    # Closing it is the supervisor's, at the console.
    ("events.handle", "/worker/supervisions", "order", {"reply": steps.ORDER["reply"]}),
):
    _address = step_routes.Address(_root, _kind, card_view.WORKER)
    step_routes.add(bp, guards.worker(_guard), _address, _table)
