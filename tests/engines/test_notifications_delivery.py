"""The engine walks messages down their ladders; channels are scripted, the database is real."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.kernel.clock import SHANGHAI, FixedClock
from backend.kernel.database import Database
from notifications import consent, outbox, receipts
from notifications.channels.base import Addresses, Outcome, Parcel
from notifications.delivery import Delivery
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Kind
from notifications.model import (
    DeliveryAttempt,
    DeliveryEvent,
    InboxMessage,
    MessageGrant,
    OutboxMessage,
)
from notifications.rules import Priority, Verdict

PERSON = uuid4()
TEMPLATE = "template-1"
OK = Outcome(Verdict.ACCEPTED, "m1")
BUSY = Outcome(Verdict.RETRY, code="-1", text="system error")
SPENT = Outcome(Verdict.NEXT_CHANNEL, code="43101", text="user refuse")
WRONG = Outcome(Verdict.FINAL, code="47003", text="argument invalid")
UNCLEAR = Outcome(Verdict.UNCLEAR, text="ReadTimeout")


@dataclass(frozen=True)
class Matter:
    kind: str = "appointment"
    id: UUID = field(default_factory=uuid4)


@dataclass
class To:
    mini_openid: str | None = "o1"
    service_openid: str | None = "o2"
    phone: str | None = "13800001234"


class Scripted:
    """A channel that answers what the test says, and keeps what it was given."""

    provider = "scripted"

    def __init__(self, name: str, *script: Outcome, template: str | None = None) -> None:
        self.name = name
        self.script = list(script)
        self.sent: list[Parcel] = []
        self._template = template

    def ready(self, parcel: Parcel, to: Addresses) -> bool:
        return {SUBSCRIBE: to.mini_openid, SERVICE: to.service_openid, SMS: to.phone}[
            self.name
        ] is not None

    def template(self, parcel: Parcel) -> str | None:
        return self._template

    def send(self, parcel: Parcel, to: Addresses) -> Outcome:
        self.sent.append(parcel)
        return self.script.pop(0) if self.script else OK


def kind(**changes: object) -> Kind:
    base: dict[str, object] = {
        "key": "booked", "name": "预约", "title": "约好了", "body": "正文",
        "priority": Priority.CONFIRMATION, "life": timedelta(hours=12),
        "ladder": (SUBSCRIBE, SERVICE, SMS), "template_key": "t",
        "subscribe": (("thing1", "{name}"),), "service": (("thing1", "{name}"),), "sms": "{name}",
    }  # fmt: skip
    return Kind(**{**base, **changes})  # type: ignore[arg-type]  # built from parts


class Bench:
    """An outbox, a worker and its channels."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db, self.clock, self.to = db, clock, To()
        self.subscribe = Scripted(SUBSCRIBE, template=TEMPLATE)
        self.service = Scripted(SERVICE)
        self.sms = Scripted(SMS)
        self.worker = self.another("w1")

    def another(self, owner: str) -> Delivery:
        channels = {c.name: c for c in (self.subscribe, self.service, self.sms)}
        return Delivery(
            self.db.transaction, self.clock.now, lambda session, person: self.to, channels,
            owner=owner, chance=lambda: 0.5,
        )  # fmt: skip

    def tell(self, made: Kind | None = None, key: str = "k", **options: object) -> UUID | None:
        matter = options.pop("subject", None) or Matter()
        with self.db.transaction() as session:
            return outbox.enqueue(
                session, self.clock.now(), made or kind(), person_key=PERSON, subject=matter,  # type: ignore[arg-type]  # a matter
                dedupe_key=key, values={"name": "社保卡"}, **options,  # type: ignore[arg-type]  # passed on
            )  # fmt: skip

    def grant(self, times: int = 1) -> None:
        with self.db.transaction() as session:
            for _ in range(times):
                consent.report(session, self.clock.now(), PERSON, TEMPLATE, "accept", source="page")

    def row(self, message_id: UUID | None) -> OutboxMessage:
        with self.db.transaction() as session:
            return session.scalars(
                select(OutboxMessage)
                .where(OutboxMessage.id == message_id)
                .execution_options(populate_existing=True)
            ).one()

    def left(self) -> int:
        with self.db.transaction() as session:
            grant = session.get(MessageGrant, (PERSON, TEMPLATE))
            return grant.remaining if grant else 0


@pytest.fixture
def bench(db: Database, clock: FixedClock) -> Bench:
    return Bench(db, clock)


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
