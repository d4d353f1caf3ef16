"""The models of this process: loaded when first asked for, exchanged when a newer one is there."""

import threading
import time
from pathlib import Path
from typing import cast

import structlog

from backend.domains.routing import store, training
from backend.domains.routing.classifier import Classifier
from backend.kernel.services import Services

log = structlog.get_logger()
EXTENSION = "routing_models"
LOOK_EVERY_SECONDS = 5.0


class LiveModels:
    """Hands out the newest classifier of a target. `look_every` 0 looks each time (tests)."""

    def __init__(self, services: Services, look_every: float = LOOK_EVERY_SECONDS) -> None:
        self._services = services
        self.look_every = look_every
        self._lock = threading.Lock()
        self._held: dict[str, tuple[int, Classifier]] = {}
        self._looked: dict[str, float] = {}

    def current(self, target: str) -> Classifier | None:
        """The classifier, or None where none has been trained or its file cannot be used."""
        with self._lock:
            if time.monotonic() - self._looked.get(target, float("-inf")) >= self.look_every:
                self._look(target)
                self._looked[target] = time.monotonic()
            held = self._held.get(target)
        return held[1] if held else None

    def _look(self, target: str) -> None:
        with self._services.unit() as uow:
            row = training.newest(uow, target)
            found = (row.version, row.sha256) if row else None
        held = self._held.get(target)
        if found is None or (held and held[0] == found[0]):
            return
        version, digest = found
        path = store.path_of(Path(self._services.settings.data_dir), target, version)
        try:
            self._held[target] = (version, store.load(path, digest))
        except store.BadModel as error:
            # The model in use stays; without one, keywords suggest.
            log.warning("routing model not loaded", target=target, error=str(error))


def models(services: Services) -> LiveModels:
    """The models of this process."""
    return cast(LiveModels, services.extensions[EXTENSION])
