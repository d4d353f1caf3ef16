"""Votes over HTTP for staff: preparing, opening, paper ballots, audit, certificates."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from backend.domains.deliberation import (
    ballot_papers,
    vote_annulling,
    vote_documents,
    vote_opening,
    vote_preparing,
    vote_staff_view,
)
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation import vote_schemas as s
from backend.domains.deliberation.ballot_papers import Sheet
from backend.domains.deliberation.vote_model import RollEntry
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("staff_votes", "居民表决：准备、开始、纸质票、监票")
_VOTE = "/staff/votes/<uuid:vote_id>"
_HTML: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "A page to print",
            "content": {"text/html": {"schema": {"type": "string"}}},
        }
    }
}
Body = dict[str, Any]


def _answer(vote_id: UUID, status: int = 200) -> ResponseReturnValue:
    found = vote_staff_view.detail(uow(), principal(), vote_id)
    return found, status, {"ETag": f'"{found["version"]}"'}


def _seen() -> int:
    tag = (request.headers.get("If-Match") or "").strip().removeprefix("W/").strip('"')
    if not tag.isascii() or not tag.isdigit() or len(tag) > 9:
        raise moves.stale()
    return int(tag)


@bp.route("/staff/topics/<uuid:topic_id>/votes", methods=["POST"])
@staff(vote_preparing.MANAGE)
@mutation
@bp.arguments(s.PrepareVoteSchema)
@bp.response(201, s.VoteDetailSchema, headers=ETAG)
def prepare_vote(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Prepare a vote on the topic's noticed draft."""
    vote = vote_preparing.prepare(uow(), principal(), topic_id, body["days"])
    return _answer(vote.id, 201)


@bp.route(_VOTE, methods=["GET"])
@staff(vote_staff_view.VIEW)
@bp.response(200, s.VoteDetailSchema, headers=ETAG)
def show_vote(vote_id: UUID) -> ResponseReturnValue:
    """One vote, without any result before its end."""
    return _answer(vote_id)


@bp.route(_VOTE, methods=["PUT"])
@staff(vote_preparing.MANAGE)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.PrepareVoteSchema)
@bp.response(200, s.VoteDetailSchema, headers=ETAG)
def edit_vote(body: Body, vote_id: UUID) -> ResponseReturnValue:
    """Take the topic's draft over anew and change how long it is open, before it opens."""
    vote_preparing.edit(uow(), principal(), vote_id, body["days"], _seen())
    return _answer(vote_id)


@bp.route(f"{_VOTE}/openings", methods=["POST"])
@staff(vote_preparing.MANAGE)
@mutation
@bp.arguments(s.VoteNothingSchema)
@bp.response(200, s.VoteDetailSchema, headers=ETAG)
def open_vote(body: Body, vote_id: UUID) -> ResponseReturnValue:
    """Freeze the roll and open the vote."""
    vote_opening.open_vote(uow(), principal(), vote_id)
    return _answer(vote_id)


@bp.route(f"{_VOTE}/cancellations", methods=["POST"])
@staff(vote_preparing.MANAGE)
@mutation
@bp.arguments(s.VoteReasonSchema)
@bp.response(200, s.VoteDetailSchema, headers=ETAG)
def cancel_vote(body: Body, vote_id: UUID) -> ResponseReturnValue:
    """Give a prepared vote up."""
    vote_preparing.cancel(uow(), principal(), vote_id, body["reason"])
    return _answer(vote_id)


@bp.route(f"{_VOTE}/annulments", methods=["POST"])
@staff(vote_preparing.DECIDE)
@mutation
@bp.arguments(s.VoteReasonSchema)
@bp.response(200, s.VoteDetailSchema, headers=ETAG)
def stop_vote(body: Body, vote_id: UUID) -> ResponseReturnValue:
    """The street stops a running vote; what was cast is never opened."""
    vote_annulling.stop(uow(), principal(), vote_id, body["reason"])
    return _answer(vote_id)


