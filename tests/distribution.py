"""How tests are shared between test processes: by what is dear to set up.

xdist's own grouping by mark does nothing with pytest 9 (it renames tests in a way that pytest no
longer reads), so the groups are made here: what shares one costly world goes whole to one
process, the longest first; every other file is a unit, because its fixtures are.
"""

import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# One demo for all browser tests; one seeded district for the sweeps over every route and for
# those who look at what the seed makes. The longest first.
WORLDS = {
    "browser": re.compile(r"tests/e2e/"),
    "district": re.compile(
        r"tests/(security/|domains/test_\w+_seed\.py|house/test_migrations|"
        r"http/test_(booking_cost|catalog)\.py)"
    ),
}


def unit_of(nodeid: str) -> str:
    """The unit of work that a test belongs to."""
    worlds = (name for name, pattern in WORLDS.items() if pattern.match(nodeid))
    return next(worlds, nodeid.split("::", 1)[0])


def rank(nodeid: str) -> int:
    """Where a test's unit stands in the queue: the longest first, so that nobody waits at the end."""
    unit = unit_of(nodeid)
    return list(WORLDS).index(unit) if unit in WORLDS else len(WORLDS)


class ByWorld(LoadScopeScheduling):
    """Units of work as above, in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long units first; the order within a unit stays."""
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Our units when tests are shared by file, xdist's own way otherwise."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return ByWorld(config, log)
