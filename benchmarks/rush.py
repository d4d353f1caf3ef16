"""The opening second: thousands of clients press at once for a few places.

`python -m benchmarks rush`: 5,000 clients, each with a connection of its own, 200 places, all sent
within a second. Shown: exactly 200 winners, no 5xx, how soon the rest hear that it is over, and how
far the order of the winners is from the order of arrival.
"""

import contextlib
import itertools
import json
import random
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import Call, drive
from benchmarks.place import Place, key
from tests.people import proved
from tests.rush import bookable_item

CLIENTS, SLOTS, CAPACITY = 5_000, 10, 20
PATIENCE = 60.0


@dataclass
class Client:
    """One phone: when it pressed and what it was told."""

    slot: str
    wire: bytes
    socket: socket.socket
    sent_at: float = 0.0
    answered_at: float = 0.0
    status: int = 0
    body: bytes = b""
    received: bytes = b""


def run(place: Place, clients: int = CLIENTS, slots: int = SLOTS, capacity: int = CAPACITY) -> Any:
    """People who looked before, people who come at once, an uneven crowd, a fifth without Redis.

    Uneven: most of the places are wanted on the connections of one process only, so that the
    other one is soon done with its own and would get ahead.
    """
    size = slots, capacity
    with place.serve(house=True) as server:
        _warm(place, server.port)
        looked = _rush(place, server.port, clients, *size, looked=True)
        straight_in = _rush(place, server.port, clients, *size)
        uneven = _rush(place, server.port, clients, *size, uneven=True)
    with place.without_redis(), place.serve(house=True) as server:
        _warm(place, server.port)
        without = _rush(place, server.port, clients // 5, *size)
    legs = {"looked": looked, "straight_in": straight_in, "uneven": uneven}
    return {**legs, "without_redis_fifth": without}


def _rush(
    place: Place, port: int, clients: int, slots: int, capacity: int, *, looked: bool = False,
    uneven: bool = False,
) -> dict[str, Any]:  # fmt: skip
    ids = place.slots(slots, capacity)
    people = place.residents(clients)
    if looked:
        drive(port, (Call("GET", place.times(), who) for who in people), connections=16)
    lines = [_line(port) for _ in people]
    wanted = _unevenly(lines, ids, port) if uneven else itertools.cycle(ids)
    crowd = [_client(place, *one) for one in zip(people, lines, wanted, strict=False)]
    started = time.perf_counter()
    press(crowd, within=1.0)
    seconds = max(one.answered_at for one in crowd) - started
    return {**figures(crowd, capacity), "seconds": round(seconds, 2), **_kept(place, ids, capacity)}


def _unevenly(lines: list[socket.socket], ids: list[str], port: int) -> Iterator[str]:
    """For each line the slot it wants: a fifth of them mostly on the lines of one process."""
    time.sleep(1.5)  # until all of them are taken in
    holder = _holders(port)
    first = min(holder.values())
    chance = random.Random(9)
    few, many = itertools.cycle(ids[: len(ids) // 5]), itertools.cycle(ids[len(ids) // 5 :])
    for line in lines:
        here = holder.get(line.getsockname()[1]) == first
        yield next(few if here and chance.random() < 0.9 else many)


def _holders(port: int) -> dict[int, int]:
    """Which process holds the other end of a connection to this port, by its local port (Linux)."""
    ends = {}
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        cells = row.split()
        if int(cells[1].rpartition(":")[2], 16) == port:
            ends[f"socket:[{cells[9]}]"] = int(cells[2].rpartition(":")[2], 16)
    found = {}
    for one in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if (end := ends.get(str(one.readlink()))) is not None:
                found[end] = int(one.parts[2])
    return found


def _warm(place: Place, port: int) -> None:
    """Bookings on every connection to the database: what is measured is the rush, not its start."""
    (slot,) = place.slots(1, 300)
    people = place.residents(240)
    crowd = [_client(place, who, _line(port), slot) for who in people]
    press(crowd, within=1.0)


def _line(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def _client(place: Place, who: dict[str, str], line: socket.socket, slot: str) -> Client:
    item = str(bookable_item(place.services))
    call = Call("POST", "/api/v1/appointments", {**proved(place.services, who), "Idempotency-Key": key()},
                {"slot_id": slot, "item_id": item})  # fmt: skip
    host, port = line.getpeername()
    return Client(slot, call.wire(f"{host}:{port}"), line)


def press(crowd: list[Client], within: float) -> None:
    """All press, evenly within that many seconds, and wait for their answers."""
    watch = selectors.DefaultSelector()
    began = time.perf_counter()
    waiting = sent = 0
    while (sent < len(crowd) or waiting) and time.perf_counter() - began < PATIENCE:
        due = int((time.perf_counter() - began) / within * len(crowd)) + 1
        while sent < min(due, len(crowd)):
            client = crowd[sent]
            client.sent_at = time.perf_counter()
            client.socket.sendall(client.wire)
            watch.register(client.socket, selectors.EVENT_READ, client)
            sent, waiting = sent + 1, waiting + 1
        pause = 0.0005 if sent < len(crowd) else 0.2
        for found, _ in watch.select(timeout=pause):
            if _heard(found.data):
                watch.unregister(found.fileobj)
                found.data.socket.close()
                waiting -= 1


def _heard(client: Client) -> bool:
    """Whether the whole answer is there."""
    chunk = client.socket.recv(65536)
    client.received += chunk
    head, found, rest = client.received.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    if chunk and (not found or len(rest) < (lengths or [0])[0]):
        return False
    client.answered_at = time.perf_counter()
    if found:
        client.status, client.body = int(head.split(b" ", 2)[1]), rest
    return True


def figures(crowd: list[Client], capacity: int) -> dict[str, Any]:
    """What the crowd was told, how fast, and how fair the order was."""
    told = [one for one in crowd if one.answered_at]
    refused = [one for one in told if one.status == 409]
    codes = Counter(json.loads(one.body)["code"] for one in refused)
    return {
        "clients": len(crowd),
        "unanswered": len(crowd) - len([one for one in told if one.status]),
        "winners": sum(one.status == 201 for one in told),
        "statuses": dict(Counter(one.status for one in told)),
        "codes": dict(codes),
        "winners_p50_ms": _percentile([one for one in told if one.status == 201], 0.5),
        "winners_p99_ms": _percentile([one for one in told if one.status == 201], 0.99),
        "refused_p50_ms": _percentile(refused, 0.5),
        "refused_p99_ms": _percentile(refused, 0.99),
        "overtaken_by": overtaken(crowd, capacity),
    }


def _percentile(told: list[Client], share: float) -> float:
    spans = sorted((one.answered_at - one.sent_at) * 1000 for one in told)
    return round(spans[min(len(spans) - 1, int(share * len(spans)))], 1) if spans else 0.0


def overtaken(crowd: list[Client], capacity: int) -> int:
    """By how many, at most, a refused person of a slot had come before the last winner of it.

    Zero if each slot goes to those who pressed first; the batch at work at once is the bound.
    """
    worst = 0
    for slot in {one.slot for one in crowd}:
        line = [one.status for one in crowd if one.slot == slot]
        last = max((at for at, status in enumerate(line) if status == 201), default=0)
        worst = max(worst, last + 1 - capacity)
    return worst


def _kept(place: Place, slots: list[str], capacity: int) -> dict[str, int]:
    """What the database holds in the end."""
    ours = "FROM appointment WHERE slot_id = ANY(CAST(:ids AS uuid[]))"
    return {
        "places": len(slots) * capacity,
        "booked": place.scalar(f"SELECT count(*) {ours}", ids=slots),
        "persons": place.scalar(f"SELECT count(DISTINCT person_key) {ours}", ids=slots),
        "oversold": place.scalar(
            f"SELECT coalesce(sum(greatest(n - {capacity}, 0)), 0) FROM"
            f" (SELECT count(*) n {ours} GROUP BY slot_id) t",
            ids=slots,
        ),
    }
