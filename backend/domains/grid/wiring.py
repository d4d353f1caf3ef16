"""How the grid joins the application."""

from flask_smorest import Blueprint

from backend.domains.grid import index
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Give this process its areas."""
    index.wire(services)


def blueprints() -> list[Blueprint]:
    """The routes of the grid."""
    return []
