"""A message sent again on somebody's word: once, never what is there or still runs."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from notifications import outbox, resending
from notifications.model import InboxMessage, OutboxMessage
from notifications.resending import NotNow
from tests.engines.conftest import SPENT, UNCLEAR, WRONG, Bench, Matter, To, kind


def again(bench: Bench, message_id: UUID | None, *, sure: bool = False) -> UUID:
    assert message_id is not None
    with bench.db.transaction() as session:
        return resending.resend(session, bench.clock.now(), message_id, sure=sure).id


def refused(bench: Bench, message_id: UUID | None) -> tuple[str | None, tuple[str, ...]]:
    with pytest.raises(NotNow) as caught:
        again(bench, message_id)
    return caught.value.standing.hindrance, caught.value.standing.doubts


def failed(bench: Bench) -> UUID | None:
    """A message that WeChat refused for good."""
    bench.grant()
    bench.subscribe.script = [WRONG]
    told = bench.tell()
    bench.worker.run_once()
    assert bench.row(told).status == "permanent_failure"
    return told


def test_what_failed_goes_out_again_from_the_first_rung(bench: Bench) -> None:
    told = failed(bench)
    bench.grant()
    new = again(bench, told)
    row = bench.row(new)
    assert (row.status, row.step, row.resent_of) == ("created", 0, told)
    bench.worker.run_once()
    assert (bench.row(new).status, bench.row(new).channel) == ("accepted", "wechat_subscribe")
    first, second = bench.subscribe.sent
    assert first.payload == second.payload
    # A reference of its own: the provider must not take it for the first one.
    assert first.reference != second.reference
    assert bench.row(told).status == "permanent_failure"


def test_the_inbox_keeps_its_one_entry(bench: Bench) -> None:
    again(bench, failed(bench))
    with bench.db.transaction() as session:
        assert session.scalar(select(func.count()).select_from(InboxMessage)) == 1


def test_it_is_sent_again_once(bench: Bench) -> None:
    told = failed(bench)
    new = again(bench, told)
    assert refused(bench, told)[0] == "resent"
    assert refused(bench, new)[0] == "running"
    with bench.db.transaction() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2


def test_what_waits_and_what_no_longer_holds_is_refused(bench: Bench) -> None:
    told = bench.tell()
    assert refused(bench, told)[0] == "running"
    with bench.db.transaction() as session:
        row = session.get_one(OutboxMessage, told)
        about = type("Matter", (), {"kind": row.subject_kind, "id": row.subject_id})
        assert outbox.cancel(session, about, ["booked"], bench.clock.now()) == 1  # type: ignore[arg-type]  # a matter
    assert refused(bench, told)[0] == "over"


def test_what_only_lies_in_the_inbox_is_delivered(bench: Bench) -> None:
    assert refused(bench, bench.tell(kind(ladder=())))[0] == "delivered"


def test_nobody_reached_can_be_tried_again_once_there_is_a_way(bench: Bench) -> None:
    bench.to = To(None, None, None)
    told = bench.tell()
    bench.worker.run_once()
    assert bench.row(told).status == "suppressed"
    bench.to = To()
    new = again(bench, told)
    bench.worker.run_once()
    assert bench.row(new).status == "accepted"


def test_what_may_have_arrived_is_asked_about_first(bench: Bench) -> None:
    bench.to = To(None, None)
    bench.sms.script = [UNCLEAR]
    told = bench.tell()
    bench.worker.run_once()
    assert bench.row(told).status == "technical_failure"
    assert refused(bench, told) == (None, ("may_have_arrived",))
    assert bench.row(again(bench, told, sure=True)).status == "created"


def test_an_accepted_message_may_have_arrived_even_without_a_receipt(bench: Bench) -> None:
    told = bench.tell()
    bench.worker.run_once()
    assert bench.row(told).status == "accepted"
    assert refused(bench, told) == (None, ("may_have_arrived",))


def test_what_is_past_its_time_is_asked_about_and_then_gets_a_day(bench: Bench) -> None:
    told = bench.tell()
    bench.clock.advance(timedelta(hours=13))
    bench.worker.run_once()
    assert bench.row(told).status == "expired"
    assert refused(bench, told) == (None, ("out_of_date",))
    row = bench.row(again(bench, told, sure=True))
    assert row.expires_at == bench.clock.now() + resending.LIFE


def test_a_refusal_by_code_43101_is_no_doubt(bench: Bench) -> None:
    bench.grant()
    bench.to = To(service_openid=None, phone=None)
    bench.subscribe.script = [SPENT]
    told = bench.tell()
    while bench.row(told).status in ("created", "temporary_failure"):
        bench.worker.run_once()
    assert bench.row(again(bench, told)).status == "created"


def test_an_unknown_message_is_not_there(bench: Bench) -> None:
    with pytest.raises(LookupError):
        again(bench, uuid4())


def test_what_was_overtaken_by_other_news_of_the_matter_is_asked_about(bench: Bench) -> None:
    matter = Matter()
    bench.grant()
    bench.subscribe.script = [WRONG]
    told = bench.tell(subject=matter)
    bench.worker.run_once()
    bench.clock.advance(timedelta(minutes=1))
    bench.tell(kind(key="cancelled"), key="later", subject=matter)
    assert refused(bench, told) == (None, ("overtaken",))
    assert bench.row(again(bench, told, sure=True)).status == "created"
