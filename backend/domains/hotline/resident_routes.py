"""A resident's own tickets over HTTP."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from backend.domains.hotline import (
    asking,
    callback,
    closing,
    photos,
    resident_view,
    urging,
)
from backend.domains.hotline import schemas_resident as s
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.schemas import TicketFileQuerySchema
from backend.http import file_answers
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_NONE_MATCH, NOT_CHANGED, answer_unless_seen
from backend.http.context import principal, session, uow
from backend.http.guards import resident
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("tickets", "12345热线：我的诉求")
_MINE = "/tickets/<uuid:ticket_id>"


def person_id() -> UUID:
    """The signed-in resident (the guards make sure there is one)."""
    found = principal().actor.id
    assert found is not None
    return found


@bp.route("/tickets", methods=["POST"])
@resident
@mutation
@bp.arguments(s.FileTicketSchema)
@bp.response(201, s.MyTicketSchema)
def file(body: dict[str, Any]) -> dict[str, Any]:
    """Tell the hotline."""
    ticket = asking.file(uow(), person_id(), principal().channel, body)
    return resident_view.show(uow(), person_id(), ticket.id)


@bp.route("/tickets", methods=["GET"])
@resident
@bp.arguments(s.MyTicketQuerySchema, location="query")
@bp.response(200, s.MyTicketPageSchema)
def list_mine(query: dict[str, Any]) -> dict[str, Any]:
    """One's own tickets and questions, the latest first."""
    rows, following = paginate(
        session(),
        resident_view.query_mine(person_id(), query["open"]),
        [Ticket.created_at, Ticket.id],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {"items": resident_view.cards(uow(), rows), "next_cursor": following}


@bp.route(_MINE, methods=["GET"])
@resident
@bp.doc(parameters=[IF_NONE_MATCH])
@bp.alt_response(304, description=NOT_CHANGED, headers=ETAG)
@bp.response(200, s.MyTicketSchema, headers=ETAG)
def show(ticket_id: UUID) -> ResponseReturnValue:
    """One's own ticket: where it stands, what comes next, the answer."""
    return answer_unless_seen(resident_view.show(uow(), person_id(), ticket_id))


@bp.route(f"{_MINE}/files/<uuid:file_id>", methods=["GET"])
@resident
@bp.doc(**file_answers.PHOTO_DOC)
@bp.arguments(TicketFileQuerySchema, location="query")
def show_file(query: dict[str, Any], ticket_id: UUID, file_id: UUID) -> Response:
    """A picture one has sent with it."""
    found = photos.for_caller(uow(), person_id(), ticket_id, file_id, query["size"])
    return file_answers.answer(found)


@bp.route(f"{_MINE}/urges", methods=["POST"])
@resident
@mutation
@bp.arguments(s.UrgeMineSchema)
@bp.response(201, s.MyTicketSchema)
def urge(body: dict[str, Any], ticket_id: UUID) -> dict[str, Any]:
    """Ask how far it is, once a day."""
    urging.urge_of_caller(uow(), person_id(), ticket_id, body["words"])
    return resident_view.show(uow(), person_id(), ticket_id)


@bp.route(f"{_MINE}/ratings", methods=["POST"])
@resident
@mutation
@bp.arguments(s.RateTicketSchema)
@bp.response(201, s.MyTicketSchema)
def rate(body: dict[str, Any], ticket_id: UUID) -> dict[str, Any]:
    """Say whether it is solved and how it was; nobody has to call then."""
    callback.rate(
        uow(), person_id(), ticket_id, body["solved"], body["satisfied"], words=body["comment"]
    )
    return resident_view.show(uow(), person_id(), ticket_id)


@bp.route(f"{_MINE}/notes", methods=["POST"])
@resident
@mutation
@bp.arguments(s.AddWordsSchema)
@bp.response(201, s.MyTicketSchema)
def add_note(body: dict[str, Any], ticket_id: UUID) -> dict[str, Any]:
    """Add something to one's own ticket."""
    urging.note_of_caller(uow(), person_id(), ticket_id, body["words"], body["file_ids"])
    return resident_view.show(uow(), person_id(), ticket_id)


@bp.route(f"{_MINE}/cancellations", methods=["POST"])
@resident
@mutation
@bp.arguments(s.TakeBackSchema)
@bp.response(201, s.MyTicketSchema)
def cancel(body: dict[str, Any], ticket_id: UUID) -> dict[str, Any]:
    """Take it back before a unit has it."""
    closing.cancel(uow(), person_id(), ticket_id)
    return resident_view.show(uow(), person_id(), ticket_id)
