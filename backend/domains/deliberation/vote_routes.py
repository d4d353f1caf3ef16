"""Votes over HTTP: the page, casting, receipts, result, bundle, checkpoints."""

import base64
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from backend.domains.deliberation import ballot_casting, vote_bundle, vote_log, vote_view
from backend.domains.deliberation import vote_moves as moves
from backend.domains.deliberation import vote_schemas as s
from backend.domains.deliberation.ballot_keys import keys_of
from backend.domains.deliberation.vote_rules import Answer
from backend.http.blueprint import blueprint
from backend.http.context import principal, services, uow
from backend.http.guards import public, resident
from backend.http.mutation import mutation

bp = blueprint("votes", "居民表决：投票、回执、结果和核对材料")
_VOTE = "/votes/<uuid:vote_id>"
_ZIP: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The published bundle",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


def _person() -> UUID | None:
    actor = principal().actor
    return actor.id if actor.kind == "person" else None


def _own_id() -> UUID:
    found = _person()
    assert found is not None
    return found


@bp.route(_VOTE, methods=["GET"])
@public
@bp.response(200, s.VotePageSchema)
def show_vote(vote_id: UUID) -> dict[str, Any]:
    """What is asked, under which rule, who took part so far, and one's own seats."""
    return vote_view.page(uow(), vote_id, _person())


@bp.route(f"{_VOTE}/ballots", methods=["POST"])
@resident(verified=True)
@mutation(replay=False)
@bp.arguments(s.CastBallotSchema)
@bp.response(201, s.CastSchema)
def cast_ballot(body: dict[str, Any], vote_id: UUID) -> ResponseReturnValue:
    """Cast the ballot of one seat; the same ballot again is answered with its receipt."""
    answer = Answer(body["choice"], body["nonce"])
    found = ballot_casting.cast(uow(), _own_id(), vote_id, body["entry_id"], answer)
    return asdict(found), 200 if found.repeated else 201


@bp.route(f"{_VOTE}/my-receipts", methods=["GET"])
@resident
@bp.response(200, s.VoteReceiptsSchema)
def show_receipts(vote_id: UUID) -> dict[str, Any]:
    """The receipts of one's own seats."""
    return {"items": vote_view.receipts(uow(), vote_id, _own_id())}


@bp.route(f"{_VOTE}/roll-proof", methods=["GET"])
@resident
@bp.response(200, s.RollProofsSchema)
def show_roll_proof(vote_id: UUID) -> dict[str, Any]:
    """That one's own seats are on the frozen roll."""
    return {"items": vote_view.roll_proof(uow(), vote_id, _own_id())}


@bp.route(f"{_VOTE}/result", methods=["GET"])
@public
@bp.response(200, s.VoteResultPageSchema)
def show_result(vote_id: UUID) -> dict[str, Any]:
    """The published result; before the end there is none for anybody."""
    return vote_view.result(uow(), vote_id)


@bp.route(f"{_VOTE}/checkpoints", methods=["GET"])
@public
@bp.response(200, s.VoteCheckpointsSchema)
def show_checkpoints(vote_id: UUID) -> dict[str, Any]:
    """The signed checkpoints so far; whoever keeps one can find later rewriting."""
    moves.get(uow(), vote_id)
    key = base64.b64encode(keys_of(services()).public_key).decode()
    return {"items": vote_log.checkpoints(uow(), vote_id), "key": key}


@bp.route(f"{_VOTE}/bundle", methods=["GET"])
@public
@bp.doc(**_ZIP)
def download_bundle(vote_id: UUID) -> Response:
    """Everything that is needed to check the vote, with the separate program `verifier`."""
    body = vote_bundle.published(uow(), moves.get(uow(), vote_id))
    return _download(body, f"vote-{vote_id}.zip")


@bp.route("/verifier", methods=["GET"])
@public
@bp.doc(**_ZIP)
def download_verifier() -> Response:
    """The program that checks a bundle, with instructions; it shares no code with the platform."""
    return _download(vote_bundle.verifier(), "verifier.zip")


def _download(body: bytes, name: str) -> Response:
    sent = Response(body, mimetype="application/zip")
    sent.headers["Content-Disposition"] = f"attachment; filename={name}"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    return sent
