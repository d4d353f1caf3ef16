"""Real servers for every test run: one PostgreSQL cluster, one Valkey, one database a worker."""

import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session, sessionmaker

from backend import config
from backend.app import compose
from backend.config import Settings
from backend.domains.appointments.proofs import HEADER
from backend.domains.messages.kinds import KINDS
from backend.embedded.postgres import Postgres
from backend.embedded.valkey import Valkey
from backend.kernel import logs
from backend.kernel.access import SYSTEM
from backend.kernel.clock import SHANGHAI, FixedClock
from backend.kernel.database import Database
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import Kind
from tests.district import District
from tests.people import proved
from tests.schema import create_schema
from tests.web import web_app

pytest_plugins = ["tests.distribution", "tests.requirements_plugin", "tests.standin"]
# The same examples in every run of CI: a new failure is then the change's own.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")


def pytest_configure() -> None:
    """One pipeline of logs for the whole process: loggers keep the one of their first line."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure()
    root.handlers[:] = handlers
    root.setLevel(level)


MONDAY_8 = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def server_dir() -> Iterator[Path]:
    """A folder for this process's servers, reachable for an unprivileged server user."""
    path = Path(tempfile.mkdtemp(prefix="huying-test-", dir="/var/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(server_dir: Path) -> Iterator[Postgres]:
    """A real PostgreSQL for this process."""
    server = Postgres(server_dir, fast=True)
    server.start()
    yield server
    server.stop("immediate")


@pytest.fixture(scope="session")
def valkey(server_dir: Path) -> Iterator[Valkey]:
    """A real Valkey for this process."""
    server = Valkey(server_dir)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """The name of a migrated, empty database that others are copied from."""
    postgres.create("migrated")
    create_schema(postgres.url_of("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def district(postgres: Postgres, migrated: str, base_environ: dict[str, str]) -> District:
    """The demo district, seeded as far as somebody asks for it."""
    return District(postgres, migrated, base_environ)


@pytest.fixture(scope="session")
def base_environ(postgres: Postgres, valkey: Valkey, server_dir: Path) -> dict[str, str]:
    """The environment of a test installation, without its database."""
    return {
        "ENVIRONMENT": "test",
        "DATA_DIR": str(server_dir / "data"),
        "REDIS_URL": valkey.url,
        "WECHAT_APP_ID": "wx0000000000000000",
        "WECHAT_APP_SECRET": "test-secret",
        "WECHAT_API_BASE": "http://127.0.0.1:9",
        "SMS_API_URL": "http://127.0.0.1:9/sms",
        "SMS_API_KEY": "test",
        "SMS_API_SECRET": "test",
        "LOG_LEVEL": "WARNING",
        "BOOKING_TRIES_PER_ADDRESS": "0",
        "BOOKING_TRIES_PER_PERSON": "0",
    }


class IsolatedDatabase(Database):
    """One connection, one outer transaction: whatever a test commits is gone afterwards.

    Every session joins by savepoint, so code under test commits and rolls back as usual. It
    is one connection, so a test of concurrency needs `live_db` instead.
    """

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self._connection = self.engine.connect()
        self._begin()
        self._sessions = sessionmaker(
            self._connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )

    @property
    def connection(self) -> Connection:
        """What every session here goes through, for looking on beside them."""
        return self._connection

    def restart(self) -> None:
        """Forget everything, and begin anew.

        Thousands of savepoints in one transaction make PostgreSQL slower and slower.
        """
        self._outer.rollback()
        self._begin()

    def _begin(self) -> None:
        self._outer = self._connection.begin()
        # A slow machine must not end the transaction that all of a test lies in.
        self._connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")

    def undo(self) -> None:
        """Forget everything."""
        self._outer.rollback()
        self._connection.close()


@pytest.fixture(scope="session")
def shared_database(postgres: Postgres, migrated: str) -> Iterator[Database]:
    """The database of all savepoint-isolated tests of this process."""
    postgres.create("shared", migrated)
    database = Database(postgres.url_of("shared"), pool_size=2)
    yield database
    database.dispose()


@pytest.fixture
def db(shared_database: Database) -> Iterator[IsolatedDatabase]:
    """A database that forgets the test."""
    database = IsolatedDatabase(shared_database)
    yield database
    database.undo()


@pytest.fixture
def clock() -> FixedClock:
    """Monday 2026-11-23 08:00 in Shanghai, standing still."""
    return FixedClock(MONDAY_8)


@pytest.fixture
def settings(base_environ: dict[str, str], postgres: Postgres) -> Settings:
    """Settings of a test installation."""
    return config.load({**base_environ, "DATABASE_URL": postgres.url_of("shared")})


@pytest.fixture
def services(
    settings: Settings, db: IsolatedDatabase, clock: FixedClock, valkey: Valkey
) -> Iterator[Services]:
    """The composed application without Flask, on an isolated database and an empty Valkey."""
    made = compose(settings, database=db, clock=clock)
    made.redis.client.flushall()
    yield made


@pytest.fixture
def uow(services: Services) -> Iterator[UnitOfWork]:
    """A unit of work by the system; what it does is gone after the test."""
    session: Session = services.db.session()
    yield UnitOfWork(session, services, SYSTEM)
    session.close()


@pytest.fixture
def app(services: Services) -> Flask:
    """The web application of `services`."""
    return web_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that sends JSON and a fresh Idempotency-Key unless told otherwise."""
    app.test_client_class = KeyedClient
    return app.test_client()


# The calls that ask for a place.
BOOKING = re.compile(r"/(appointments|visits|waitlist|reschedule)(\?|$)")


class KeyedClient(FlaskClient):
    """Adds what every well-behaved caller of the API sends.

    Who books has looked at the times before; to test what becomes of one who has not, send an
    empty proof.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """As Flask's, with an Idempotency-Key on changing calls."""
        headers = dict(kwargs.pop("headers", None) or {})
        if kwargs.get("method", "GET") not in ("GET", "HEAD"):
            headers.setdefault("Idempotency-Key", uuid4().hex)
        if args and BOOKING.search(str(args[0])) and HEADER not in headers:
            headers = proved(self.application.extensions["huying"], headers)
        # A call that names its cookies is another browser: the jar stays out of it.
        jar = self._cookies
        self._cookies = None if "Cookie" in headers else jar
        try:
            return super().open(*args, headers=headers, **kwargs)
        finally:
            self._cookies = jar


@pytest.fixture
def sign_in_person(services: Services) -> Callable[..., dict[str, str]]:
    """`sign_in_person(verified=True) -> headers` of a fresh resident."""
    from tests.people import sign_in_person

    return lambda **kwargs: sign_in_person(services, **kwargs)


@pytest.fixture
def sign_in_staff(services: Services) -> Callable[..., dict[str, str]]:
    """`sign_in_staff(("clerk", "hall", hall_id), …) -> headers` of a fresh member of staff."""
    from tests.people import sign_in_staff

    return lambda *grants, **kwargs: sign_in_staff(services, *grants, **kwargs)


@pytest.fixture(scope="session", autouse=True)
def messages_say_all_they_declare() -> Iterator[None]:
    """Whatever a test has written: no message lacks a value that staff may put into its words."""
    render = outbox.render

    def checked(kind: Kind, values: Any, *rest: Any) -> Any:
        if kind.key in KINDS and kind.values == KINDS[kind.key].values:
            missing = {value.key for value in kind.values} - set(values)
            assert not missing, f"{kind.key} lacks {sorted(missing)}"
        return render(kind, values, *rest)

    outbox.render = checked
    yield
    outbox.render = render


@pytest.fixture
def live_db(postgres: Postgres, migrated: str) -> Iterator[str]:
    """The address of a database of the test's own, for many connections at once."""
    name = f"live_{uuid4().hex[:12]}"
    postgres.create(name, migrated)
    yield postgres.url_of(name)
    postgres.drop(name)


@pytest.fixture
def live_services(
    base_environ: dict[str, str], live_db: str, clock: FixedClock, valkey: Valkey
) -> Iterator[Services]:
    """The composed application on a database of its own, with the fixed clock."""
    made = compose(config.load({**base_environ, "DATABASE_URL": live_db}), clock=clock)
    made.redis.client.flushall()
    yield made
    made.db.dispose()


@pytest.fixture
def live_server(base_environ: dict[str, str], live_db: str) -> Iterator[Any]:
    """Real gunicorn on a database of its own; see `tests.live.Server`."""
    from tests.live import Server

    environ = {**os.environ, **base_environ, "DATABASE_URL": live_db, "ENVIRONMENT": "test"}
    server = Server(environ)
    server.start()
    yield server
    server.stop()


def body(answer: Any) -> Any:
    """The JSON of a test client's answer."""
    return json.loads(answer.get_data(as_text=True))
