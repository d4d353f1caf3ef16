"""Many at once on a real PostgreSQL: two workers and one campaign, a stop in the middle, two releases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from backend import config
from backend.app import compose
from backend.domains.identity import persons
from backend.domains.messages import campaign_running, campaigns
from backend.kernel.database import Database
from backend.kernel.errors import DomainError
from notifications.kinds import SMS
from tests.campaign_world import Campaigns, make
from tests.engines.conftest import Scripted

PEOPLE = 60


@pytest.fixture
def world(base_environ, live_db, clock, valkey, monkeypatch) -> Campaigns:
    monkeypatch.setattr(campaign_running, "BATCH", 7)
    database = Database(live_db, pool_size=8, max_overflow=4)
    made = compose(
        config.load({**base_environ, "DATABASE_URL": live_db}), database=database, clock=clock
    )
    made.redis.client.flushall()
    yield make(made)
    database.dispose()


def together(*acts: Callable[[], object]) -> Counter[str]:
    """All of them at the same instant; what became of each."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        gate.wait(timeout=30)
        try:
            act()
        except DomainError as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def test_two_workers_write_to_everybody_once(world):
    people = world.residents(PEOPLE)
    id_ = world.released()
    assert together(*[world.run] * 3) == {"done": 3}
    world.run()
    assert [one.person_key for one in world.messages(id_)] == sorted(people)
    row = world.row(id_)
    assert (row.written, row.written_at is not None) == (PEOPLE, True)


def test_after_a_stop_nothing_leaves_however_many_write_and_send_meanwhile(world):
    world.residents(PEOPLE)
    for _ in range(3):
        id_ = world.released()
        senders = [Scripted(SMS), Scripted(SMS)]
        workers = [world.delivery(one, owner=f"w{number}") for number, one in enumerate(senders)]

        def stop(id_=id_) -> None:
            world.act("second", campaigns.stop, id_, "写错了", withdraw=True)

        found = together(
            world.run, world.run, stop, *[lambda one=one: one.run_once(10) for one in workers]
        )
        assert found == {"done": 5}
        sent = sum(len(one.sent) for one in senders)
        world.run()
        for one in workers:
            one.run_once(100)
        assert sum(len(one.sent) for one in senders) == sent
        states = Counter(one.status for one in world.messages(id_))
        assert set(states) <= {"accepted", "suppressed"}
        assert states["accepted"] == sent
        assert world.row(id_).state == "stopped"
        assert all(one.withdrawn_at is not None for one in world.inboxes(id_))


@pytest.mark.parametrize("end", ["merge", "close"])
def test_an_account_that_ends_while_its_batch_is_written_leaves_no_second_message(world, end):
    """The merge waits for the batch under way, and the next batch for the merge."""
    for turn in range(4):
        first, second = world.residents(2)
        id_ = world.released()
        row = world.row(id_)

        def ended(first=first, second=second) -> None:
            with world.services.unit() as uow:
                if end == "merge":
                    persons.join(uow, first, second)
                else:
                    persons.close(uow, second)

        assert together(world.run, ended) == {"done": 2}, (turn, row.id)
        world.run()
        mine = [one for one in world.messages(id_) if one.person_key in (first, second)]
        assert {one.person_key for one in mine} == {first}
        assert [one.status for one in mine].count("created") == 1
        shown = [
            one
            for one in world.inboxes(id_)
            if one.person_key in (first, second) and one.withdrawn_at is None
        ]
        assert len(shown) == 1


def test_a_merge_waits_for_the_batch_that_is_being_written(world, monkeypatch):
    """Both look for each other at the same moment: held still, one of them sees the other."""
    first, second = world.residents(2)
    id_ = world.released()
    real, inside, merged = campaign_running.outbox.enqueue_letters, Event(), Event()

    def slow(session, now, letters):
        inside.set()
        # The merge is at work meanwhile, and cannot end before the batch.
        assert not merged.wait(0.5)
        return real(session, now, letters)

    monkeypatch.setattr(campaign_running.outbox, "enqueue_letters", slow)

    def merge() -> None:
        assert inside.wait(30)
        with world.services.unit() as uow:
            persons.join(uow, first, second)
        merged.set()

    assert together(world.run, merge) == {"done": 2}
    assert merged.is_set()
    assert Counter(one.status for one in world.messages(id_)) == {"created": 1, "suppressed": 1}


def test_of_two_releases_one_counts_and_of_a_release_and_a_recall_too(world):
    world.residents(3)
    for other in ("release", "recall"):
        id_ = world.submitted()
        version = str(world.row(id_).version)

        def release(id_=id_, version=version) -> None:
            world.act("second", campaigns.release, id_, version, read=True)

        def second(id_=id_, version=version, other=other) -> None:
            if other == "release":
                world.act("second2", campaigns.release, id_, version, read=True)
            else:
                world.act("writer", campaigns.recall, id_, version)

        assert together(release, second) == {"done": 1, "stale": 1}
        assert world.row(id_).state in ("released", "draft")
