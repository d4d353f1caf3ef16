"""How the hotline's figures and precedents join the application."""

from flask_smorest import Blueprint

from backend.domains.hotline import figures_routes, precedents, public_routes
from backend.domains.retrieval.ports import register_source
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Let closed tickets that ended well be found as precedents, from their end on."""
    register_source(services, precedents.KIND, precedents.Precedents())
    precedents.subscribe(services.events)


def blueprints() -> list[Blueprint]:
    """The routes in the order the API page shows them."""
    return [public_routes.bp, figures_routes.bp]
