"""How the search joins the application."""

import threading

import structlog

from backend.domains.retrieval import live, upkeep
from backend.kernel.services import Services

log = structlog.get_logger()
LOOK_EVERY_SECONDS = 1.0
EMBED_EVERY_SECONDS = 5.0
MEANINGS_EVERY_SECONDS = 60.0
COMPARE_EVERY_SECONDS = 3600.0
_busy = threading.Lock()


def wire(services: Services) -> None:
    """Give this process its index; the worker keeps the one on disk up to date."""
    index = live.LiveIndex(services, background=services.settings.environment != "test")
    services.extensions[live.EXTENSION] = index
    services.upkeep.add("search sources", COMPARE_EVERY_SECONDS, upkeep.compare_sources)
    services.upkeep.add("search index", LOOK_EVERY_SECONDS, upkeep.keep_up)
    services.upkeep.add("search vectors", EMBED_EVERY_SECONDS, in_background)
    services.upkeep.add("search meanings", MEANINGS_EVERY_SECONDS, upkeep.keep_meanings)


def in_background(services: Services) -> threading.Thread | None:
    """Compute vectors in a thread: the worker's other chores do not wait for the model.

    None where the last round still runs.
    """
    if not _busy.acquire(blocking=False):
        return None

    def work() -> None:
        try:
            upkeep.embed_missing(services)
        except Exception:
            # The chore comes again in a few seconds.
            log.exception("passages not embedded")
        finally:
            _busy.release()

    thread = threading.Thread(target=work, name="search-vectors", daemon=True)
    thread.start()
    return thread
