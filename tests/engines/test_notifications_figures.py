"""Figures of channels and consents, counted over what really happened."""

from datetime import timedelta

from notifications import consent, consent_figures, health
from notifications.consent_figures import Balance, Wanted
from notifications.health import ChannelFigures, Failure
from notifications.kinds import SERVICE, SMS, SUBSCRIBE
from notifications.model import DeliveryAttempt
from tests.engines.conftest import (
    BUSY,
    OK,
    PERSON,
    SPENT,
    TEMPLATE,
    UNCLEAR,
    WRONG,
    Bench,
    To,
    kind,
)


def figures(bench: Bench) -> dict[str, ChannelFigures]:
    with bench.db.transaction() as session:
        return health.figures(session, bench.clock.now())


def test_nothing_was_sent_and_nothing_waits(bench: Bench) -> None:
    assert figures(bench) == {}
    with bench.db.transaction() as session:
        assert health.steps(session, bench.clock.now()) == []


def test_each_channel_is_counted_with_its_failures_by_code(bench: Bench) -> None:
    bench.grant(3)
    bench.subscribe.script = [WRONG, OK, SPENT]
    bench.service.script = [BUSY]
    for number in range(3):
        bench.tell(key=f"k{number}")
    bench.worker.run_once()
    found = figures(bench)
    assert (found[SUBSCRIBE].handed_over, found[SUBSCRIBE].accepted) == (3, 1)
    assert found[SUBSCRIBE].failures == [
        Failure("43101", "user refuse", 1),
        Failure("47003", "argument invalid", 1),
    ]
    # The one whose consent was spent waits for the next rung, and is due.
    assert (found[SERVICE].handed_over, found[SERVICE].waiting, found[SERVICE].due) == (0, 1, 1)
    bench.worker.run_once()
    found = figures(bench)
    assert (found[SERVICE].handed_over, found[SERVICE].accepted) == (1, 0)
    assert found[SERVICE].failures == [Failure("-1", "system error", 1)]


def test_waiting_is_counted_on_the_rung_that_comes_next_and_by_whether_it_is_due(
    bench: Bench,
) -> None:
    now = bench.clock.now()
    bench.tell(key="later", not_before=now + timedelta(hours=2))
    bench.tell(key="now")
    bench.clock.advance(timedelta(minutes=3))
    found = figures(bench)[SUBSCRIBE]
    assert (found.waiting, found.due, found.oldest_due) == (2, 1, now)


def test_seconds_are_from_being_due_to_being_handed_over(bench: Bench) -> None:
    for number, seconds in enumerate((2, 4, 60)):
        bench.tell(kind(ladder=(SMS,)), key=f"k{number}")
        bench.clock.advance(timedelta(seconds=seconds))
        bench.worker.run_once()
    found = figures(bench)[SMS]
    assert (found.p50, found.accepted) == (4.0, 3)
    assert found.p95 is not None
    assert 50 < found.p95 <= 60
    assert found.soon is not None
    assert abs(float(found.soon) - 2 / 3) < 0.001


def test_what_nobody_knows_is_counted_when_the_lease_is_over(bench: Bench) -> None:
    bench.sms.script = [UNCLEAR]
    told = bench.tell(kind(ladder=(SMS,)))
    bench.worker.run_once()
    with bench.db.transaction() as session:
        session.add(
            DeliveryAttempt(outbox_id=told, channel=SMS, number=2, started_at=bench.clock.now())
        )
    assert figures(bench)[SMS].unclear == 1
    bench.clock.advance(timedelta(minutes=2))
    assert figures(bench)[SMS].unclear == 2


def test_what_is_older_than_an_hour_is_left_out(bench: Bench) -> None:
    bench.tell(kind(ladder=(SMS,)))
    bench.worker.run_once()
    bench.clock.advance(timedelta(minutes=61))
    assert figures(bench) == {}


def test_the_hour_is_told_in_steps_of_five_minutes(bench: Bench) -> None:
    for minutes in (1, 1, 7):
        bench.tell(kind(ladder=(SMS,)), key=f"{bench.clock.now()}")
        bench.worker.run_once()
        bench.clock.advance(timedelta(minutes=minutes))
    bench.sms.script = [WRONG]
    bench.tell(kind(ladder=(SMS,)), key="wrong")
    bench.worker.run_once()
    with bench.db.transaction() as session:
        found = health.steps(session, bench.clock.now())
    assert [(one.accepted, one.failed) for one in found] == [(3, 0), (0, 1)]
    assert all(one.at.minute % 5 == 0 and one.at.second == 0 for one in found)


def test_the_ledger_adds_up(bench: Bench) -> None:
    start = bench.clock.now()
    bench.grant(2)
    bench.subscribe.script = [BUSY]
    bench.tell(key="given back", expires_at=start + timedelta(minutes=1))
    bench.worker.run_once()
    bench.clock.advance(timedelta(minutes=2))
    bench.worker.run_once()
    bench.tell(key="spent")
    bench.worker.run_once()
    with bench.db.transaction() as session:
        now = bench.clock.now()
        consent.report(session, now, PERSON, TEMPLATE, "reject", source="page")
        assert consent_figures.balances(session) == {TEMPLATE: Balance(1, 1, 0)}
        consent.exhaust(session, now, PERSON, TEMPLATE, source="push")
        (day,) = consent_figures.by_day(session, start, now + timedelta(seconds=1))
        assert consent_figures.balances(session) == {TEMPLATE: Balance(0, 0, 0)}
    assert (day.granted, day.declined, day.spent) == (2, 1, 1)
    assert (day.withdrawn, day.lost) == (1, 0)


def test_what_wechat_says_is_gone_is_lost_and_not_withdrawn(bench: Bench) -> None:
    start = bench.clock.now()
    bench.grant()
    bench.subscribe.script = [SPENT]
    bench.tell()
    bench.worker.run_once()
    with bench.db.transaction() as session:
        (day,) = consent_figures.by_day(session, start, bench.clock.now() + timedelta(seconds=1))
    assert (day.spent, day.withdrawn, day.lost) == (1, 0, 1)


def test_a_long_term_consent_is_counted_as_such_and_its_sends_too(bench: Bench) -> None:
    start = bench.clock.now()
    with bench.db.transaction() as session:
        consent.report(session, start, PERSON, TEMPLATE, "accept", source="page", long_term=True)
    for number in range(3):
        bench.tell(key=f"k{number}")
    bench.worker.run_once()
    with bench.db.transaction() as session:
        assert consent_figures.balances(session)[TEMPLATE].long_term == 1
        (day,) = consent_figures.by_day(session, start, bench.clock.now() + timedelta(seconds=1))
    assert day.spent == 3


def test_what_went_without_consent_is_told_apart(bench: Bench) -> None:
    start = bench.clock.now()
    bench.grant()
    bench.tell(key="with")
    bench.tell(key="without")
    bench.worker.run_once()
    bench.to = To(None, None, None)
    bench.tell(key="nowhere")
    bench.worker.run_once()
    bench.tell(key="no such way", ladder=(SMS,))
    bench.tell(key="still waits")
    with bench.db.transaction() as session:
        found = consent_figures.wanted(session, start, bench.clock.now() + timedelta(seconds=1))
    assert found == {"t": Wanted(3, 2)}
