"""Item editing over HTTP."""

from typing import Any
from uuid import UUID

from flask import request

from backend.domains.catalog import editing
from backend.domains.catalog.staff_schemas import (
    ItemDraftSchema,
    ItemVersionDetailSchema,
    ItemVersionListSchema,
    NewItemSchema,
    StaffItemPageSchema,
    StaffItemQuerySchema,
    StaffItemSchema,
)
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation

bp = blueprint("catalog_staff", "事项编辑：草稿、版本、发布")
Answer = tuple[dict[str, Any], int, dict[str, str]]


def _with_etag(item: dict[str, Any], status: int = 200) -> Answer:
    return item, status, {"ETag": f'"{item["etag"]}"'}


@bp.route("/staff/items", methods=["GET"])
@staff()
@bp.arguments(StaffItemQuerySchema, location="query")
@bp.response(200, StaffItemPageSchema)
def items(query: dict[str, Any]) -> dict[str, Any]:
    """Items of the own department (or all, for those who watch over all)."""
    return editing.listing(
        uow(),
        principal(),
        words=query["q"],
        state=query["state"],
        limit=query["limit"],
        cursor=query["cursor"],
    )


@bp.route("/staff/items/<uuid:item_id>", methods=["GET"])
@staff()
@bp.response(200, StaffItemSchema, headers=ETAG)
def item(item_id: UUID) -> Answer:
    """One item with its draft; the ETag is what the next save must name in If-Match."""
    return _with_etag(editing.detail(uow(), principal(), item_id))


@bp.route("/staff/items", methods=["POST"])
@staff(editing.EDIT)
@mutation
@bp.arguments(NewItemSchema)
@bp.response(201, StaffItemSchema, headers=ETAG)
def create(body: dict[str, Any]) -> Answer:
    """Make an item with its first draft."""
    return _with_etag(editing.create(uow(), principal(), body), 201)


@bp.route("/staff/items/<uuid:item_id>/draft", methods=["PUT"])
@staff(editing.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(ItemDraftSchema)
@bp.response(200, StaffItemSchema, headers=ETAG)
def save(body: dict[str, Any], item_id: UUID) -> Answer:
    """Save the draft; the live version stays as it is. Needs If-Match."""
    if_match = request.headers.get("If-Match")
    return _with_etag(editing.save(uow(), principal(), item_id, body["content"], if_match))


@bp.route("/staff/items/<uuid:item_id>/publications", methods=["POST"])
@staff(editing.PUBLISH)
@mutation
@bp.response(200, StaffItemSchema, headers=ETAG)
def publish(item_id: UUID) -> Answer:
    """Publish the draft; 422 lists every cross-check it fails."""
    return _with_etag(editing.publish(uow(), principal(), item_id))


@bp.route("/staff/items/<uuid:item_id>/versions", methods=["GET"])
@staff()
@bp.response(200, ItemVersionListSchema)
def versions(item_id: UUID) -> dict[str, Any]:
    """All versions, newest first."""
    return {"items": editing.versions(uow(), principal(), item_id)}


@bp.route("/staff/items/<uuid:item_id>/versions/<int:number>", methods=["GET"])
@staff()
@bp.response(200, ItemVersionDetailSchema)
def version(item_id: UUID, number: int) -> dict[str, Any]:
    """One version: content and preview."""
    return editing.version(uow(), principal(), item_id, number)
