"""The demo district for tests that try every route."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from backend import config
from backend.app import compose
from backend.domains.dispatch import live
from backend.embedded.postgres import Postgres
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from tests.conftest import IsolatedDatabase
from tests.district import TEN, District
from tests.security import demo_world
from tests.standin import Standin


@pytest.fixture(scope="session")
def demo_standin(server_dir: Path) -> Iterator[Standin]:
    """WeChat and the SMS provider for the whole run."""
    made = Standin(server_dir / "standin")
    yield made
    made.close()


@pytest.fixture(scope="session")
def world(
    postgres: Postgres, district: District, base_environ: dict[str, str], demo_standin: Standin
) -> Iterator[demo_world.DemoWorld]:  # fmt: skip
    """The seeded demo district, Monday 10:00, in a database of its own."""
    url = postgres.url_of(district.whole())
    settings = config.load({**base_environ, **demo_standin.environ, "DATABASE_URL": url})
    database = Database(url, pool_size=2)
    settled = compose(settings, database=database, clock=FixedClock(TEN))
    try:
        isolated = IsolatedDatabase(database)
        services = compose(settings, database=isolated, clock=FixedClock(TEN))
        # The live feed reads in a thread of its own, which needs a connection of its own.
        services.extensions[live.EXTENSION] = settled.extensions[live.EXTENSION]
        world = demo_world.make(services, settled, isolated)
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        isolated.restart()
        yield world
        isolated.undo()
    finally:
        database.dispose()
