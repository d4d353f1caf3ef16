"""The engine walks messages down their ladders; channels are scripted, the database is real."""

from datetime import datetime, timedelta

import pytest

from backend.kernel.clock import SHANGHAI
from notifications.kinds import SERVICE, SMS, SUBSCRIBE
from notifications.model import (
    InboxMessage,
)
from notifications.rules import Priority
from tests.engines.conftest import BUSY, SPENT, UNCLEAR, WRONG, Bench, To, kind


def test_with_a_grant_the_subscribe_message_goes_and_the_grant_is_spent(bench: Bench) -> None:
    bench.grant()
    told = bench.tell()
    assert bench.worker.run_once() == 1
    row = bench.row(told)
    assert (row.status, row.channel, row.provider_msgid) == ("accepted", SUBSCRIBE, "m1")
    assert bench.left() == 0
    assert len(bench.subscribe.sent) == 1
    assert not bench.service.sent
    assert bench.worker.run_once() == 0


def test_without_a_grant_the_next_rung_is_taken_without_a_call(bench: Bench) -> None:
    row_id = bench.tell()
    bench.worker.run_once()
    assert (bench.row(row_id).status, bench.row(row_id).channel) == ("accepted", SERVICE)
    assert not bench.subscribe.sent


def test_rungs_without_an_address_are_left_out(bench: Bench) -> None:
    bench.to = To(mini_openid=None, service_openid=None)
    row_id = bench.tell()
    bench.worker.run_once()
    assert bench.row(row_id).channel == SMS


def test_a_message_nobody_can_carry_stays_in_the_inbox(bench: Bench) -> None:
    bench.to = To(None, None, None)
    row_id = bench.tell()
    bench.worker.run_once()
    row = bench.row(row_id)
    assert row.status == "suppressed"
    assert "站内" in row.last_error
    with bench.db.transaction() as session:
        assert session.get(InboxMessage, row_id) is not None


def test_43101_takes_all_grants_and_the_next_channel(bench: Bench) -> None:
    bench.grant(3)
    bench.subscribe.script = [SPENT]
    row_id = bench.tell()
    bench.worker.run_once()
    bench.worker.run_once()
    row = bench.row(row_id)
    assert (row.status, row.channel) == ("accepted", SERVICE)
    assert bench.left() == 0


def test_47003_is_final_and_gives_the_grant_back(bench: Bench) -> None:
    bench.grant()
    bench.subscribe.script = [WRONG]
    row_id = bench.tell()
    bench.worker.run_once()
    bench.clock.advance(timedelta(hours=3))
    bench.worker.run_once()
    row = bench.row(row_id)
    assert (row.status, row.last_errcode) == ("permanent_failure", "47003")
    assert bench.left() == 1
    assert not bench.service.sent


def test_a_busy_provider_is_asked_again_after_growing_pauses(bench: Bench) -> None:
    bench.grant()
    bench.subscribe.script = [BUSY, BUSY, BUSY]
    row_id = bench.tell()
    for pause in (30, 120, 600):
        bench.worker.run_once()
        assert bench.row(row_id).status == "temporary_failure"
        bench.clock.advance(timedelta(seconds=pause - 1))
        assert bench.worker.run_once() == 0
        bench.clock.advance(timedelta(seconds=1))
    bench.worker.run_once()
    assert bench.row(row_id).status == "accepted"
    assert len(bench.subscribe.sent) == 4
    assert bench.left() == 0
    assert len({parcel.reference for parcel in bench.subscribe.sent}) == 1


def test_patience_ends_and_the_next_channel_is_tried_with_the_grant_given_back(
    bench: Bench,
) -> None:
    bench.grant()
    bench.subscribe.script = [BUSY] * 9
    row_id = bench.tell(kind(patience=2))
    bench.worker.run_once()
    bench.clock.advance(timedelta(seconds=40))
    bench.worker.run_once()
    bench.worker.run_once()
    row = bench.row(row_id)
    assert (row.status, row.channel) == ("accepted", SERVICE)
    assert bench.left() == 1


