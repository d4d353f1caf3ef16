"""A worker killed at any step of a batch or a count: no ballot lost, none doubled, no key left."""

import importlib
import itertools
import os
from collections.abc import Iterator

import pytest

from backend import config
from backend.app import compose
from backend.domains.deliberation import vote_checking, vote_log, vote_moves, vote_sealing
from backend.domains.deliberation.ballot_keys import pending_of
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.kernel.clock import FixedClock
from tests.votes_fixtures import in_memory, vote_world  # noqa: F401 - a fixture
from tests.votes_world import World

# Where the worker dies: in the batch before its commit, behind the commit with the old key still
# there, in the count, and before the bundle is kept.
BATCH_STEPS = {
    "before the commit of a batch": "vote_log.checkpoint",
    "behind the commit of a batch": "ballot_batches.destroy_spare_keys",
    "while a new key is made": "ballot_keys.PendingKeys._settle",
}
END_STEPS = {
    "while it is closed": "vote_counting.arm",
    "in the count": "ballot_opening.counted",
    "before the bundle is kept": "vote_bundle.packed",
}


def killed_at(world: World, environ: dict[str, str], step: str) -> None:
    """A worker of its own that ends at once, without a word, when it comes to the step."""
    child = os.fork()
    if child == 0:
        try:
            _work(world, environ, step)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9


def _work(world: World, environ: dict[str, str], step: str) -> None:
    made = compose(config.load(environ), clock=FixedClock(world.services.clock.now()))
    World(made)
    module, *path, name = step.split(".")
    target = importlib.import_module(f"backend.domains.deliberation.{module}")
    for part in path:
        target = getattr(target, part)
    assert hasattr(target, name)
    setattr(target, name, lambda *args, **kwargs: os._exit(9))
    vote_sealing.seal_running(made)
    made.timers.fire_due(made)


@pytest.fixture
def environ(base_environ, live_db) -> Iterator[dict[str, str]]:
    with in_memory() as folder:
        yield {**base_environ, "DATABASE_URL": live_db, "DATA_DIR": folder}


@pytest.fixture
def world(environ, clock: FixedClock) -> World:
    made = compose(config.load(environ), clock=clock)
    yield World(made)
    made.db.dispose()


# Later Pythons warn of forking a process that may have threads; this child ends by itself.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_worker_killed_at_every_step_loses_and_doubles_nothing(world, environ) -> None:
    owners = world.owners(40)
    vote_id = world.opened("matter", secrecy="secret")
    entries = world.entries(vote_id)
    waiting = iter(owners)
    cast = 0
    # Twenty make a batch of ten; ten stay behind, so that ten more make the next.
    for step, more in zip(BATCH_STEPS.values(), (20, 10, 10), strict=True):
        for party in itertools.islice(waiting, more):
            world.cast(vote_id, party, AGREE if cast % 3 else OPPOSE, entry=entries[party.ref])
            cast += 1
        killed_at(world, environ, step)
        world.seal()
        with world.unit() as uow:
            assert vote_log.log_of(uow, vote_id).heads == cast - 10
        assert len(pending_of(world.services).known()) == 1
    world.end(vote_id)
    for step in END_STEPS.values():
        killed_at(world, environ, step)
    while world.services.timers.fire_due(world.services):
        pass
    world.seal()
    found = world.result(vote_id)
    assert found["taking_part"] == {"heads": cast}
    assert found["options"][OPPOSE]["heads"] == len(range(0, cast, 3))
    assert pending_of(world.services).known() == set()
    with world.unit() as uow:
        assert vote_checking.check(uow, vote_moves.get(uow, vote_id)) == []


def test_a_key_file_that_is_gone_stops_its_own_vote_and_no_other(vote_world) -> None:
    world = vote_world
    owners = world.owners(20)
    first, second = (world.opened("matter", secrecy="secret") for _ in range(2))
    for vote_id in (first, second):
        entries = world.entries(vote_id)
        for party in owners:
            world.cast(vote_id, party, AGREE, entry=entries[party.ref])
    with world.unit() as uow:
        key = vote_log.log_of(uow, first).pending_key
    pending_of(world.services).destroy(key)
    assert world.seal() == 10
    with world.unit() as uow:
        for vote_id, batches in ((first, 0), (second, 1)):
            assert vote_log.log_of(uow, vote_id).batches == batches
