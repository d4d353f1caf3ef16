"""The public catalogue over HTTP."""

from typing import Any
from uuid import UUID

from backend.domains.catalog import reading
from backend.domains.catalog.schemas import (
    CatalogCountListSchema,
    ItemPageSchema,
    ItemQuerySchema,
    ItemSchema,
    ItemSuggestionListSchema,
    ItemSuggestQuerySchema,
    LifeEventListSchema,
    LifeEventSchema,
)
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.guards import public

bp = blueprint("catalog", "办事指南：搜索、分类、办事专题")


@bp.route("/items", methods=["GET"])
@public
@bp.arguments(ItemQuerySchema, location="query")
@bp.response(200, ItemPageSchema)
def items(query: dict[str, Any]) -> dict[str, Any]:
    """Search items in everyday words, or list them by theme, department or life event."""
    keys = ("theme", "department", "life_event", "street")
    filters = reading.Filters(**{key: query[key] for key in keys})
    return reading.search(uow(), query["q"], filters, query["limit"], query["cursor"])


@bp.route("/items/suggest", methods=["GET"])
@public
@bp.arguments(ItemSuggestQuerySchema, location="query")
@bp.response(200, ItemSuggestionListSchema)
def suggest(query: dict[str, Any]) -> dict[str, Any]:
    """Complete what is being typed."""
    return {"items": reading.suggest(uow(), query["q"])}


@bp.route("/items/<uuid:item_id>", methods=["GET"])
@public
@bp.response(200, ItemSchema)
def item(item_id: UUID) -> dict[str, Any]:
    """The published guide of an item."""
    return reading.guide(uow(), item_id)


@bp.route("/themes", methods=["GET"])
@public
@bp.response(200, CatalogCountListSchema)
def themes() -> dict[str, Any]:
    """Themes with the number of their items."""
    return {"items": reading.themes(uow())}


@bp.route("/departments", methods=["GET"])
@public
@bp.response(200, CatalogCountListSchema)
def departments() -> dict[str, Any]:
    """Departments with the number of their items."""
    return {"items": reading.departments(uow())}


@bp.route("/life-events", methods=["GET"])
@public
@bp.response(200, LifeEventListSchema)
def life_events() -> dict[str, Any]:
    """办事专题: what to do around one thing that happens in life."""
    return {"items": reading.life_events(uow())}


@bp.route("/life-events/<string(maxlength=40):code>", methods=["GET"])
@public
@bp.response(200, LifeEventSchema)
def life_event(code: str) -> dict[str, Any]:
    """One life event: its items in the order in which they can be done."""
    return reading.life_event(uow(), code)
