"""How the hotline joins the application: its deadlines, and what the HTTP side brings."""

from flask import Blueprint as PlainBlueprint
from flask_smorest import Blueprint

from backend.domains.hotline import api_wiring, deadlines, figures_wiring
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Tell the timers what becomes due here."""
    deadlines.register(services.timers)
    api_wiring.wire(services)
    figures_wiring.wire(services)


def blueprints() -> list[Blueprint]:
    """The routes for residents, staff and telephone systems."""
    return [*api_wiring.blueprints(), *figures_wiring.blueprints()]


def plain_blueprints() -> list[PlainBlueprint]:
    """The door of telephone systems, outside /api/v1."""
    return api_wiring.plain_blueprints()
