"""Whoever tries whatever and whenever: refused without a trace, or one step of the table.

Hypothesis drives one campaign with a clock, a worker and a sender of its own. After every step
nobody was written to twice, nothing left that two people had not agreed on, and after a stop
nothing leaves at all.
"""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from backend.domains.messages import campaign_rules as c
from backend.domains.messages import campaign_running, campaigns
from backend.domains.messages.campaign_parts import subject
from backend.kernel import trace
from backend.kernel.errors import Conflict, Forbidden, Invalid, Stale
from notifications.kinds import SMS
from tests.campaign_world import STAFF, body, make
from tests.engines.conftest import BUSY, OK, SPENT, UNCLEAR, Scripted

REFUSALS = (Conflict, Forbidden, Invalid, Stale)
WRITERS = {"writer", "writer2", "second", "second2"}
who = st.sampled_from(tuple(STAFF))
PEOPLE = 5


class Machine(RuleBasedStateMachine):
    """One campaign and everybody."""

    services: Any

    @initialize(scheduled=st.sampled_from((None, 2)), short=st.booleans())
    def begin(self, scheduled: int | None, short: bool) -> None:
        self.world = make(self.services)
        self.people = set(self.world.residents(PEOPLE))
        now = self.services.clock.now()
        begins = now + timedelta(hours=scheduled or 0)
        times = {"send_at": begins.isoformat() if scheduled else None}
        if short:
            times["expires_at"] = (begins + timedelta(hours=2)).isoformat()
        self.id = self.world.write(**times)
        self.sender = Scripted(SMS)
        self.delivery = self.world.delivery(self.sender)
        self.writers = {"writer"}
        self.sent_at_stop: int | None = None
        self.words = "明天停水"

    def entries(self) -> int:
        with self.services.unit() as uow:
            return len(trace.entries(uow.session, subject(self.id)))

    def attempt(self, name: str, action: str, use: Any, *args: Any, **more: Any) -> bool:
        """Try it; a refusal leaves nothing behind, a success is a way of the table."""
        row = self.world.row(self.id)
        before = (row.state, row.version, self.entries())
        versioned = () if action == "stop" else (str(row.version),)
        try:
            self.world.act(name, use, self.id, *versioned, *args, **more)
        except REFUSALS:
            row = self.world.row(self.id)
            assert (row.state, row.version, self.entries()) == before
            return False
        assert name in WRITERS, f"{name} must not do this"
        assert self.world.row(self.id).state == c.TRANSITIONS[before[0], action].to
        assert self.entries() == before[2] + 1
        return True

    @rule(name=who, title=st.sampled_from(("明天停水", "后天停水", "")), stale=st.booleans())
    def save(self, name: str, title: str, stale: bool) -> None:
        row = self.world.row(self.id)
        new = {**body(title=title), "send_at": row.send_at, "expires_at": row.expires_at}
        try:
            version = row.version - (1 if stale else 0)
            self.world.act(name, campaigns.save, self.id, new, str(version))
        except REFUSALS:
            return
        assert row.state == "draft"
        assert not stale
        self.words = title

    @rule(name=who)
    def submit(self, name: str) -> None:
        if self.attempt(name, "submit", campaigns.submit):
            self.writers = {"writer", name}

    @rule(name=who)
    def recall(self, name: str) -> None:
        self.attempt(name, "recall", campaigns.recall)

    @rule(name=who)
    def send_back(self, name: str) -> None:
        self.attempt(name, "return", campaigns.send_back, "请改")

    @rule(name=who, read=st.booleans())
    def release(self, name: str, read: bool) -> None:
        if self.attempt(name, "release", campaigns.release, read=read):
            assert read, "the machine gave no verdict: somebody must have read it"
            assert name not in self.writers, "released by who wrote or submitted it"

    @rule(sure=st.integers(0, 2))
    def walk(self, sure: int) -> None:
        if sure:
            self.submit("writer")
            self.release("second", read=True)

    @rule(name=who, sure=st.integers(0, 4), withdraw=st.booleans())
    def stop(self, name: str, sure: int, withdraw: bool) -> None:
        if sure == 4 and self.attempt(name, "stop", campaigns.stop, "写错了", withdraw=withdraw):
            self.sent_at_stop = len(self.sender.sent)

    @rule(name=who, sure=st.integers(0, 9))
    def discard(self, name: str, sure: int) -> None:
        if sure == 9 and self.attempt(name, "discard", campaigns.discard):
            self.sent_at_stop = 0

    @rule(turn=st.sampled_from((-1.0, 2.0)))
    def work(self, turn: float) -> None:
        kept, campaign_running._TURN = campaign_running._TURN, turn
        size, campaign_running.BATCH = campaign_running.BATCH, 2
        try:
            self.world.run()
        finally:
            campaign_running._TURN, campaign_running.BATCH = kept, size

    @rule(answer=st.sampled_from((OK, BUSY, SPENT, UNCLEAR)), limit=st.integers(1, 4))
    def send(self, answer: Any, limit: int) -> None:
        self.sender.script = [answer]
        self.delivery.run_once(limit)
        self.sender.script = []

    @rule(hours=st.sampled_from((0.5, 3, 40)))
    def wait(self, hours: float) -> None:
        self.services.clock.advance(timedelta(hours=hours))

    @invariant()
    def nobody_is_written_to_twice(self) -> None:
        found = self.world.messages(self.id)
        people = [one.person_key for one in found]
        assert len(set(people)) == len(people)
        assert set(people) <= self.people
        assert self.world.row(self.id).written == len(people)

    @invariant()
    def nothing_is_written_that_two_people_did_not_agree_on(self) -> None:
        row, found = self.world.row(self.id), self.world.messages(self.id)
        if row.released_by is None:
            assert not found
        else:
            assert row.released_by not in (row.created_by, row.submitted_by)
            assert {one.title for one in found} <= {self.words}
        assert self.entries() >= 1

    @invariant()
    def after_a_stop_nothing_leaves(self) -> None:
        if self.sent_at_stop is not None:
            assert len(self.sender.sent) == self.sent_at_stop
            assert not {one.status for one in self.world.messages(self.id)} & {
                "created", "leased", "temporary_failure",
            }  # fmt: skip

    @invariant()
    def what_is_done_has_nothing_left(self) -> None:
        if self.world.row(self.id).state == "done":
            states = {one.status for one in self.world.messages(self.id)}
            assert not states & {"created", "leased", "sending", "temporary_failure"}


def test_the_campaign_machine_keeps_its_promises(services):
    class Bound(Machine):
        pass

    Bound.services = services
    start = services.clock.now()

    class Fresh(Bound):
        def __init__(self) -> None:
            services.db.restart()
            services.clock.set(start)
            services.redis.client.flushall()
            super().__init__()

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=16, stateful_step_count=22, deadline=None,
            phases=[Phase.generate], derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
