"""Tickets over HTTP for staff: lists, one ticket, taking down, putting right, drafts, help."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from backend.domains.hotline import (
    access,
    desk,
    detail_view,
    drafts,
    intake_reveals,
    photos,
    suggesting,
    writing,
)
from backend.domains.hotline import schemas as s
from backend.domains.hotline import schemas_actions as a
from backend.domains.hotline import schemas_drafts as d
from backend.http import file_answers
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("staff_tickets", "12345热线：工单列表、登记、草稿")
_TICKET = "/staff/tickets/<uuid:ticket_id>"
_DRAFT = "/staff/ticket-drafts/<string(maxlength=80):draft_key>"


def staff_id() -> UUID:
    """The signed-in member of staff."""
    return access.by_id(principal())


def answer(ticket_id: UUID, status: int = 200) -> ResponseReturnValue:
    """The ticket with its ETag; whoever just gave it away sees it once more."""
    ticket = access.locked(uow(), ticket_id) if status != 200 else None
    found = (
        detail_view.shown(uow(), access.Viewer(uow(), principal(), ticket))
        if ticket
        else detail_view.show(uow(), principal(), ticket_id)
    )
    return found, status, {"ETag": f'"{found["version"]}"'}


@bp.route("/staff/tickets", methods=["GET"])
@staff()
@bp.arguments(s.TicketListQuerySchema, location="query")
@bp.response(200, s.TicketPageSchema)
def list_tickets(query: dict[str, Any]) -> dict[str, Any]:
    """The tickets within reach, the newest first."""
    return desk.page(uow(), principal(), query)


@bp.route("/staff/tickets", methods=["POST"])
@staff("tickets.intake")
@mutation
@bp.arguments(a.TakeTicketSchema)
@bp.response(201, s.TicketDetailSchema, headers=ETAG)
def take(body: dict[str, Any]) -> ResponseReturnValue:
    """Take down what a caller says; the draft it came from is gone with it."""
    return answer(writing.take(uow(), principal(), body).id, 201)


@bp.route(_TICKET, methods=["GET"])
@staff()
@bp.response(200, s.TicketDetailSchema, headers=ETAG)
def show(ticket_id: UUID) -> ResponseReturnValue:
    """One ticket with everything about it and what one may do; the ETag is for an edit."""
    return answer(ticket_id)


@bp.route(_TICKET, methods=["PUT"])
@staff()
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(a.EditTicketSchema)
@bp.response(200, s.TicketDetailSchema, headers=ETAG)
def edit(body: dict[str, Any], ticket_id: UUID) -> ResponseReturnValue:
    """Put right what was taken down; only what is sent changes. Needs If-Match."""
    if_match = request.headers.get("If-Match")
    writing.edit(uow(), principal(), ticket_id, body, if_match)
    return answer(ticket_id)


@bp.route(f"{_TICKET}/files/<uuid:file_id>", methods=["GET"])
@staff()
@bp.doc(**file_answers.PHOTO_DOC)
@bp.arguments(s.TicketFileQuerySchema, location="query")
def show_file(query: dict[str, Any], ticket_id: UUID, file_id: UUID) -> Response:
    """A picture of the matter."""
    found = photos.for_staff(uow(), principal(), ticket_id, file_id, query["size"])
    return file_answers.answer(found)


@bp.route(f"{_TICKET}/reveals", methods=["POST"])
@staff()
@mutation
@bp.arguments(a.RevealTicketSchema)
@bp.response(200, a.RevealedCallerSchema)
def reveal(body: dict[str, Any], ticket_id: UUID) -> dict[str, str]:
    """The caller's name or phone in full; who looked and why is kept."""
    return {"value": intake_reveals.reveal(uow(), principal(), ticket_id, **body)}


@bp.route("/staff/ticket-suggestions", methods=["POST"])
@staff("tickets.view")
@mutation(replay=False)
@bp.arguments(a.SuggestTicketSchema)
@bp.response(200, a.TicketSuggestionsSchema)
def suggest(body: dict[str, Any]) -> dict[str, Any]:
    """What helps while the caller speaks: categories, units, danger, repeats, events nearby."""
    return suggesting.suggest(uow(), staff_id(), body)


@bp.route("/staff/ticket-drafts", methods=["GET"])
@staff("tickets.view")
@bp.response(200, d.TicketDraftListSchema)
def list_drafts() -> dict[str, Any]:
    """One's own drafts, the latest first."""
    return {"items": drafts.listed(uow(), staff_id())}


@bp.route(_DRAFT, methods=["GET"])
@staff()
@bp.response(200, d.TicketDraftSchema)
def show_draft(draft_key: str) -> dict[str, Any]:
    """One's own draft; of version 0 and empty before the first is kept."""
    return drafts.read(uow(), staff_id(), draft_key)


@bp.route(_DRAFT, methods=["PUT"])
@staff()
@mutation(replay=False)
@bp.arguments(d.SaveTicketDraftSchema)
@bp.response(200, d.TicketDraftSchema)
def save_draft(body: dict[str, Any], draft_key: str) -> dict[str, Any]:
    """Keep what was typed. 409 `draft_changed` carries the other window's text in `current`."""
    return drafts.save(uow(), staff_id(), draft_key, body["body"], body["version"])


@bp.route(_DRAFT, methods=["DELETE"])
@staff()
@mutation(replay=False)
@bp.response(204)
def drop_draft(draft_key: str) -> None:
    """Throw a draft away."""
    drafts.discard(uow(), staff_id(), draft_key)
