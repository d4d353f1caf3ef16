"""PostgreSQL crashes, hangs or cuts a connection: nothing acknowledged is lost, nothing is half."""

import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from backend.embedded.postgres import Postgres
from backend.kernel.database import Database


@pytest.fixture(scope="module")
def own(server_dir):
    """A durable cluster that may be crashed."""
    server = Postgres(server_dir / "faults")
    server.start()
    yield server
    server.stop("immediate")


@pytest.fixture
def database(own):
    made = Database(own.url, pool_size=4)
    with made.transaction() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS written (n int)"))
        session.execute(text("TRUNCATE written"))
    yield made
    made.dispose()


def count(database: Database) -> int:
    with database.transaction() as session:
        return session.scalar(text("SELECT count(*) FROM written"))


def test_a_pooled_connection_that_died_is_replaced_without_an_error(database) -> None:
    with database.transaction() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    killer = Database(str(database.engine.url))
    with killer.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    killer.dispose()
    time.sleep(0.2)
    assert count(database) == 0


def test_a_connection_cut_in_the_middle_leaves_nothing(database) -> None:
    killer = Database(str(database.engine.url))
    with pytest.raises(OperationalError), database.transaction() as session:
        session.execute(text("INSERT INTO written VALUES (1)"))
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        with killer.transaction() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        session.execute(text("INSERT INTO written VALUES (2)"))
    killer.dispose()
    assert count(database) == 0


def test_what_was_acknowledged_survives_crashes_of_the_server(own, database) -> None:
    acknowledged, stop, lock = [], threading.Event(), threading.Lock()

    def write(base: int) -> None:
        number = base
        while not stop.is_set():
            try:
                with database.transaction() as session:
                    session.execute(text("INSERT INTO written VALUES (:n)"), {"n": number})
            except DBAPIError:
                time.sleep(0.05)
            else:
                with lock:
                    acknowledged.append(number)
            number += 4

    threads = [threading.Thread(target=write, args=(base,)) for base in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(0.4)
        own.stop("immediate")
        own.start()
    time.sleep(0.4)
    stop.set()
    for thread in threads:
        thread.join(30)
    with database.transaction() as session:
        kept = list(session.scalars(text("SELECT n FROM written")))
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))
    assert len(acknowledged) > 20


def test_a_statement_that_never_ends_is_ended(database) -> None:
    with pytest.raises(DBAPIError, match="statement timeout"), database.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = '200ms'"))
        session.execute(text("SELECT pg_sleep(30)"))
    with database.transaction() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "15s"
        assert session.scalar(text("SHOW lock_timeout")) == "10s"
        assert session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "30s"


def test_an_unreachable_server_is_an_error_in_seconds() -> None:
    nowhere = Database("postgresql+psycopg://127.0.0.1:9/none")
    started = time.monotonic()
    with pytest.raises(OperationalError), nowhere.transaction() as session:
        session.execute(text("SELECT 1"))
    assert time.monotonic() - started < 6
    nowhere.dispose()


def test_any_error_even_an_interrupt_undoes_the_unit(database) -> None:
    for error in (ValueError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error), database.transaction() as session:
            session.execute(text("INSERT INTO written VALUES (1)"))
            raise error
    assert count(database) == 0
