"""How the content check joins the application."""

from flask_smorest import Blueprint

from backend.domains.content import asking, checking, own_data, routes
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.messages.events import MediaChecked
from backend.kernel.services import Services

_SECONDS = 2.0


def wire(services: Services) -> None:
    """The worker asks every two seconds; pushes about pictures are heard."""
    services.events.subscribe(MediaChecked, asking.media_answered)
    services.events.subscribe(PersonClosed, own_data.forget)
    services.events.subscribe(PersonMerged, own_data.move)
    identity.register_exporter("content_checks", own_data.export)
    services.upkeep.add("content checks", _SECONDS, asking.run)
    services.upkeep.add("old content checks", 86400, _purge)


def blueprints() -> list[Blueprint]:
    """The moderators' routes."""
    return [routes.bp]


def _purge(services: Services) -> None:
    with services.unit() as uow:
        checking.purge(uow)
