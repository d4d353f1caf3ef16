"""What the composition root puts together once and every unit of work can reach."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backend.kernel.access import SYSTEM, Actor
from backend.kernel.clock import Clock, SystemClock
from backend.kernel.database import Database
from backend.kernel.events import EventBus
from backend.kernel.files import FileStore
from backend.kernel.limits import Limiter
from backend.kernel.privacy import Privacy
from backend.kernel.redis import RedisLink
from backend.kernel.timers import Timers
from backend.kernel.upkeep import Upkeep

if TYPE_CHECKING:
    from backend.config import Settings
    from backend.kernel.uow import UnitOfWork


@dataclass(slots=True)
class Services:
    """The long-lived parts. Fields typed `Any` are clients handed in by `backend.app`."""

    settings: "Settings"
    db: Database
    privacy: Privacy
    redis: RedisLink
    limiter: Limiter
    files: FileStore
    clock: Clock = field(default_factory=SystemClock)
    events: EventBus = field(default_factory=EventBus)
    timers: Timers = field(default_factory=Timers)
    upkeep: Upkeep = field(default_factory=Upkeep)
    wechat: Any = None
    sms: Any = None
    delivery: Any = None
    extensions: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def unit(self, actor: Actor = SYSTEM) -> "Iterator[UnitOfWork]":
        """One transaction outside a request: committed at the end, undone on any error."""
        from backend.kernel.uow import UnitOfWork

        with self.db.transaction() as session:
            yield UnitOfWork(session, self, actor)