def test_patience_on_the_last_rung_ends_as_a_technical_failure(bench: Bench) -> None:
    bench.sms.script = [BUSY] * 9
    row_id = bench.tell(kind(ladder=(SMS,), patience=1))
    bench.worker.run_once()
    assert bench.row(row_id).status == "technical_failure"


def test_no_attempt_after_the_end_of_its_life(bench: Bench) -> None:
    bench.sms.script = [BUSY] * 9
    row_id = bench.tell(kind(ladder=(SMS,), life=timedelta(seconds=20)))
    bench.worker.run_once()
    assert bench.row(row_id).status == "expired"
    late = bench.tell(key="late")
    bench.clock.advance(timedelta(hours=13))
    bench.worker.run_once()
    assert bench.row(late).status == "expired"
    assert len(bench.sms.sent) == 1


@pytest.mark.parametrize(
    ("may_repeat", "expected"), [(False, "technical_failure"), (True, "temporary_failure")]
)
def test_silence_after_the_call_is_repeated_only_if_it_may_arrive_twice(
    bench: Bench, may_repeat: bool, expected: str
) -> None:
    bench.sms.script = [UNCLEAR]
    row_id = bench.tell(kind(ladder=(SMS,), may_repeat=may_repeat))
    bench.worker.run_once()
    assert bench.row(row_id).status == expected


def test_a_fault_in_a_channel_stops_neither_the_worker_nor_the_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.tell(kind(ladder=(SUBSCRIBE,)), key="1")
    second = bench.tell(kind(ladder=(SMS,)), key="2")
    bench.grant()
    monkeypatch.setattr(bench.subscribe, "send", lambda *_: 1 / 0)
    bench.worker.run_once()
    assert bench.row(first).status == "technical_failure"
    assert bench.row(second).status == "accepted"


def test_urgent_messages_go_first(bench: Bench) -> None:
    for number, priority in enumerate(
        (Priority.NEWS, Priority.REMINDER, Priority.CONFIRMATION, Priority.CHANGE, Priority.CALL)
    ):
        bench.tell(kind(key=priority.name, priority=priority, ladder=(SMS,)), key=str(number))
    while bench.worker.run_once(limit=1):
        continue
    assert [parcel.kind for parcel in bench.sms.sent] == [
        "CALL", "CHANGE", "CONFIRMATION", "REMINDER", "NEWS",
    ]  # fmt: skip


def test_at_night_only_calls_and_changes_leave(bench: Bench) -> None:
    bench.clock.set(datetime(2026, 11, 23, 21, 59, tzinfo=SHANGHAI))
    waits = bench.tell(kind(ladder=(SMS,)), key="waits")
    calls = bench.tell(kind(ladder=(SMS,), priority=Priority.CALL), key="calls")
    bench.clock.set(datetime(2026, 11, 23, 22, 0, tzinfo=SHANGHAI))
    late = bench.tell(kind(ladder=(SMS,)), key="late")
    bench.worker.run_once()
    assert bench.row(calls).status == "accepted"
    assert bench.row(waits).status == bench.row(late).status == "created"
    bench.clock.set(datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI))
    bench.worker.run_once()
    assert bench.row(waits).status == bench.row(late).status == "accepted"


def test_a_reminder_that_falls_into_the_night_leaves_in_the_morning(bench: Bench) -> None:
    early = datetime(2026, 11, 24, 7, 30, tzinfo=SHANGHAI)
    row_id = bench.tell(
        kind(ladder=(SMS,)), not_before=early, expires_at=early + timedelta(hours=2)
    )
    bench.clock.set(early)
    bench.worker.run_once()
    row = bench.row(row_id)
    assert (row.status, row.next_at.astimezone(SHANGHAI).hour) == ("created", 8)
    bench.clock.set(row.next_at)
    bench.worker.run_once()
    assert bench.row(row_id).status == "accepted"
