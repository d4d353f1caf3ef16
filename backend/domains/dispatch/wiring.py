"""How dispatch joins the application: deadlines, people's own data, the live feed's upkeep."""

from flask_smorest import Blueprint
from sqlalchemy import delete

from backend.domains.content.events import ContentDecided
from backend.domains.dispatch import (
    api_wiring,
    deadlines,
    intake_routes,
    intakes,
    own_data,
    showing,
)
from backend.domains.dispatch.feed import KEPT_FOR
from backend.domains.dispatch.model import EventChange
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.messages.events import ServiceMessageReceived
from backend.kernel.services import Services


def wire(services: Services) -> None:
    """Tell timers, identity and upkeep what they can ask here."""
    deadlines.register(services.timers)
    identity.register_exporter("events", own_data.export)
    identity.register_open_matters("events", own_data.open_matters)
    services.events.subscribe(PersonClosed, own_data.forget)
    services.events.subscribe(PersonMerged, own_data.move)
    services.events.subscribe(PersonClosed, intakes.on_closed)
    services.events.subscribe(PersonMerged, intakes.on_merged)
    services.events.subscribe(ServiceMessageReceived, intakes.on_message)
    services.events.subscribe(ContentDecided, showing.on_decided)
    services.upkeep.add("event feed", 3600, purge_feed)
    api_wiring.wire(services)


def blueprints() -> list[Blueprint]:
    """The routes for residents, workers and staff."""
    return [*api_wiring.blueprints(), intake_routes.bp]


def purge_feed(services: Services) -> None:
    """Live lists look back minutes; the trace keeps the history."""
    with services.unit() as uow:
        uow.session.execute(delete(EventChange).where(EventChange.at < uow.now - KEPT_FOR))
