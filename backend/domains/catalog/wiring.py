"""How the catalogue joins the application."""

from flask_smorest import Blueprint

from backend.domains.catalog import answer_source, routes, staff_routes
from backend.domains.catalog.events import ItemPublished
from backend.domains.catalog.live_index import LiveIndex, embed_missing
from backend.domains.retrieval import ports as retrieval
from backend.kernel.services import Services

EMBED_EVERY_SECONDS = 10


def wire(services: Services) -> None:
    """Give this process its index, and its worker the embedding of new items."""
    services.extensions["catalog_index"] = LiveIndex(services)
    services.extensions["catalog_embedder"] = lambda: embed_missing(services)
    retrieval.register_source(services, answer_source.KIND, answer_source.Items())
    retrieval.register_words(services, answer_source.everyday_words())
    services.events.subscribe(ItemPublished, answer_source.published)
    services.upkeep.add("catalog vectors", EMBED_EVERY_SECONDS, embed_missing)


def blueprints() -> list[Blueprint]:
    """The routes of the catalogue."""
    return [routes.bp, staff_routes.bp]
