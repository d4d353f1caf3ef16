"""Clock, ids, events, units, state tables, chores, access: each keeps its one promise."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from backend.kernel import clock as clocks
from backend.kernel import state, upkeep
from backend.kernel.access import ANONYMOUS, Actor, Grant, Principal
from backend.kernel.clock import FixedClock, SystemClock, day_text, local, local_date, moment_text
from backend.kernel.database import UtcDateTime
from backend.kernel.errors import Conflict, Forbidden, RateLimited
from backend.kernel.events import EventBus
from backend.kernel.ids import new_id, stable_id
from backend.kernel.state import Transition, open_states, step
from backend.kernel.upkeep import Upkeep

LATE = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)


def test_the_day_is_shanghais_day() -> None:
    assert local_date(LATE).isoformat() == "2026-11-23"
    assert local(LATE).isoformat() == "2026-11-23T00:30:00+08:00"
    assert day_text(local_date(LATE)) == "11月23日（周一）"
    assert moment_text(LATE) == "11月23日（周一）0:30"


def test_clocks_speak_utc_and_refuse_a_naive_moment() -> None:
    assert SystemClock().now().tzinfo is UTC
    fixed = FixedClock(LATE.astimezone(clocks.SHANGHAI))
    assert fixed.now().utcoffset() == timedelta(0)
    fixed.advance(timedelta(hours=1))
    assert fixed.now() == LATE + timedelta(hours=1)
    with pytest.raises(ValueError, match="aware"):
        fixed.set(datetime(2026, 11, 23))
    with pytest.raises(ValueError, match="aware"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 23), None)


def test_new_ids_are_uuid_version_7_in_order_of_time(monkeypatch) -> None:
    made = []
    for milliseconds in range(1000, 1100):
        monkeypatch.setattr("backend.kernel.ids.time.time_ns", lambda at=milliseconds: at * 10**6)
        made.append(new_id())
    assert made == sorted(made)
    assert all(one.version == 7 and one.variant.startswith("specified in RFC") for one in made)
    assert made[0].int >> 80 == 1000
    monkeypatch.undo()
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_stable_ids_are_the_same_everywhere_and_differ_by_kind() -> None:
    assert stable_id("hall", "yuehe") == stable_id("hall", "yuehe")
    assert stable_id("hall", "yuehe") != stable_id("street", "yuehe")
    # Seeded rows in running installations carry it: it may never change.
    assert str(stable_id("hall", "yuehe")) == "7eef96b6-3b13-551e-b22c-504fbd94216d"


@dataclass(frozen=True)
class Happened:
    what: str


@dataclass(frozen=True)
class HappenedToo(Happened):
    pass


def test_an_event_reaches_its_own_subscribers_in_order_with_the_unit(uow) -> None:
    heard = []
    uow.services.events.subscribe(Happened, lambda unit, event: heard.append((1, unit, event)))
    uow.services.events.subscribe(Happened, lambda unit, event: heard.append((2, unit, event)))
    uow.emit(Happened("x"))
    uow.emit(HappenedToo("y"))
    assert heard == [(1, uow, Happened("x")), (2, uow, Happened("x"))]


def test_a_failing_subscriber_undoes_what_the_emitter_did(services) -> None:
    def fail(uow, event):
        uow.session.execute(text("INSERT INTO heartbeat VALUES ('handler', now())"))
        raise RuntimeError("no")

    services.events = EventBus()
    services.events.subscribe(Happened, fail)
    with pytest.raises(RuntimeError), services.unit() as uow:
        uow.session.execute(text("INSERT INTO heartbeat VALUES ('emitter', now())"))
        uow.emit(Happened("x"))
    with services.db.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM heartbeat")) == 0


def test_a_unit_has_one_moment(services, clock) -> None:
    with services.unit() as uow:
        before = uow.now
        clock.advance(timedelta(minutes=5))
        assert uow.now == before


TABLE = {("open", "close"): Transition("closed", frozenset({"clerk"}), frozenset({"reason"}), 60)}


def test_a_state_table_gives_the_way_or_refuses() -> None:
    assert step(TABLE, "open", "close").to == "closed"
    for wrong in (("closed", "close"), ("open", "open"), ("", "")):
        with pytest.raises(Conflict, match="wrong_state"):
            step(TABLE, *wrong)
    assert open_states(TABLE) == {"open"}


def test_chores_come_when_due_and_a_failing_one_does_not_stop_the_others(monkeypatch) -> None:
    now, done = [1000.0], []

    def fail(services):
        done.append("fail")
        raise RuntimeError

    chores = Upkeep()
    monkeypatch.setattr(upkeep.time, "monotonic", lambda: now[0])
    chores.add("broken", 10, fail)
    chores.add("fine", 20, lambda services: done.append("fine"))
    for at in (1000, 1005, 1010, 1020):
        now[0] = at
        chores.run_due(None)
    assert done == ["fail", "fine", "fail", "fail", "fine"]


def grant(scope_kind: str, scope_id=None, *permissions: str) -> Grant:
    return Grant("clerk", frozenset(permissions or ("queue.operate",)), scope_kind, scope_id)


def test_a_permission_counts_only_in_its_scope() -> None:
    mine, other = new_id(), new_id()
    clerk = Principal(Actor("staff", new_id()), grants=(grant("hall", mine),))
    assert clerk.may("queue.operate")
    assert clerk.may("queue.operate", hall=mine)
    assert not clerk.may("queue.operate", hall=other)
    assert not clerk.may("queue.operate", department=mine)
    assert not clerk.may("items.edit", hall=mine)
    assert clerk.scope_ids("queue.operate", "hall") == {mine}
    assert clerk.scope_ids("queue.operate", "department") == set()
    with pytest.raises(Forbidden):
        clerk.require("queue.operate", hall=other)


def test_a_district_grant_reaches_everything_below_it() -> None:
    chief = Principal(Actor("staff", new_id()), grants=(grant("district"),))
    assert chief.may("queue.operate", hall=new_id())
    assert chief.scope_ids("queue.operate", "hall") is None
    assert not chief.may("items.edit")


def test_of_a_community_and_its_street_either_scope_will_do() -> None:
    community, street = new_id(), new_id()
    for kind, scope in (("community", community), ("street", street)):
        worker = Principal(Actor("staff", new_id()), grants=(grant(kind, scope),))
        assert worker.may("queue.operate", community=community, street=street)
        assert not worker.may("queue.operate", community=street, street=community)


def test_a_grant_without_its_scope_reaches_nothing() -> None:
    broken = Principal(Actor("staff", new_id()), grants=(grant("hall", None),))
    assert not broken.may("queue.operate", hall=new_id())
    assert broken.scope_ids("queue.operate", "hall") == set()


def test_nobody_may_nothing() -> None:
    assert ANONYMOUS.permissions == frozenset()
    assert not ANONYMOUS.may("queue.operate")


def test_a_refusal_for_haste_says_when_to_come_back() -> None:
    assert RateLimited(30).action == "请30秒后再试"
    assert state.step is step
