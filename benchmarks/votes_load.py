"""Residents who cast and read while server processes are killed under them.

Unlike `benchmarks.load` a line here survives its server: a ballot without an answer is sent again
with the same random number, as a phone does, until it is acknowledged or refused.
"""

import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load import Call
from tests.live import ROOT

_TRIES, _PAUSE = 20, 0.5


@dataclass
class Found:
    """What came back. Latencies in milliseconds, from the first try to the answer."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    unanswered: int = 0
    seconds: float = 0.0

    def row(self) -> dict[str, Any]:
        """The figures as they go into the report. `broken`: connections that died and were redone."""
        ordered = sorted(self.latencies) or [0.0]

        def share(part: float) -> float:
            return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1)

        return {
            "per_second": round(len(self.latencies) / max(self.seconds, 0.001), 1),
            "p50_ms": share(0.5), "p95_ms": share(0.95), "p99_ms": share(0.99),
            "n": len(self.latencies), "statuses": dict(self.statuses),
            "broken": self.broken, "unanswered": self.unanswered,
        }  # fmt: skip


def drive(
    port: int, calls: Iterator[Call], *, per_second: float, lines: int, stop: threading.Event
) -> Found:
    """Make the calls at this pace over so many lines, until they or the time are over."""
    found, lock, turn = Found(), threading.Lock(), itertools.count()
    started = time.perf_counter()

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not stop.is_set():
            with lock:
                call, number = next(calls, None), next(turn)
            if call is None:
                break
            if stop.wait(max(0.0, started + number / per_second - time.perf_counter())):
                break
            _one(line, call, found, lock)
        line.close()

    threads = [threading.Thread(target=work) for _ in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - started
    return found


def _one(line: http.client.HTTPConnection, call: Call, found: Found, lock: threading.Lock) -> None:
    body = None if call.body is None else json.dumps(call.body)
    headers = {**call.headers, **({"Content-Type": "application/json"} if body else {})}
    sent = time.perf_counter()
    for attempt in range(_TRIES):
        try:
            line.request(call.method, call.path, body, headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            # Idle for too long, or its server was killed: a fresh connection finds another.
            line.close()
            with lock:
                found.broken += 1
            if attempt:
                time.sleep(_PAUSE)
            continue
        with lock:
            found.latencies.append((time.perf_counter() - sent) * 1000)
            found.statuses[answer.status] += 1
        return
    with lock:
        found.unanswered += 1


class SealingWorker:
    """`backend.worker` as in production: takes batches in and signs checkpoints."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "backend.worker"], cwd=ROOT, env=self._environ,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        """End it without a word."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return [int(one) for one in listed.split()]


def kill_by_turns(
    web: int, worker: SealingWorker, every: float, stop: threading.Event, kills: Counter[str]
) -> None:
    """SIGKILL a web worker, then the sealing worker, and so on; gunicorn and we start new ones."""
    for turn in itertools.count():
        if stop.wait(every):
            return
        if turn % 2:
            worker.kill()
            worker.start()
            kills["sealing worker"] += 1
        elif alive := children(web):
            os.kill(alive[turn // 2 % len(alive)], signal.SIGKILL)
            kills["web worker"] += 1
