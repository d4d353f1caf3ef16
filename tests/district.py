"""The demo district, seeded once a process, part by part; each part's state can be copied.

A test module that wants it gives `shared_database` and `clock` anew: see `opened` and `TEN`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import ModuleType

from backend import config
from backend.app import compose
from backend.demo import seed
from backend.embedded.postgres import Postgres
from backend.kernel.clock import SHANGHAI, FixedClock
from backend.kernel.database import Database

# When the district is seeded: Monday, the halls are open.
TEN = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


class District:
    """Databases of the demo as of Monday 2026-11-23, 10:00, in the order of its seed's parts.

    Nobody works on them: a copy costs a fraction of a second, seeding all of it most of a minute.
    """

    def __init__(self, postgres: Postgres, migrated: str, environ: Mapping[str, str]) -> None:
        self._postgres = postgres
        self._environ = environ
        self._names = [migrated]
        self._copies = 0

    def whole(self) -> str:
        """A fresh copy with everything in it; its name."""
        return self._copy(len(seed.PARTS))

    def upto(self, module: ModuleType) -> str:
        """A fresh copy as it stands when the part `module` has been seeded; its name."""
        parts = [part.__module__ for _, part in seed.PARTS]
        return self._copy(parts.index(module.__name__) + 1)

    def opened(self, name: str) -> Iterator[Database]:
        """A copy of ours, open to work on until the generator is closed."""
        database = Database(self._postgres.url_of(name), pool_size=2)
        yield database
        database.dispose()

    def _copy(self, parts: int) -> str:
        while len(self._names) <= parts:
            self._names.append(self._seeded(seed.PARTS[len(self._names) - 1][1]))
        self._copies += 1
        name = f"district_copy_{self._copies}"
        self._postgres.create(name, self._names[parts])
        return name

    def _seeded(self, part: Callable[..., object]) -> str:
        name = f"district_{len(self._names)}"
        self._postgres.create(name, self._names[-1])
        environ = {**self._environ, "DATABASE_URL": self._postgres.url_of(name)}
        services = compose(config.load(environ), clock=FixedClock(TEN))
        try:
            part(services)
        finally:
            services.db.dispose()
        return name
