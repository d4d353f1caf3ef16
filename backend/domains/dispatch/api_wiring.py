"""How the HTTP side of dispatch joins the application."""

from flask_smorest import Blueprint

from backend.domains.dispatch import (
    live,
    live_routes,
    progress_view,
    public_routes,
    report_routes,
    resident_routes,
    settings_routes,
    speech,
    staff_routes,
    worker_routes,
)
from backend.domains.progress.service import register_presenter
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """The live feed, voice notes, and calls on the progress page."""
    live.wire(services)
    speech.wire(services)
    register_presenter(services, "event", progress_view.matters)


def blueprints() -> list[Blueprint]:
    """The routes in the order the API page shows them: residents, workers, staff."""
    return [
        public_routes.bp,
        resident_routes.bp,
        worker_routes.bp,
        staff_routes.bp,
        live_routes.bp,
        settings_routes.bp,
        report_routes.bp,
    ]
