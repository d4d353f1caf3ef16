"""Hypothesis drives votes: nobody counts twice, and the roll's sums never move.

Changes, proxies, sales, co-owners, paper and people who come late, in any order, beside a plain
model of who should count. LONG=1 takes 100,000 steps; the short run is a sample.
"""

import json
import os
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text

from backend import config
from backend.app import compose
from backend.domains.deliberation import ballot_papers, vote_checking, vote_moves
from backend.domains.deliberation.ballot_keys import pending_of
from backend.domains.deliberation.ballot_model import Ballot
from backend.domains.deliberation.ballot_papers import Sheet
from backend.domains.deliberation.kind_rules import ABSTAIN, AGREE, OPPOSE
from backend.domains.deliberation.vote_model import Roll
from backend.kernel.clock import FixedClock
from backend.kernel.errors import DomainError
from tests.conftest import MONDAY_8, IsolatedDatabase
from tests.votes_fixtures import in_memory, vote_world  # noqa: F401 - a fixture
from tests.votes_world import Party, World, staff

LONG = bool(os.environ.get("LONG"))
EXAMPLES, STEPS = (2400, 50) if LONG else (4, 25)
LONG_STEPS = 100_000
CHOICES = st.sampled_from((AGREE, OPPOSE, ABSTAIN))
PLACES = st.integers(0, 11)
# After every step: the frozen sums, the sums of the frozen entries, and every seat that has a
# ballot. A secret seat that waits and is in a batch would come twice; so would an open seat with
# the same ballot twice.
_STANDS = text("""
SELECT r.heads, r.area_centi,
 (SELECT count(*) FROM roll_entry e WHERE e.vote_id = r.vote_id),
 (SELECT sum(area_centi) FROM roll_entry e WHERE e.vote_id = r.vote_id),
 ARRAY(SELECT entry_id FROM ballot_pending p WHERE p.vote_id = r.vote_id
       UNION ALL SELECT entry_id FROM ballot_participation p WHERE p.vote_id = r.vote_id),
 ARRAY(SELECT entry_id FROM ballot b WHERE b.vote_id = r.vote_id AND entry_id IS NOT NULL
       GROUP BY entry_id),
 (SELECT count(*) - count(DISTINCT (entry_id, seq)) FROM ballot b
  WHERE b.vote_id = r.vote_id AND entry_id IS NOT NULL)
FROM roll r WHERE r.vote_id = :id""")


