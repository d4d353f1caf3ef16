"""Speed and quotas of a channel, counted in Redis; without it bulk waits and others go on."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import redis

from backend.embedded.valkey import Valkey
from backend.kernel.redis import RedisLink
from notifications import buckets, limits
from notifications.buckets import BLIND, PAUSES, Buckets, Rate
from notifications.channels.base import Outcome
from notifications.control_model import ChannelRate
from notifications.kinds import SMS, STAFF_HOOK, SUBSCRIBE
from notifications.limits import Limits
from notifications.rules import Priority, Verdict
from tests.engines.conftest import Bench, kind

NEWS = {"priority": Priority.NEWS, "ladder": (SMS,)}
QUOTA = Outcome(Verdict.QUOTA, code="45009", text="reach max api daily quota limit")
#: So slow that a test never sees a second token.
SLOW = 0.001


class Gone:
    """A link whose server is away."""

    def call(self, use: object, *, default: object) -> object:
        return default


def limit(bench: Bench, key: str, per_second: float, burst: int, per_day: int | None = None) -> None:  # fmt: skip
    with bench.db.transaction() as session:
        session.merge(
            ChannelRate(
                key=key, per_second=per_second, burst=burst, per_day=per_day,
                updated_at=bench.clock.now(),
            )
        )  # fmt: skip


def limited(bench: Bench, shared: Buckets) -> None:
    bench.worker = bench.another("w1", limits=Limits(shared, fresh=0))


def test_an_empty_bucket_says_how_long_until_the_next_token(shared: Buckets) -> None:
    wanted = [("sms", Rate(0.5, 2))]
    assert [shared.take(wanted, bulk=False) for _ in range(2)] == [None, None]
    held = shared.take(wanted, bulk=False)
    assert held is not None
    assert held.why == "rate"
    assert timedelta(seconds=1) < held.wait <= timedelta(seconds=2)


def test_tokens_come_back(shared: Buckets) -> None:
    wanted = [("sms", Rate(50, 1))]
    assert shared.take(wanted, bulk=False) is None
    took = 1
    for _ in range(2000):
        took += shared.take(wanted, bulk=False) is None
        if took == 3:
            break
    assert took == 3


def test_of_several_buckets_all_are_taken_from_or_none(shared: Buckets) -> None:
    full, empty = ("channel", Rate(SLOW, 1)), ("template", Rate(SLOW, 1))
    assert shared.take([empty], bulk=False) is None
    for _ in range(3):
        assert shared.take([full, empty], bulk=False) is not None
    assert shared.take([full], bulk=False) is None


def test_bulk_leaves_a_reserve_to_what_is_urgent(shared: Buckets) -> None:
    wanted = [("sms", Rate(SLOW, 10))]
    took = sum(shared.take(wanted, bulk=True) is None for _ in range(20))
    assert took == 9
    assert shared.take(wanted, bulk=False) is None
    assert shared.take(wanted, bulk=False) is not None


def test_waiting_bulk_gets_turns_one_after_the_other(shared: Buckets) -> None:
    wanted = [("sms", Rate(1, 1))]
    assert shared.take(wanted, bulk=True) is None
    waits = [shared.take(wanted, bulk=True) for _ in range(4)]
    seconds = [held.wait.total_seconds() for held in waits if held]
    assert len(seconds) == 4
    gaps = [later - earlier for earlier, later in pairwise(seconds)]
    assert all(0.9 < gap <= 1.01 for gap in gaps)


def test_a_days_quota_keeps_a_tenth_for_what_is_urgent(shared: Buckets) -> None:
    wanted = [("sms", Rate(1000, 1000, 20))]
    took = sum(shared.take(wanted, bulk=True) is None for _ in range(30))
    held = shared.take(wanted, bulk=True)
    assert took == 18
    assert held is not None
    assert held.why == "quota"
    assert timedelta() < held.wait <= timedelta(days=1)
    assert shared.take(wanted, bulk=False) is None


def test_pauses_grow_and_refusals_during_one_do_not_count(shared: Buckets, link: RedisLink) -> None:
    first = shared.pause("sms")
    assert first == PAUSES[0]
    again = shared.pause("sms")
    assert PAUSES[0] - timedelta(seconds=5) < again <= PAUSES[0]
    held = shared.take([("sms", Rate(1000, 1000))], bulk=True)
    assert held is not None
    assert held.why == "paused"
    assert shared.take([("sms", Rate(1000, 1000))], bulk=False) is None
    key = shared._prefix + "sms"
    for expected in (PAUSES[1], PAUSES[2], PAUSES[2]):
        # The pause is over.
        link.client.hset(key, "paused", int(link.client.hget(key, "paused") or 0) - 3_700_000 + 60_000)  # fmt: skip
        assert shared.pause("sms") == expected
    link.client.hset(key, "paused", 1)
    assert shared.pause("sms") == PAUSES[0]


def test_installations_that_share_one_redis_do_not_share_buckets(link: RedisLink) -> None:
    wanted = [("sms", Rate(SLOW, 1))]
    for scope in (uuid4().hex, uuid4().hex):
        assert Buckets(link, scope).take(wanted, bulk=False) is None


def test_a_message_that_finds_the_bucket_empty_waits_without_an_attempt(
    bench: Bench, shared: Buckets
) -> None:
    limit(bench, SMS, SLOW, 1)
    limited(bench, shared)
    first = bench.tell(kind(ladder=(SMS,)), key="1")
    second = bench.tell(kind(ladder=(SMS,)), key="2")
    bench.worker.run_once()
    assert sorted(bench.row(one).status for one in (first, second)) == ["accepted", "created"]
    waits = next(row for row in map(bench.row, (first, second)) if row.status == "created")
    assert (waits.attempts, waits.last_errcode, waits.counted_on) == (0, "rate", None)
    assert waits.next_at > bench.clock.now()
    assert len(bench.sms.sent) == 1
    assert bench.worker.run_once() == 0


def test_what_waits_for_a_token_keeps_its_grant(bench: Bench, shared: Buckets) -> None:
    limit(bench, SUBSCRIBE, SLOW, 1)
    limited(bench, shared)
    bench.grant(2)
    for number in range(2):
        bench.tell(kind(ladder=(SUBSCRIBE,)), key=str(number))
    bench.worker.run_once()
    assert (len(bench.subscribe.sent), bench.left()) == (1, 1)


def test_one_template_can_be_slower_than_its_channel(bench: Bench, shared: Buckets) -> None:
    limit(bench, f"{SMS}:t", SLOW, 1)
    limited(bench, shared)
    rows = [
        bench.tell(kind(ladder=(SMS,), template_key=key), key=f"{key}{number}")
        for key in ("t", "u")
        for number in range(2)
    ]
    bench.worker.run_once()
    states = [bench.row(one).status for one in rows]
    assert sorted(states[:2]) == ["accepted", "created"]
    assert states[2:] == ["accepted", "accepted"]


def test_every_group_of_staff_has_a_bucket_of_its_own() -> None:
    one, other = uuid4(), uuid4()
    assert limits._name(STAFF_HOOK, one) != limits._name(STAFF_HOOK, other)
    assert limits._name(SMS, one) == limits._name(SMS, other) == SMS


def test_45009_pauses_bulk_and_costs_it_no_attempt(bench: Bench, shared: Buckets) -> None:
    limited(bench, shared)
    bench.sms.script = [QUOTA]
    first = bench.tell(kind(**NEWS), key="1")
    bench.worker.run_once()
    row = bench.row(first)
    assert (row.status, row.attempts, row.last_errcode) == ("created", 0, "45009")
    assert row.next_at >= bench.clock.now() + PAUSES[0]
    second = bench.tell(kind(**NEWS), key="2")
    urgent = bench.tell(kind(ladder=(SMS,)), key="3")
    bench.worker.run_once()
    assert bench.row(second).last_errcode == "paused"
    assert bench.row(second).attempts == 0
    assert bench.row(urgent).status == "accepted"
    assert [parcel.kind for parcel in bench.sms.sent] == ["booked"] * 2


def test_45009_on_something_urgent_is_tried_again_as_ever(bench: Bench, shared: Buckets) -> None:
    limited(bench, shared)
    bench.sms.script = [QUOTA]
    told = bench.tell(kind(ladder=(SMS,)))
    bench.worker.run_once()
    assert (bench.row(told).status, bench.row(told).attempts) == ("temporary_failure", 1)
    bench.clock.advance(timedelta(seconds=31))
    bench.worker.run_once()
    assert bench.row(told).status == "accepted"


def test_without_redis_bulk_stays_where_it_is_and_the_rest_goes_on(bench: Bench) -> None:
    limited(bench, Buckets(Gone()))  # type: ignore[arg-type]  # a link without a server
    bulk = bench.tell(kind(**NEWS), key="bulk")
    others = [
        bench.tell(kind(ladder=(SMS,), priority=priority), key=str(priority))
        for priority in Priority
        if priority != Priority.NEWS
    ]
    assert bench.worker.run_once() == 4
    assert {bench.row(one).status for one in others} == {"accepted"}
    assert (bench.row(bulk).status, bench.row(bulk).lease_owner) == ("created", None)
    bench.worker = bench.another("w1")
    bench.worker.run_once()
    assert bench.row(bulk).status == "accepted"


def test_redis_dies_between_claim_and_send(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Buckets(Gone())  # type: ignore[arg-type]  # a link without a server
    monkeypatch.setattr(gone, "bulk_may_go", lambda: True)
    limited(bench, gone)
    told = bench.tell(kind(**NEWS))
    bench.worker.run_once()
    row = bench.row(told)
    assert (row.status, row.last_errcode, row.attempts) == ("created", "no_redis", 0)
    assert row.next_at == bench.clock.now() + BLIND
    assert gone.pause(SMS) == PAUSES[0]


def test_a_dead_server_is_gone_and_a_revived_one_counts_again(
    server_dir, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Valkey(server_dir / "buckets")
    server.start()
    try:
        made = Buckets(RedisLink(server.url))
        assert made.bulk_may_go()
        server.kill()
        assert not made.bulk_may_go()
        assert made.take([("sms", Rate(1, 1))], bulk=False) is None
        held = made.take([("sms", Rate(1, 1))], bulk=True)
        assert held == buckets.Hold(BLIND, "no_redis")
    finally:
        server.stop()


def held(found: list[buckets.Hold | None]) -> list[str | None]:
    return [one.why if one else None for one in found]


def test_a_batch_takes_its_tokens_in_its_order_and_in_one_line(
    shared: Buckets, link: RedisLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    pack = redis.connection.Connection.send_packed_command

    def look_on(self: Any, command: Any, check_health: bool = True) -> Any:
        sent.append(b"".join(command).count(b"EVALSHA"))
        return pack(self, command, check_health)

    monkeypatch.setattr(redis.connection.AbstractConnection, "send_packed_command", look_on)
    wanted = [("sms", Rate(SLOW, 3))]
    # The first call loads the script.
    shared.take([("other", Rate(SLOW, 3))], bulk=False)
    sent.clear()
    found = shared.take_all([(wanted, False)] * 5)
    assert held(found) == [None, None, None, "rate", "rate"]
    assert [number for number in sent if number] == [5]
    assert shared.take(wanted, bulk=False) is not None


def test_a_batch_finds_what_one_by_one_would_have_found(link: RedisLink) -> None:
    fast, slow = ("wechat_subscribe", Rate(SLOW, 6)), ("wechat_subscribe:t", Rate(SLOW, 2))
    asked: list[tuple[buckets.Wanted, bool]] = [
        ([fast, slow], False), ([fast], True), ([fast, slow], False), ([fast, slow], False),
        ([], True), ([fast], False), ([fast], True), ([fast], True), ([fast], False),
    ]  # fmt: skip
    together = Buckets(link, uuid4().hex).take_all(asked)
    alone = Buckets(link, uuid4().hex)
    assert held(together) == held([alone.take(wanted, bulk=bulk) for wanted, bulk in asked])
    # Where one of two buckets is empty nothing is taken of the other.
    assert held(together) == [None, None, None, "rate", None, None, None, None, "rate"]


def test_urgent_ones_of_a_batch_are_served_where_bulk_is_not(shared: Buckets) -> None:
    wanted = [("sms", Rate(SLOW, 10, per_day=10))]
    found = shared.take_all([(wanted, bulk) for bulk in (True,) * 10 + (False,) * 2])
    assert held(found) == [None] * 9 + ["quota"] + [None, "rate"]


def test_a_script_that_redis_has_lost_is_loaded_again_for_a_whole_batch(
    shared: Buckets, link: RedisLink
) -> None:
    wanted = [("sms", Rate(SLOW, 4))]
    assert held(shared.take_all([(wanted, False)] * 2)) == [None, None]
    link.client.script_flush()
    assert held(shared.take_all([(wanted, False)] * 3)) == [None, None, "rate"]


def test_redis_gone_for_a_whole_batch_holds_its_bulk_alone() -> None:
    gone = Buckets(Gone())  # type: ignore[arg-type]  # a link without a server
    found = gone.take_all([([("sms", Rate(1, 1))], bulk) for bulk in (True, False, True)])
    assert held(found) == ["no_redis", None, "no_redis"]
    assert gone.take_all([]) == []
    assert gone.take_all([([], True)]) == [None]


def test_of_a_batch_some_leave_and_the_rest_waits_with_its_places_and_grants(
    bench: Bench, shared: Buckets
) -> None:
    bench.grant(4)
    limit(bench, SUBSCRIBE, SLOW, 2)
    bench.worker = bench.another("w1", threads=8, limits=Limits(shared, fresh=0))
    rows = [bench.tell(kind(ladder=(SUBSCRIBE,)), key=str(number)) for number in range(4)]
    bench.worker.run_once()
    bench.worker.finish()
    states = [bench.row(row) for row in rows]
    assert sorted(one.status for one in states) == ["accepted"] * 2 + ["created"] * 2
    waiting = [one for one in states if one.status == "created"]
    assert {(one.last_errcode, one.attempts, one.counted_on) for one in waiting} == {
        ("rate", 0, None)
    }
    assert bench.left() == 2
