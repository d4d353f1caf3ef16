"""A web application that tells when it began on a call, in turn or not."""

import gc
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from backend.http import turns

# A machine that is busy with tests may need longer than people are made to wait.
turns.PATIENCE = 10.0


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """`/turn` waits for its turn, `/slow` takes 30 ms; the answer: process and moment.

    And how many objects no collection of garbage looks at.
    """
    if environ["PATH_INFO"] == "/turn":
        turns.turns.wait()
    body = f"{os.getpid()} {time.monotonic()} {gc.get_freeze_count()}".encode()
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.03)
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]