class VoteMachine(RuleBasedStateMachine):
    """One vote with a model of who has cast what."""

    made: Any = None
    restart: Any = None
    steps = 0

    @initialize(secret=st.booleans())
    def open(self, secret: bool) -> None:
        type(self).restart()
        self.world = World(self.made)
        register = self.world.register
        self.parties = [register.add(persons=1 + n % 3, areas=(5000 + 7 * n,)) for n in range(11)]
        self.parties.append(register.add(areas=(9000, 1)))
        self.secret = secret
        kind = "matter" if secret else "owners_ordinary"
        self.vote_id = self.world.opened(kind, secrecy="secret" if secret else "open")
        self.entry = self.world.entries(self.vote_id)
        self.frozen = {party.ref: tuple(party.persons) for party in self.parties}
        self.area = {p.ref: sum(register.areas[r][1] for r in p.rooms) for p in self.parties}
        self.rooms = {party.ref: tuple(party.rooms) for party in self.parties}
        self.cast: dict[UUID, str] = {}
        self.how: dict[UUID, str] = {}
        self.sheets: set[UUID] = set()
        self.ended = False

    def _try(self, party: Party, person: UUID, choice: str) -> str:
        """What becomes of a ballot; the code of the refusal, or empty."""
        try:
            done = self.world.cast(
                self.vote_id, party, choice, person=person, entry=self.entry[party.ref]
            )
        except DomainError as error:
            return error.code
        return "repeated" if done.repeated else ""

    def _took_over(self, ref: UUID) -> UUID | None:
        """The party that bought every room of the head since the opening."""
        register = self.world.register
        now = {room: one.ref for one in register.parties.values() for room in one.rooms}
        owners = {now[room] for room in self.rooms[ref]}
        return owners.pop() if len(owners) == 1 and owners != {ref} else None

    @rule(place=PLACES, who=st.integers(0, 2), choice=CHOICES)
    def own_ballot(self, place: int, who: int, choice: str) -> None:
        party = self.parties[place % len(self.parties)]
        people = self.frozen[party.ref]
        refusal = self._try(party, people[who % len(people)], choice)
        if self.ended:
            assert refusal == "vote_closed"
        elif self.secret:
            assert refusal == ("repeated" if party.ref in self.cast else "")
            self.cast.setdefault(party.ref, choice)
        elif self._took_over(party.ref):
            assert refusal == "not_on_roll"
        elif party.ref in self.sheets:
            assert refusal == "already_cast"
        else:
            assert refusal == ""
            self.cast[party.ref], self.how[party.ref] = choice, "online"

    @rule(place=PLACES, choice=CHOICES)
    def stranger(self, place: int, choice: str) -> None:
        party = self.parties[place % len(self.parties)]
        assert self._try(party, uuid4(), choice) == ("vote_closed" if self.ended else "not_on_roll")

    @rule(choice=CHOICES)
    def late(self, choice: str) -> None:
        """Somebody confirmed after the opening is not on the roll, and nothing adds them."""
        late = self.world.register.add(areas=(7000,))
        self.entry[late.ref] = uuid4()
        expected = "vote_closed" if self.ended else "not_on_roll"
        assert self._try(late, late.persons[0], choice) == expected

    @rule(place=PLACES, choice=CHOICES)
    def proxy(self, place: int, choice: str) -> None:
        party = self.parties[place % len(self.parties)]
        holder = uuid4()
        self.world.register.proxies[holder] = {party.ref}
        refusal = self._try(party, holder, choice)
        if self.ended:
            assert refusal == "vote_closed"
        elif self.secret or self._took_over(party.ref):
            assert refusal == "not_on_roll"
        elif party.ref in self.sheets or self.how.get(party.ref) == "online":
            assert refusal == "already_cast"
        else:
            assert refusal == ""
            self.cast[party.ref], self.how[party.ref] = choice, "proxy"

    @rule(place=PLACES, choice=CHOICES, half=st.booleans())
    def sale(self, place: int, choice: str, half: bool) -> None:
        """The seat goes along only with all its rooms, and only while it is uncast."""
        if self.secret:
            return
        party = self.parties[place % len(self.parties)]
        buyer = self.world.register.add(areas=())
        for room in self.rooms[party.ref][: 1 if half else None]:
            self.world.register.sell(room, buyer)
        refusal = self._try(party, buyer.persons[0], choice)
        if self.ended:
            assert refusal == "vote_closed"
        elif self._took_over(party.ref) != buyer.ref:
            assert refusal == "not_on_roll"
        elif party.ref in self.cast or party.ref in self.sheets:
            assert refusal == "already_cast"
        else:
            assert refusal == ""
            self.cast[party.ref], self.how[party.ref] = choice, "online"

    @rule(place=PLACES, choice=CHOICES)
    def paper(self, place: int, choice: str) -> None:
        if self.secret or self.ended:
            return
        party = self.parties[place % len(self.parties)]
        sheet = Sheet(uuid4().hex[:12], self.entry[party.ref], [choice])
        first, second = staff(), staff()
        with self.world.unit(first.actor) as uow:
            state = ballot_papers.enter(uow, first, self.vote_id, sheet).state
        if party.ref in self.cast or party.ref in self.sheets:
            assert state == "void"
            return
        with self.world.unit(second.actor) as uow:
            state = ballot_papers.second(uow, second, self.vote_id, sheet.number, [choice]).state
        assert state == "agreed"
        self.sheets.add(party.ref)
        self.cast[party.ref], self.how[party.ref] = choice, "paper"

    @rule()
    def seal(self) -> None:
        self.world.seal()

    @precondition(lambda self: not self.ended and len(self.cast) > 6)
    @rule()
    def finish(self) -> None:
        self.ended = True
        self.world.finish(self.vote_id)
        found = self.world.result(self.vote_id)
        heads, area = len(self.cast), sum(self.area[ref] for ref in self.cast)
        if self.secret and heads < 10:
            assert found["outcome"] == "too_few"
        else:
            assert found["taking_part"]["heads"] == heads
            for choice in (AGREE, OPPOSE, ABSTAIN):
                mine = [ref for ref, one in self.cast.items() if one == choice]
                assert found["options"][choice]["heads"] == len(mine)
                if not self.secret:
                    assert found["options"][choice]["area"] == sum(self.area[ref] for ref in mine)
                    assert found["taking_part"]["area"] == area
        with self.world.unit() as uow:
            assert vote_checking.check(uow, vote_moves.get(uow, self.vote_id)) == []

    @invariant()
    def nobody_counts_twice_and_sums_stand(self) -> None:
        if not hasattr(self, "cast"):
            return
        type(self).steps += 1
        found = self.made.db.connection.execute(_STANDS, {"id": self.vote_id}).one()
        heads, area, counted, summed, secret, shown, doubled = found
        assert (heads, area) == (12, 0 if self.secret else sum(self.area.values()))
        assert (counted, summed) == (heads, area)
        assert doubled == 0
        seats = secret if self.secret else shown
        assert len(seats) == len(set(seats))
        assert set(seats) == {self.entry[ref] for ref in self.cast}


