"""How the grid joins the application."""

from flask_smorest import Blueprint

from backend.domains.grid import index, roster_routes, routes, staff_routes
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Give this process its areas."""
    index.wire(services)


def blueprints() -> list[Blueprint]:
    """The map for everybody, the editor, the rosters."""
    return [routes.bp, staff_routes.bp, roster_routes.bp]
