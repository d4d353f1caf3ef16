"""Many at once on a real PostgreSQL: one claims, nothing goes up the chain twice, nobody is lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update

from backend import config
from backend.app import compose
from backend.domains.dispatch import claiming, intake, merging
from backend.domains.dispatch.model import Event, EventAttempt, EventCaller
from backend.kernel import trace
from backend.kernel.access import Actor, Principal
from backend.kernel.database import Database
from backend.kernel.errors import Conflict, DomainError
from backend.kernel.ids import new_id
from backend.kernel.timers import Timer
from backend.kernel.trace import Subject, TraceEntry
from tests.dispatch_world import World, make_world

WORKERS, CALLS = 50, 200


@pytest.fixture
def world(base_environ, live_db, clock, valkey) -> World:
    database = Database(live_db, pool_size=WORKERS, max_overflow=4)
    made = compose(
        config.load({**base_environ, "DATABASE_URL": live_db}), database=database, clock=clock
    )
    made.redis.client.flushall()
    yield make_world(made)
    database.dispose()


def together(pool: ThreadPoolExecutor, count: int, act: Callable[[int], str]) -> Counter[str]:
    """`act(0) … act(count - 1)` at the same instant."""
    gate = Barrier(count)

    def run(number: int) -> str:
        gate.wait(timeout=30)
        try:
            return act(number)
        except DomainError as refused:
            return refused.code

    return Counter(pool.map(run, range(count)))


def crowd(world: World, event_ids: list[UUID]) -> list[Principal]:
    """Fifty grid workers, all of them asked for these events."""
    grants = world.staff["chen"].grants
    people = [Principal(Actor("staff", new_id(), f"w{n}"), grants=grants) for n in range(WORKERS)]
    with world.unit() as uow:
        uow.session.execute(
            update(EventAttempt)
            .where(EventAttempt.event_id.in_(event_ids))
            .values(staff_ids=[person.actor.id for person in people])
        )
    return people


@pytest.mark.requirement("004.22")
def test_of_fifty_workers_exactly_one_claims_each_of_two_hundred_calls(world):
    ids = [world.call().id for _ in range(CALLS)]
    people = crowd(world, ids)
    wins: Counter[str] = Counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        for event_id in ids:

            def act(number: int, event_id: UUID = event_id) -> str:
                with world.unit(people[number]) as uow:
                    claiming.claim(uow, people[number], event_id)
                return "claimed"

            outcome = together(pool, WORKERS, act)
            assert outcome == {"claimed": 1, "already_claimed": WORKERS - 1}, outcome
            wins += outcome
    assert wins["claimed"] == CALLS
    with world.unit() as uow:
        claims = select(TraceEntry.subject_id).where(TraceEntry.action == "claim")
        assert Counter(uow.session.scalars(claims)) == Counter(ids)
        leads = select(func.count()).where(Event.state == "claimed", Event.lead_id.is_not(None))
        assert uow.session.scalar(leads) == CALLS


def test_the_loser_is_told_who_won(world):
    event_id = world.call().id
    world.act("chen", claiming.claim, event_id)
    with pytest.raises(Conflict) as lost:
        world.act("liu", claiming.claim, event_id)
    assert lost.value.code == "already_claimed" and "chen" in lost.value.detail


def test_the_negative_control_has_two_winners(world):
    """Look first, then write without the guard: the race that the one UPDATE closes is real."""
    ids = [world.call().id for _ in range(10)]
    people = crowd(world, ids)

    def act(number: int, event_id: UUID) -> str:
        staff_id = people[number].actor.id
        with world.unit(people[number]) as uow:
            free = uow.session.scalar(select(Event.lead_id).where(Event.id == event_id)) is None
            if not free:
                return "already_claimed"
            # What any real claim does in between.
            uow.session.execute(text("SELECT pg_sleep(0.005)"))
            uow.session.execute(
                update(Event).where(Event.id == event_id).values(state="claimed", lead_id=staff_id)
            )
        return "claimed"

    winners = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for event_id in ids:
            winners += together(pool, WORKERS, lambda n, e=event_id: act(n, e))["claimed"]
    assert winners > len(ids)


@pytest.mark.requirement("004.22")
def test_claim_and_escalation_at_once_leave_one_story(world):
    """Either it was claimed and nobody else is asked, or it went up and was claimed there."""
    ids = [world.call().id for _ in range(24)]
    world.services.clock.set(world.clock(ids[0], "claim").due_at)
    with ThreadPoolExecutor(3) as pool:
        for event_id in ids:

            def act(number: int, event_id: UUID = event_id) -> str:
                if number:
                    return f"fired {world.services.timers.fire_due(world.services, 1)}"
                world.act("chen", claiming.claim, event_id)
                return "claimed"

            assert together(pool, 3, act)["claimed"] == 1
    world.fire()
    for event_id in ids:
        assert world.event(event_id).state == "claimed"
        with world.unit() as uow:
            said = [e.action for e in trace.entries(uow.session, Subject("event", event_id))]
            stuck = select(func.count()).where(
                Timer.payload["event"].astext == str(event_id),
                Timer.fired_at.is_(None),
                Timer.failures > 0,
            )
            assert uow.session.scalar(stuck) == 0
        assert said.count("claim") == 1 and "escalate" not in said[said.index("claim") :]
        running = {clock.kind for clock in world.clocks(event_id) if clock.stopped_at is None}
        assert running == {"contact", "dispose"}


def test_of_two_dispatchers_who_assign_at_once_one_learns_of_the_other(world):
    names = ("he", "ma")
    with ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            event = world.call()

            def act(number: int, event: Event = event) -> str:
                to = world.id(("chen", "liu")[number])
                world.act(names[number], claiming.assign, event.id, to, version=event.version)
                return "assigned"

            assert together(pool, 2, act) == {"assigned": 1, "changed_meanwhile": 1}
            assert len(world.clocks(event.id)) == 2


def test_a_claim_and_an_assignment_at_once_have_one_winner(world):
    with ThreadPoolExecutor(2) as pool:
        for _ in range(15):
            event = world.call()

            def act(number: int, event: Event = event) -> str:
                if number:
                    world.act("chen", claiming.claim, event.id)
                    return "won"
                world.act("he", claiming.assign, event.id, world.id("liu"), version=event.version)
                return "won"

            assert together(pool, 2, act)["won"] == 1


def test_many_join_at_once_and_everyone_is_a_caller_once(world):
    event = world.call()
    people = [uuid4() for _ in range(25)]

    def act(number: int) -> str:
        with world.unit(person=people[number // 2]) as uow:
            intake.join(uow, event.id, person_id=people[number // 2])
        return "joined"

    with ThreadPoolExecutor(WORKERS) as pool:
        assert together(pool, WORKERS, act) == {"joined": WORKERS}
    with world.unit() as uow:
        count = select(func.count()).where(EventCaller.event_id == event.id)
        assert uow.session.scalar(count) == 1 + len(people)
    assert world.event(event.id).callers_count == 1 + len(people)


def test_events_merged_into_each_other_at_once_do_not_wait_in_a_circle(world):
    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            one, two = world.call().id, world.call().id

            def act(number: int, pair: tuple[UUID, UUID] = (one, two)) -> str:
                child, parent = pair if number else pair[::-1]
                world.act("he", merging.merge, child, parent, "同一件事")
                return "merged"

            outcome = together(pool, 2, act)
            assert outcome["merged"] == 1, outcome
            states = sorted(world.event(one_).state for one_ in (one, two))
            assert states == ["called", "merged"]
