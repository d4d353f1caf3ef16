"""How insight joins the application."""

from flask_smorest import Blueprint

from backend.domains.insight import finding, staff_routes
from backend.kernel.services import Services

LOOK_EVERY_SECONDS = 60


def wire(services: Services) -> None:
    """Give the worker the daily finding of hot issues."""
    services.upkeep.add("hot issues", LOOK_EVERY_SECONDS, finding.run_if_due)


def blueprints() -> list[Blueprint]:
    """The routes of insight."""
    return [staff_routes.bp]
