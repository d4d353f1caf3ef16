"""Claims, transfers and proxies over HTTP, for the community's staff who decide them."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.domains.community import (
    access,
    attachments,
    confirming,
    editing,
    file_answers,
    papers,
    proxies,
    staff_view,
    transfers,
)
from backend.domains.community import schemas as rs
from backend.domains.community import staff_schemas as s
from backend.domains.community.model import Residence
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.domains.community.routes import proxy_of, wish_of
from backend.http.blueprint import blueprint
from backend.http.context import principal, session, uow
from backend.http.guards import staff
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("register_papers", "社区名册：住处确认、过户、委托书")
_CLAIM = "/staff/home-claims/<uuid:residence_id>"
_TRANSFER = "/staff/home-transfers/<uuid:transfer_id>"
_PROXY = "/staff/proxies/<uuid:proxy_id>"


def _claim(residence_id: UUID) -> dict[str, Any]:
    return staff_view.claims(uow(), [session().get_one(Residence, residence_id)])[0]


def _transfer(transfer_id: UUID) -> dict[str, Any]:
    return staff_view.transfer_rows(uow(), [session().get_one(OwnershipTransfer, transfer_id)])[0]


def _proxy(proxy_id: UUID) -> dict[str, Any]:
    return staff_view.proxy_rows(uow(), [session().get_one(VoteProxy, proxy_id)])[0]


@bp.route("/staff/home-claims", methods=["GET"])
@staff(access.CONFIRM)
@bp.arguments(s.HomeClaimQuerySchema, location="query")
@bp.response(200, s.HomeClaimPageSchema)
def list_claims(query: dict[str, Any]) -> dict[str, Any]:
    """Claims that wait (or homes in another state), the oldest first."""
    rows, following = paginate(
        session(), papers.query_claims(uow(), principal(), query["state"], query["community"]),
        [Residence.claimed_at, Residence.id], limit=query["limit"], cursor=query["cursor"],
        descending=False,
    )  # fmt: skip
    return {"items": staff_view.claims(uow(), rows), "next_cursor": following}


@bp.route(f"{_CLAIM}/confirmations", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RegisterStepSchema)
@bp.response(201, s.HomeClaimSchema)
def confirm_claim(body: dict[str, Any], residence_id: UUID) -> dict[str, Any]:
    """The person belongs to the home; an owner's identity number must match the register."""
    confirming.confirm(uow(), principal(), residence_id, body["version"])
    return _claim(residence_id)


@bp.route(f"{_CLAIM}/refusals", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RegisterReasonSchema)
@bp.response(201, s.HomeClaimSchema)
def refuse_claim(body: dict[str, Any], residence_id: UUID) -> dict[str, Any]:
    """Refuse a claim and say why."""
    confirming.refuse(uow(), principal(), residence_id, body["reason"], body["version"])
    return _claim(residence_id)


@bp.route(f"{_CLAIM}/endings", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RegisterReasonSchema)
@bp.response(201, s.HomeClaimSchema)
def end_home(body: dict[str, Any], residence_id: UUID) -> dict[str, Any]:
    """A confirmed home is over: moved away, or confirmed in error."""
    confirming.end(uow(), principal(), residence_id, body["reason"], body["version"])
    return _claim(residence_id)


@bp.route(f"{_CLAIM}/reveals", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RevealClaimantSchema)
@bp.response(200, s.RevealedRegisterSchema)
def reveal_claimant(body: dict[str, Any], residence_id: UUID) -> dict[str, str]:
    """The claimant's name or phone in full; who looked and why is kept."""
    return {"value": editing.reveal_claimant(uow(), principal(), residence_id, **body)}


@bp.route("/staff/home-transfers", methods=["GET"])
@staff(access.CONFIRM)
@bp.arguments(s.TransferQuerySchema, location="query")
@bp.response(200, s.RegisterTransferPageSchema)
def list_transfers(query: dict[str, Any]) -> dict[str, Any]:
    """Transfers that wait (or in another state), the oldest first."""
    rows, following = paginate(
        session(), papers.query_transfers(uow(), principal(), query["state"], query["community"]),
        [OwnershipTransfer.requested_at, OwnershipTransfer.id], limit=query["limit"],
        cursor=query["cursor"], descending=False,
    )  # fmt: skip
    return {"items": staff_view.transfer_rows(uow(), rows), "next_cursor": following}


