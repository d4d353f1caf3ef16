"""The demo as `make run` starts it, on free ports and in a folder of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.live import free_port

ROOT = Path(__file__).parents[2]
# Seeding takes a minute; on a machine busy with other work several.
PATIENCE_SECONDS = 400


class Demo:
    """Everything that `make run` starts after building."""

    def __init__(self, data_dir: Path | None = None) -> None:
        self.port = free_port()
        self.standin_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.standin_url = f"http://127.0.0.1:{self.standin_port}"
        self.data_dir = data_dir or Path(tempfile.mkdtemp(prefix="huying-demo-", dir="/var/tmp"))
        self.data_dir.chmod(0o755)
        self.output = self.data_dir / "launch.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        ignored = ("DATABASE_URL", "REDIS_URL", "ENVIRONMENT")
        environ = {k: v for k, v in os.environ.items() if k not in ignored}
        environ.update(
            PORT=str(self.port), STANDIN_PORT=str(self.standin_port), DATA_DIR=str(self.data_dir)
        )
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backend.demo.launch"],
                cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError, urllib.error.HTTPError):
                urllib.request.urlopen(f"{self.url}/readyz", timeout=2).close()
                return
            time.sleep(0.1)
        said = self.output.read_text()[-3000:]
        # What is not ready must not go on in the background of whatever runs next.
        if self.process.poll() is None:
            self.stop()
        raise RuntimeError(said)

    def stop(self) -> int:
        """Press Ctrl-C; the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        self.process = None
        return code
