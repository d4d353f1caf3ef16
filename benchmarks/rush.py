"""The opening second: thousands of clients press at once for a few places.

`python -m benchmarks rush`: 5,000 clients, each with a connection of its own, 200 places, all sent
within a second. Shown: exactly 200 winners, no 5xx, how soon the rest hear that it is over, and how
far the order of the winners is from the order of arrival.
"""

import itertools
import json
import selectors
import socket
import time
from collections import Counter
from dataclasses import dataclass
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
    """People who had the times open, people who come straight in, and a fifth without Redis."""
    size = slots, capacity
    with place.serve(house=True) as server:
        _warm(place, server.port)
        looked = _rush(place, server.port, clients, *size, looked=True)
        straight_in = _rush(place, server.port, clients, *size)
    with place.without_redis(), place.serve(house=True) as server:
        _warm(place, server.port)
        without = _rush(place, server.port, clients // 5, *size)
    return {"looked": looked, "straight_in": straight_in, "without_redis_fifth": without}


def _rush(
    place: Place, port: int, clients: int, slots: int, capacity: int, *, looked: bool = False
) -> dict[str, Any]:
    ids = place.slots(slots, capacity)
    item = str(bookable_item(place.services))
    people = place.residents(clients)
    if looked:
        drive(port, (Call("GET", place.times(), who) for who in people), connections=16)
    turn = itertools.cycle(ids)
    crowd = [_client(place, port, who, next(turn), item) for who in people]
    started = time.perf_counter()
    press(crowd, within=1.0)
    seconds = max(one.answered_at for one in crowd) - started
    return {**figures(crowd, capacity), "seconds": round(seconds, 2), **_kept(place, ids, capacity)}


def _warm(place: Place, port: int) -> None:
    """A few bookings, so that what is measured is the rush and not the first request."""
    item = str(bookable_item(place.services))
    (slot,) = place.slots(1, 50)
    people = place.residents(40)
    crowd = [_client(place, port, who, slot, item) for who in people]
    press(crowd, within=1.0)


def _client(place: Place, port: int, who: dict[str, str], slot: str, item: str) -> Client:
    call = Call("POST", "/api/v1/appointments", {**proved(place.services, who), "Idempotency-Key": key()},
                {"slot_id": slot, "item_id": item})  # fmt: skip
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    return Client(slot, call.wire(f"127.0.0.1:{port}"), line)


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
