"""Fifty neighbours for the last place: one has it. The control, which only counts, oversells."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from backend import config
from backend.app import compose
from backend.domains.neighbourhood import party, rules, signups
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.domains.neighbourhood.party_model import PartyPost
from backend.kernel.database import Database
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id
from tests.neighbourhood_world import HOME, World, check, count, make_world

PEOPLE = 50


@pytest.fixture
def world(base_environ, live_db, clock, valkey) -> World:
    database = Database(live_db, pool_size=16, max_overflow=40)
    made = compose(
        config.load({**base_environ, "DATABASE_URL": live_db}), database=database, clock=clock
    )
    made.redis.client.flushall()
    found = make_world(made)
    # Who they are is not what is tried: ids will do, and fifty accounts take seconds.
    for number in range(PEOPLE):
        found.people[f"p{number}"] = person = new_id()
        found.homes[person] = {HOME}
    yield found
    database.dispose()


def together(acts: list[Callable[[], object]]) -> Counter[str]:
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


def everybody(world: World, use: Callable[..., object], *args: object) -> Counter[str]:
    return together([lambda name=f"p{n}": world.act(name, use, *args) for n in range(PEOPLE)])


def by_state(world: World, activity_id: UUID) -> dict[str, int]:
    with world.unit() as uow:
        query = select(ActivitySignup.state, func.count()).where(
            ActivitySignup.activity_id == activity_id
        )
        return {row[0]: row[1] for row in uow.session.execute(query.group_by(ActivitySignup.state))}


def test_of_fifty_for_the_last_place_one_has_it_and_five_wait(world):
    walk = world.activity(places=1, most_waiting=5)
    outcome = everybody(world, signups.sign_up, walk)
    assert outcome == {"done": 6, "activity_full": PEOPLE - 6}
    assert by_state(world, walk) == {"confirmed": 1, "waitlisted": 5}
    check(world, walk)


def test_counting_first_and_writing_then_oversells(world):
    """The negative control: without the lock, under the same rush, more than one gets in."""
    walk = world.activity(places=1, most_waiting=5)
    with world.unit() as uow:
        uow.session.execute(text("ALTER TABLE activity DROP CONSTRAINT ck_activity_never_too_many"))
    gate = Barrier(PEOPLE)

    def naive(person: UUID) -> bool:
        with world.unit(person) as uow:
            taken = uow.session.scalar(select(Activity.taken).where(Activity.id == walk)) or 0
            gate.wait(timeout=30)
            if taken >= 1:
                return False
            uow.session.add(
                ActivitySignup(
                    activity_id=walk, person_id=person, state=rules.CONFIRMED,
                    signed_up_at=uow.now,
                )
            )  # fmt: skip
        return True

    with ThreadPoolExecutor(PEOPLE) as pool:
        got_in = sum(pool.map(naive, [world.people[f"p{n}"] for n in range(PEOPLE)]))
    assert got_in > 1


def test_one_person_pressing_twenty_times_signs_up_once(world):
    walk = world.activity(places=30)
    outcome = together([lambda: world.act("p0", signups.sign_up, walk)] * 20)
    assert outcome == {"done": 1, "already_signed_up": 19}
    check(world, walk)


def test_everybody_cancels_while_others_sign_up(world):
    walk = world.activity(places=10, most_waiting=40)
    everybody(world, signups.sign_up, walk)
    acts = [lambda name=f"p{n}": world.act(name, signups.cancel, walk) for n in range(0, 50, 2)]
    late = [lambda name=f"p{n}": world.act(name, signups.sign_up, walk) for n in range(1, 50, 2)]
    outcome = together(acts + late)
    assert outcome == {"done": 25, "already_signed_up": 25}
    assert sum(by_state(world, walk).values()) == PEOPLE
    check(world, walk)


def test_of_fifty_for_the_last_place_of_a_post_one_has_it(world, monkeypatch):
    monkeypatch.setattr(party, "is_reported", lambda *_: True)
    post = world.act("fang", party.new_post, {
        "area_id": HOME, "title": "楼道长", "words": "x", "places": 1,
    })  # fmt: skip
    outcome = everybody(world, party.claim, post.id)
    assert outcome == {"done": 1, "post_full": PEOPLE - 1}
    assert world.row(PartyPost, post.id).taken == 1
    assert count(world, PartyPost) == 1
