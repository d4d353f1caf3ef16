"""The worker: beats, fires, cleans up; survives its parts failing; ends when asked to."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from backend import worker as module
from backend.http.health import Heartbeat
from backend.kernel import timers
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.upkeep import Upkeep
from backend.worker import Worker
from tests.live import ROOT


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def running(live_services, monkeypatch):
    """Starts a worker in a thread; it has ended after the test."""
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.02)
    monkeypatch.setattr(module, "UPKEEP_SECONDS", 0.02)
    live_services.delivery = None
    live_services.upkeep = Upkeep()
    started = []

    def start():
        worker = Worker(live_services)
        thread = threading.Thread(target=worker.run)
        thread.start()
        started.append((worker, thread))
        return worker, thread

    yield start
    for worker, thread in started:
        worker.stop()
        thread.join(20)
        assert not thread.is_alive()


def arm(services, count=1):
    with services.unit() as uow:
        for _ in range(count):
            timers.arm(uow, "test.work", Subject("case", new_id()), uow.now)


def test_a_worker_beats_fires_and_does_its_chores(live_services, running) -> None:
    fired, chores = [], []
    live_services.timers.register("test.work", lambda uow, timer: fired.append(timer.id))
    live_services.upkeep.add("chore", 0, lambda services: chores.append(1))
    arm(live_services, 5)
    running()
    until(lambda: len(fired) == 5 and chores)
    with live_services.db.transaction() as session:
        assert session.get(Heartbeat, "worker").at == live_services.clock.now()


def test_what_is_armed_while_it_runs_is_fired_soon(live_services, running) -> None:
    fired = []
    live_services.timers.register("test.work", lambda uow, timer: fired.append(timer.id))
    running()
    time.sleep(0.3)
    arm(live_services)
    until(lambda: fired, 5)


def test_a_failing_part_does_not_stop_the_others_and_comes_again(live_services, running) -> None:
    rounds, fired = [], []

    class Delivery:
        def run_once(self):
            rounds.append(1)
            raise RuntimeError("provider away")

        def finish(self):
            pass

    live_services.delivery = Delivery()
    live_services.timers.register("test.work", lambda uow, timer: fired.append(timer.id))
    arm(live_services)
    running()
    until(lambda: len(rounds) >= 3 and fired)


def test_a_worker_asked_to_stop_finishes_what_it_has_begun(live_services, running) -> None:
    inside, done = threading.Event(), []

    def slow(uow, timer):
        inside.set()
        time.sleep(0.5)
        done.append(timer.id)

    live_services.timers.register("test.work", slow)
    arm(live_services)
    worker, thread = running()
    assert inside.wait(10)
    worker.stop()
    thread.join(20)
    assert len(done) == 1
    with live_services.db.transaction() as session:
        assert session.get(timers.Timer, done[0]).fired_at is not None


def test_pauses_grow_while_a_part_fails(monkeypatch) -> None:
    pauses = []

    class Stopping:
        def is_set(self):
            return len(pauses) >= 9

        def wait(self, seconds):
            pauses.append(seconds)

    worker = Worker(None)
    worker._stopping = Stopping()
    worker._loop("x", lambda: 1 / 0, 1.0)
    assert pauses == [2, 4, 8, 16, 30, 30, 30, 30, 30]


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_the_real_worker_process_ends_in_order_when_told(
    live_services, base_environ, live_db, signum
) -> None:
    environ = {**os.environ, **base_environ, "DATABASE_URL": live_db, "LOG_LEVEL": "INFO"}
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.worker"], cwd=ROOT, env=environ,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:

        def beats():
            with live_services.db.transaction() as session:
                return session.get(Heartbeat, "worker") is not None

        until(beats, 40)
        process.send_signal(signum)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors[-1500:]
        assert "worker stopped" in errors
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=10)


def test_upkeep_forgets_what_is_kept_for_a_day(live_services, clock) -> None:
    from sqlalchemy import func, select

    from backend.kernel import sessions
    from backend.kernel.sessions import SessionRow

    with live_services.unit() as uow:
        sessions.open_session(uow, principal_kind="staff", principal_id=new_id(), channel="console")
    clock.advance(timedelta(days=3))
    live_services.upkeep.run_due(live_services)
    with live_services.db.transaction() as session:
        assert session.scalar(select(func.count()).select_from(SessionRow)) == 0
