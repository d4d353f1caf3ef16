"""How patrols join the application."""

from flask_smorest import Blueprint

from backend.domains.patrols import service, staff_routes, worker_routes
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Let forgotten patrols lapse, and forget old tracks."""
    services.upkeep.add("forgotten patrols", 900, service.lapse_forgotten)
    services.upkeep.add("old tracks", 24 * 3600, service.forget_tracks)


def blueprints() -> list[Blueprint]:
    """The routes of workers and of staff."""
    return [worker_routes.bp, staff_routes.bp]
