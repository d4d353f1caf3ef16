"""An installation to measure: real servers, the demo district, many signed-in residents."""

import contextlib
import os
import shutil
import tempfile
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
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services
from backend.migrations import state
from tests.live import Server
from tests.people import sign_in_person


@dataclass
class Place:
    """Everything a benchmark needs."""

    services: Services
    environ: dict[str, str]

    def serve(self, target: str = "backend.wsgi:app") -> contextlib.AbstractContextManager[Server]:
        """`target` under gunicorn, two processes of eight threads."""
        return _served(Server(self.environ, workers=2, threads=8, target=target))

    def residents(self, count: int) -> list[dict[str, str]]:
        """Headers of `count` fresh verified residents."""
        return [dict(sign_in_person(self.services)) for _ in range(count)]

    def slots(self, count: int, capacity: int) -> list[str]:
        """`count` fresh bookable slots tomorrow with `capacity` places each; their ids."""
        start = self.services.clock.now() + timedelta(days=1)
        ids = [str(new_id()) for _ in range(count)]
        with self.services.db.transaction() as session:
            for number, slot in enumerate(ids):
                begin = start + timedelta(seconds=number)
                session.execute(
                    text(
                        "INSERT INTO slot (id, hall_id, group_code, day, start_at, end_at, channel,"
                        " capacity, booked, release_at, closed) VALUES (:id, :hall, 'shebao', :day,"
                        " :start, :end, 'online', :capacity, 0, :release, false)"
                    ),
                    {
                        "id": slot, "hall": stable_id("hall", "yuehe"), "day": begin.date(),
                        "start": begin, "end": begin + timedelta(minutes=30),
                        "capacity": capacity, "release": start - timedelta(days=9),
                    },
                )  # fmt: skip
        return ids

    def scalar(self, statement: str, **values: object) -> int:
        """One number from the database."""
        with self.services.db.transaction() as session:
            return int(session.scalar(text(statement), values) or 0)


@contextlib.contextmanager
def _served(server: Server) -> Iterator[Server]:
    server.start()
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
            "BENCH_DSN": postgres.url.replace("+psycopg", ""),
        }
        settings = config.load(environ)
        state.upgrade(settings.database_url)
        services = compose(settings)
        seed.seed(services)
        yield Place(services, environ)
        services.db.dispose()
    finally:
        valkey.stop()
        postgres.stop("immediate")
        shutil.rmtree(root, ignore_errors=True)


def key() -> str:
    """A fresh Idempotency-Key."""
    return uuid.uuid4().hex
