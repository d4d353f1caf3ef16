"""Residents who book over HTTP and do not give up when an answer is lost."""

import contextlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

PATIENCE = 60.0
# Every so many calls the phone loses the connection before the answer comes.
LOST_EVERY = 7


@dataclass
class Crowd:
    """Persons who each want one place; what each was told in the end."""

    port: int
    people: list[dict[str, str]]
    slots: list[str]
    item: str
    told: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    replayed: int = 0
    gave_up: list[int] = field(default_factory=list)
    _next: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, connections: int) -> None:
        """Let them come, so many at once."""
        self._threads = [threading.Thread(target=self._work) for _ in range(connections)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, answers: int) -> None:
        """Until so many persons know where they stand (or all do)."""
        wanted = min(answers, len(self.people))
        until = time.monotonic() + PATIENCE
        while len(self.told) + len(self.gave_up) < wanted and time.monotonic() < until:
            time.sleep(0.02)

    def finish(self) -> None:
        """Until everybody has been told."""
        for thread in self._threads:
            thread.join(PATIENCE * 2)

    @property
    def booked(self) -> dict[int, dict[str, Any]]:
        """Who has a place, and the answer that said so."""
        return {who: body for who, (status, body) in self.told.items() if status == 201}

    def _work(self) -> None:
        while True:
            with self._lock:
                who, self._next = self._next, self._next + 1
            if who >= len(self.people):
                return
            self._one(who)

    def _one(self, who: int) -> None:
        headers = {
            **self.people[who],
            "Idempotency-Key": uuid4().hex,
            "Content-Type": "application/json",
        }
        wish = json.dumps({"slot_id": self.slots[who % len(self.slots)], "item_id": self.item})
        if who % LOST_EVERY == 0:
            self._hang_up(wish, headers)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError, HTTPException):
                status, body, replayed = self._ask(wish, headers)
                with self._lock:
                    self.statuses[status] += 1
                    self.replayed += replayed
                if status < 500:
                    self.told[who] = status, body
                    return
            time.sleep(0.05)
        self.gave_up.append(who)

    def _ask(self, wish: str, headers: dict[str, str]) -> tuple[int, dict[str, Any], bool]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("POST", "/api/v1/appointments", wish, headers)
            answer = connection.getresponse()
            replayed = answer.headers.get("Idempotency-Replayed") == "true"
            return answer.status, json.loads(answer.read()), replayed
        finally:
            connection.close()

    def _hang_up(self, wish: str, headers: dict[str, str]) -> None:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", self.port, timeout=15)
            connection.request("POST", "/api/v1/appointments", wish, headers)
            time.sleep(0.05)
            connection.close()
