"""What can wait goes out at 18:00, in one message for each person; the inbox has each at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from backend.kernel.clock import SHANGHAI, FixedClock
from backend.kernel.database import Database
from notifications import outbox, preferences
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Kind, Kinds
from notifications.model import InboxMessage, OutboxMessage
from notifications.rules import Priority
from tests.engines.conftest import PERSON, Bench, Matter, To, kind

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)
DIGEST = Kind(
    key="digest", name="汇总", title="今天有{count}条新消息", body="{titles}",
    priority=Priority.NEWS, life=timedelta(hours=20), ladder=(SERVICE, SMS),
    service=(("thing1", "{count}条：{first}"),), sms="{count}条：{titles}",
)  # fmt: skip


def news(**changes: object) -> Kind:
    base: dict[str, Any] = {
        "key": "news", "priority": Priority.NEWS, "life": timedelta(days=3), "digest": True,
        "ladder": (SUBSCRIBE, SERVICE), "title": "进展：{name}",
    }  # fmt: skip
    return kind(**{**base, **changes})


@pytest.fixture
def evening(bench: Bench) -> Bench:
    bench.worker = bench.another("w1", digest=DIGEST, topic_of=lambda key: key)
    return bench


def at_six(bench: Bench) -> None:
    bench.clock.set(EVENING)
    while bench.worker.run_once():
        continue


def digests(bench: Bench) -> list[OutboxMessage]:
    with bench.db.transaction() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "digest"))
        return list(rows)


def test_two_of_a_person_go_out_as_one_and_the_inbox_has_both(evening: Bench) -> None:
    told = [evening.tell(news(), key=str(number)) for number in range(2)]
    assert evening.worker.run_once() == 0
    with evening.db.transaction() as session:
        shown = session.scalars(select(InboxMessage).where(InboxMessage.id.in_(told))).all()
        assert {row.visible_from for row in shown} == {evening.clock.now()}
        assert len(shown) == 2
    at_six(evening)
    assert len(evening.service.sent) == 1
    assert evening.service.sent[0].payload[SERVICE] == {"thing1": "2条：进展：社保卡"}
    (made,) = digests(evening)
    assert (made.status, made.priority) == ("accepted", Priority.NEWS)
    for row in map(evening.row, told):
        assert (row.status, row.digest_id) == ("gathered", made.id)
        assert "汇总" in row.last_error
    with evening.db.transaction() as session:
        assert session.get(InboxMessage, made.id) is None


def test_one_alone_goes_out_as_itself(evening: Bench) -> None:
    told = evening.tell(news())
    at_six(evening)
    assert [parcel.kind for parcel in evening.service.sent] == ["news"]
    assert evening.row(told).status == "accepted"
    assert digests(evening) == []


def test_people_are_not_mixed_up(evening: Bench) -> None:
    other = uuid4()
    for number in range(2):
        evening.tell(news(), key=f"mine {number}")
        evening.tell(news(), key=f"theirs {number}", person=other)
    at_six(evening)
    assert {row.person_key for row in digests(evening)} == {PERSON, other}
    assert len(evening.service.sent) == 2


def test_what_is_written_after_six_waits_for_the_next_evening(evening: Bench) -> None:
    evening.clock.set(EVENING)
    told = evening.tell(news())
    assert evening.row(told).next_at == EVENING + timedelta(days=1)


def test_what_cannot_live_until_the_evening_goes_at_once(evening: Bench) -> None:
    told = evening.tell(news(), expires_at=EVENING)
    evening.worker.run_once()
    assert evening.row(told).status == "accepted"


def test_a_cancelled_one_is_not_told_in_the_evening(evening: Bench) -> None:
    matter = Matter()
    gone = evening.tell(news(), key="gone", subject=matter)
    stays = evening.tell(news(), key="stays")
    with evening.db.transaction() as session:
        assert outbox.cancel(session, matter, ["news"], evening.clock.now()) == 1
    at_six(evening)
    assert evening.row(gone).status == "suppressed"
    assert evening.row(stays).status == "accepted"
    assert digests(evening) == []


def test_a_consent_does_not_hasten_what_waits_for_the_evening(evening: Bench) -> None:
    told = evening.tell(news())
    with evening.db.transaction() as session:
        outbox.hasten(session, PERSON, ["news"], evening.clock.now())
    assert evening.row(told).next_at == EVENING


def test_who_is_reached_only_by_subscribe_messages_gets_each_by_itself(evening: Bench) -> None:
    evening.to = To(service_openid=None, phone=None)
    evening.grant(2)
    for number in range(2):
        evening.tell(news(), key=str(number))
    at_six(evening)
    assert len(evening.subscribe.sent) == 2
    assert digests(evening) == []


def test_a_muted_topic_is_neither_told_nor_counted_in_the_digest(evening: Bench) -> None:
    with evening.db.transaction() as session:
        preferences.mute(session, evening.clock.now(), PERSON, "quiet", [SUBSCRIBE, SERVICE])
    quiet = evening.tell(news(key="quiet"), key="quiet")
    for number in range(2):
        evening.tell(news(), key=str(number))
    at_six(evening)
    row = evening.row(quiet)
    assert (row.status, row.last_errcode) == ("suppressed", "muted")
    assert evening.service.sent[0].payload[SERVICE]["thing1"].startswith("2条")


def test_a_digest_takes_only_ways_that_one_of_its_messages_had(evening: Bench) -> None:
    evening.to = To(service_openid=None)
    for number in range(2):
        evening.tell(news(), key=str(number))
    at_six(evening)
    assert evening.sms.sent == []
    for number in range(2):
        evening.tell(news(ladder=(SERVICE, SMS)), key=f"text {number}")
    evening.clock.advance(timedelta(days=1))
    while evening.worker.run_once():
        continue
    assert [parcel.payload[SMS] for parcel in evening.sms.sent] == [
        "2条：进展：社保卡；进展：社保卡"
    ]


def test_an_engine_without_a_digest_sends_each_by_itself(bench: Bench) -> None:
    for number in range(2):
        bench.tell(news(), key=str(number))
    at_six(bench)
    assert len(bench.service.sent) == 2


def test_broken_words_of_the_digest_hold_nothing_up(
    evening: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Kind(
        key="digest", name="汇总", title="{nobody}", body="", priority=Priority.NEWS,
        life=timedelta(hours=20), ladder=(SERVICE,), service=(("thing1", "x"),),
    )  # fmt: skip
    evening.worker = evening.another("w1", digest=broken)
    for number in range(2):
        evening.tell(news(), key=str(number))
    at_six(evening)
    assert len(evening.service.sent) == 2


def test_after_a_pause_of_the_worker_the_digest_waits_for_the_morning(evening: Bench) -> None:
    for number in range(2):
        evening.tell(news(), key=str(number))
    evening.clock.set(EVENING + timedelta(hours=5))
    evening.worker.run_once()
    assert evening.service.sent == []
    evening.clock.set(EVENING + timedelta(hours=14))
    while evening.worker.run_once():
        continue
    assert len(evening.service.sent) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": Priority.CHANGE},
        {"priority": Priority.CALL},
        {"life": timedelta(hours=24)},
        {"ladder": ()},
    ],
)
def test_a_kind_that_cannot_wait_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot wait"):
        Kinds([news(**changes)])


@pytest.fixture
def live(live_db: str) -> Iterator[Database]:
    made = Database(live_db)
    yield made
    made.dispose()


def test_many_workers_gather_each_person_once(live: Database, clock: FixedClock) -> None:
    bench = Bench(live, clock)
    people = [uuid4() for _ in range(12)]
    for person in people:
        for number in range(3):
            bench.tell(news(), key=f"{person}{number}", person=person)
    clock.set(EVENING)
    workers = [bench.another(f"w{number}", digest=DIGEST) for number in range(4)]

    def work(worker: Any) -> None:
        while worker.run_once(limit=3):
            continue

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, workers))
    work(workers[0])
    with live.transaction() as session:
        made: dict[UUID, int] = dict(
            session.execute(
                select(OutboxMessage.person_key, func.count())
                .where(OutboxMessage.kind == "digest")
                .group_by(OutboxMessage.person_key)
            ).all()
        )
    assert made == dict.fromkeys(people, 1)
    assert len(bench.service.sent) == len(people)
