"""The demo's streets, staff and duties, seeded once a run; each test forgets what it did.

A module that wants it imports `db`, `demo` and `grid_database` by name.
"""

from collections.abc import Iterator

import pytest

from backend import config
from backend.app import compose
from backend.demo import seed_grid, seed_identity
from backend.embedded.postgres import Postgres
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.services import Services
from tests.conftest import MONDAY_8, IsolatedDatabase

__all__ = ["db", "demo", "grid_database"]


@pytest.fixture(scope="session")
def grid_database(
    postgres: Postgres, migrated: str, base_environ: dict[str, str]
) -> Iterator[Database]:
    """A database with the demo's people, areas and duties as of Monday 2026-11-23, 8:00."""
    postgres.create("gridded", migrated)
    database = Database(postgres.url_of("gridded"), pool_size=2)
    settings = config.load({**base_environ, "DATABASE_URL": postgres.url_of("gridded")})
    made = compose(settings, database=database, clock=FixedClock(MONDAY_8))
    seed_identity.seed(made)
    seed_grid.seed(made)
    yield database
    database.dispose()


@pytest.fixture
def db(grid_database: Database) -> Iterator[IsolatedDatabase]:
    """That database, forgetting the test."""
    database = IsolatedDatabase(grid_database)
    yield database
    database.undo()


@pytest.fixture
def demo(services: Services) -> Services:
    """The composed application on that database."""
    return services
