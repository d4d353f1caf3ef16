"""How the knowledge base joins the application."""

from flask_smorest import Blueprint

from backend.domains.knowledge import (
    corrections,
    desk_routes,
    living,
    misses,
    public_routes,
    staff_routes,
)
from backend.domains.knowledge.indexing import KIND, LiveArticles
from backend.domains.retrieval import ports as retrieval
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Tell timers, the search and upkeep what they can ask here."""
    living.register(services.timers)
    corrections.register(services.timers)
    retrieval.register_source(services, KIND, LiveArticles())
    services.upkeep.add("search misses", 86400, misses.purge)


def blueprints() -> list[Blueprint]:
    """The routes for residents and staff."""
    return [public_routes.bp, staff_routes.bp, desk_routes.bp]
