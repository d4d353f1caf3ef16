"""The ledger of grants: one grant, one send."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from notifications import consent
from notifications.kinds import SERVICE, SUBSCRIBE
from notifications.model import MessageGrant, MessageGrantEvent
from tests.engines.conftest import BUSY, PERSON, TEMPLATE, Bench, kind

T = "template-1"


def left(db: Database, person: object) -> int:
    with db.transaction() as session:
        grant = session.get(MessageGrant, (person, T))
        return grant.remaining if grant else 0


def report(db: Database, clock: FixedClock, person: object, answer: str, **options: str) -> None:
    options.setdefault("source", "page")
    with db.transaction() as session:
        consent.report(session, clock.now(), person, T, answer, **options)  # type: ignore[arg-type]  # passed on


def test_each_accept_counts_one_and_a_ban_takes_all(db: Database, clock: FixedClock) -> None:
    person = uuid4()
    for answer in ("accept", "reject", "accept"):
        report(db, clock, person, answer)
    assert left(db, person) == 2
    report(db, clock, person, "ban")
    assert left(db, person) == 0


def test_the_page_and_the_push_tell_of_the_same_tap(db: Database, clock: FixedClock) -> None:
    person = uuid4()
    report(db, clock, person, "accept")
    report(db, clock, person, "accept", source="push", event_key="e1")
    assert left(db, person) == 1
    report(db, clock, person, "accept", source="push", event_key="e2")
    report(db, clock, person, "accept")
    assert left(db, person) == 2
    clock.advance(timedelta(minutes=11))
    report(db, clock, person, "accept")
    assert left(db, person) == 3


def test_a_push_seen_before_changes_nothing(db: Database, clock: FixedClock) -> None:
    person = uuid4()
    for _ in range(3):
        report(db, clock, person, "accept", source="push", event_key="same")
    assert left(db, person) == 1


def test_grants_do_not_grow_without_end(db: Database, clock: FixedClock) -> None:
    person = uuid4()
    for _ in range(consent.MOST + 5):
        report(db, clock, person, "accept")
    assert left(db, person) == consent.MOST


def test_long_term_grants_are_not_used_up_until_withdrawn(db: Database, clock: FixedClock) -> None:
    person = uuid4()
    with db.transaction() as session:
        consent.report(session, clock.now(), person, T, "accept", source="page", long_term=True)
        for _ in range(5):
            assert consent.spend(session, clock.now(), person, T)
        consent.refund(session, clock.now(), person, T)
        consent.exhaust(session, clock.now(), person, T, source="push")
        assert not consent.spend(session, clock.now(), person, T)


def test_grants_follow_a_merged_account(db: Database, clock: FixedClock) -> None:
    old, new = uuid4(), uuid4()
    for person in (old, old, new):
        report(db, clock, person, "accept")
    with db.transaction() as session:
        for grant in consent.balances(session, old).values():
            consent.move(session, clock.now(), grant, new)
    assert left(db, new) == 3
    assert left(db, old) == 0


def test_the_database_itself_refuses_a_grant_below_zero(db: Database, clock: FixedClock) -> None:
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.add(
            MessageGrant(person_key=uuid4(), template_id=T, remaining=-1, updated_at=clock.now())
        )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["accept", "reject", "ban", "spend", "refund"]), max_size=25))
def test_the_ledger_always_adds_up_to_the_balance(
    db: Database, clock: FixedClock, steps: list[str]
) -> None:
    person = uuid4()
    held = 0
    with db.transaction() as session:
        for step in steps:
            if step == "spend":
                held += consent.spend(session, clock.now(), person, T)
            elif step == "refund":
                if held:
                    consent.refund(session, clock.now(), person, T)
                    held -= 1
            else:
                consent.report(session, clock.now(), person, T, step, source="page")
        total = session.scalar(
            select(func.coalesce(func.sum(MessageGrantEvent.change), 0)).where(
                MessageGrantEvent.person_key == person
            )
        )
        grant = session.get(MessageGrant, (person, T))
        assert (grant.remaining if grant else 0) == total
        assert total is not None and total >= 0


@pytest.fixture
def live(live_db: str) -> Iterator[Database]:
    made = Database(live_db)
    yield made
    made.dispose()


def test_of_many_who_want_the_last_grant_one_gets_it(live: Database, clock: FixedClock) -> None:
    for _ in range(10):
        person = uuid4()
        report(live, clock, person, "accept")
        barrier = threading.Barrier(8)

        def want(_: int, person: object = person, barrier: threading.Barrier = barrier) -> bool:
            barrier.wait()
            with live.transaction() as session:
                return consent.spend(session, clock.now(), person, T)  # type: ignore[arg-type]  # a UUID

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(want, range(8))) == 1
        assert left(live, person) == 0


def test_page_and_push_at_the_same_moment_count_once(live: Database, clock: FixedClock) -> None:
    for number in range(10):
        person = uuid4()
        barrier = threading.Barrier(2)

        def tell(
            source: str, person: object = person, barrier: threading.Barrier = barrier,
            number: int = number,
        ) -> None:  # fmt: skip
            barrier.wait()
            key = f"e{number}" if source == "push" else None
            with live.transaction() as session:
                consent.report(
                    session,
                    clock.now(),
                    person,
                    T,
                    "accept",
                    source=source,
                    event_key=key,  # type: ignore[arg-type]  # a UUID
                )

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(tell, ("page", "push")))
        assert left(live, person) == 1


def test_a_withdrawal_takes_all_of_the_named_templates_and_stands_in_the_ledger(
    db: Database, clock: FixedClock
) -> None:
    person, other = uuid4(), uuid4()
    for who in (person, person, other):
        report(db, clock, who, "accept")
    with db.transaction() as session:
        consent.report(session, clock.now(), person, "kept", "accept", source="page")
        consent.withdraw(session, clock.now(), person, [T, T, "never asked"])
        consent.withdraw(session, clock.now(), person, [T])
        assert not consent.allows(session, person, T)
        assert consent.allows(session, person, "kept")
        assert consent.allows(session, other, T)
        entries = session.scalars(consent.history(person)).all()
        assert [(row.change, row.source) for row in entries if row.what == "withdraw"] == [
            (-2, "page")
        ]


def test_a_lasting_consent_ends_with_its_withdrawal(db: Database, clock: FixedClock) -> None:
    person = uuid4()
    with db.transaction() as session:
        consent.report(session, clock.now(), person, T, "accept", source="page", long_term=True)
        consent.withdraw(session, clock.now(), person, [T])
        assert not consent.spend(session, clock.now(), person, T)


def test_the_history_tells_of_one_tap_once(db: Database, clock: FixedClock) -> None:
    person = uuid4()
    report(db, clock, person, "accept")
    report(db, clock, person, "accept", source="push", event_key=uuid4().hex)
    report(db, clock, person, "reject")
    with db.transaction() as session:
        told = {(row.source, row.what) for row in session.scalars(consent.history(person))}
    assert told == {("page", "accept"), ("page", "reject")}


@pytest.mark.parametrize("by", ["withdrawal", "switched off in WeChat"])
def test_a_message_that_held_a_withdrawn_consent_goes_another_way(bench: Bench, by: str) -> None:
    bench.grant()
    told = bench.tell()
    bench.subscribe.script = [BUSY]
    bench.worker.run_once()
    assert bench.row(told).held_template == TEMPLATE
    with bench.db.transaction() as session:
        if by == "withdrawal":
            consent.withdraw(session, bench.clock.now(), PERSON, [TEMPLATE])
        else:
            consent.exhaust(session, bench.clock.now(), PERSON, TEMPLATE, source="push")
    bench.clock.advance(timedelta(minutes=5))
    bench.worker.run_once()
    assert (len(bench.subscribe.sent), len(bench.service.sent)) == (1, 1)
    assert bench.left() == 0


def test_messages_that_want_a_consent_are_counted_until_they_have_one(bench: Bench) -> None:
    bench.tell(key="a")
    bench.tell(kind(ladder=(SERVICE, SUBSCRIBE)), key="b")
    with bench.db.transaction() as session:
        assert consent.awaited(session, PERSON) == {"t": 1}
    bench.grant()
    bench.subscribe.script = [BUSY]
    bench.worker.run_once()
    with bench.db.transaction() as session:
        assert consent.awaited(session, PERSON) == {}
