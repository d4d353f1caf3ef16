"""The register over HTTP, for residents: communities, homes, transfers, proxies."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.domains.community import (
    attachments,
    claiming,
    file_answers,
    proxies,
    resident_view,
    transfers,
)
from backend.domains.community import schemas as s
from backend.domains.community.parties import Named
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import resident
from backend.http.mutation import mutation

bp = blueprint("homes", "社区议事：我的住处、过户、委托")


def person_id() -> UUID:
    """The signed-in resident (the guards make sure there is one)."""
    found = principal().actor.id
    assert found is not None
    return found


@bp.route("/communities", methods=["GET"])
@resident
@bp.arguments(s.CommunityQuerySchema, location="query")
@bp.response(200, s.HousingCommunityListSchema)
def list_communities(query: dict[str, Any]) -> dict[str, Any]:
    """Estates and villages by name or address, at most 50."""
    return {"items": resident_view.communities(uow(), query["q"])}


@bp.route("/communities/<uuid:community_id>", methods=["GET"])
@resident
@bp.response(200, s.HousingPlaceSchema)
def show_community(community_id: UUID) -> dict[str, Any]:
    """One community with its buildings and entrances."""
    return resident_view.place(uow(), community_id)


@bp.route("/communities/<uuid:community_id>/rooms", methods=["GET"])
@resident(verified=True)
@bp.arguments(s.RoomLabelQuerySchema, location="query")
@bp.response(200, s.RoomLabelListSchema)
def list_labels(query: dict[str, Any], community_id: UUID) -> dict[str, Any]:
    """The homes of an entrance by label, to choose one's own; nothing of who lives there."""
    return {"items": resident_view.labels(uow(), community_id, query["entrance_id"])}


@bp.route("/homes", methods=["GET"])
@resident
@bp.response(200, s.HomeListSchema)
def list_homes() -> dict[str, Any]:
    """One's own homes."""
    return {"items": resident_view.homes(uow(), person_id())}


@bp.route("/homes", methods=["POST"])
@resident(verified=True)
@mutation
@bp.arguments(s.ClaimHomeSchema)
@bp.response(201, s.HomeSchema)
def claim_home(body: dict[str, Any]) -> dict[str, Any]:
    """Say which home is one's own; the community's staff confirm it."""
    told = claiming.Claim(body["room_id"], body["relation"], body["words"], tuple(body["file_ids"]))
    row = claiming.claim(uow(), person_id(), told)
    return resident_view.home(uow(), person_id(), row)


@bp.route("/homes/<uuid:home_id>", methods=["GET"])
@resident
@bp.response(200, s.HomeSchema)
def show_home(home_id: UUID) -> dict[str, Any]:
    """One's own home."""
    row = claiming.own(uow(), person_id(), home_id)
    return resident_view.home(uow(), person_id(), row)


@bp.route("/homes/<uuid:home_id>", methods=["DELETE"])
@resident
@mutation
@bp.response(204)
def leave_home(home_id: UUID) -> None:
    """Take a claim back, or say that one no longer belongs to the home."""
    claiming.leave(uow(), person_id(), home_id)


@bp.route("/homes/<uuid:home_id>/transfers", methods=["POST"])
@resident(verified=True)
@mutation
@bp.arguments(s.AskTransferSchema)
@bp.response(201, s.HomeTransferSchema)
def ask_transfer(body: dict[str, Any], home_id: UUID) -> dict[str, Any]:
    """The home was bought or sold: send the papers, the staff compare them."""
    row = transfers.request(uow(), person_id(), home_id, wish_of(body))
    return resident_view.transfer(uow(), row)


def wish_of(body: dict[str, Any]) -> transfers.Wish:
    """What a transfer's body says."""
    owners = tuple(
        Named(one["kind"], one["name"], one["id_number"], one["phone"]) for one in body["owners"]
    )
    return transfers.Wish(
        owners, body.get("with_me", False), body["words"], tuple(body["file_ids"])
    )


@bp.route("/home-transfers/<uuid:transfer_id>", methods=["DELETE"])
@resident
@mutation
@bp.response(204)
def withdraw_transfer(transfer_id: UUID) -> None:
    """Take one's own transfer back before it is decided."""
    transfers.withdraw(uow(), person_id(), transfer_id)


@bp.route("/proxies", methods=["GET"])
@resident
@bp.response(200, s.ProxyListSchema)
def list_proxies() -> dict[str, Any]:
    """Proxies one gave or holds."""
    return {"items": resident_view.own_proxies(uow(), person_id())}


@bp.route("/proxies", methods=["POST"])
@resident(verified=True)
@mutation
@bp.arguments(s.GiveProxySchema)
@bp.response(201, s.ProxySchema)
def give_proxy(body: dict[str, Any]) -> dict[str, Any]:
    """Let somebody else vote; in force at once, to be taken back at any time."""
    row = proxies.give(uow(), person_id(), body["home_id"], body["as_"], proxy_of(body))
    return resident_view.proxy_list(uow(), person_id(), [row])[0]


def proxy_of(body: dict[str, Any]) -> proxies.Wish:
    """What a proxy's body says."""
    return proxies.Wish(
        body["holder_name"], body["holder_phone"], body["topic_id"], body["until"],
        tuple(body["file_ids"]),
    )  # fmt: skip


@bp.route("/proxies/<uuid:proxy_id>", methods=["DELETE"])
@resident
@mutation
@bp.response(204)
def revoke_proxy(proxy_id: UUID) -> None:
    """Take a proxy back, or give it back."""
    proxies.revoke(uow(), person_id(), proxy_id)


@bp.route("/home-files", methods=["POST"])
@resident(verified=True)
@mutation
@bp.arguments(s.HomeUploadSchema, location="upload")
@bp.response(201, s.HomeFileSchema)
def upload_paper(form: dict[str, Any]) -> dict[str, Any]:
    """Upload a picture of a paper, to be named in a claim, a transfer or a proxy."""
    return attachments.upload(uow(), form["file"].stream, attachments.RESIDENT_FILES)


@bp.route("/home-files/<uuid:paper_id>", methods=["GET"])
@resident
@bp.doc(**file_answers.DOC)
@bp.arguments(s.HomeFileSizeSchema, location="query")
def show_paper(query: dict[str, Any], paper_id: UUID) -> Response:
    """A picture one has uploaded, or one of a written proxy that concerns oneself."""
    return file_answers.answer(resident_view.paper(uow(), person_id(), paper_id, query["size"]))
