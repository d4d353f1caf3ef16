"""How the hotline joins the application: its deadlines, and what the HTTP side brings."""

from flask_smorest import Blueprint

from backend.domains.hotline import deadlines
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Tell the timers what becomes due here."""
    deadlines.register(services.timers)


def blueprints() -> list[Blueprint]:
    """The routes for residents, staff and telephone systems."""
    return []
