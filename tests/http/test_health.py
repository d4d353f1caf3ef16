"""/healthz says the process lives; /readyz says part by part what it lacks."""

from datetime import timedelta

import pytest

from backend.http import health
from backend.kernel.clock import SystemClock
from backend.kernel.database import Database
from backend.migrations.state import head_revision


@pytest.fixture
def ready(services, api, monkeypatch):
    """A client of an installation that is complete: migrated, with a living worker."""
    from sqlalchemy import text

    services.clock = SystemClock()
    with services.db.transaction() as session:
        session.execute(text("DELETE FROM alembic_version"))
        session.execute(
            text("INSERT INTO alembic_version VALUES (:head)"), {"head": head_revision() or "none"}
        )
    if head_revision() is None:
        monkeypatch.setattr(health, "head_revision", lambda: "none")
    health.beat(services, "worker")
    return api


def show(client):
    answer = client.get("/readyz")
    body = answer.get_json()
    return answer.status_code, body["status"], {k for k, v in body["parts"].items() if v != "ok"}


def test_a_complete_installation_is_ready(ready) -> None:
    assert show(ready) == (200, "ready", set())


def test_a_silent_worker_is_told(ready, services, clock) -> None:
    services.clock = clock
    clock.set(SystemClock().now() - timedelta(seconds=31))
    health.beat(services, "worker")
    assert show(ready) == (503, "not ready", {"worker"})


def test_a_database_behind_its_migrations_is_told(ready, services) -> None:
    from sqlalchemy import text

    with services.db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    status, _, wrong = show(ready)
    assert (status, wrong) == (503, {"migrations"})


def test_a_database_that_is_gone_is_told_and_the_process_still_lives(ready, services) -> None:
    services.db = Database("postgresql+psycopg://127.0.0.1:9/none")
    status, _, wrong = show(ready)
    assert status == 503
    assert "database" in wrong
    assert ready.get("/healthz").status_code == 200


def test_a_heartbeat_is_one_row_however_often_it_beats(services) -> None:
    from sqlalchemy import func, select

    for _ in range(3):
        health.beat(services, "worker")
    with services.db.transaction() as session:
        assert session.scalar(select(func.count()).select_from(health.Heartbeat)) == 1
