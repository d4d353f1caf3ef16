"""Playing the demo's past: what became due meanwhile happens at its own moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from backend.kernel.clock import FixedClock
from backend.kernel.services import Services
from backend.kernel.timers import Timer, Timers


class Past:
    """Fires the timers of one domain up to a moment, each when it was due."""

    def __init__(self, services: Services, register: Callable[[Timers], None]) -> None:
        self._services = services
        self._timers = Timers()
        register(self._timers)
        # The domain's own kinds: what other domains wait for stays for the worker.
        self._kinds = list(vars(self._timers)["_handlers"])

    def until(self, moment: datetime) -> None:
        """Let everything happen that was due by then."""
        while (due := self._next(moment)) is not None:
            self._timers.fire_due(replace(self._services, clock=FixedClock(due)))

    def _next(self, moment: datetime) -> datetime | None:
        with self._services.unit() as uow:
            query = select(func.min(Timer.due)).where(
                Timer.fired_at.is_(None), Timer.due <= moment, Timer.kind.in_(self._kinds)
            )
            return uow.session.scalar(query)
