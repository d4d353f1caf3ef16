"""The busy hour: its draws, its sums, and a short one over HTTP at a real server."""

import os
import random

import pytest
from sqlalchemy import select

from backend import config
from backend.app import compose
from backend.demo.busy import hour
from backend.demo.busy.__main__ import run
from backend.domains.hotline import cti_keys
from backend.domains.hotline.model import Call, Ticket
from tests.live import Server


def test_a_conversation_ends_with_one_ticket() -> None:
    for seed in range(50):
        steps = list(hour.conversation(random.Random(seed)))
        kinds = [step for step in steps if isinstance(step, str)]
        assert kinds.count(hour.SAVE) + kinds.count(hour.ANSWER) == 1
        assert kinds.count(hour.SUGGEST) == 1
        assert all(step > 0 for step in steps if isinstance(step, float))


def test_calls_come_within_the_hour_in_order() -> None:
    came = hour.arrivals(300, random.Random(7))
    assert came == sorted(came)
    assert 0 <= came[0] < came[-1] < hour.HOUR


def test_the_summary_is_what_the_report_page_draws() -> None:
    found = hour.Outcome(arrivals=[1.0, 70.0], rings=[2.0, 20.0], tickets=["a", "b"])
    found.waited(3.0, hour.SEARCH, 10.0)
    found.waited(4.0, hour.SEARCH, 30.0)
    found.waited(65.0, hour.SAVE, 50.0)
    found.waited(66.0, hour.POLL, 900.0)
    found.fail("ticket 503")
    shown = hour.summary(found, operators=60, pace=6, measured_on="2026-11-23")
    assert (shown["operators"], shown["calls"], shown["tickets"]) == (60, 2, 2)
    assert (shown["failed"], shown["average_wait_seconds"]) == (1, 11.0)
    assert shown["answered_15s_rate"] == 0.5
    assert shown["points"] == [
        {"minute": 0, "calls": 1, "p50_ms": 10.0, "p95_ms": 30.0},
        # Nobody waits for a poll.
        {"minute": 1, "calls": 1, "p50_ms": 50.0, "p95_ms": 50.0},
    ]
    actions = shown["actions"]
    assert isinstance(actions, list)
    assert [action["name"] for action in actions] == list(hour.ACTION_TEXT)
    empty = hour.summary(hour.Outcome(), operators=0, pace=1, measured_on="")
    assert empty["average_wait_seconds"] == empty["answered_15s_rate"] == 0.0


def test_every_call_of_a_short_hour_is_answered_and_kept(
    base_environ: dict[str, str], live_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hour, "HOUR", 60.0)
    environ = {**base_environ, "DATABASE_URL": live_db}
    services = compose(config.load(environ))
    with services.unit() as uow:
        _, key = cti_keys.issue(uow, "模拟交换机")
    server = Server({**os.environ, **environ}, workers=1, threads=8)
    server.start()
    try:
        found = run(services, server.url, operators=2, calls=3, pace=100, key=key)
    finally:
        server.stop()
    with services.unit() as uow:
        kept = set(uow.session.scalars(select(Ticket.number)))
        states = set(uow.session.scalars(select(Call.state)))
    services.db.dispose()
    assert found.failed == {}
    assert len(found.rings) == len(found.tickets) == 3
    assert {kind for _, kind, _ in found.waits} >= {hour.POP, hour.DEEP, hour.DRAFT, hour.POLL}
    assert (set(found.tickets), states) == (kept, {"ended"})
