"""Random days of the engine, on the real tables: whatever happens, nobody is told twice."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.kernel.clock import FixedClock
from notifications import consent, outbox, receipts
from notifications.buckets import Buckets
from notifications.channels.base import Addresses, Outcome, Parcel
from notifications.control_model import MessageCap, MessageDayCount
from notifications.delivery import Delivery
from notifications.kinds import SERVICE, SMS, SUBSCRIBE
from notifications.limits import ALL, Limits
from notifications.model import MessageGrant, MessageGrantEvent, OutboxMessage
from notifications.rules import ENDS, NIGHT, SHANGHAI, STATES, Priority, Verdict
from tests.conftest import MONDAY_8, IsolatedDatabase
from tests.engines.conftest import BUSY, SPENT, UNCLEAR, WRONG, Matter, To, kind
from tests.engines.test_notifications_buckets import QUOTA
from tests.engines.test_notifications_digests import DIGEST, news

STEPS = ("tell", "tell", "run", "run", "run", "die", "wait", "sleep", "cancel", "grant",
         "receipt", "redis")  # fmt: skip
KINDS = (
    kind(key="call", priority=Priority.CALL, ladder=(SMS,), may_repeat=True, patience=2,
         life=timedelta(minutes=10)),
    kind(key="change", priority=Priority.CHANGE, ladder=(SERVICE, SMS), patience=3),
    kind(key="booked"),
    kind(key="reminder", priority=Priority.REMINDER, life=timedelta(hours=3)),
    kind(key="bulk", priority=Priority.NEWS, ladder=(SMS,), life=timedelta(days=2)),
    news(ladder=(SERVICE, SMS)),
)  # fmt: skip
TEMPLATE = "template-1"
CAP = 3


class Killed(BaseException):
    """The process is gone."""


class Switch:
    """A Redis that is there or not; there, no bucket is ever empty."""

    def __init__(self) -> None:
        self.on = True

    def call(self, use: Callable[[Any], Any], *, default: Any) -> Any:
        return use(self) if self.on else default

    def ping(self) -> bool:
        return True

    def register_script(self, script: str) -> Callable[..., Any]:
        return lambda keys, arguments: 300_000 if "times" in script else [0, ""]


class Provider:
    """A channel that keeps what arrived; all but subscribe messages drop a repetition."""

    provider = "model"
    reports = True

    def __init__(self, world: "World", name: str) -> None:
        self.name, self._world = name, world
        self.repeatable = name != SUBSCRIBE

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        return True

    def template(self, parcel: Parcel) -> str | None:
        return TEMPLATE if self.name == SUBSCRIBE else None

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        world, key = self._world, (self.name, parcel.reference)
        world.watch(parcel)
        repeated = self.repeatable and key in world.arrived
        if world.dying:
            if world.dice.random() < 0.5:
                world.arrived[key] += not repeated
            raise Killed
        choices = [BUSY, UNCLEAR] if repeated else [BUSY, UNCLEAR, SPENT, WRONG, QUOTA]
        answer = world.dice.choice(choices) if world.dice.random() < 0.4 else None
        if answer is None or (answer is UNCLEAR and world.dice.random() < 0.5):
            world.arrived[key] += not repeated
        return answer or Outcome(Verdict.ACCEPTED, f"{self.name}:{parcel.reference}"[:80])


class World:
    """An outbox, a worker that dies and comes back, and what the providers saw."""

    def __init__(self, db: IsolatedDatabase, dice: random.Random) -> None:
        self.db, self.dice, self.clock = db, dice, FixedClock(MONDAY_8)
        self.people = [uuid4() for _ in range(2)]
        self.matters = [Matter() for _ in range(4)]
        self.arrived: Counter[tuple[str, str]] = Counter()
        self.redis, self.dying, self.number = Switch(), False, 0
        self.worker = self.hire()
        with db.transaction() as session:
            session.add(MessageCap(scope=ALL, per_day=CAP, updated_at=self.clock.now()))

    def hire(self) -> Delivery:
        self.number += 1
        return Delivery(
            self.db.transaction, self.clock.now, lambda session, people: dict.fromkeys(people, To()),
            {name: Provider(self, name) for name in (SUBSCRIBE, SERVICE, SMS)},
            owner=f"w{self.number}", chance=self.dice.random, digest=DIGEST,
            limits=Limits(Buckets(self.redis)),
        )  # fmt: skip

    def watch(self, parcel: Parcel) -> None:
        with self.db.transaction() as session:
            row = session.get_one(OutboxMessage, UUID(parcel.reference), populate_existing=True)
        now = self.clock.now()
        assert row.status == "sending"
        assert row.expires_at > now
        if row.priority > Priority.CHANGE:
            assert NIGHT[1] <= now.astimezone(SHANGHAI).time() < NIGHT[0]
        assert self.redis.on or row.priority != Priority.NEWS

    def act(self, name: str) -> None:
        getattr(self, f"do_{name}")()

    def do_tell(self) -> None:
        self.number += 1
        with self.db.transaction() as session:
            outbox.enqueue(
                session, self.clock.now(), self.dice.choice(KINDS),
                person_key=self.dice.choice(self.people), subject=self.dice.choice(self.matters),
                dedupe_key=str(self.number), values={"name": "社保卡"},
            )  # fmt: skip

    def do_run(self) -> None:
        self.worker.run_once()

    def do_die(self) -> None:
        self.dying = True
        try:
            self.worker.run_once()
        except Killed:
            self.worker = self.hire()
        finally:
            self.dying = False

    def do_wait(self) -> None:
        self.clock.advance(timedelta(seconds=self.dice.choice((1, 31, 100, 700))))

    def do_sleep(self) -> None:
        self.clock.advance(timedelta(hours=self.dice.choice((1, 4, 10))))

    def do_cancel(self) -> None:
        with self.db.transaction() as session:
            keys = [one.key for one in KINDS]
            outbox.cancel(session, self.dice.choice(self.matters), keys, self.clock.now())

    def do_grant(self) -> None:
        with self.db.transaction() as session:
            person = self.dice.choice(self.people)
            consent.report(session, self.clock.now(), person, TEMPLATE, "accept", source="page")

    def do_receipt(self) -> None:
        with self.db.transaction() as session:
            rows = session.scalars(
                select(OutboxMessage).where(OutboxMessage.status == "accepted")
                .order_by(OutboxMessage.dedupe_key)
            ).all()  # fmt: skip
            if not rows:
                return
            row, ok = self.dice.choice(rows), self.dice.random() < 0.7
            if not ok:
                self.arrived.pop((row.channel, row.id.hex), None)
            receipts.record(
                session, self.clock.now(), event_key=row.provider_msgid, channel=row.channel,
                provider_msgid=row.provider_msgid, ok=ok, text="failed",
            )  # fmt: skip

    def do_redis(self) -> None:
        self.redis.on = not self.redis.on

    def rows(self) -> list[OutboxMessage]:
        with self.db.transaction() as session:
            query = select(OutboxMessage).execution_options(populate_existing=True)
            return list(session.scalars(query))

    def check(self) -> None:
        counted: Counter[tuple[Any, Any]] = Counter()
        for row in self.rows():
            assert row.status in STATES
            assert (row.lease_owner is None) == (row.status not in ("leased", "sending"))
            assert row.held_template is None or row.status in (
                "leased",
                "sending",
                "temporary_failure",
            )
            assert (row.digest_id is not None) == (row.status == "gathered")
            arrivals = sum(self.arrived[name, row.id.hex] for name in (SUBSCRIBE, SERVICE, SMS))
            assert arrivals <= 1 or row.may_repeat
            if row.counted_on:
                assert row.priority > Priority.CHANGE
                counted[row.person_key, row.counted_on] += 1
        with self.db.transaction() as session:
            for count in session.scalars(select(MessageDayCount)):
                assert count.sent <= CAP
                assert count.sent == counted[count.person_key, count.day]
            balance = session.scalar(select(func.sum(MessageGrant.remaining))) or 0
            assert balance == (session.scalar(select(func.sum(MessageGrantEvent.change))) or 0)

    def drain(self) -> None:
        self.redis.on = True
        for _ in range(200):
            if not self.worker.run_once():
                self.clock.advance(timedelta(hours=1))
        self.worker.unheard()
        assert {row.status for row in self.rows()} <= {*ENDS, "accepted"}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(STEPS), min_size=15, max_size=45))
def test_whatever_happens_nobody_is_told_twice_and_everything_ends(
    db: IsolatedDatabase, seed: int, steps: list[str]
) -> None:
    db.restart()
    world = World(db, random.Random(seed))
    for name in steps:
        world.act(name)
        world.check()
    world.drain()
    world.check()