@bp.route(f"{_VOTE}/roll", methods=["GET"])
@staff(vote_preparing.PAPER)
@bp.response(200, s.RollSeatsSchema)
def show_roll(vote_id: UUID) -> dict[str, Any]:
    """The seats of an open vote by room, for paper ballots."""
    return {"items": vote_staff_view.roll(uow(), principal(), vote_id)}


@bp.route(f"{_VOTE}/paper-ballots", methods=["GET"])
@staff(vote_preparing.PAPER)
@bp.response(200, s.PaperSheetsSchema)
def list_papers(vote_id: UUID) -> dict[str, Any]:
    """The sheets and where each stands; never what is on them."""
    return {"items": vote_staff_view.papers(uow(), principal(), vote_id)}


def _sheet(row: Any) -> dict[str, Any]:
    entry = uow().session.get_one(RollEntry, row.entry_id)
    return vote_staff_view.sheet(uow(), principal(), row, entry)


@bp.route(f"{_VOTE}/paper-ballots", methods=["POST"])
@staff(vote_preparing.PAPER)
@mutation(replay=False)
@bp.arguments(s.PaperBallotSchema)
@bp.response(200, s.PaperSheetSchema)
def enter_paper(body: Body, vote_id: UUID) -> dict[str, Any]:
    """Read a sheet for the first time; one that comes too late is kept as void."""
    put = Sheet(body["sheet"], body["entry_id"], body["choice"])
    return _sheet(ballot_papers.enter(uow(), principal(), vote_id, put))


@bp.route(f"{_VOTE}/second-entries", methods=["POST"])
@staff(vote_preparing.PAPER)
@mutation(replay=False)
@bp.arguments(s.PaperSecondSchema)
@bp.response(200, s.PaperSheetSchema)
def read_again(body: Body, vote_id: UUID) -> dict[str, Any]:
    """Read a sheet for the second or third time, by another person."""
    row = ballot_papers.second(uow(), principal(), vote_id, body["sheet"], body["choice"])
    return _sheet(row)


@bp.route(f"{_VOTE}/paper-voids", methods=["POST"])
@staff(vote_preparing.PAPER)
@mutation
@bp.arguments(s.PaperVoidSchema)
@bp.response(200, s.PaperSheetSchema)
def void_paper(body: Body, vote_id: UUID) -> dict[str, Any]:
    """A sheet that does not count; its seat may vote in another way."""
    row = ballot_papers.void(uow(), principal(), vote_id, body["sheet"], body["reason"])
    return _sheet(row)


@bp.route(f"{_VOTE}/ballots", methods=["GET"])
@staff(vote_preparing.AUDIT)
@bp.response(200, s.AuditBallotsSchema)
def audit_ballots(vote_id: UUID) -> dict[str, Any]:
    """Open ballots by room and area, after the end."""
    return {"items": vote_staff_view.ballots(uow(), principal(), vote_id)}


@bp.route(f"{_VOTE}/recounts", methods=["POST"])
@staff(vote_preparing.AUDIT)
@mutation
@bp.arguments(s.VoteNothingSchema)
@bp.response(200, s.RecountSchema)
def recount(body: Body, vote_id: UUID) -> dict[str, Any]:
    """Check the vote against its checkpoints and count it again."""
    return vote_staff_view.recount(uow(), principal(), vote_id)


@bp.route(f"{_VOTE}/certificate", methods=["GET"])
@staff(vote_staff_view.VIEW)
@bp.doc(**_HTML)
def certificate(vote_id: UUID) -> Response:
    """The certificate of the result, to print."""
    return vote_documents.certificate(uow(), principal(), vote_id)


@bp.route(f"{_VOTE}/hand-over", methods=["GET"])
@staff(vote_staff_view.VIEW)
@bp.doc(**_HTML)
def hand_over(vote_id: UUID) -> Response:
    """What a passed lift vote hands over to the parallel approval, to print."""
    return vote_documents.hand_over(uow(), principal(), vote_id)
