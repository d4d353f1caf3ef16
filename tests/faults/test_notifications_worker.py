"""Workers die anywhere and run side by side: nothing is lost, nothing is doubled unnoticed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import config
from backend.app import compose
from backend.demo.openids import demo_openid
from backend.domains.messages.kinds import KINDS
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import claims, outbox
from notifications.boarding import Job
from notifications.channels.base import Outcome
from notifications.model import DeliveryAttempt, OutboxMessage
from notifications.rules import Verdict
from tests.engines.test_notifications_delivery import Bench, kind
from tests.people import fictional_id_number
from tests.standin import Standin

ROOT = Path(__file__).parents[2]
PAST_LEASE = claims.LEASE + timedelta(seconds=1)


class Killed(BaseException):
    """The process is gone: no handler of ours runs any more."""


@pytest.fixture
def bench(db: Database, clock: FixedClock) -> Bench:
    return Bench(db, clock)


def die(*_: object) -> Any:
    raise Killed


def board(bench: Bench, session: Session, told: UUID | None) -> list[Job]:
    """What the worker would call for, of what it has leased."""
    assert told is not None
    return bench.worker._boarding.board(session, [told], bench.clock.now())


def test_killed_after_the_lease_another_worker_sends_it(bench: Bench) -> None:
    told = bench.tell(kind(ladder=("sms",)))
    with bench.db.transaction() as session:
        assert claims.claim(session, bench.clock.now(), "dead", 10) == [told]
    assert bench.worker.run_once() == 0
    bench.clock.advance(PAST_LEASE)
    bench.worker.run_once()
    assert bench.row(told).status == "accepted"
    assert len(bench.sms.sent) == 1


@pytest.mark.parametrize(
    ("may_repeat", "sent", "status"),
    [(True, 1, "accepted"), (False, 0, "technical_failure")],
)
def test_killed_during_the_call_it_is_ambiguous(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, may_repeat: bool, sent: int, status: str
) -> None:
    told = bench.tell(kind(ladder=("sms",), may_repeat=may_repeat))
    with monkeypatch.context() as patch:
        patch.setattr(bench.sms, "send", die)
        with pytest.raises(Killed):
            bench.worker.run_once()
    assert bench.row(told).status == "sending"
    other = bench.another("w2")
    assert other.run_once() == 0
    bench.clock.advance(PAST_LEASE)
    other.run_once()
    other.run_once()
    row = bench.row(told)
    assert (row.status, len(bench.sms.sent)) == (status, sent)
    if status == "technical_failure":
        assert (row.last_errcode, "可能" in row.last_error) == ("ambiguous", True)
    with bench.db.transaction() as session:
        open_ends = session.scalars(
            select(DeliveryAttempt).where(DeliveryAttempt.outcome.is_(None))
        ).all()
        assert len(open_ends) == 1


def test_killed_after_the_call_and_before_it_was_settled(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = bench.tell(kind(ladder=("sms",)))
    with monkeypatch.context() as patch:
        patch.setattr(bench.worker._settling, "settle", die)
        with pytest.raises(Killed):
            bench.worker.run_once()
    bench.clock.advance(PAST_LEASE)
    bench.worker.run_once()
    assert len(bench.sms.sent) == 1
    assert bench.row(told).last_errcode == "ambiguous"


def test_an_answer_after_the_lease_still_counts(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = bench.tell(kind(ladder=("sms",), may_repeat=True))
    other = bench.another("w2")

    def slow(*_: object) -> Outcome:
        bench.clock.advance(PAST_LEASE)
        with bench.db.transaction() as session:
            claims.sweep(session, bench.clock.now())
        return Outcome(Verdict.ACCEPTED, "late-1")

    monkeypatch.setattr(bench.sms, "send", slow)
    bench.worker.run_once()
    row = bench.row(told)
    assert (row.status, row.provider_msgid, row.last_errcode) == ("accepted", "late-1", "")
    assert other.run_once() == 0


def test_a_late_refusal_changes_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    told = bench.tell(kind(ladder=("sms",)))

    def slow(*_: object) -> Outcome:
        bench.clock.advance(PAST_LEASE)
        with bench.db.transaction() as session:
            claims.sweep(session, bench.clock.now())
        return Outcome(Verdict.FINAL, code="bad")

    monkeypatch.setattr(bench.sms, "send", slow)
    bench.worker.run_once()
    assert bench.row(told).status == "technical_failure"


def test_cancelled_between_claim_and_call_it_is_not_sent(bench: Bench) -> None:
    subject = Subject("appointment", uuid4())
    told = bench.tell(kind(ladder=("sms",)), subject=subject)
    with bench.db.transaction() as session:
        claims.claim(session, bench.clock.now(), "w1", 10)
        outbox.cancel(session, subject, ["booked"], bench.clock.now())
        assert board(bench, session, told) == []
    bench.worker.run_once()
    assert not bench.sms.sent
    assert bench.row(told).status == "suppressed"


def test_expired_while_leased_it_is_not_sent(bench: Bench) -> None:
    told = bench.tell(kind(ladder=("sms",), life=timedelta(seconds=30)))
    with bench.db.transaction() as session:
        claims.claim(session, bench.clock.now(), "w1", 10)
        bench.clock.advance(timedelta(seconds=31))
        assert board(bench, session, told) == []
    assert bench.row(told).status == "expired"
    assert not bench.sms.sent


@pytest.fixture
def live(live_db: str) -> Iterator[Database]:
    made = Database(live_db)
    yield made
    made.dispose()


def test_two_workers_and_one_grant_make_one_send(live: Database, clock: FixedClock) -> None:
    bench = Bench(live, clock)
    bench.grant()
    first = bench.tell(kind(ladder=("wechat_subscribe",)), key="1")
    second = bench.tell(kind(ladder=("wechat_subscribe",)), key="2")
    workers = [bench.another("w1"), bench.another("w2")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda worker: worker.run_once(limit=1), workers))
    assert len(bench.subscribe.sent) == 1
    states = {bench.row(first).status, bench.row(second).status}
    assert states == {"accepted", "suppressed"}


def test_many_workers_send_each_message_once(live: Database, clock: FixedClock) -> None:
    bench = Bench(live, clock)
    for number in range(120):
        bench.tell(kind(ladder=("sms",)), key=str(number), person=uuid4())

    def drain(worker: object) -> None:
        while worker.run_once(limit=7):  # type: ignore[attr-defined]  # a worker
            continue

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(drain, [bench.another(f"w{n}") for n in range(4)]))
    counts = Counter(parcel.reference for parcel in bench.sms.sent)
    assert len(counts) == 120
    assert set(counts.values()) == {1}


WORKER = """
from backend import config
from backend.app import compose
services = compose(config.load())
while True:
    services.delivery.run_once()
