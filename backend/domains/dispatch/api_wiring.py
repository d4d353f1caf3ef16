"""How the HTTP side of dispatch joins the application."""

from flask_smorest import Blueprint

from backend.domains.dispatch import (
    file_data,
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
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.progress.service import register_presenter
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """The live feed, voice notes, people's own uploads, and calls on the progress page."""
    live.wire(services)
    speech.wire(services)
    register_presenter(services, "event", progress_view.matters)
    identity.register_exporter("event_files", file_data.export)
    services.events.subscribe(PersonClosed, file_data.forget)
    services.events.subscribe(PersonMerged, file_data.move)


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
