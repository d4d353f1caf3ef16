"""The worker: sends the outbox, fires the deadlines, and says that it lives."""

import signal
import threading
import time
from collections.abc import Callable

import structlog

from backend import config
from backend.app import compose
from backend.http.health import beat
from backend.kernel import logs
from backend.kernel.services import Services

log = structlog.get_logger()
HEARTBEAT_SECONDS = 5.0
IDLE_SECONDS = 0.3
UPKEEP_SECONDS = 1.0


class Worker:
    """Three loops in threads; `stop()` lets each finish what it has begun."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until `stop()`."""
        loops = [
            ("heartbeat", self._beat, HEARTBEAT_SECONDS),
            ("timers", lambda: self._services.timers.fire_due(self._services), IDLE_SECONDS),
            ("upkeep", self._upkeep, UPKEEP_SECONDS),
        ]
        if self._services.delivery is not None:
            loops.append(("delivery", self._services.delivery.run_once, IDLE_SECONDS))
        threads = [
            threading.Thread(target=self._loop, args=loop, name=loop[0], daemon=True)
            for loop in loops
        ]
        for thread in threads:
            thread.start()
        log.info("worker started")
        self._stopping.wait()
        for thread in threads:
            thread.join(timeout=20)
        if self._services.delivery is not None:
            self._services.delivery.finish()
        log.info("worker stopped")

    def stop(self) -> None:
        """Ask every loop to end after its present piece of work."""
        self._stopping.set()

    def _loop(self, name: str, body: Callable[[], object], pause: float) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                busy = body()
                failures = 0
            except Exception:
                # A loop that dies would be noticed by nobody until messages are missed.
                failures += 1
                log.exception("worker loop failed", loop=name, failures=failures)
                busy = 0
            if not busy:
                self._stopping.wait(min(pause * 2 ** min(failures, 6), 30))

    def _beat(self) -> None:
        beat(self._services, "worker")

    def _upkeep(self) -> None:
        self._services.upkeep.run_due(self._services)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = config.load()
    logs.configure(settings.log_level)
    worker = Worker(compose(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    started = time.monotonic()
    worker.run()
    log.info("worker ran", seconds=round(time.monotonic() - started))


if __name__ == "__main__":
    main()
