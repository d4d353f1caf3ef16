"""Caps of a person's day: counted with the send, never for calls and changes, given back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.kernel.clock import SHANGHAI
from notifications import limits, outbox
from notifications.control_model import MessageCap, MessageDayCount
from notifications.kinds import SMS, SUBSCRIBE
from notifications.limits import ALL, Full, Limits
from notifications.model import InboxMessage, MessageGrantEvent, OutboxMessage
from notifications.rules import Priority, day_of
from tests.engines.conftest import BUSY, PERSON, WRONG, Bench, Matter, kind


def cap(bench: Bench, per_day: int, scope: str = ALL) -> None:
    with bench.db.transaction() as session:
        session.merge(MessageCap(scope=scope, per_day=per_day, updated_at=bench.clock.now()))


def counted(bench: Bench, scope: str = ALL) -> int:
    with bench.db.transaction() as session:
        key = (PERSON, day_of(bench.clock.now()), scope)
        row = session.get(MessageDayCount, key, populate_existing=True)
        return row.sent if row else 0


def tell(bench: Bench, name: str, /, **changes: object) -> OutboxMessage:
    told = bench.tell(kind(ladder=(SMS,), **changes), key=name)
    bench.worker.run_once()
    return bench.row(told)


def test_what_is_over_the_days_cap_stays_in_the_inbox(bench: Bench) -> None:
    cap(bench, 2)
    states = [tell(bench, str(number)).status for number in range(2)]
    third = tell(bench, "third")
    assert states == ["accepted", "accepted"]
    assert (third.status, third.last_errcode) == ("suppressed", "capped")
    assert "今天" in third.last_error
    assert "2条" in third.last_error
    assert counted(bench) == 2
    assert third.counted_on is None
    with bench.db.transaction() as session:
        assert session.get(InboxMessage, third.id) is not None


def test_a_new_day_in_shanghai_begins_anew(bench: Bench) -> None:
    cap(bench, 1)
    bench.clock.set(datetime(2026, 11, 23, 21, 0, tzinfo=SHANGHAI))
    assert tell(bench, "1").status == "accepted"
    assert tell(bench, "2").status == "suppressed"
    bench.clock.set(datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI))
    assert tell(bench, "3").status == "accepted"


def test_calls_and_changes_are_told_and_not_counted(bench: Bench) -> None:
    cap(bench, 1)
    assert tell(bench, "1").status == "accepted"
    for number, priority in enumerate((Priority.CALL, Priority.CHANGE)):
        assert tell(bench, f"urgent {number}", priority=priority).status == "accepted"
    assert counted(bench) == 1


def test_a_kind_has_a_cap_of_its_own_within_the_one_over_all(bench: Bench) -> None:
    cap(bench, 3)
    cap(bench, 1, "news")
    assert tell(bench, "1", key="news").status == "accepted"
    capped = tell(bench, "2", key="news")
    assert capped.status == "suppressed"
    assert "这类" in capped.last_error
    # What was refused under one cap has not used up the other.
    assert (counted(bench), counted(bench, "news")) == (1, 1)
    assert tell(bench, "3", key="other").status == "accepted"
    assert tell(bench, "4", key="third").status == "accepted"
    assert tell(bench, "5", key="fourth").status == "suppressed"


def test_exempt_kinds_and_what_an_operator_sends_again_are_not_held_back(bench: Bench) -> None:
    cap(bench, 1)
    bench.worker = bench.another("w1", limits=Limits(exempt=lambda key: key == "work", fresh=0))
    first = tell(bench, "1")
    assert first.status == "accepted"
    assert tell(bench, "2", key="work").status == "accepted"
    again = bench.tell(kind(ladder=(SMS,)), key="again")
    with bench.db.transaction() as session:
        session.get_one(OutboxMessage, again).resent_of = first.id
    bench.worker.run_once()
    assert bench.row(again).status == "accepted"


def test_retries_count_once_and_a_failure_gives_its_place_back(bench: Bench) -> None:
    cap(bench, 1)
    bench.sms.script = [BUSY, BUSY, WRONG]
    row = tell(bench, "1")
    assert (row.status, counted(bench)) == ("temporary_failure", 1)
    bench.clock.advance(timedelta(minutes=1))
    bench.worker.run_once()
    assert counted(bench) == 1
    bench.clock.advance(timedelta(minutes=5))
    bench.worker.run_once()
    assert (bench.row(row.id).status, counted(bench)) == ("permanent_failure", 0)
    assert tell(bench, "2").status == "accepted"


def test_a_cancelled_retry_gives_its_place_back(bench: Bench) -> None:
    cap(bench, 1)
    matter = Matter()
    bench.sms.script = [BUSY]
    bench.tell(kind(ladder=(SMS,)), subject=matter)
    bench.worker.run_once()
    with bench.db.transaction() as session:
        assert outbox.cancel(session, matter, ["booked"], bench.clock.now()) == 1
    assert counted(bench) == 0


def test_a_capped_message_takes_no_grant_and_leaves_no_trace_in_the_ledger(bench: Bench) -> None:
    cap(bench, 1)
    bench.grant(2)
    for number in range(2):
        bench.tell(kind(ladder=(SUBSCRIBE,)), key=str(number))
    bench.worker.run_once()
    assert (len(bench.subscribe.sent), bench.left()) == (1, 1)
    with bench.db.transaction() as session:
        entries = session.scalars(
            select(MessageGrantEvent.what).where(MessageGrantEvent.source == "outbox")
        ).all()
    assert entries == ["spend"]


def test_without_a_setting_the_built_in_cap_holds(bench: Bench) -> None:
    states = [tell(bench, str(number)).status for number in range(21)]
    assert states == ["accepted"] * limits.DEFAULT_CAPS[ALL] + ["suppressed"]


def test_another_person_has_a_day_of_their_own(bench: Bench) -> None:
    cap(bench, 1)
    assert tell(bench, "1").status == "accepted"
    other = bench.tell(kind(ladder=(SMS,)), key="other", person=uuid4())
    bench.worker.run_once()
    assert bench.row(other).status == "accepted"


def test_counts_of_days_gone_by_are_forgotten(bench: Bench) -> None:
    tell(bench, "1")
    today = day_of(bench.clock.now())
    with bench.db.transaction() as session:
        limits.forget(session, today + timedelta(days=3))
    assert counted(bench) == 1
    with bench.db.transaction() as session:
        limits.forget(session, today + timedelta(days=4))
    assert counted(bench) == 0


def test_what_the_district_set_is_read_again_after_some_seconds(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    bench.worker = bench.another("w1", limits=Limits())
    assert tell(bench, "1").status == "accepted"
    cap(bench, 1)
    now[0] += limits.FRESH - 0.1
    assert tell(bench, "2").status == "accepted"
    now[0] += 0.2
    assert tell(bench, "3").status == "suppressed"


class LooksOn(Limits):
    """Says how many messages were asked for at once."""

    def __init__(self) -> None:
        super().__init__(fresh=0)
        self.batches: list[int] = []

    def take_places(
        self, session: Session, rows: Sequence[OutboxMessage], day: date
    ) -> dict[UUID, Full]:
        self.batches.append(len(rows))
        return super().take_places(session, rows, day)


def together(bench: Bench, letters: Sequence[tuple[UUID, str]]) -> dict[str, list[str]]:
    """All of them taken up in one batch, in this order; the states by person and kind."""
    rows = []
    for number, (person, key) in enumerate(letters):
        rows.append(bench.tell(kind(ladder=(SMS,), key=key), key=f"{number}", person=person))
        bench.clock.advance(timedelta(seconds=1))
    looked_on = LooksOn()
    bench.worker = bench.another("w1", threads=32, limits=looked_on)
    bench.worker.run_once()
    bench.worker.finish()
    assert looked_on.batches == [len(letters)]
    found: dict[str, list[str]] = {}
    for (person, key), row in zip(letters, rows, strict=True):
        found.setdefault(f"{'me' if person == PERSON else 'other'}:{key}", []).append(
            bench.row(row).status
        )
    return found


def test_several_of_one_person_in_one_batch_fill_the_day_and_no_more(bench: Bench) -> None:
    cap(bench, 3)
    other = uuid4()
    letters = [(PERSON, "booked")] * 5 + [(other, "booked")] * 2
    assert together(bench, letters) == {
        "me:booked": ["accepted"] * 3 + ["suppressed"] * 2, "other:booked": ["accepted"] * 2,
    }  # fmt: skip
    assert (counted(bench), len(bench.sms.sent)) == (3, 5)


def test_in_one_batch_a_kind_that_is_full_leaves_its_place_to_other_kinds(bench: Bench) -> None:
    cap(bench, 4)
    cap(bench, 1, "booked")
    letters = [(PERSON, key) for key in ("booked", "booked", "ticket", "booked", "ticket")]
    assert together(bench, letters) == {
        "me:booked": ["accepted", "suppressed", "suppressed"], "me:ticket": ["accepted"] * 2,
    }  # fmt: skip
    assert (counted(bench), counted(bench, "booked")) == (3, 1)


def test_a_batch_that_finds_some_places_taken_takes_just_the_rest(bench: Bench) -> None:
    cap(bench, 3)
    tell(bench, "before")
    tell(bench, "too")
    letters = [(PERSON, "booked")] * 3
    assert together(bench, letters) == {"me:booked": ["accepted", "suppressed", "suppressed"]}
    assert counted(bench) == 3


def test_of_a_batch_what_fails_for_sure_gives_its_own_place_back(bench: Bench) -> None:
    cap(bench, 3)
    bench.sms.script = [WRONG]
    found = together(bench, [(PERSON, "booked")] * 3)
    assert sorted(found["me:booked"]) == ["accepted", "accepted", "permanent_failure"]
    assert counted(bench) == 2
    assert tell(bench, "next").status == "accepted"
    assert tell(bench, "full").status == "suppressed"


def test_another_cap_set_between_two_batches_of_a_day_counts_what_was_sent(bench: Bench) -> None:
    cap(bench, 5)
    together(bench, [(PERSON, "booked")] * 2)
    cap(bench, 2)
    assert tell(bench, "over").status == "suppressed"
    assert counted(bench) == 2
