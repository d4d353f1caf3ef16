"""Attempts that may have arrived, and messages that nobody ever reported on."""

from datetime import timedelta
from typing import Any

import pytest

from notifications import claims, health, preferences, receipts
from notifications.kinds import SERVICE, SMS, SUBSCRIBE
from notifications.rules import UNHEARD
from tests.engines.conftest import BUSY, OK, PERSON, UNCLEAR, Bench, kind

PAST_LEASE = claims.LEASE + timedelta(seconds=1)


def repeatable(bench: Bench, channel: str) -> None:
    next(
        c for c in (bench.subscribe, bench.service, bench.sms) if c.name == channel
    ).repeatable = True
    bench.worker = bench.another("w1")


def test_where_the_provider_drops_repetitions_silence_is_asked_again(bench: Bench) -> None:
    repeatable(bench, SMS)
    bench.sms.script = [UNCLEAR]
    told = bench.tell(kind(ladder=(SMS,)))
    bench.worker.run_once()
    assert bench.row(told).status == "temporary_failure"
    bench.clock.advance(timedelta(seconds=31))
    bench.worker.run_once()
    assert bench.row(told).status == "accepted"
    assert len({parcel.reference for parcel in bench.sms.sent}) == 1


def test_a_sender_that_died_is_repeated_there_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> Any:
        raise Killed

    repeatable(bench, SMS)
    told = bench.tell(kind(ladder=(SMS,)))
    with monkeypatch.context() as patch:
        patch.setattr(bench.sms, "send", die)
        with pytest.raises(Killed):
            bench.worker.run_once()
    bench.clock.advance(PAST_LEASE)
    bench.worker.run_once()
    bench.worker.run_once()
    assert bench.row(told).status == "accepted"


@pytest.mark.parametrize("second", [UNCLEAR, BUSY])
def test_what_may_have_arrived_there_is_not_sent_by_another_channel(
    bench: Bench, second: Any
) -> None:
    repeatable(bench, SERVICE)
    bench.service.script = [UNCLEAR, second]
    told = bench.tell(kind(ladder=(SERVICE, SMS), patience=2))
    bench.worker.run_once()
    bench.clock.advance(timedelta(seconds=31))
    bench.worker.run_once()
    row = bench.row(told)
    assert (row.status, row.last_errcode) == ("technical_failure", "ambiguous")
    bench.clock.advance(timedelta(hours=1))
    assert bench.worker.run_once() == 0
    assert bench.sms.sent == []


def test_what_surely_did_not_arrive_is(bench: Bench) -> None:
    repeatable(bench, SERVICE)
    bench.service.script = [BUSY, BUSY]
    told = bench.tell(kind(ladder=(SERVICE, SMS), patience=2))
    bench.worker.run_once()
    bench.clock.advance(timedelta(seconds=31))
    bench.worker.run_once()
    bench.worker.run_once()
    assert (bench.row(told).status, bench.row(told).channel) == ("accepted", SMS)


def test_in_doubt_at_the_end_of_its_life_an_operator_sees_it(bench: Bench) -> None:
    repeatable(bench, SMS)
    bench.sms.script = [UNCLEAR]
    told = bench.tell(kind(ladder=(SMS,), life=timedelta(seconds=20)))
    bench.worker.run_once()
    assert bench.row(told).status == "technical_failure"


def accepted(bench: Bench, channel: str, *, reports: bool) -> Any:
    scripted = {SUBSCRIBE: bench.subscribe, SERVICE: bench.service, SMS: bench.sms}[channel]
    scripted.reports = reports
    bench.worker = bench.another("w1")
    told = bench.tell(kind(ladder=(channel,)), key=channel)
    bench.worker.run_once()
    assert bench.row(told).status == "accepted"
    return told


def test_silence_of_72_hours_where_receipts_come_is_a_failure(bench: Bench) -> None:
    told = accepted(bench, SMS, reports=True)
    bench.clock.advance(UNHEARD)
    assert bench.worker.unheard() == 0
    bench.clock.advance(timedelta(seconds=1))
    assert bench.worker.unheard() == 1
    row = bench.row(told)
    assert (row.status, row.last_errcode) == ("technical_failure", "unheard")
    assert "72" in row.last_error
    assert bench.worker.unheard() == 0


def test_a_receipt_in_time_is_the_last_word(bench: Bench) -> None:
    told = accepted(bench, SMS, reports=True)
    with bench.db.transaction() as session:
        receipts.record(
            session, bench.clock.now(), event_key="r", channel=SMS, provider_msgid="m1", ok=True
        )
    bench.clock.advance(UNHEARD * 2)
    assert bench.worker.unheard() == 0
    assert bench.row(told).status == "delivered"