@bp.route("/staff/rooms/<uuid:room_id>/transfers", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RecordTransferSchema)
@bp.response(201, s.RegisterTransferSchema)
def record_transfer(body: dict[str, Any], room_id: UUID) -> dict[str, Any]:
    """Take down a transfer brought on paper; it is decided like any other."""
    row = transfers.record(uow(), principal(), room_id, wish_of(body))
    return _transfer(row.id)


@bp.route(f"{_TRANSFER}/confirmations", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RegisterStepSchema)
@bp.response(201, s.RegisterTransferSchema)
def confirm_transfer(body: dict[str, Any], transfer_id: UUID) -> dict[str, Any]:
    """The papers show it: the room is the new owners'. Ballots already cast stand."""
    transfers.confirm(uow(), principal(), transfer_id, body["version"])
    return _transfer(transfer_id)


@bp.route(f"{_TRANSFER}/refusals", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RegisterReasonSchema)
@bp.response(201, s.RegisterTransferSchema)
def refuse_transfer(body: dict[str, Any], transfer_id: UUID) -> dict[str, Any]:
    """The papers do not show it."""
    transfers.refuse(uow(), principal(), transfer_id, body["reason"], body["version"])
    return _transfer(transfer_id)


@bp.route("/staff/proxies", methods=["GET"])
@staff(access.CONFIRM)
@bp.arguments(s.RegisterProxyQuerySchema, location="query")
@bp.response(200, s.RegisterProxyPageSchema)
def list_proxies(query: dict[str, Any]) -> dict[str, Any]:
    """Written proxies that wait (or in another state), the oldest first."""
    rows, following = paginate(
        session(), papers.query_proxies(uow(), principal(), query["state"], query["community"]),
        [VoteProxy.given_at, VoteProxy.id], limit=query["limit"], cursor=query["cursor"],
        descending=False,
    )  # fmt: skip
    return {"items": staff_view.proxy_rows(uow(), rows), "next_cursor": following}


@bp.route("/staff/proxies", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RecordProxySchema)
@bp.response(201, s.RegisterProxySchema)
def record_proxy(body: dict[str, Any]) -> dict[str, Any]:
    """Take down a written proxy with a picture of the paper."""
    row = proxies.record(uow(), principal(), body["room_id"], proxy_of(body))
    return _proxy(row.id)


@bp.route(f"{_PROXY}/confirmations", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RegisterStepSchema)
@bp.response(201, s.RegisterProxySchema)
def confirm_proxy(body: dict[str, Any], proxy_id: UUID) -> dict[str, Any]:
    """The paper is in order: the proxy is in force."""
    proxies.confirm(uow(), principal(), proxy_id, body["version"])
    return _proxy(proxy_id)


@bp.route(f"{_PROXY}/refusals", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(s.RegisterReasonSchema)
@bp.response(201, s.RegisterProxySchema)
def refuse_proxy(body: dict[str, Any], proxy_id: UUID) -> dict[str, Any]:
    """The paper is not in order."""
    proxies.refuse(uow(), principal(), proxy_id, body["reason"], body["version"])
    return _proxy(proxy_id)


@bp.route("/staff/home-files", methods=["POST"])
@staff(access.CONFIRM)
@mutation
@bp.arguments(rs.HomeUploadSchema, location="upload")
@bp.response(201, rs.HomeFileSchema)
def upload_paper(form: dict[str, Any]) -> dict[str, Any]:
    """Upload a picture of a paper that was brought."""
    return attachments.upload(uow(), form["file"].stream, attachments.STAFF_FILES)


@bp.route("/staff/home-files/<uuid:paper_id>", methods=["GET"])
@staff(access.CONFIRM)
@bp.doc(**file_answers.DOC)
@bp.arguments(rs.HomeFileSizeSchema, location="query")
def show_paper(query: dict[str, Any], paper_id: UUID) -> Response:
    """A picture that goes with a claim, transfer or proxy of one's own communities."""
    return file_answers.answer(papers.served(uow(), principal(), paper_id, query["size"]))
