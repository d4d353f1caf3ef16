"""Deadlines under several workers and crashes, on a live database."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from backend.kernel import timers
from backend.kernel.database import Database
from backend.kernel.ids import new_id
from backend.kernel.timers import Timer
from backend.kernel.trace import Subject
from tests.live import ROOT

COUNT = 60


def arm_many(services, count=COUNT):
    with services.unit() as uow:
        uow.session.execute(text("CREATE TABLE IF NOT EXISTS effect (timer_id uuid, by text)"))
        for _ in range(count):
            timers.arm(uow, "test.effect", Subject("case", new_id()), uow.now)


def effect(uow, timer):
    uow.session.execute(
        text("INSERT INTO effect VALUES (:id, :by)"),
        {"id": timer.id, "by": threading.current_thread().name},
    )


def effects(services):
    with services.db.transaction() as session:
        return [row.timer_id for row in session.execute(text("SELECT timer_id FROM effect"))]


def in_threads(work, count):
    errors = []

    def guarded():
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors


def test_four_workers_fire_each_timer_exactly_once(live_services) -> None:
    arm_many(live_services)
    live_services.timers.register("test.effect", effect)
    in_threads(lambda: live_services.timers.fire_due(live_services), 4)
    found = effects(live_services)
    assert len(found) == len(set(found)) == COUNT


def test_without_the_row_lock_the_same_race_fires_one_twice(live_services) -> None:
    """The negative control: the test above can see the fault it looks for."""
    arm_many(live_services, 1)
    both_read = threading.Barrier(2, timeout=20)

    def careless():
        with live_services.unit() as uow:
            timer = uow.session.scalars(select(Timer).where(Timer.fired_at.is_(None))).one()
            both_read.wait()
            effect(uow, timer)
            timer.fired_at = uow.now

    in_threads(careless, 2)
    assert len(effects(live_services)) == 2


def test_a_timer_in_a_slow_handler_is_passed_over_not_waited_for(live_services) -> None:
    arm_many(live_services, 2)
    inside, go_on = threading.Event(), threading.Event()

    def slow_once(uow, timer):
        if not inside.is_set():
            inside.set()
            assert go_on.wait(20)
        effect(uow, timer)

    live_services.timers.register("test.effect", slow_once)
    slow = threading.Thread(target=live_services.timers.fire_due, args=(live_services,))
    slow.start()
    assert inside.wait(20)
    started = time.monotonic()
    assert live_services.timers.fire_due(live_services) == 1
    assert time.monotonic() - started < 5
    go_on.set()
    slow.join(20)
    assert len(effects(live_services)) == 2


def test_a_timer_disarmed_or_moved_at_the_moment_it_fires_fires_at_most_once(
    live_services, clock
) -> None:
    live_services.timers.register("test.effect", effect)
    for _ in range(10):
        subject = Subject("case", new_id())
        arm_many(live_services, 0)
        with live_services.unit() as uow:
            timers.arm(uow, "test.effect", subject, uow.now)

        def move(subject=subject):
            with live_services.unit() as uow:
                timers.disarm(uow, "test.effect", subject)

        racers = [threading.Thread(target=move), threading.Thread(
            target=live_services.timers.fire_due, args=(live_services,))]  # fmt: skip
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(20)
        with live_services.db.transaction() as session:
            pending = session.scalar(
                select(func.count()).select_from(Timer).where(Timer.fired_at.is_(None))
            )
        assert pending == 0
    found = effects(live_services)
    assert len(found) == len(set(found))


WORKER = """
import sys, time
from datetime import UTC, datetime
from sqlalchemy import text
from backend import config
from backend.app import compose
services = compose(config.load())
def handler(uow, timer):
    uow.session.execute(text("INSERT INTO effect VALUES (:id, 'worker')"), {"id": timer.id})
    if sys.argv[1] == "hang":
        print("inside", flush=True)
        time.sleep(60)
services.timers.register("test.effect", handler)
print(services.timers.fire_due(services), flush=True)
"""


@pytest.fixture
def worker_process(base_environ, live_db):
    """Starts a process that fires timers once, on the live database."""
    environ = {**os.environ, **base_environ, "DATABASE_URL": live_db}
    started = []

    def start(how):
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, how], cwd=ROOT, env=environ,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=20)


def test_a_worker_killed_inside_a_handler_loses_nothing_and_doubles_nothing(
    live_services, worker_process, clock
) -> None:
    clock.set(clock.now() - timedelta(days=3650))  # due for the process's real clock as well
    arm_many(live_services, 1)
    first = worker_process("hang")
    assert first.stdout.readline() == "inside\n"
    first.send_signal(signal.SIGKILL)
    first.wait(20)
    second = worker_process("fire")
    assert second.communicate(timeout=40)[0].splitlines()[-1] == "1"
    assert len(effects(live_services)) == 1


def test_what_is_armed_survives_a_crash_of_the_database(
    base_environ, migrated, postgres, server_dir, clock, valkey
) -> None:
    from backend import config
    from backend.app import compose
    from backend.embedded.postgres import Postgres
    from tests.schema import create_schema

    own = Postgres(server_dir / "crashing")
    own.start()
    services = None
    try:
        create_schema(own.url)
        services = compose(config.load({**base_environ, "DATABASE_URL": own.url}), clock=clock)
        arm_many(services, 5)
        own.stop("immediate")
        own.start()
        services.timers.register("test.effect", effect)
        assert services.timers.fire_due(services) == 5
        assert len(effects(services)) == 5
    finally:
        if services is not None:
            services.db.dispose()
        own.stop("immediate")


def test_a_database_that_is_gone_ends_a_round_with_an_error_not_with_a_lie(live_services) -> None:
    arm_many(live_services, 1)
    live_services.timers.register("test.effect", effect)
    live, live_services.db = live_services.db, Database("postgresql+psycopg://127.0.0.1:9/none")
    try:
        with pytest.raises(Exception, match="connection"):
            live_services.timers.fire_due(live_services)
    finally:
        live_services.db.dispose()
        live_services.db = live
    assert effects(live_services) == []
    assert live_services.timers.fire_due(live_services) == 1
