"""How the search joins the application."""

from backend.domains.retrieval import live
from backend.kernel.services import Services

LOOK_EVERY_SECONDS = 1.0


def wire(services: Services) -> None:
    """Give this process its index; the worker keeps the one on disk up to date."""
    index = live.LiveIndex(services, background=services.settings.environment != "test")
    services.extensions[live.EXTENSION] = index
    services.upkeep.add("search index", LOOK_EVERY_SECONDS, _upkeep)


def _upkeep(services: Services) -> object:
    index = live.of(services)
    return index.upkeep() if index.background else 0
