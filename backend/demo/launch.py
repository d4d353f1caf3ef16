"""`make run`: everything on one machine, from nothing to the addresses."""

import contextlib
import fcntl
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import requests
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from backend import config
from backend.app import compose
from backend.demo import environment, seed
from backend.kernel import logs
from backend.kernel.ids import stable_id
from backend.migrations import state

ROOT = Path(__file__).resolve().parents[2]


def say(text: str) -> None:
    """One line of progress for the person at the terminal."""
    print(f"→ {text}", flush=True)  # noqa: T201 - this is the terminal's program


def main() -> int:
    """Start everything, wait for Ctrl-C, stop everything. The exit code says if it came up."""
    environ = {**os.environ}
    if environ.get("ENVIRONMENT") == "production":
        say("make run is the demo; for production see README.md, 'Going to production'")
        return 2
    data_dir = environment.fill(environ)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _only_one(data_dir), environment.servers(environ, data_dir, say, own=True):
            for name in ("PORT", "STANDIN_PORT"):
                _require_free(environ["HOST"], int(environ[name]), name)
            _prepare(environ)
            return _serve(environ, data_dir)
    except KeyboardInterrupt:
        say("stopped")
        return 0
    except (RuntimeError, config.SettingsError) as error:
        say(f"cannot start: {error}")
        return 1


@contextlib.contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    with (data_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RuntimeError(f"another make run uses {data_dir}; set DATA_DIR") from None
        yield


def _prepare(environ: Mapping[str, str]) -> None:
    logs.configure("WARNING")
    settings = config.load(dict(environ))
    say("bringing the database up to date")
    state.upgrade(settings.database_url)
    services = compose(settings)
    try:
        seed.seed(services, say)
    finally:
        services.db.dispose()


def _serve(environ: dict[str, str], data_dir: Path) -> int:
    log_dir = data_dir / "log"
    log_dir.mkdir(exist_ok=True)
    processes = parse_procfile((ROOT / "Procfile.dev").read_text()).processes
    width = max(len(name) for name in processes)
    with (log_dir / "demo.log").open("a", buffering=1) as out:
        manager = Manager(Printer(output=out, width=width))
        for name, command in processes.items():
            # The same interpreter as ours, whatever `python` means on this machine.
            line = command.replace("python ", f"exec '{sys.executable}' ", 1)
            manager.add_process(name, line, env=environ, cwd=str(ROOT))
        say(f"starting {', '.join(processes)} (log: {log_dir / 'demo.log'})")
        threading.Thread(target=_announce, args=(environ, manager), daemon=True).start()
        manager.loop()
    say("stopped; your data is kept, make run brings it back")
    failed = (manager.returncode or 0) not in (0, -signal.SIGTERM, 128 + signal.SIGTERM, 130)
    if failed:
        say(f"a part ended by itself; see {log_dir / 'demo.log'}")
    return int(failed)


def _announce(environ: Mapping[str, str], manager: Manager) -> None:
    """Say where everything is, once it really answers."""
    base = f"http://{environ['HOST']}:{environ['PORT']}"
    for _ in range(600):
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{base}/readyz", timeout=2).ok:
                break
        time.sleep(0.2)
    else:
        say("it did not become ready in 2 minutes")
        manager.terminate()
        return
    rows = [
        ("phone app 手机端", f"{base}/"),
        ("staff console 工作台", f"{base}/console/"),
        ("hall screen 大厅屏", f"{base}/console/screen/{stable_id('hall', 'yuehe')}"),
        ("API 接口说明", f"{base}/api/"),
        ("WeChat and SMS stand-in 替身", f"{environ['STANDIN_URL']}/"),
    ]
    print("\nHuying 呼应 is running (demo 演示):", flush=True)  # noqa: T201 - it speaks to whoever started it
    for name, address in rows:
        print(f"  {name:<30} {address}", flush=True)  # noqa: T201 - it speaks to whoever started it
    print("Ctrl-C stops it; nothing is lost.\n", flush=True)  # noqa: T201 - it speaks to whoever started it


def _require_free(host: str, port: int, name: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise RuntimeError(f"port {port} is in use; set {name} to another one") from None


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
