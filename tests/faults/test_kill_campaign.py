"""A campaign's worker dies while it writes: after it is back, everybody has exactly one message."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from backend import config
from backend.app import compose
from backend.domains.messages import campaign_running
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.services import Services
from tests.campaign_world import Campaigns, make
from tests.live import ROOT
from tests.standin import Standin

LONG = bool(os.environ.get("LONG"))
READERS, KILLS, BATCH = (2000, 25, 40) if LONG else (160, 3, 20)
#: The real worker, which says when a batch is written and not yet committed, and lingers there.
WORKER = f"""
import time
from backend import worker
from backend.domains.messages import campaign_running as running
running.BATCH = {BATCH}
write = running.outbox.enqueue_letters
def slowly(*args):
    told = write(*args)
    print("written", flush=True)
    time.sleep(0.1)
    return told
running.outbox.enqueue_letters = slowly
worker.main()
"""
#: Seconds for a worker to start and write, on a slow machine.
PATIENCE = 600 if LONG else 120


class Crew:
    """Campaigns on a real database, and one worker process at a time."""

    def __init__(self, services: Services, environ: dict[str, str]) -> None:
        self.services = services
        self.world: Campaigns = make(services)
        self._environ = {**os.environ, **environ}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        """A new worker."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=ROOT, env=self._environ,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self._process

    def kill(self) -> None:
        """SIGKILL; its leases end at once, as they would a minute and a half later."""
        process = self._process
        if process is None:
            return
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
        self._process = None
        with self.services.db.transaction() as session:
            session.execute(
                text(
                    "UPDATE outbox SET lease_until = now() - interval '1 second' WHERE"
                    " lease_owner LIKE :owner AND status IN ('leased', 'sending')"
                ),
                {"owner": f"%:{process.pid}:%"},
            )

    def readers(self, id_: UUID) -> Counter[UUID]:
        """How many messages each reader has, in the outbox and in the inbox alike."""
        found = Counter(one.person_key for one in self.world.messages(id_))
        assert Counter(one.person_key for one in self.world.inboxes(id_)) == found
        return found


@pytest.fixture
def crew(base_environ: dict[str, str], live_db: str, standin: Standin) -> Iterator[Crew]:
    environ = {**base_environ, **standin.environ, "DATABASE_URL": live_db}
    services = compose(config.load(environ))
    made = Crew(services, environ)
    yield made
    made.kill()
    services.db.dispose()


def test_a_worker_killed_in_the_middle_of_a_batch_leaves_everybody_one_message(
    crew: Crew, standin: Standin
) -> None:
    chance = random.Random(20261122)
    people = crew.world.residents(READERS)
    id_ = crew.world.released()
    until = time.monotonic() + PATIENCE
    for _ in range(KILLS):
        process = crew.start()
        assert process.stdout is not None
        for _ in range(chance.randint(1, 2)):
            assert process.stdout.readline() == "written\n"
        # The batch is in the tables and not committed.
        time.sleep(chance.uniform(0, 0.05))
        crew.kill()
    written = crew.world.row(id_).written
    assert written < READERS
    assert sum(crew.readers(id_).values()) == written
    crew.start()
    while crew.world.row(id_).state != "done":
        assert time.monotonic() < until, "the campaign did not end in time"
        time.sleep(0.2)
    assert crew.readers(id_) == dict.fromkeys(people, 1)
    row = crew.world.row(id_)
    assert (row.written, row.counted) == (READERS, READERS)
    # And each phone got one text, a repeated reference being one.
    assert {one.status for one in crew.world.messages(id_)} == {"accepted"}
    texts = Counter(row["phone"] for row in standin.store.rows("SELECT phone FROM sms"))
    assert len(texts) == READERS
    assert set(texts.values()) == {1}


@contextlib.contextmanager
def cut_at(database: Database, killer: Connection, moment: int) -> Iterator[list[str]]:
    """The server ends the session just before its statement (or commit) of this number."""
    seen: list[str] = []

    def count(connection: Connection, what: str) -> None:
        seen.append(what)
        if len(seen) == moment:
            pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]  # psycopg's
            killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    def before(connection: Connection, _: Any, statement: str, *__: Any) -> None:
        count(connection, statement.split(maxsplit=1)[0])

    def commit(connection: Connection) -> None:
        count(connection, "COMMIT")

    event.listen(database.engine, "before_cursor_execute", before)
    event.listen(database.engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", before)
        event.remove(database.engine, "commit", commit)


@pytest.fixture
def live(
    base_environ: dict[str, str], live_db: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Campaigns]:
    monkeypatch.setattr(campaign_running, "BATCH", 3)
    database = Database(live_db)
    environ = {**base_environ, "DATABASE_URL": live_db}
    yield make(compose(config.load(environ), database=database, clock=clock))
    database.dispose()


def test_cut_off_at_any_statement_the_next_turn_writes_what_is_missing(live: Campaigns) -> None:
    people = live.residents(7)
    database = live.services.db
    ends: Counter[str] = Counter()
    other = create_engine(database.engine.url, isolation_level="AUTOCOMMIT")
    with other.connect() as killer:
        for moment in range(1, 200):
            id_ = live.released()
            with cut_at(database, killer, moment) as seen:
                try:
                    live.run()
                except DBAPIError:
                    ends[seen[moment - 1]] += 1
            untouched = len(seen) < moment
            rows = live.messages(id_)
            assert live.row(id_).written == len(rows)
            live.run()
            assert [one.person_key for one in live.messages(id_)] == sorted(people)
            assert live.row(id_).written == len(live.inboxes(id_)) == 7
            with live.services.unit() as uow:
                uow.session.execute(text("UPDATE campaign SET state = 'done'"))
            if untouched:
                break
    other.dispose()
    # It was cut at each kind of moment, commits and inserts among them.
    assert untouched
    assert {"INSERT", "UPDATE", "COMMIT", "SELECT"} <= set(ends)