def test_a_receipt_after_72_hours_is_kept_and_changes_nothing(bench: Bench) -> None:
    told = accepted(bench, SMS, reports=True)
    bench.clock.advance(UNHEARD * 2)
    bench.worker.unheard()
    with bench.db.transaction() as session:
        assert receipts.record(
            session, bench.clock.now(), event_key="r", channel=SMS, provider_msgid="m1", ok=True
        )
    assert bench.row(told).status == "technical_failure"


def test_a_channel_without_receipts_is_believed(bench: Bench) -> None:
    told = accepted(bench, SMS, reports=False)
    bench.clock.advance(UNHEARD * 2)
    assert bench.worker.unheard() == 0
    assert bench.row(told).status == "accepted"


def test_what_got_no_id_cannot_be_reported_on(bench: Bench) -> None:
    bench.sms.script = [OK.__class__(OK.verdict)]
    told = accepted(bench, SMS, reports=True)
    bench.clock.advance(UNHEARD * 2)
    assert bench.worker.unheard() == 0
    assert bench.row(told).status == "accepted"


def test_a_repetition_that_wechat_would_no_longer_drop_is_not_made(bench: Bench) -> None:
    repeatable(bench, SERVICE)
    bench.service.script = [UNCLEAR, BUSY, BUSY]
    told = bench.tell(kind(ladder=(SERVICE, SMS)))
    for _ in range(4):
        bench.worker.run_once()
        bench.clock.advance(timedelta(minutes=3))
    row = bench.row(told)
    # The third would have been followed by one after ten minutes: nobody would have dropped it.
    assert (row.status, row.last_errcode) == ("technical_failure", "ambiguous")
    assert len(bench.service.sent) == 3
    assert bench.sms.sent == []


@pytest.mark.parametrize("held_up", ["too long", "muted", "gone", "no longer trusted"])
def test_what_may_have_arrived_leaves_again_only_the_same_way_and_in_time(
    bench: Bench, held_up: str
) -> None:
    repeatable(bench, SERVICE)
    bench.service.script = [UNCLEAR]
    told = bench.tell(kind(ladder=(SERVICE, SMS), topic="life"))
    bench.worker.run_once()
    assert bench.row(told).status == "temporary_failure"
    bench.clock.advance(timedelta(seconds=31))
    match held_up:
        case "too long":
            # It was put off for half a minute; nobody came for ten.
            bench.clock.advance(timedelta(minutes=9))
        case "muted":
            bench.worker = bench.another("w1", topic_of=lambda kind: "life")
            with bench.db.transaction() as session:
                preferences.mute(session, bench.clock.now(), PERSON, "life", [SERVICE])
        case "gone":
            bench.to.service_openid = None
        case _:
            bench.service.repeatable = False
    bench.worker.run_once()
    row = bench.row(told)
    assert (row.status, row.last_errcode) == ("technical_failure", "ambiguous")
    assert (len(bench.service.sent), bench.sms.sent) == (1, [])


def test_a_repetition_that_was_relied_upon_to_be_dropped_is_told_to_operators(
    bench: Bench,
) -> None:
    repeatable(bench, SERVICE)
    bench.service.script = [UNCLEAR, BUSY]
    told = bench.tell(kind(ladder=(SERVICE,)))
    for _ in range(3):
        bench.worker.run_once()
        bench.clock.advance(timedelta(minutes=2, seconds=1))
    row = bench.row(told)
    assert (row.status, row.last_errcode) == ("accepted", "repeated")
    assert [parcel.again for parcel in bench.service.sent] == [False, True, True]
    with bench.db.transaction() as session:
        assert health.figures(session, bench.clock.now())[SERVICE].unclear == 1


def test_what_may_arrive_twice_goes_again_any_way_and_without_a_word(bench: Bench) -> None:
    bench.service.script = [UNCLEAR]
    told = bench.tell(kind(ladder=(SERVICE, SMS), may_repeat=True))
    bench.worker.run_once()
    bench.clock.advance(timedelta(minutes=20))
    bench.to.service_openid = None
    bench.worker.run_once()
    row = bench.row(told)
    assert (row.status, row.channel, row.last_errcode) == ("accepted", SMS, "")


def test_a_sender_that_died_long_ago_is_not_repeated_where_nobody_would_drop_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> Any:
        raise Killed

    repeatable(bench, SERVICE)
    told = bench.tell(kind(ladder=(SERVICE,)))
    with monkeypatch.context() as patch:
        patch.setattr(bench.service, "send", die)
        with pytest.raises(Killed):
            bench.worker.run_once()
    bench.clock.advance(timedelta(minutes=11))
    bench.worker.run_once()
    assert bench.row(told).status == "technical_failure"
    assert bench.service.sent == []
