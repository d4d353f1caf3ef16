"""Many workers and one person's day: never more than its cap, and naive counting would be."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from notifications import consent, outbox
from notifications.control_model import MessageCap, MessageDayCount
from notifications.kinds import SMS, SUBSCRIBE
from notifications.limits import ALL
from notifications.resend_rules import CANCELLED
from notifications.rules import day_of
from tests.engines.conftest import TEMPLATE, Bench, Matter, kind

WORKERS, CAP, MESSAGES = 6, 3, 18


@pytest.fixture
def bench(live_db: str, clock: FixedClock) -> Iterator[Bench]:
    database = Database(live_db, pool_size=WORKERS * 2)
    made = Bench(database, clock)
    with database.transaction() as session:
        for scope, per_day in ((ALL, CAP), ("booked", CAP + 2)):
            session.add(MessageCap(scope=scope, per_day=per_day, updated_at=clock.now()))
    yield made
    database.dispose()


def test_workers_side_by_side_keep_a_person_s_cap(bench: Bench) -> None:
    rows = [bench.tell(kind(ladder=(SMS,)), key=str(number)) for number in range(MESSAGES)]
    barrier = Barrier(WORKERS)

    def work(number: int) -> None:
        worker = bench.another(f"w{number}")
        barrier.wait(timeout=30)
        while worker.run_once(limit=2):
            continue

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    states = Counter(bench.row(row).status for row in rows)
    assert states == {"accepted": CAP, "suppressed": MESSAGES - CAP}
    assert len(bench.sms.sent) == CAP
    with bench.db.transaction() as session:
        counts = session.scalars(select(MessageDayCount)).all()
        assert {row.scope: row.sent for row in counts} == {ALL: CAP, "booked": CAP}


def test_workers_and_those_who_cancel_never_wait_for_each_other(bench: Bench) -> None:
    matters, people = [Matter() for _ in range(4)], [uuid4() for _ in range(3)]
    with bench.db.transaction() as session:
        for person in people:
            for _ in range(12):
                consent.report(
                    session, bench.clock.now(), person, TEMPLATE, "accept", source="page"
                )
    rows = [
        bench.tell(
            kind(ladder=(SUBSCRIBE, SMS)), key=str(number), person=people[number % 3],
            subject=matters[number % 4],
        )
        for number in range(48)
    ]  # fmt: skip
    barrier = Barrier(WORKERS)

    def work(number: int) -> int:
        worker = bench.another(f"w{number}")
        barrier.wait(timeout=30)
        if number % 2:
            while worker.run_once(limit=8):
                continue
            return 0
        stopped = 0
        for matter in matters if number else reversed(matters):
            with bench.db.transaction() as session:
                stopped += outbox.cancel(session, matter, ["booked"], bench.clock.now())
        return stopped

    with ThreadPoolExecutor(WORKERS) as pool:
        stopped = sum(pool.map(work, range(WORKERS)))
    bench.worker.run_once(limit=48)
    found = [bench.row(row) for row in rows]
    assert sum(row.last_errcode == CANCELLED for row in found) == stopped
    assert {row.status for row in found} <= {"accepted", "suppressed"}
    sent = [parcel.reference for parcel in (*bench.subscribe.sent, *bench.sms.sent)]
    assert sorted(sent) == sorted(row.id.hex for row in found if row.status == "accepted")


def test_reading_first_and_counting_then_breaks_the_cap(bench: Bench) -> None:
    """The negative control: without the conditional upsert everybody finds room."""
    person, day = uuid4(), day_of(bench.clock.now())
    barrier = Barrier(WORKERS)
    with bench.db.transaction() as session:
        session.add(MessageDayCount(person_key=person, day=day, scope=ALL, sent=CAP - 1))

    def naive(_: int) -> bool:
        with bench.db.transaction() as session:
            found = _sent(session, person, day)
            barrier.wait(timeout=30)
            if found >= CAP:
                return False
            session.get_one(MessageDayCount, (person, day, ALL)).sent = found + 1
            return True

    with ThreadPoolExecutor(WORKERS) as pool:
        let_through = sum(pool.map(naive, range(WORKERS)))
    assert let_through == WORKERS


def _sent(session: Session, person: UUID, day: date) -> int:
    return session.get_one(MessageDayCount, (person, day, ALL)).sent
