"""Several providers behind one channel: shares, failing over, and shares that move."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from notifications import receipts, weight_rules, weights
from notifications.channels.base import Outcome
from notifications.channels.sms import SmsChannel
from notifications.control_model import ProviderState
from notifications.kinds import SMS
from notifications.model import DeliveryAttempt
from notifications.rules import Verdict
from notifications.weights import Weights
from tests.engines.conftest import BUSY, UNCLEAR, Bench, kind

A, B = "sms_a", "sms_b"
BASE = {A: 60, B: 40}
TEXT = kind(ladder=(SMS,))


class Two:
    """Two providers that answer what the test says."""

    def __init__(self) -> None:
        self.script: dict[str, list[Outcome]] = {A: [], B: []}
        self.sent: list[tuple[str, str]] = []

    def __call__(self, phone: str, text: str, reference: str, provider: str) -> Outcome:
        self.sent.append((provider, reference))
        waiting = self.script[provider]
        return waiting.pop(0) if waiting else Outcome(Verdict.ACCEPTED, f"{provider}:{reference}")

    @property
    def asked(self) -> list[str]:
        return [name for name, _ in self.sent]


@pytest.fixture
def two(bench: Bench) -> Two:
    found = Two()
    # The chance of 0 always picks the first, who has the larger share.
    bench.sms = SmsChannel(found, lambda: BASE, chance=lambda: 0.0)  # type: ignore[assignment]  # instead of a script
    bench.worker = bench.another("w1")
    return found


def tried(bench: Bench) -> list[tuple[str, int, str | None]]:
    with bench.db.transaction() as session:
        rows = session.scalars(select(DeliveryAttempt).order_by(DeliveryAttempt.number))
        return [(row.provider, row.number, row.outcome) for row in rows]


def test_a_sure_failure_is_taken_to_the_other_provider_at_once(bench: Bench, two: Two) -> None:
    two.script[A] = [BUSY]
    told = bench.tell(TEXT)
    bench.worker.run_once()
    assert bench.row(told).attempts == 0, "it costs no attempt"
    bench.worker.run_once()
    row = bench.row(told)
    assert (row.status, row.provider) == ("accepted", B)
    assert tried(bench) == [(A, 1, "retry"), (B, 2, "accepted")]


def test_when_both_fail_the_pause_grows_as_ever(bench: Bench, two: Two) -> None:
    two.script = {A: [BUSY, BUSY], B: [BUSY]}
    told = bench.tell(TEXT)
    bench.worker.run_once()
    bench.worker.run_once()
    assert (bench.row(told).status, bench.row(told).attempts) == ("temporary_failure", 1)
    assert bench.worker.run_once() == 0
    bench.clock.advance(timedelta(seconds=30))
    bench.worker.run_once()
    bench.worker.run_once()
    assert two.asked == [A, B, A, B]
    assert bench.row(told).status == "accepted"


def test_what_one_may_already_have_is_never_given_to_the_other(bench: Bench, two: Two) -> None:
    two.script[A] = [UNCLEAR, BUSY, BUSY]
    told = bench.tell(TEXT)
    for _ in range(6):
        bench.worker.run_once()
        bench.clock.advance(timedelta(hours=1))
    assert set(two.asked) == {A}
    assert len({reference for _, reference in two.sent}) == 1, "the provider drops a repetition"
    assert bench.row(told).status == "accepted"


def test_a_sender_that_died_is_followed_by_the_same_provider(bench: Bench, two: Two) -> None:
    told = bench.tell(TEXT)
    with bench.db.transaction() as session:
        row = session.get_one(type(bench.row(told)), told)
        row.status, row.provider, row.channel, row.attempts = "temporary_failure", B, SMS, 1
        session.add(DeliveryAttempt(outbox_id=row.id, channel=SMS, provider=B, number=1,
                                    started_at=bench.clock.now()))  # fmt: skip
    bench.worker.run_once()
    assert two.asked == [B]


def state(bench: Bench) -> dict[str, int]:
    with bench.db.transaction() as session:
        return weights.current(session, SMS)


def judge(bench: Bench) -> bool:
    bench.clock.advance(weight_rules.EVERY)
    with bench.db.transaction() as session:
        weights.ensure(session, bench.clock.now(), SMS, BASE)
        return weights.judge(session, bench.clock.now(), SMS)


def attempts(bench: Bench, provider: str, *outcomes: str, took: float = 0.1, ago: float = 5.0,
             reported: float | None = None) -> None:  # fmt: skip
    now = bench.clock.now()
    told = bench.tell(TEXT, key=uuid4().hex)
    with bench.db.transaction() as session:
        for number, outcome in enumerate(outcomes, 1):
            started = now - timedelta(seconds=ago)
            msgid = f"{provider}:{uuid4().hex}" if outcome == "accepted" else ""
            ended = started + timedelta(seconds=took)
            session.add(DeliveryAttempt(
                outbox_id=told, channel=SMS, provider=provider, number=number, started_at=started,
                finished_at=ended, outcome=outcome, provider_msgid=msgid,
            ))  # fmt: skip
            if reported is not None:
                row = session.get_one(type(bench.row(told)), told)
                row.provider_msgid = msgid
                session.flush()
                receipts.record(session, ended + timedelta(seconds=reported), event_key=msgid,
                                channel=SMS, provider_msgid=msgid, ok=True)  # fmt: skip


def test_shares_begin_as_set_and_follow_a_change_of_the_settings(bench: Bench) -> None:
    judge(bench)
    assert state(bench) == BASE
    with bench.db.transaction() as session:
        weights.ensure(session, bench.clock.now(), SMS, {A: 1, "sms_c": 1})
        assert weights.current(session, SMS) == {A: 50, "sms_c": 50}
        assert session.get(ProviderState, B) is None


def test_a_provider_that_fails_is_left_within_a_minute_and_comes_back_step_by_step(
    bench: Bench,
) -> None:
    judge(bench)
    for _ in range(6):
        attempts(bench, A, *["retry"] * 3, *["unclear"] * 3)
        attempts(bench, B, *["accepted"] * 6)
        judge(bench)
    assert state(bench) == {A: 0, B: 100}
    with bench.db.transaction() as session:
        assert "出错" in session.get_one(ProviderState, A).reason
    seen = [state(bench)[A]]
    for _ in range(8):
        bench.clock.advance(weight_rules.RECOVERY)
        judge(bench)
        seen.append(state(bench)[A])
    assert seen == [0, 10, 20, 30, 40, 50, 60, 60, 60]
    with bench.db.transaction() as session:
        assert session.get_one(ProviderState, A).reason == ""


def test_slow_answers_and_late_reports_move_a_share(bench: Bench) -> None:
    judge(bench)
    attempts(bench, A, *["accepted"] * 6, took=6.0)
    judge(bench)
    assert state(bench) == {A: 50, B: 50}
    bench.clock.advance(timedelta(minutes=2))
    attempts(bench, B, *["accepted"] * 6, ago=400.0, reported=10.0)
    attempts(bench, B, *["accepted"] * 2, ago=400.0)
    judge(bench)
    assert state(bench) == {A: 60, B: 40}
    with bench.db.transaction() as session:
        assert "回执" in session.get_one(ProviderState, B).reason


def test_a_provider_that_never_reports_is_not_blamed_for_it(bench: Bench) -> None:
    judge(bench)
    attempts(bench, A, *["accepted"] * 8, ago=400.0)
    judge(bench)
    assert state(bench) == BASE


def test_one_judge_at_a_time(bench: Bench) -> None:
    assert judge(bench)
    with bench.db.transaction() as session:
        assert not weights.judge(session, bench.clock.now(), SMS), "somebody was just here"


def test_a_worker_reads_shares_every_few_seconds_and_knows_only_its_own(bench: Bench) -> None:
    at = [0.0]
    known = Weights(bench.db.transaction, SMS, {A: 1}, clock=lambda: at[0])
    assert known() == {A: 100}, "before anybody has judged"
    judge(bench)
    assert known() == {A: 100}
    at[0] = weights.FRESH_FOR
    assert known() == {A: 60}


def test_parcels_of_other_channels_carry_their_provider(bench: Bench) -> None:
    bench.tell()
    bench.worker.run_once()
    (parcel,) = bench.service.sent
    assert parcel == replace(parcel, provider="scripted", number=1)
    assert tried(bench) == [("scripted", 1, "accepted")]
