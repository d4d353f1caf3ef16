"""Small regular chores of the worker: purging, checkpoints, filling caches."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from backend.kernel.services import Services

log = structlog.get_logger()


@dataclass(slots=True)
class Chore:
    """Something done every `every` seconds. Doing it twice must do no harm."""

    name: str
    every: float
    run: "Callable[[Services], object]"
    due: float = field(default=0.0)


class Upkeep:
    """All chores; `run_due` does those whose time has come, one failing without the others."""

    def __init__(self) -> None:
        self._chores: list[Chore] = []

    def add(self, name: str, every: float, run: "Callable[[Services], object]") -> None:
        """Have `run(services)` done every `every` seconds, the first time at once."""
        self._chores.append(Chore(name, every, run))

    def run_due(self, services: "Services") -> None:
        """Do what is due."""
        for chore in self._chores:
            if time.monotonic() < chore.due:
                continue
            chore.due = time.monotonic() + chore.every
            try:
                chore.run(services)
            except Exception:
                # The chore comes again; what keeps failing is seen in the log by its name.
                log.exception("chore failed", chore=chore.name)
