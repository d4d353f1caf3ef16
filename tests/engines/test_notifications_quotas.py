"""How far a day's quotas are used, and where bulk waits: what whoever looks on is told."""

from datetime import timedelta
from uuid import UUID, uuid4

from backend.kernel.redis import RedisLink
from notifications.buckets import PAUSES, Buckets, Rate
from notifications.kinds import SERVICE, SMS, STAFF_HOOK, SUBSCRIBE
from notifications.quotas import REFUSED, SPENT, Quota, bulk_share, quotas
from tests.engines.conftest import Bench, kind
from tests.engines.test_notifications_buckets import Gone, limit, limited


def quota(bench: Bench, shared: Buckets, key: str, *readers: UUID) -> Quota:
    with bench.db.transaction() as session:
        found = quotas(session, shared, bench.clock.now(), readers)
    return next(one for one in found if one.key == key)


def test_how_much_of_the_day_is_used_is_told_by_channel_and_by_template(
    bench: Bench, shared: Buckets
) -> None:
    limit(bench, SMS, 1000, 1000, 50)
    limit(bench, f"{SUBSCRIBE}:t", 1000, 1000, 10)
    limited(bench, shared)
    bench.grant(2)
    for number in range(3):
        bench.tell(kind(ladder=(SMS,)), key=str(number))
    bench.tell(kind(ladder=(SUBSCRIBE,)), key="card")
    bench.worker.run_once()
    assert quota(bench, shared, SMS) == Quota(SMS, None, 50, 3, None, None)
    assert quota(bench, shared, f"{SUBSCRIBE}:t").sent == 1
    assert (quota(bench, shared, SUBSCRIBE).sent, quota(bench, shared, SERVICE).sent) == (1, 0)


def test_where_bulk_stopped_and_until_when_is_told(bench: Bench, shared: Buckets) -> None:
    limit(bench, SERVICE, 1000, 1000, 10)
    for _ in range(9):
        assert quota(bench, shared, SERVICE).why is None
        assert shared.take([(SERVICE, Rate(1000, 1000, 10))], bulk=True) is None
    spent = quota(bench, shared, SERVICE)
    assert (spent.sent, spent.why, bulk_share(10)) == (9, SPENT, 9)
    held = shared.take([(SERVICE, Rate(1000, 1000, 10))], bulk=True)
    assert held is not None
    assert abs(spent.until - bench.clock.now() - held.wait) < timedelta(seconds=5)
    shared.pause(SMS)
    refused = quota(bench, shared, SMS)
    assert refused.why == REFUSED
    assert refused.until is not None
    assert PAUSES[0] - timedelta(seconds=5) < refused.until - bench.clock.now() <= PAUSES[0]
    assert quota(bench, shared, SUBSCRIBE).until is None


def test_every_group_is_told_apart_and_without_redis_nobody_counts(
    bench: Bench, shared: Buckets
) -> None:
    one, other = uuid4(), uuid4()
    shared.pause(f"{STAFF_HOOK}:{one}")
    with bench.db.transaction() as session:
        found = quotas(session, shared, bench.clock.now(), [one, other])
        nobody = quotas(session, Buckets(Gone()), bench.clock.now(), [one])
        unlinked = quotas(session, Buckets(), bench.clock.now())
    groups = {row.reader: row.why for row in found if row.key == STAFF_HOOK}
    assert groups == {one: REFUSED, other: None}
    assert {row.sent for row in (*nobody, *unlinked)} == {None}
    assert {row.key for row in nobody} == {SMS, SUBSCRIBE, SERVICE, STAFF_HOOK}


def test_what_was_used_yesterday_is_not_told_today(shared: Buckets, link: RedisLink) -> None:
    shared.take([(SMS, Rate(1, 9))], bulk=False)
    link.client.hincrby(shared._prefix + SMS, "day", -1)
    (use,) = shared.uses([SMS]) or []
    assert (use.sent, use.paused) == (0, timedelta())
    assert timedelta() < use.day_left <= timedelta(days=1)
