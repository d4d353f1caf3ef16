"""How dispatch joins the application: deadlines, people's own data, the live feed's upkeep."""

from datetime import timedelta

from flask_smorest import Blueprint
from sqlalchemy import delete

from backend.domains.dispatch import deadlines, own_data
from backend.domains.dispatch.model import EventChange
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel.services import Services

FEED_KEPT = timedelta(days=2)


def wire(services: Services) -> None:
    """Tell timers, identity and upkeep what they can ask here."""
    deadlines.register(services.timers)
    identity.register_exporter("events", own_data.export)
    identity.register_open_matters("events", own_data.open_matters)
    services.events.subscribe(PersonClosed, own_data.forget)
    services.events.subscribe(PersonMerged, own_data.move)
    services.upkeep.add("event feed", 3600, purge_feed)


def blueprints() -> list[Blueprint]:
    """The routes for residents, workers and staff."""
    return []


def purge_feed(services: Services) -> None:
    """Live lists look back minutes; the trace keeps the history."""
    with services.unit() as uow:
        uow.session.execute(delete(EventChange).where(EventChange.at < uow.now - FEED_KEPT))
