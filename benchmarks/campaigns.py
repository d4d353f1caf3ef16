"""A campaign to many people: the dry run, its batches, its page and a stop.

The readers are made by the database, with phones, followers, consents and muted topics in
proportion. `batch` is one transaction of 200 letters with their place in the inbox; `dry_run`
counts everybody by channel, for all residents and for those who chose large letters.
"""

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import event, text

from backend.domains.identity.staff_rules import ROLES
from backend.domains.messages import (
    campaign_reach,
    campaign_running,
    campaign_schemas,
    campaign_view,
    campaigns,
)
from backend.domains.messages.campaign_model import Campaign
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork
from benchmarks.place import Place

COUNT = int(os.environ.get("BENCH_CAMPAIGN_READERS", "20000"))
Row = dict[str, Any]
#: Half follow the service account, all have a phone, one in five is in elder mode, one in ten
#: muted notices by text message, one in four allows a subscribe message.
_READERS = """
INSERT INTO person (id, state, elder_mode, created_at)
SELECT gen_random_uuid(), 'provisional', n % 5 = 0, now() FROM generate_series(1, :count) AS n;
INSERT INTO channel_identity (id, person_id, kind, fingerprint, sealed, proved_at)
SELECT gen_random_uuid(), p.id, k.kind, sha256((p.id::text || k.kind)::bytea), '\\x00', now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM person WHERE state = 'provisional') p
CROSS JOIN LATERAL (VALUES ('phone', 1), ('service_openid', 2), ('mini_openid', 1)) k (kind, each)
WHERE p.n % k.each = 0 ON CONFLICT DO NOTHING;
INSERT INTO message_preference (person_key, topic, channel, muted_at)
SELECT id, 'news', 'sms', now() FROM person WHERE id::text LIKE '%0' OR id::text LIKE '%7'
ON CONFLICT DO NOTHING;
INSERT INTO message_grant (person_key, template_id, remaining, long_term, updated_at)
SELECT id, :template, 1, false, now() FROM person WHERE left(id::text, 1) IN ('0', '4', '8', 'c')
ON CONFLICT DO NOTHING;
ANALYZE
"""


def run(place: Place) -> Row:
    """All of it."""
    _make_readers(place)
    writer, second = _staff("administrator"), _staff("supervisor")
    everybody = _draft(place, writer)
    elders = _draft(place, writer, audience={"elder_mode": True})
    found: Row = {
        "readers": _count(place, everybody),
        "dry_run": {
            "everybody": _timed(lambda: _dry_run(place, everybody)),
            "elder mode": _timed(lambda: _dry_run(place, elders)),
        },
    }
    _release(place, writer, second, everybody)
    found["batches"] = _write(place)
    found["page"] = {"progress": _timed(lambda: _page(place, second, everybody))}
    found["end"] = {"look for its end": _timed(lambda: campaign_running.run(place.services), 3)}
    found["stop"] = _stop(place, second, everybody)
    return found


def _make_readers(place: Place) -> None:
    wechat = place.services.settings.wechat
    with place.services.db.transaction() as session:
        for statement in _READERS.split(";"):
            session.execute(text(statement), {"count": COUNT, "template": wechat.template_news})


def _staff(role: str) -> Principal:
    grant = Grant(role, frozenset(ROLES[role].permissions), "district", None)
    return Principal(Actor("staff", new_id(), role, role), grants=(grant,))


def _draft(place: Place, writer: Principal, **more: Any) -> UUID:
    words = {
        "name": "停水", "title": "明天停水", "body": "11月24日8:00到16:00停水，请提前存水。",
        "sms": "明天8:00到16:00停水，请提前存水。",
        "ladder": ["wechat_subscribe", "wechat_service", "sms"], **more,
    }  # fmt: skip
    with place.services.unit(writer.actor) as uow:
        body = campaign_schemas.EditCampaignSchema().load(words)
        return campaigns.create(uow, writer, body).id


def _row(uow: UnitOfWork, id_: UUID) -> Campaign:
    return uow.session.get_one(Campaign, id_)


def _count(place: Place, id_: UUID) -> int:
    with place.services.unit() as uow:
        return campaign_reach.count(uow, _row(uow, id_))


def _dry_run(place: Place, id_: UUID) -> None:
    with place.services.unit() as uow:
        campaign_reach.dry_run(uow, _row(uow, id_))


def _page(place: Place, who: Principal, id_: UUID) -> None:
    with place.services.unit() as uow:
        campaign_view.show(uow, who, _row(uow, id_))


def _release(place: Place, writer: Principal, second: Principal, id_: UUID) -> None:
    def version() -> str:
        with place.services.unit() as uow:
            return str(_row(uow, id_).version)

    seen = version()
    with place.services.unit(writer.actor) as uow:
        campaigns.submit(uow, writer, id_, seen)
    seen = version()
    with place.services.unit(second.actor) as uow:
        campaigns.release(uow, second, id_, seen, read=True)


def _write(place: Place) -> Row:
    """Every batch by itself; the last ones say whether a long campaign gets slower."""
    spans: list[float] = []
    statements = 0

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(place.services.db.engine, "before_cursor_execute", count)
    written = 0
    while True:
        begin = time.perf_counter()
        with place.services.unit() as uow:
            found = campaign_running._next_batch(uow)
        if found is None:
            break
        written += found
        spans.append((time.perf_counter() - begin) * 1000)
    event.remove(place.services.db.engine, "before_cursor_execute", count)
    tenth = max(1, len(spans) // 10)
    return {
        "all": {
            "written": written, "batches": len(spans), "seconds": round(sum(spans) / 1000, 1),
            "per_second": round(written / sum(spans) * 1000),
            "statements_each": round(statements / len(spans), 1),
        },
        "first tenth": {"p50_ms": round(median(spans[:tenth]), 1)},
        "last tenth": {"p50_ms": round(median(spans[-tenth:]), 1)},
        "slowest": {"ms": round(max(spans), 1)},
    }  # fmt: skip


def _stop(place: Place, second: Principal, id_: UUID) -> Row:
    begin = time.perf_counter()
    with place.services.unit(second.actor) as uow:
        campaigns.stop(uow, second, id_, "写错了", withdraw=True)
    return {"with the inbox": {"ms": round((time.perf_counter() - begin) * 1000)}}


def _timed(act: Callable[[], object], times: int = 7) -> Row:
    spans = []
    for _ in range(times):
        begin = time.perf_counter()
        act()
        spans.append((time.perf_counter() - begin) * 1000)
    return {"p50_ms": round(median(spans), 1), "worst_ms": round(max(spans), 1)}
