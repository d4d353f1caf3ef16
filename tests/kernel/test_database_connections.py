"""What pooled connections keep, and what they notice before they are used."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, text

from backend.kernel import database as kernel
from backend.kernel.database import Database


@pytest.fixture
def one(live_db: str) -> Iterator[Database]:
    """A pool of a single connection."""
    made = Database(live_db, pool_size=1, max_overflow=0)
    yield made
    made.dispose()


def prepared(database: Database) -> int:
    with database.transaction() as session:
        query = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%a_marked_one%'"
        return int(session.scalar(text(query + " AND statement NOT LIKE '%pg_prepared%'")) or 0)


def test_statements_stay_prepared_over_rollbacks(one):
    for _ in range(8):
        session = one.session()
        session.execute(text("SELECT 1 AS a_marked_one"))
        session.rollback()
        session.close()
    assert prepared(one) == 1


def test_a_connection_the_server_ended_is_replaced_before_use(one, live_db):
    with one.transaction() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    other = Database(live_db)
    with other.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    other.dispose()
    with one.transaction() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != pid


def test_only_a_connection_long_unused_is_asked_whether_it_lives(one, monkeypatch):
    asked = []
    real = one.engine.dialect.do_ping
    monkeypatch.setattr(
        one.engine.dialect, "do_ping", lambda connection: asked.append(1) or real(connection)
    )
    for _ in range(3):
        prepared(one)
    assert asked == []
    monkeypatch.setattr(kernel, "_TRUSTED_FOR", -1.0)
    prepared(one)
    assert asked == [1]
    assert event.contains(one.engine, "checkin", kernel._note_return)
