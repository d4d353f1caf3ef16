"""The exchange of the busy hour: calls come in, ring at a free operator, and are waited for."""

import queue
import secrets
import threading
import time
from collections.abc import Sequence

import requests

from backend.demo.busy.operator import Hour, Operator


def work(
    shared: Hour, operators: Sequence[Operator], arrivals: Sequence[float], *,
    numbers: Sequence[str], key: str,
) -> None:  # fmt: skip
    """Ring every call in its turn, wait until all operators are free again, send them home."""
    for operator in operators:
        operator.start()
    waiting: queue.SimpleQueue[float | None] = queue.SimpleQueue()
    line = threading.Thread(
        target=_ring, args=(shared, waiting, list(numbers), key), daemon=True
    )  # fmt: skip
    line.start()
    for moment in arrivals:
        time.sleep(max(0.0, (moment - shared.now()) / shared.pace))
        waiting.put(moment)
    waiting.put(None)
    line.join()
    for _ in operators:
        shared.free.get()
    shared.stop.set()
    for operator in operators:
        operator.join(60)
    shared.found.arrivals = list(arrivals)


def _ring(
    shared: Hour, waiting: "queue.SimpleQueue[float | None]", numbers: list[str], key: str
) -> None:
    """First come, first served: each caller gets the operator who has been free the longest."""
    http = requests.Session()
    place = 0
    while (came := waiting.get()) is not None:
        operator = shared.free.get()
        place += 1
        told = {
            "event": "ringing", "call_id": f"busy-{secrets.token_hex(6)}",
            "number": numbers[place * 7 % len(numbers)], "agent": operator.username,
        }  # fmt: skip
        operator.rang.put((came, time.perf_counter()))
        answer = http.post(
            f"{shared.base}/cti/v1/events", json=told, headers={"X-Api-Key": key}, timeout=30
        )
        if answer.status_code >= 400:
            shared.found.fail(f"ringing {answer.status_code}")
            operator.rang.get()
            shared.free.put(operator)
