"""How community life joins the application: deadlines, content checks, people's own data."""

from flask_smorest import Blueprint

from backend.domains.content.events import ContentDecided
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.neighbourhood import (
    care_routes,
    deadlines,
    forgetting,
    own_data,
    ports,
    resource_routes,
    routes,
    staff_care_routes,
    staff_routes,
    texts,
)
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Tell timers, content checks and identity what they can ask here."""
    ports.register_membership(services, ports.Register())
    deadlines.register(services.timers)
    identity.register_exporter("neighbourhood", own_data.export)
    identity.register_open_matters("neighbourhood", own_data.open_matters)
    services.events.subscribe(PersonClosed, forgetting.forget)
    services.events.subscribe(PersonMerged, own_data.move)
    services.events.subscribe(ContentDecided, texts.on_decided)


def blueprints() -> list[Blueprint]:
    """The routes for residents, then for staff."""
    return [
        routes.bp, care_routes.bp, resource_routes.bp, staff_routes.bp, staff_care_routes.bp,
    ]  # fmt: skip