"""


def _enqueue(services: Services, person: UUID, count: int, name: str) -> list[UUID]:
    values = {
        "appointment_id": person, "item_name": "社会保障卡补领", "hall_name": "越和街政务服务中心",
        "hall_address": "越和街1号", "hall_floor": "3楼", "start": services.clock.now(),
        "receipt_number": "A261123-482073-5", "ticket_no": "A001", "window_number": 3,
        "reason_text": "",
    }  # fmt: skip
    with services.unit() as uow:
        ids = [
            outbox.enqueue(
                uow.session, uow.now, KINDS[name], person_key=person,
                subject=Subject("appointment", new_id()), dedupe_key=f"{name}:{n}",
                values=values, ladder=("sms",),
            )
            for n in range(count)
        ]  # fmt: skip
    return [found for found in ids if found]


def test_a_worker_killed_with_sigkill_loses_nothing(
    base_environ: dict[str, str], live_db: str, standin: Standin
) -> None:
    """Real processes, a real SIGKILL in the middle of sending, the real SMS protocol."""
    environ = {**base_environ, **standin.environ, "DATABASE_URL": live_db}
    services = compose(config.load(environ))
    from backend.domains.identity.service import create_demo_person

    with services.unit() as uow:
        person = create_demo_person(
            uow, id=new_id(), name="测试甲", id_number=fictional_id_number(),
            phone="13800001234", mini_openid=demo_openid("x"),
        )  # fmt: skip
    # Calls go out at any hour, so the test does not depend on the time of day.
    ids = _enqueue(services, person, 60, "appointment_called")
    standin.fault("/sms/messages", times=1000, delay=0.02)
    command = [sys.executable, "-c", WORKER]
    for _ in range(3):
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environ}, stdout=subprocess.DEVNULL
        )
        before = len(_texts(standin))
        # A slow machine needs half a minute for the imports alone.
        for _ in range(1800):
            if len(_texts(standin)) > before + 5:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert 10 < len(_texts(standin)) < 60
    with services.unit() as uow:
        for row in uow.session.scalars(select(OutboxMessage)):
            if row.lease_until:
                row.lease_until = uow.now - timedelta(seconds=1)
    for _ in range(40):
        if not services.delivery.run_once():
            break
    with services.unit() as uow:
        states = Counter(
            uow.session.scalars(select(OutboxMessage.status).where(OutboxMessage.id.in_(ids)))
        )
    # A call may be repeated: those under way at a SIGKILL are sent again with the same
    # reference, and the provider knows it: every message is there, and none of them twice.
    assert states == {"accepted": 60}
    assert Counter(text["reference"] for text in _texts(standin)) == {i.hex: 1 for i in ids}
    services.db.dispose()


def _texts(standin: Standin) -> list[dict[str, Any]]:
    return standin.store.rows("SELECT * FROM sms")
