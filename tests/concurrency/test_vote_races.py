"""Many at once on a real PostgreSQL: the close, co-owners, double taps, paper against phone."""

import secrets
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend import config
from backend.app import compose
from backend.domains.deliberation import ballot_papers, vote_counting, vote_moves, votes
from backend.domains.deliberation.ballot_model import Ballot, BallotParticipation, BallotPending
from backend.domains.deliberation.ballot_papers import Sheet
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.kernel.access import Actor
from backend.kernel.database import Database
from backend.kernel.errors import DomainError
from tests.votes_world import Party, World, staff

ROUNDS = 5


@pytest.fixture
def world(base_environ, live_db, clock, valkey) -> World:
    database = Database(live_db, pool_size=10, max_overflow=6)
    made = compose(
        config.load({**base_environ, "DATABASE_URL": live_db}), database=database, clock=clock
    )
    yield World(made)
    database.dispose()


def together(*acts: Callable[[], object]) -> Counter[str]:
    """All of them at the same instant; what became of each."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        gate.wait(timeout=30)
        try:
            done = act()
        except DomainError as refused:
            return refused.code
        return "repeated" if getattr(done, "repeated", False) else "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def rows(world: World, *models: type) -> int:
    with world.unit() as uow:
        return sum(uow.session.scalar(select(func.count()).select_from(one)) or 0 for one in models)


def test_of_two_of_one_household_at_once_one_ballot_stands(world) -> None:
    parties = [world.register.add(persons=2) for _ in range(12)]
    vote_id = world.opened("matter", secrecy="secret")
    entries = world.entries(vote_id)
    for party in parties[:ROUNDS]:
        outcome = together(
            *(
                lambda p=party, who=person, c=choice: world.cast(
                    vote_id, p, c, person=who, entry=entries[p.ref]
                )
                for person, choice in zip(party.persons, (AGREE, OPPOSE), strict=True)
            )
        )
        assert outcome == {"done": 1, "repeated": 1}
    assert rows(world, BallotPending, BallotParticipation) == ROUNDS


def test_two_co_owners_who_change_at_once_leave_one_ballot_that_counts(world) -> None:
    parties = [world.register.add(persons=2) for _ in range(12)]
    vote_id = world.opened()
    entries = world.entries(vote_id)
    for party in parties[:ROUNDS]:
        together(
            *(
                lambda p=party, who=person: world.cast(
                    vote_id, p, AGREE, person=who, entry=entries[p.ref]
                )
                for person in party.persons * 2
            )
        )
    world.finish(vote_id)
    assert world.result(vote_id)["taking_part"] == {"heads": ROUNDS, "area": ROUNDS * 8000}


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_a_double_tap_is_one_ballot_and_one_receipt(world, secrecy) -> None:
    parties = [world.register.add() for _ in range(12)]
    vote_id = world.opened("matter", secrecy=secrecy)
    entries = world.entries(vote_id)
    receipts = []
    for party in parties[:ROUNDS]:
        nonce = secrets.token_hex(16)

        def tap(p: Party = party, nonce: str = nonce) -> votes.Cast:
            done = world.cast(vote_id, p, AGREE, nonce=nonce, entry=entries[p.ref])
            receipts.append(done.receipt)
            return done

        assert together(tap, tap, tap) == {"done": 1, "repeated": 2}
    assert len(set(receipts)) == ROUNDS
    assert rows(world, Ballot, BallotPending) == ROUNDS


def test_of_paper_and_phone_at_once_one_counts(world) -> None:
    parties = [world.register.add() for _ in range(12)]
    vote_id = world.opened()
    entries = world.entries(vote_id)
    reader = staff()

    def paper(party: Party) -> str:
        with world.unit(reader.actor) as uow:
            sheet = Sheet(secrets.token_hex(6), entries[party.ref], [AGREE])
            return ballot_papers.enter(uow, reader, vote_id, sheet).state

    for party in parties[:ROUNDS]:
        states: list[str] = []
        outcome = together(
            lambda p=party, s=states: s.append(paper(p)),
            lambda p=party: world.cast(vote_id, p, OPPOSE, entry=entries[p.ref]),
        )
        phone = outcome["already_cast"] == 0
        assert states == ["void" if phone else "entered"]


def _rush(world: World, vote_id: UUID, parties: list[Party]) -> tuple[int, int]:
    """Cast from all sides while the vote is closed and counted; acknowledged and counted."""
    entries = world.entries(vote_id)
    running, acknowledged = Event(), []

    def cast(party: Party) -> None:
        answer = votes.Answer([AGREE], secrets.token_hex(16))
        with world.unit(Actor("person", party.persons[0])) as uow:
            try:
                done = votes.cast(uow, party.persons[0], vote_id, entries[party.ref], answer)
            except DomainError as error:
                assert error.code == "vote_closed"
                return
            # Between the ballot and its commit: what a slow phone line or disk makes longer.
            time.sleep(0.01)
        acknowledged.append(done.receipt)
        if len(acknowledged) >= 10:
            running.set()

    def end() -> None:
        assert running.wait(timeout=30)
        world.services.clock.set(closes_at)  # type: ignore[attr-defined]  # a fixed clock
        for step in (vote_counting.close, vote_counting.count, vote_counting.publish):
            with world.unit() as uow:
                step(uow, vote_id)

    closes_at = world.vote(vote_id).closes_at
    with ThreadPoolExecutor(10) as pool:
        done = [pool.submit(end), *(pool.submit(cast, party) for party in parties)]
        for one in done:
            one.result(timeout=60)
    result = world.result(vote_id)
    return len(acknowledged), (result["taking_part"] or {"heads": -1})["heads"]


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_closing_under_load_counts_each_acknowledged_ballot(world, secrecy) -> None:
    parties = [world.register.add() for _ in range(120)]
    vote_id = world.opened("matter", secrecy=secrecy)
    acknowledged, counted = _rush(world, vote_id, parties)
    assert 10 <= acknowledged < 120
    assert counted == acknowledged


def test_without_the_shared_hold_acknowledged_ballots_are_lost(world, monkeypatch) -> None:
    """The negative control: what the hold is for."""
    monkeypatch.setattr(vote_moves, "hold_shared", lambda uow, vote_id: None)
    lost = 0
    for _ in range(30):  # one is mostly enough; chance decides
        parties = [world.register.add() for _ in range(120)]
        vote_id = world.opened("matter")
        acknowledged, counted = _rush(world, vote_id, parties)
        lost += acknowledged - counted
        world.register.parties.clear()
        if lost:
            break
    assert lost > 0
