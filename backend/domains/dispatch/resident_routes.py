"""A resident's own reports over HTTP."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from backend.domains.dispatch import (
    attachments,
    handling,
    intake,
    reporting,
    resident_view,
)
from backend.domains.dispatch import resident_schemas as s
from backend.domains.dispatch.model import EventCaller
from backend.domains.dispatch.schemas import (
    RESIDENT_FILES,
    SizeQuerySchema,
    StoredFileSchema,
    UploadSchema,
)
from backend.http import file_answers
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_NONE_MATCH, NOT_CHANGED, answer_unless_seen
from backend.http.context import principal, session, uow
from backend.http.guards import resident
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("events", "有呼同应：我的反映")
_MINE = "/events/<uuid:event_id>"


def person_id() -> UUID:
    """The signed-in resident (the guards make sure there is one)."""
    found = principal().actor.id
    assert found is not None
    return found


@bp.route("/files", methods=["POST"])
@resident
@mutation
@bp.arguments(UploadSchema, location="upload")
@bp.response(201, StoredFileSchema)
def upload(form: dict[str, Any]) -> dict[str, Any]:
    """Upload a photo or a voice note, to be named when reporting."""
    return attachments.upload(uow(), form["file"].stream, form["purpose"], RESIDENT_FILES)


@bp.route("/files/<uuid:file_id>", methods=["GET"])
@resident
@bp.doc(**file_answers.DOC)
@bp.arguments(SizeQuerySchema, location="query")
def show_upload(query: dict[str, Any], file_id: UUID) -> Response:
    """A file one has uploaded."""
    return file_answers.answer(attachments.own(uow(), file_id, query["size"]))


@bp.route("/events", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ReportSchema)
@bp.response(201, s.MyEventSchema)
def report(body: dict[str, Any]) -> dict[str, Any]:
    """Call: those on duty are asked at once."""
    event = reporting.report(uow(), body, source="resident", person_id=person_id())
    return resident_view.show(uow(), person_id(), event.id)


@bp.route("/events", methods=["GET"])
@resident
@bp.arguments(s.MyEventQuerySchema, location="query")
@bp.response(200, s.MyEventPageSchema)
def list_mine(query: dict[str, Any]) -> dict[str, Any]:
    """What one has reported or joined, the latest first."""
    rows, following = paginate(
        session(),
        resident_view.query_mine(person_id(), query["open"]),
        [EventCaller.joined_at, EventCaller.id],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {"items": resident_view.cards(uow(), rows), "next_cursor": following}


@bp.route(_MINE, methods=["GET"])
@resident
@bp.doc(parameters=[IF_NONE_MATCH])
@bp.alt_response(304, description=NOT_CHANGED, headers=ETAG)
@bp.response(200, s.MyEventSchema, headers=ETAG)
def show(event_id: UUID) -> ResponseReturnValue:
    """One's own report: where it stands, what comes next, pictures of the result."""
    return answer_unless_seen(resident_view.show(uow(), person_id(), event_id))


@bp.route(f"{_MINE}/files/<uuid:file_id>", methods=["GET"])
@resident
@bp.doc(**file_answers.DOC)
@bp.arguments(SizeQuerySchema, location="query")
def show_file(query: dict[str, Any], event_id: UUID, file_id: UUID) -> Response:
    """What one sent, and the pictures of the result."""
    found = resident_view.served(uow(), person_id(), event_id, file_id, query["size"])
    return file_answers.answer(found)


@bp.route(f"{_MINE}/callers", methods=["POST"])
@resident
@mutation
@bp.arguments(s.MeTooSchema)
@bp.response(201, s.MyEventSchema)
def join(body: dict[str, Any], event_id: UUID) -> dict[str, Any]:
    """Me too: wait for the same event instead of making another."""
    caller = intake.join(
        uow(), event_id, person_id=person_id(), words=body["words"],
        file_ids=tuple(body["file_ids"]),
    )  # fmt: skip
    return resident_view.show(uow(), person_id(), caller.event_id)


@bp.route(f"{_MINE}/cancellations", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ReasonSchema)
@bp.response(201, s.MyEventSchema)
def cancel(body: dict[str, Any], event_id: UUID) -> dict[str, Any]:
    """Take the call back, as long as nobody else waits for it."""
    handling.cancel(uow(), person_id(), event_id, body["reason"])
    return resident_view.show(uow(), person_id(), event_id)


@bp.route(f"{_MINE}/confirmations", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ConfirmSchema)
@bp.response(201, s.MyEventSchema)
def confirm(body: dict[str, Any], event_id: UUID) -> dict[str, Any]:
    """Say whether it is solved."""
    handling.confirm(uow(), person_id(), event_id, body["solved"], body["note"])
    return resident_view.show(uow(), person_id(), event_id)


@bp.route(f"{_MINE}/ratings", methods=["POST"])
@resident
@mutation
@bp.arguments(s.RateEventSchema)
@bp.response(201, s.MyEventSchema)
def rate(body: dict[str, Any], event_id: UUID) -> dict[str, Any]:
    """Judge how it was handled, once."""
    handling.rate(uow(), person_id(), event_id, body["score"], body["comment"])
    return resident_view.show(uow(), person_id(), event_id)


@bp.route(f"{_MINE}/reopenings", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ReasonSchema)
@bp.response(201, s.MyEventSchema)
def reopen(body: dict[str, Any], event_id: UUID) -> dict[str, Any]:
    """It is not solved after all: once, within 15 days."""
    handling.reopen(uow(), person_id(), event_id, body["reason"])
    return resident_view.show(uow(), person_id(), event_id)


@bp.route(f"{_MINE}/notes", methods=["POST"])
@resident
@mutation
@bp.arguments(s.MyNoteSchema)
@bp.response(201, s.MyEventSchema)
def add_note(body: dict[str, Any], event_id: UUID) -> dict[str, Any]:
    """Add words and pictures to one's own call."""
    files = tuple(body["file_ids"])
    handling.note_of_caller(uow(), person_id(), event_id, body["words"], files)
    return resident_view.show(uow(), person_id(), event_id)
