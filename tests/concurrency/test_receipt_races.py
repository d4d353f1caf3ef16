"""A receipt stored while its call is being settled: neither sees the other, and both are joined."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from notifications import receipts
from notifications.boarding import locked
from notifications.channels.base import Addresses, Outcome, Parcel
from notifications.kinds import SERVICE, SMS
from notifications.model import DeliveryEvent
from notifications.rules import UNHEARD, Verdict
from notifications.settling import Done
from tests.engines.conftest import Bench, Scripted, kind

MESSAGES = 60


@pytest.fixture
def bench(live_db: str, clock: FixedClock) -> Iterator[Bench]:
    database = Database(live_db, pool_size=12)
    yield Bench(database, clock)
    database.dispose()


def report(bench: Bench, number: str = "m1", *, ok: bool = True, channel: str = SMS) -> bool:
    """What the provider says, stored in a transaction of its own."""
    with bench.db.transaction() as session:
        return receipts.record(
            session, bench.clock.now(), event_key=f"{channel}:{number}:{ok}", channel=channel,
            provider_msgid=number, ok=ok, text="" if ok else "user block",
        )  # fmt: skip


def unlinked(bench: Bench) -> int:
    with bench.db.transaction() as session:
        query = select(func.count()).where(DeliveryEvent.outbox_id.is_(None))
        return session.scalar(query) or 0


def link(bench: Bench) -> int:
    with bench.db.transaction() as session:
        return receipts.link(session, bench.clock.now())


def crossing(bench: Bench, monkeypatch: pytest.MonkeyPatch, *, ok: bool) -> None:
    """The receipt is looked for, then stored, and only then the settling is committed."""
    settling = bench.worker._settling
    settle = settling.settle

    def with_a_receipt(session: Session, done: Sequence[Done], now: datetime) -> None:
        settle(session, done, now)
        assert report(bench, ok=ok)

    monkeypatch.setattr(settling, "settle", with_a_receipt)
    bench.worker.run_once()
    monkeypatch.undo()


def test_a_receipt_that_crosses_the_settling_is_missed_at_first_and_linked_soon(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = bench.tell(kind(ladder=(SMS,)))
    crossing(bench, monkeypatch, ok=True)
    # The negative control: each looked for the other, and nothing but `link` does so again.
    bench.worker.run_once()
    assert (bench.row(told).status, unlinked(bench)) == ("accepted", 1)
    assert link(bench) == 1
    assert (bench.row(told).status, unlinked(bench)) == ("delivered", 0)
    assert link(bench) == 0


def test_a_crossing_receipt_that_says_no_sends_the_message_its_next_way(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.to.mini_openid = bench.to.service_openid = None
    told = bench.tell(kind(ladder=(SMS, SERVICE)))
    crossing(bench, monkeypatch, ok=False)
    bench.to.service_openid = "o2"
    link(bench)
    bench.worker.run_once()
    row = bench.row(told)
    assert (row.status, row.channel, len(bench.service.sent)) == ("accepted", SERVICE, 1)


def test_a_row_that_somebody_holds_waits_for_the_next_round(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = bench.tell(kind(ladder=(SMS,)))
    crossing(bench, monkeypatch, ok=True)
    assert told is not None
    with bench.db.transaction() as session:
        assert len(locked(session, [told])) == 1
        assert link(bench) == 0
    assert link(bench) == 1


def test_receipts_are_looked_for_as_long_as_a_message_may_go_unheard_of(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    crossing_told = bench.tell(kind(ladder=(SMS,)))
    crossing(bench, monkeypatch, ok=True)
    report(bench, "of nobody we know")
    bench.clock.advance(UNHEARD + timedelta(seconds=1))
    assert link(bench) == 0
    assert bench.row(crossing_told).status == "accepted"


class Prompt(Scripted):
    """A provider that reports while the answer of the call is still on its way."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(SMS)
        self._bench, self._pool = bench, ThreadPoolExecutor(4)
        self.told: list[Future[bool]] = []

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        number = parcel.reference
        self.told.append(self._pool.submit(report, self._bench, number))
        return Outcome(Verdict.ACCEPTED, number)

    def finish(self) -> None:
        self._pool.shutdown()
        assert all(one.result() for one in self.told)


def test_however_receipts_and_answers_meet_every_message_ends_delivered(bench: Bench) -> None:
    bench.sms = channel = Prompt(bench)
    ids: list[UUID] = []
    for number in range(MESSAGES):
        told = bench.tell(kind(ladder=(SMS,)), key=str(number), person=uuid4())
        assert told is not None
        ids.append(told)
    worker = bench.another("w9", threads=8)
    while Counter(bench.row(one).status for one in ids)["created"]:
        worker.run_once()
    worker.finish()
    channel.finish()
    link(bench)
    assert Counter(bench.row(one).status for one in ids) == {"delivered": MESSAGES}
    assert unlinked(bench) == 0
