"""From the commit of a new call to its arrival at 200 consoles, and what the streams cost others.

One gunicorn of two processes. `arrival_*` are milliseconds of every console and call, while
nobody else asks (`quiet`), while one connection asks without pause (`one_line`) and while eight
take all the server has (`flat_out`). `requests_*` are ordinary requests a second, eight
connections without pause: lists and maps of desks and phones, with no streams, with 200 silent
ones, and while calls come in at 200.
"""

import contextlib
import itertools
import os
import re
import selectors
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from backend.demo.register import staff_id
from backend.kernel.ids import new_id
from benchmarks import dispatch_people as people
from benchmarks.load import Call, Outcome, drive
from benchmarks.place import Place
from tests.live import Server

CONSOLES = 200
CALLS = int(os.environ.get("BENCH_LIVE_CALLS", "60"))
READS = int(os.environ.get("BENCH_LIVE_READS", "1500"))
LINES = 8
# Between calls, so that they meet the reader (each 250 ms) at any point of its round.
PAUSES = (0.3, 0.8)
LONGEST = 10.0
_STREAM = "/api/v1/staff/events/stream"
_EVENT = re.compile(rb'"event":\{[^{}]*?"id":"([0-9a-f-]{36})"')


class Consoles:
    """Many streams read by one thread; when each event came, by console."""

    def __init__(self, port: int, headers: list[dict[str, str]]) -> None:
        self.came: dict[str, list[float]] = defaultdict(list)
        self.ended = 0
        self._watch = selectors.DefaultSelector()
        self._stop = threading.Event()
        for number, one in enumerate(headers):
            line = socket.create_connection(("127.0.0.1", port), timeout=30)
            line.sendall(Call("GET", _STREAM, one).wire("127.0.0.1"))
            head = line.recv(65536)
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise RuntimeError(f"stream {number} was refused: {head[:200]!r}")
            line.setblocking(False)
            # What is left of a block, and the events that this console has seen.
            self._watch.register(line, selectors.EVENT_READ, [b"", set()])
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._watch.select(timeout=0.2):
                chunk = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]  # always a socket
                now = time.perf_counter()
                if not chunk:
                    self.ended += 1
                    self._watch.unregister(key.fileobj)
                    continue
                *blocks, key.data[0] = (key.data[0] + chunk).split(b"\n\n")
                for block in blocks:
                    for found in _EVENT.findall(block):
                        if found not in key.data[1]:
                            key.data[1].add(found)
                            self.came[found.decode()].append(now)

    def close(self) -> None:
        """Hang up."""
        self._stop.set()
        self._thread.join(5)
        for key in list(self._watch.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]  # always a socket
        self._watch.close()


def run(place: Place) -> dict[str, Any]:
    """Latencies at three loads, and requests a second without and with the streams."""
    services = place.services
    desks = people.hire(services, [new_id() for _ in range(20)], "dispatcher")
    turn = itertools.cycle(desks)
    consoles = [people.console(services, next(turn).actor.id) for _ in range(CONSOLES)]  # type: ignore[arg-type]  # staff have ids
    phone = people.phone(services, people.hire(services, [new_id()])[0].actor.id)  # type: ignore[arg-type]  # staff have ids
    asked = list(_ordinary(people.console(services, staff_id("hemin")), phone))
    for number in range(100):
        people.call(services, people.centres(services), number)
    found: dict[str, Any] = {}
    # As `gunicorn_conf` has it: a thread for each stream beside those that work.
    environ = {**place.environ, "WEB_THREADS": "8", "LIVE_STREAMS": "250"}
    server = Server(environ, workers=2, threads=8 * 2 + 250)
    server.start()
    try:
        drive(server.port, _some(asked, 200), connections=LINES)
        found["requests_no_streams"] = _requests(server.port, asked)
        listening = Consoles(server.port, consoles)
        time.sleep(1)
        found["requests_200_silent"] = _requests(server.port, asked)
        for name, lines in (("quiet", 0), ("one_line", 1), ("flat_out", LINES)):
            with _asking(server.port, asked, lines) as outcome:
                found[f"arrival_{name}"] = _arrivals(place, listening)
            if name == "flat_out":
                found["requests_200_calls"] = outcome.row()
        found["streams_ended_early"] = listening.ended
        listening.close()
    finally:
        server.stop()
    base = found["requests_no_streams"]["per_second"]
    for name in ("requests_200_silent", "requests_200_calls"):
        found[name]["share_of_no_streams"] = round(found[name]["per_second"] / base, 3)
    return found


def _ordinary(desk: dict[str, str], phone: dict[str, str]) -> Iterator[Call]:
    api = "/api/v1"
    yield Call("GET", f"{api}/staff/events", desk)
    yield Call("GET", f"{api}/worker/events?list=claimable&latitude=20.51&longitude=115.3", phone)
    yield Call("GET", f"{api}/staff/events/map?bbox=115.28,20.47,115.34,20.53", desk)
    yield Call("GET", f"{api}/public/events?state=open")


def _some(asked: list[Call], count: int) -> Iterator[Call]:
    return itertools.islice(itertools.cycle(asked), count)


def _requests(port: int, asked: list[Call]) -> dict[str, Any]:
    return drive(port, _some(asked, READS), connections=LINES).row()


@contextlib.contextmanager
def _asking(port: int, asked: list[Call], lines: int) -> Iterator[Outcome]:
    """Ordinary requests over so many lines until the block ends; what came of them."""
    outcome, stop = Outcome(), threading.Event()

    def ask() -> None:
        forever = itertools.takewhile(lambda _: not stop.is_set(), itertools.cycle(asked))
        made = drive(port, forever, connections=lines)
        outcome.seconds, outcome.latencies = made.seconds, made.latencies
        outcome.statuses = made.statuses

    thread = threading.Thread(target=ask, daemon=True)
    if lines:
        thread.start()
    try:
        yield outcome
    finally:
        stop.set()
        if lines:
            thread.join(60)


def _arrivals(place: Place, listening: Consoles) -> dict[str, Any]:
    """Calls one after the other, each through the real door; when the consoles knew of it."""
    chance, places = people.dice(), people.centres(place.services)
    outcome, missed = Outcome(), 0
    for number in range(CALLS):
        event = str(people.call(place.services, places, number))
        committed = time.perf_counter()
        came = listening.came[event]
        while len(came) < CONSOLES and time.perf_counter() - committed < LONGEST:
            time.sleep(0.02)
        # A console can know before the caller's own thread runs on: that is no time at all.
        outcome.latencies += [max(moment - committed, 0.0) * 1000 for moment in came]
        missed += CONSOLES - len(came)
        time.sleep(chance.uniform(*PAUSES))
    return {
        "p50_ms": round(outcome.percentile(0.5), 1),
        "p95_ms": round(outcome.percentile(0.95), 1),
        "p99_ms": round(outcome.percentile(0.99), 1),
        "max_ms": round(max(outcome.latencies, default=0.0), 1),
        "n": len(outcome.latencies),
        "missed": missed,
    }