@pytest.fixture
def driven(base_environ, shared_database, postgres, valkey) -> Iterator[type[VoteMachine]]:
    database = IsolatedDatabase(shared_database)
    clock = FixedClock(MONDAY_8)
    with in_memory() as folder:
        settings = config.load(
            {**base_environ, "DATABASE_URL": postgres.url_of("shared"), "DATA_DIR": folder}
        )
        VoteMachine.made = compose(settings, database=database, clock=clock)
        VoteMachine.steps = 0

        def restart() -> None:
            database.restart()
            clock.set(MONDAY_8)
            pending_of(VoteMachine.made).sweep(())

        VoteMachine.restart = staticmethod(restart)
        yield VoteMachine
    database.undo()


@pytest.mark.requirement("004.11", "004.15")
def test_nobody_votes_twice_whatever_happens(driven, capsys) -> None:
    started = time.monotonic()
    run_state_machine_as_test(
        driven,
        settings=hypothesis.settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )  # fmt: skip
    with capsys.disabled():
        if LONG:
            print(f"\n{driven.steps} steps in {time.monotonic() - started:.0f} s")
    assert driven.steps >= (LONG_STEPS if LONG else EXAMPLES * 10)


def test_the_database_itself_refuses_a_roll_that_does_not_add_up(vote_world) -> None:
    from sqlalchemy.exc import DBAPIError

    world = vote_world
    world.owners(3)
    vote_id = world.prepared()
    with world.unit() as uow:
        uow.session.add(
            Roll(vote_id=vote_id, heads=3, area_centi=24_000, root=b"", frozen_at=uow.now)
        )
        with pytest.raises(DBAPIError, match="does not add up"):
            uow.session.flush()
        uow.session.rollback()


def test_nobody_is_added_to_a_frozen_roll_and_nothing_in_it_is_changed(vote_world) -> None:
    from sqlalchemy.exc import DBAPIError

    world = vote_world
    party = world.owners(3)[0]
    vote_id = world.opened()
    entry = world.entry(vote_id, party)
    statements = [
        "INSERT INTO roll_entry SELECT gen_random_uuid(), vote_id, 4, gen_random_uuid(), rooms,"
        " area_centi, salt FROM roll_entry LIMIT 1",
        f"INSERT INTO roll_caster SELECT '{entry}', gen_random_uuid(), '{vote_id}'",
        "UPDATE roll SET heads = 4",
        "DELETE FROM roll_entry",
        "UPDATE vote_checkpoint SET note = ''",
    ]
    for statement in statements:
        with world.unit() as uow:
            with pytest.raises(DBAPIError, match=r"frozen|append-only"):
                uow.session.execute(text(statement))
            uow.session.rollback()


def test_a_ballot_is_never_changed_nor_removed(vote_world) -> None:
    from sqlalchemy.exc import DBAPIError

    world = vote_world
    party = world.owners(3)[0]
    vote_id = world.opened()
    world.cast(vote_id, party)
    world.seal()
    for statement in ("UPDATE ballot SET how = 'proxy'", "UPDATE ballot SET ordinal = 7",
                      "DELETE FROM ballot"):  # fmt: skip
        with world.unit() as uow:
            with pytest.raises(DBAPIError, match="never changed"):
                uow.session.execute(text(statement))
            uow.session.rollback()
    with world.unit() as uow:
        assert json.dumps(uow.session.scalar(select(func.count()).select_from(Ballot))) == "1"
