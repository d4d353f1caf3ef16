"""The calls themselves: several at once, each an outcome and never an exception."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from queue import Empty, SimpleQueue

import structlog

from notifications.boarding import Job
from notifications.channels.base import Outcome
from notifications.rules import Verdict
from notifications.settling import Done

log = structlog.get_logger()
#: So long (seconds) those who ended are waited for, once one has: they are settled together.
_TOGETHER = 0.004


class Callers:
    """``count`` threads that make calls; with one, whoever asks makes it.

    At most ``count`` calls are under way: as many are in doubt when the process is killed.
    """

    def __init__(self, count: int, now: Callable[[], datetime]) -> None:
        self._count = count
        self._now = now
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._ended: SimpleQueue[Done] = SimpleQueue()
        self._started = False
        self.under_way = 0

    @property
    def free(self) -> int:
        """How many more calls can be made now."""
        return self._count - self.under_way

    def make(self, jobs: Sequence[Job]) -> None:
        """Make these calls; ``ended`` tells what they came to."""
        if self._count == 1:
            for job in jobs:
                self._ended.put(self._call(job))
                self.under_way += 1
            return
        self._start()
        self.under_way += len(jobs)
        for job in jobs:
            self._jobs.put(job)

    def ended(self, patience: float) -> list[Done]:
        """Calls that have ended; where none has, the first ones within ``patience`` seconds."""
        found: list[Done] = []
        until = time.monotonic() + patience
        while len(found) < self.under_way:
            wait = until - time.monotonic()
            try:
                found.append(self._ended.get(timeout=max(wait, 0)))
            except Empty:
                break
            if len(found) == 1:
                until = time.monotonic() + _TOGETHER
            elif 2 * len(found) > self._count:
                until = 0.0
        self.under_way -= len(found)
        return found

    def _start(self) -> None:
        if self._started:
            return
        self._started = True
        for number in range(self._count):
            name = f"delivery-{number}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while True:
            self._ended.put(self._call(self._jobs.get()))

    def _call(self, job: Job) -> Done:
        try:
            outcome = job.channel.send(job.parcel, job.to)
        except Exception as error:
            # A fault of ours must neither stop the others nor send this one twice.
            log.exception("channel failed", channel=job.channel.name)
            outcome = Outcome(Verdict.UNCLEAR, code="internal", text=type(error).__name__)
        if outcome.verdict is not Verdict.ACCEPTED:
            log.warning(
                "message not accepted",
                channel=job.channel.name,
                kind=job.parcel.kind,
                verdict=str(outcome.verdict),
                code=outcome.code,
            )
        return Done(job, outcome, self._now())
