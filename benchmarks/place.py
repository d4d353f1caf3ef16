"""An installation to measure: real servers, the demo district, many signed-in residents."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from backend import config
from backend.app import compose
from backend.demo import seed
from backend.demo.standin_settings import standin_environment
from backend.embedded.postgres import Postgres
from backend.embedded.valkey import Valkey
from backend.kernel import logs
from backend.kernel.clock import local
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.migrations import state
from tests.live import Server
from tests.people import Headers, sign_in_person
from tests.rush import add_slots, bookable_item

#: Seconds until every process of a server is at work, once the first one is.
_ALL_UP = 3.0


@dataclass
class Place:
    """Everything a benchmark needs."""

    services: Services
    environ: dict[str, str]

    valkey: Valkey

    def serve(
        self, target: str = "backend.wsgi:app", *, house: bool = False
    ) -> contextlib.AbstractContextManager[Server]:
        """`target` under gunicorn, two processes of eight threads; or as `house` settings say."""
        config = "python:backend.gunicorn_conf" if house else None
        return _served(Server(self.environ, workers=2, threads=8, target=target, config=config))

    def serve_granian(self) -> contextlib.AbstractContextManager[Server]:
        """The house under granian, as many processes and threads."""
        return _served(Granian(self.environ))

    @contextlib.contextmanager
    def without_redis(self) -> Iterator[None]:
        """Redis is gone, as if its machine had been switched off."""
        self.valkey.kill()
        try:
            yield
        finally:
            self.valkey.start()

    def residents(self, count: int) -> list[Headers]:
        """Headers of `count` fresh verified residents."""
        return [sign_in_person(self.services) for _ in range(count)]

    def slots(self, count: int, capacity: int) -> list[str]:
        """`count` fresh bookable slots tomorrow with `capacity` places each; their ids."""
        return add_slots(self.services, count, capacity)

    def times(self) -> str:
        """The address of tomorrow's times, where people look before they book."""
        hall, item = stable_id("hall", "yuehe"), bookable_item(self.services)
        day = local(self.services.clock.now() + timedelta(days=1)).date()
        return f"/api/v1/halls/{hall}/slots?item_id={item}&date={day}"

    def scalar(self, statement: str, **values: object) -> int:
        """One number from the database."""
        with self.services.db.transaction() as session:
            return int(session.scalar(text(statement), values) or 0)


class Granian(Server):
    """The same application under another server (Rust's hyper in front of WSGI)."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__(environ)
        self._command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", "2", "--blocking-threads", "8",
            "--log-level", "warning", "backend.wsgi:app",
        ]  # fmt: skip

    def stop(self, signum: int = signal.SIGKILL) -> None:
        """End it at once: it would wait for connections that are kept open."""
        super().stop(signum)


@contextlib.contextmanager
def _served(server: Server) -> Iterator[Server]:
    server.start()
    # The first process answers: all connections would go to it if the others were not waited for.
    time.sleep(_ALL_UP)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """A durable database (fsync on) that is gone afterwards."""
    logs.configure("ERROR")
    root = Path(tempfile.mkdtemp(prefix="huying-bench-", dir="/var/tmp"))
    root.chmod(0o755)
    postgres, valkey = Postgres(root), Valkey(root)
    try:
        postgres.start()
        valkey.start()
        environ = {
            **os.environ,
            **standin_environment(1),
            "ENVIRONMENT": "demo",
            "DATA_DIR": str(root / "data"),
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "LOG_LEVEL": "ERROR",
            # Nobody has to be told who uses the demo.
            "STANDIN_URL": "",
            # Everybody comes from one address here.
            "BOOKING_TRIES_PER_ADDRESS": "1000000",
            "BOOKING_TRIES_PER_PERSON": "1000",
            "BENCH_DSN": postgres.url.replace("+psycopg", ""),
        }
        settings = config.load(environ)
        state.upgrade(settings.database_url)
        services = compose(settings)
        seed.seed(services)
        yield Place(services, environ, valkey)
        services.db.dispose()
    finally:
        valkey.stop()
        postgres.stop("immediate")
        shutil.rmtree(root, ignore_errors=True)


def key() -> str:
    """A fresh Idempotency-Key."""
    return uuid.uuid4().hex
