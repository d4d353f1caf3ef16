"""Messages that no longer hold, receipts, and what is kept of each attempt."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from notifications import outbox, receipts
from notifications.channels.base import Outcome
from notifications.kinds import SERVICE, SMS, SUBSCRIBE
from notifications.model import (
    DeliveryAttempt,
    DeliveryEvent,
    InboxMessage,
)
from notifications.rules import Verdict
from tests.engines.conftest import BUSY, PERSON, SPENT, UNCLEAR, Bench, Matter, kind


def test_the_same_thing_is_told_once(bench: Bench) -> None:
    assert bench.tell() is not None
    assert bench.tell() is None
    bench.worker.run_once()
    assert len(bench.service.sent) == 1


def test_what_was_rolled_back_is_never_told(bench: Bench) -> None:
    with pytest.raises(RuntimeError), bench.db.transaction() as session:
        outbox.enqueue(
            session, bench.clock.now(), kind(), person_key=PERSON, subject=Matter(),
            dedupe_key="x", values={"name": "n"},
        )  # fmt: skip
        raise RuntimeError
    assert bench.worker.run_once() == 0


def test_what_no_longer_holds_is_not_sent(bench: Bench) -> None:
    matter, later = Matter(), bench.clock.now() + timedelta(hours=2)
    due = bench.tell(subject=matter, key="due")
    reminder = bench.tell(kind(key="reminder"), subject=matter, key="r", not_before=later)
    other = bench.tell(kind(key="reminder"), key="other", not_before=later)
    with bench.db.transaction() as session:
        assert outbox.cancel(session, matter, ["booked", "reminder"], bench.clock.now()) == 2
        assert outbox.cancel(session, matter, ["booked", "reminder"], bench.clock.now()) == 0
    bench.clock.set(later)
    bench.worker.run_once()
    assert bench.row(due).status == bench.row(reminder).status == "suppressed"
    assert bench.row(other).status == "accepted"
    with bench.db.transaction() as session:
        hidden = session.get_one(InboxMessage, reminder)
        kept = session.get_one(InboxMessage, due)
        assert hidden.withdrawn_at is not None
        assert kept.withdrawn_at is None


def test_a_cancelled_retry_gives_its_grant_back(bench: Bench) -> None:
    matter = Matter()
    bench.grant()
    bench.subscribe.script = [BUSY]
    bench.tell(subject=matter)
    bench.worker.run_once()
    assert bench.left() == 0
    with bench.db.transaction() as session:
        outbox.cancel(session, matter, ["booked"], bench.clock.now())
    assert bench.left() == 1


def test_a_message_without_rungs_is_delivered_by_being_written(bench: Bench) -> None:
    row = bench.row(bench.tell(kind(ladder=())))
    assert (row.status, row.channel) == ("delivered", "inbox")
    assert bench.worker.run_once() == 0


def test_every_attempt_is_kept_with_its_error(bench: Bench) -> None:
    bench.grant()
    bench.subscribe.script = [BUSY, SPENT]
    row_id = bench.tell()
    bench.worker.run_once()
    bench.clock.advance(timedelta(minutes=1))
    bench.worker.run_once()
    bench.worker.run_once()
    with bench.db.transaction() as session:
        rows = session.scalars(
            select(DeliveryAttempt)
            .where(DeliveryAttempt.outbox_id == row_id)
            .order_by(DeliveryAttempt.started_at, DeliveryAttempt.channel.desc())
        ).all()
        assert [(r.channel, r.number, r.outcome, r.errcode) for r in rows] == [
            (SUBSCRIBE, 1, "retry", "-1"),
            (SUBSCRIBE, 2, "next_channel", "43101"),
            (SERVICE, 1, "accepted", ""),
        ]


def _receipt(bench: Bench, ok: bool, key: str = "e1", number: str = "m1") -> bool:
    with bench.db.transaction() as session:
        return receipts.record(
            session, bench.clock.now(), event_key=key, channel=SUBSCRIBE, provider_msgid=number,
            ok=ok, text="user block",
        )  # fmt: skip


def test_a_receipt_closes_the_message_once(bench: Bench) -> None:
    bench.grant()
    row_id = bench.tell()
    bench.worker.run_once()
    assert _receipt(bench, ok=True)
    assert bench.row(row_id).status == "delivered"
    assert not _receipt(bench, ok=True)
    assert _receipt(bench, ok=False, key="contradiction")
    assert bench.row(row_id).status == "delivered"


def test_a_receipt_may_overtake_the_answer(bench: Bench) -> None:
    bench.grant()
    row_id = bench.tell()
    assert _receipt(bench, ok=True)
    bench.worker.run_once()
    assert bench.row(row_id).status == "delivered"
    with bench.db.transaction() as session:
        assert session.scalars(select(DeliveryEvent.outbox_id)).one() == row_id


def test_a_bad_receipt_sends_it_the_next_way_or_ends_it(bench: Bench) -> None:
    bench.grant(2)
    goes_on = bench.tell()
    bench.worker.run_once()
    _receipt(bench, ok=False)
    bench.worker.run_once()
    assert (bench.row(goes_on).status, bench.row(goes_on).channel) == ("accepted", SERVICE)
    bench.subscribe.script = [Outcome(Verdict.ACCEPTED, "m2")]
    ends = bench.tell(kind(ladder=(SUBSCRIBE,)), key="2")
    bench.worker.run_once()
    _receipt(bench, ok=False, key="e2", number="m2")
    assert bench.row(ends).status == "permanent_failure"


def test_an_answer_without_a_number_waits_for_no_receipt(bench: Bench) -> None:
    bench.grant()
    bench.subscribe.script = [Outcome(Verdict.ACCEPTED)]
    row_id = bench.tell()
    bench.worker.run_once()
    assert bench.row(row_id).status == "accepted"


def test_values_and_texts_are_frozen_when_the_thing_happens(bench: Bench) -> None:
    row = bench.row(bench.tell())
    assert row.payload[SUBSCRIBE] == {"thing1": "社保卡"}
    assert row.payload[SMS] == "社保卡"
    assert "13800001234" not in str(row.payload)


def test_one_part_of_a_matter_stops_alone_and_so_does_one_person(bench: Bench) -> None:
    matter, other = Matter(), uuid4()
    later = bench.clock.now() + timedelta(hours=2)
    rows = {
        part: bench.tell(key=part, subject=matter, not_before=later, part=part)
        for part in ("order 1", "order 2")
    }
    rows["theirs"] = bench.tell(key="theirs", subject=matter, not_before=later, person=other)
    rows["mine"] = bench.tell(key="mine", subject=matter, not_before=later)

    def stop(**only: object) -> set[str]:
        with bench.db.transaction() as session:
            outbox.cancel(session, matter, ["booked"], bench.clock.now(), **only)  # type: ignore[arg-type]  # passed on
        return {name for name, row in rows.items() if bench.row(row).status == "suppressed"}

    assert stop(parts=["order 1"]) == {"order 1"}
    assert stop(people=[other]) == {"order 1", "theirs"}
    assert stop(parts=[], people=[]) == {"order 1", "theirs"}
    assert stop() == set(rows)


@pytest.mark.parametrize("answer", [BUSY, SPENT, UNCLEAR])
def test_what_stops_holding_while_it_is_sent_is_not_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, answer: Outcome
) -> None:
    matter = Matter()

    def cancelled_meanwhile(*_: object) -> Outcome:
        with bench.db.transaction() as session:
            assert outbox.cancel(session, matter, ["booked"], bench.clock.now()) == 0
        return answer

    told = bench.tell(kind(ladder=(SERVICE, SMS), may_repeat=True), subject=matter)
    monkeypatch.setattr(bench.service, "send", cancelled_meanwhile)
    for _ in range(3):
        bench.worker.run_once()
        bench.clock.advance(timedelta(minutes=3))
    assert bench.row(told).status == "expired"
    assert bench.sms.sent == []


def test_a_receipt_that_says_no_does_not_revive_what_no_longer_holds(bench: Bench) -> None:
    matter = Matter()
    told = bench.tell(kind(ladder=(SERVICE, SMS)), subject=matter)
    bench.worker.run_once()
    with bench.db.transaction() as session:
        assert outbox.cancel(session, matter, ["booked"], bench.clock.now()) == 0
    assert bench.row(told).status == "accepted"
    with bench.db.transaction() as session:
        receipts.record(
            session, bench.clock.now(), event_key="r", channel=SERVICE, provider_msgid="m1",
            ok=False, text="failed",
        )  # fmt: skip
    bench.worker.run_once()
    assert bench.row(told).status == "permanent_failure"
    assert bench.sms.sent == []
