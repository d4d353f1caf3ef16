"""How routing joins the application."""

import threading

import structlog

from backend.domains.routing import live, service, training
from backend.kernel.services import Services

log = structlog.get_logger()
LOOK_EVERY_SECONDS = 60
_busy = threading.Lock()


def wire(services: Services) -> None:
    """Give this process its models, and dispatch its suggestions and likeness."""
    services.extensions[live.EXTENSION] = live.LiveModels(services)
    services.extensions["suggest_category"] = service.category_pairs
    services.extensions["text_similarity"] = service.similarity
    services.upkeep.add("routing models", LOOK_EVERY_SECONDS, in_background)


def in_background(services: Services) -> threading.Thread | None:
    """Train what is missing in a thread: the worker's deadlines do not wait for it.

    None where the last training still runs.
    """
    if not _busy.acquire(blocking=False):
        return None

    def work() -> None:
        try:
            training.train_missing(services)
        except Exception:
            # The chore comes again in a minute.
            log.exception("routing model not trained")
        finally:
            _busy.release()

    thread = threading.Thread(target=work, name="routing-training", daemon=True)
    thread.start()
    return thread
