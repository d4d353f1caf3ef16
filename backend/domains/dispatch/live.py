"""Consoles kept up to date: one reader of the feed in each web process, many listeners.

The reader runs only while somebody listens. It builds the card of a changed event once and
hands it to those who may see it; a listener's own thread only waits and writes.
"""

import queue
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from backend.domains.dispatch import audience, feed
from backend.domains.dispatch.audience import Scope
from backend.domains.dispatch.feed import Place
from backend.http import streams
from backend.kernel import sessions
from backend.kernel.access import Principal
from backend.kernel.errors import Unavailable
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

EXTENSION = "live"
READ_SECONDS = 0.25
CHECK_SECONDS = 1.0
REFRESH_SECONDS = 15.0
_LONGEST_QUEUE = 400

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Told:
    """Something to write to a stream. `kind` is change, reset or end."""

    kind: str
    place: str = ""
    data: str = "{}"


END, RESET = Told("end"), Told("reset")


@dataclass(eq=False)
class Listener:
    """A console's stream: what it may see, and what waits to be written to it."""

    session_id: UUID
    scope: Scope
    waiting: "queue.Queue[Told]" = field(default_factory=lambda: queue.Queue(_LONGEST_QUEUE))

    def tell(self, told: Told) -> None:
        """Queue it. A reader that is too slow loses its place and is told to read anew."""
        try:
            self.waiting.put_nowait(told)
        except queue.Full:
            with self.waiting.mutex:
                self.waiting.queue.clear()
            self.waiting.put_nowait(told if told is END else RESET)


class Hub:
    """The listeners of this process and the thread that reads for them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._limit = services.settings.live_streams
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._thread: threading.Thread | None = None
        self.place = Place(0, 0, 0)

    def join(self, uow: UnitOfWork, by: Principal) -> Listener:
        """Listen from now on. `Unavailable` when this process has as many as it can keep."""
        assert by.session_id is not None
        listener = Listener(by.session_id, audience.scope_of(uow, by))
        with self._lock:
            if len(self._listeners) >= self._limit:
                raise Unavailable(
                    "streams_full", detail="实时连接已满，改为定时刷新", action="页面会自动刷新"
                )
            if self._thread is None:
                self.place = feed.here(uow.session, uow.now)
                self._thread = threading.Thread(target=self._run, name="live feed", daemon=True)
                self._thread.start()
            self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Listen no more."""
        with self._lock:
            self._listeners.discard(listener)

    def __len__(self) -> int:
        return len(self._listeners)

    def _run(self) -> None:
        """Read until nobody listens any more."""
        checked = refreshed = time.monotonic()
        while not self._ended():
            now = time.monotonic()
            check, refresh = now - checked >= CHECK_SECONDS, now - refreshed >= REFRESH_SECONDS
            checked = now if check else checked
            refreshed = now if refresh else refreshed
            try:
                self._read()
                if check:
                    self._check(refresh=refresh)
            except SQLAlchemyError as error:
                # Its place stays, so nothing is missed once the database is back.
                log.warning("live feed waits", error=type(error).__name__)
                time.sleep(CHECK_SECONDS)
            except Exception:
                # A thread that dies would leave every console silently stale.
                log.exception("live feed failed")
                self._tell_all(RESET)
                time.sleep(CHECK_SECONDS)
            time.sleep(READ_SECONDS)

    def _ended(self) -> bool:
        with self._lock:
            if streams.leaving():
                for listener in self._listeners:
                    listener.tell(END)
                self._listeners.clear()
            if not self._listeners:
                self._thread = None
                return True
            return False

    def _read(self) -> None:
        with self._services.unit() as uow:
            changes, place = feed.after(uow.session, self.place, uow.now)
            for seen in audience.seen(uow, feed.last_of_each(changes)):
                for listener in list(self._listeners):
                    if (data := seen.for_(listener.scope)) is not None:
                        listener.tell(Told("change", str(seen.change.place), data))
            self.place = place

    def _check(self, *, refresh: bool) -> None:
        """End the streams of ended sessions; now and then look anew at what each may see."""
        with self._services.unit() as uow:
            listeners = list(self._listeners)
            ids = {listener.session_id for listener in listeners}
            rows = {row.id: row for row in sessions.living(uow.session, ids, uow.now, "staff")}
            load = self._services.extensions["principals"]["staff"]
            for listener in listeners:
                row = rows.get(listener.session_id)
                if row is None:
                    listener.tell(END)
                    self.leave(listener)
                elif refresh:
                    found = load(self._services, uow.session, row)
                    if found is None:
                        listener.tell(END)
                        self.leave(listener)
                    else:
                        listener.scope = audience.scope_of(uow, found)

    def _tell_all(self, told: Told) -> None:
        for listener in list(self._listeners):
            listener.tell(told)


def wire(services: Services) -> None:
    """A hub for this process; its thread starts with the first listener."""
    services.extensions[EXTENSION] = Hub(services)
