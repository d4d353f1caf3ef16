"""Many at once on a real PostgreSQL: one confirms, one buys, one set of owners is one party."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend import config
from backend.app import compose
from backend.domains.community import claiming, confirming, parties, proxies, rules, transfers
from backend.domains.community.model import HousingParty, OwnerRecord, Residence, RoomOwnership
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.domains.community.ports import TopicRef, register_topics
from backend.kernel.access import Actor
from backend.kernel.clock import local_date
from backend.kernel.database import Database
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id
from backend.kernel.trace import TraceEntry
from tests.community_world import Estate, estate, named, worker

ROUNDS = 6


@pytest.fixture
def stage(base_environ, live_db, clock, valkey) -> Iterator[Estate]:
    database = Database(live_db, pool_size=8, max_overflow=4)
    made = compose(
        config.load({**base_environ, "DATABASE_URL": live_db}), database=database, clock=clock
    )
    made.redis.client.flushall()
    yield estate(made)
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


def confirm(stage: Estate, claim: UUID) -> None:
    by = worker()
    with stage.unit(by.actor) as uow:
        confirming.confirm(uow, by, claim)


def decide(stage: Estate, transfer: UUID) -> None:
    by = worker()
    with stage.unit(by.actor) as uow:
        transfers.confirm(uow, by, transfer)


def sell(stage: Estate, label: str) -> UUID:
    """A transfer to a fresh owner, taken down by staff."""
    by = worker()
    with stage.unit(by.actor) as uow:
        wish = transfers.Wish((named("买主"),))
        return transfers.record(uow, by, stage.rooms[label], wish).id


def count(stage: Estate, model: type, *conditions) -> int:
    with stage.unit() as uow:
        return uow.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_of_two_confirmations_of_one_claim_one_takes_effect(stage):
    for turn in range(ROUNDS):
        label = f"1-1-{turn + 101}"
        stage.room(label)
        claim = stage.claim(stage.person(named()), label, rules.TENANT)
        outcome = together(*[lambda c=claim: confirm(stage, c)] * 2)
        assert outcome == {"done": 1, "wrong_state": 1}, outcome
        steps = count(
            stage, TraceEntry, TraceEntry.subject_id == claim, TraceEntry.action == "confirm"
        )
        assert steps == 1


def test_of_two_claims_of_one_home_by_one_person_one_stays(stage):
    stage.room("1-1-101")
    person = stage.person(named())
    outcome = together(*[lambda: stage.claim(person, "1-1-101", rules.TENANT)] * 3)
    assert outcome == {"done": 1, "already_claimed": 2}, outcome
    assert count(stage, Residence) == 1


def test_of_two_transfers_of_one_room_one_waits_and_one_is_decided_once(stage):
    for turn in range(ROUNDS):
        label = f"1-1-{turn + 101}"
        stage.own(label, named())
        outcome = together(*[lambda at=label: sell(stage, at)] * 2)
        assert outcome == {"done": 1, "transfer_waiting": 1}, outcome
        with stage.unit() as uow:
            [waiting] = uow.session.scalars(
                select(OwnershipTransfer.id).where(OwnershipTransfer.state == rules.REQUESTED)
            )
        outcome = together(*[lambda one=waiting: decide(stage, one)] * 2)
        assert outcome == {"done": 1, "wrong_state": 1}, outcome
        room = RoomOwnership.room_id == stage.rooms[label]
        assert count(stage, RoomOwnership, room, RoomOwnership.until.is_(None)) == 1
        assert count(stage, RoomOwnership, room) == 2


def test_whoever_sells_while_being_confirmed_ends_up_outside(stage):
    for turn in range(ROUNDS):
        label, wang = f"1-1-{turn + 101}", named("王甲")
        stage.own(label, wang)
        claim = stage.claim(stage.person(wang), label)
        transfer = sell(stage, label)
        outcome = together(
            lambda c=claim: confirm(stage, c), lambda one=transfer: decide(stage, one)
        )
        assert set(outcome) <= {"done", "not_in_register"}, outcome
        with stage.unit() as uow:
            row = uow.session.get_one(Residence, claim)
            assert row.state in (rules.CLAIMED, rules.MOVED)
            assert not confirming.owns(
                uow, row.room_id, parties.record_of(uow, stage.community_id, row.person_id)
            )


def test_the_same_owners_named_at_once_are_one_party_of_single_records(stage):
    wang, li = named("王甲"), named("李乙")

    def enter(label: str) -> None:
        with stage.unit() as uow:
            entries = [parties.entry(uow, stage.community_id, one) for one in (wang, li)]
            party_id = parties.party(uow, stage.community_id, entries)
            parties.own(uow, stage.rooms[label], party_id, "import")

    labels = [f"1-1-{number + 101}" for number in range(4)]
    for label in labels:
        stage.room(label)
    assert together(*[lambda at=label: enter(at) for label in labels]) == {"done": 4}
    assert (count(stage, OwnerRecord), count(stage, HousingParty)) == (2, 1)


def test_a_holder_given_many_proxies_at_once_holds_no_more_than_the_rule_allows(stage):
    friend = named("赵友", phone="13900000031")
    stage.person(friend, phone=friend.phone)
    topic = TopicRef(new_id(), "装路灯", stage.community_id, 2, True)
    register_topics(stage.services, lambda uow, one: topic if one == topic.id else None)
    people = []
    for number in range(4):
        label, who = f"1-1-{number + 101}", named()
        stage.own(label, who)
        people.append(stage.settle(who, label))

    def give(person: UUID, **scope) -> None:
        with stage.unit(Actor("person", person)) as uow:
            [home] = claiming.own_rows(uow, person)
            wish = proxies.Wish(friend.name, friend.phone, **scope)
            proxies.give(uow, person, home.id, proxies.AS_OWNER, wish)

    outcome = together(*[lambda one=one: give(one, topic_id=topic.id) for one in people])
    assert outcome == {"done": 2, "proxy_refused": 2}, outcome
    with stage.unit() as uow:
        until = local_date(uow.now) + timedelta(days=1)
    outcome = together(*[lambda: give(people[0], until=until)] * 2)
    assert outcome["done"] <= 1 and count(stage, VoteProxy) <= 3
