"""A closed-loop load generator: N keep-alive connections, each sends as soon as it is answered.

One thread with a selector costs the measured server far less than a thread a connection,
and no allowance has to be made for Python's own lock.
"""

import json
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One request to be made."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None

    def wire(self, host: str) -> bytes:
        """The request as it goes over the wire."""
        body = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        headers = {**self.headers, "Content-Length": str(len(body))}
        if body:
            headers["Content-Type"] = "application/json"
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass
class Outcome:
    """What came back. Latencies are in milliseconds, in the order of the answers."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    bodies: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency that `share` of the answers stayed below."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def row(self) -> dict[str, Any]:
        """The figures as they go into the report."""
        return {
            "per_second": round(self.per_second, 1),
            "p50_ms": round(self.percentile(0.5), 1),
            "p99_ms": round(self.percentile(0.99), 1),
            "n": len(self.latencies),
            "statuses": dict(self.statuses),
        }


class _Line:
    """One connection and the answer it waits for."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.sent_at = 0.0

    def send(self, wire: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(wire)

    def receive(self) -> tuple[int, bytes] | None:
        """The status and body once they are complete, else None."""
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.buffer += chunk
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) < length:
            return None
        self.buffer = rest[length:]
        return int(head.split(b" ", 2)[1]), rest[:length]


def drive(port: int, calls: Iterator[Call], *, connections: int, keep: bool = False) -> Outcome:
    """Make all `calls` over `connections` lines to loopback; `keep` collects the bodies."""
    address = ("127.0.0.1", port)
    host = f"127.0.0.1:{port}"
    outcome = Outcome()
    watch = selectors.DefaultSelector()
    lines = [_Line(address) for _ in range(connections)]
    started = time.perf_counter()
    open_lines = 0
    for line in lines:
        call = next(calls, None)
        if call is None:
            break
        watch.register(line.socket, selectors.EVENT_READ, line)
        line.send(call.wire(host))
        open_lines += 1
    while open_lines:
        for key, _ in watch.select(timeout=60):
            line = key.data
            answer = line.receive()
            if answer is None:
                continue
            outcome.latencies.append((time.perf_counter() - line.sent_at) * 1000)
            outcome.statuses[answer[0]] += 1
            if keep:
                outcome.bodies.append(answer)
            call = next(calls, None)
            if call is None:
                watch.unregister(line.socket)
                open_lines -= 1
            else:
                line.send(call.wire(host))
    outcome.seconds = time.perf_counter() - started
    for line in lines:
        line.socket.close()
    return outcome
