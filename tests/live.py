"""A real gunicorn for tests that need many connections at once."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
# On a busy machine with two cores the imports alone can take half a minute.
START_SECONDS = 90


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """gunicorn serving `backend.wsgi:app` (or another `target`) on loopback."""

    def __init__(
        self, environ: dict[str, str], *, workers: int = 2, threads: int = 8,
        target: str = "backend.wsgi:app", config: str | None = None,
    ) -> None:  # fmt: skip
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environ = {**environ, "PORT": str(self.port)}
        self._command = [
            sys.executable, "-m", "gunicorn", target, "--bind", f"127.0.0.1:{self.port}",
            "--workers", str(workers), "--threads", str(threads), "--worker-class", "backend.http.worker.Worker",
            "--log-level", "warning", "--graceful-timeout", "5",
        ]  # fmt: skip
        if config:
            # Threads and connections are then the configuration's.
            cut = self._command.index("--threads")
            self._command[cut : cut + 2] = ["--config", config]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environ, stdout=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1).close()
                return
            if self.process.poll() is not None:
                raise RuntimeError("gunicorn ended at start")
            time.sleep(0.1)
        raise RuntimeError(f"gunicorn did not answer in {START_SECONDS} s")

    def stop(self, signum: int = signal.SIGTERM) -> None:
        """End it with its workers."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signum)
        self.process.wait(timeout=20)
        self.process = None
