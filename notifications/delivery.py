"""Sending: each message is marked before its call and settled after it, in transactions of
their own, so that a worker may die anywhere without losing or doubling a message unnoticed.

Messages are marked and settled in batches, never more at once than calls can leave: a batch
costs little more than one message did.
"""

from __future__ import annotations

import random
import time as clocks
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, time
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from notifications import claims, digests
from notifications.boarding import Boarding
from notifications.calling import Callers
from notifications.channels.base import AddressBook, Channel
from notifications.kinds import Kind
from notifications.limits import Limits
from notifications.rules import NIGHT
from notifications.settling import Done, Settling

log = structlog.get_logger()
Transaction = Callable[[], AbstractContextManager[Session]]
#: Seconds after which one round ends, so that the worker's loop can look at other things.
_ROUND = 2.0
#: Seconds that a call under way is waited for before the worker looks for new messages.
_GLANCE = 0.1
#: Longer than any call takes, with its timeouts and one retry.
_LONGEST_CALL = 30.0


class Delivery:
    """Walks messages down their ladders.

    ``transaction`` opens a committed unit of work, ``now`` is the clock, ``addresses`` the
    application's address book. ``threads`` messages are under way at once; in the ``night``
    only calls and changes leave (None: no night). ``limits`` are asked before each send; without
    ``digest``, the kind that tells several messages as one, each goes by itself. ``topic_of``
    tells under which topic a person mutes a kind.
    """

    def __init__(
        self,
        transaction: Transaction,
        now: Callable[[], datetime],
        addresses: AddressBook,
        channels: Mapping[str, Channel],
        *,
        owner: str,
        threads: int = 1,
        chance: Callable[[], float] = random.random,
        night: tuple[time, time] | None = NIGHT,
        limits: Limits | None = None,
        digest: Kind | None = None,
        topic_of: Callable[[str], str] = lambda kind: "",
    ) -> None:
        self._transaction = transaction
        self._now = now
        self._owner = owner
        self._threads = threads
        self._limits = limits or Limits()
        self._digest = digest
        self._boarding = Boarding(
            addresses, dict(channels), self._limits, owner=owner, night=night, topic_of=topic_of
        )
        self._settling = Settling(self._limits, owner=owner, chance=chance, night=night)
        self._callers = Callers(threads, now)
        self._leased: deque[UUID] = deque()
        self._unsettled: list[Done] = []
        self._repeatable = frozenset(c.name for c in channels.values() if c.repeatable)
        self._reporting = [c.name for c in channels.values() if c.reports]

    def run_once(self, limit: int = 0) -> int:
        """Put in order what was left behind, then send what is due; how many were touched.

        At most ``limit`` messages are taken up. With several threads calls may still be under
        way afterwards: the next round settles them, or ``finish``.
        """
        bulk = self._limits.bulk_may_go()
        with self._transaction() as session:
            touched = claims.sweep(session, self._now(), self._repeatable)
            waiting = digests.due(session, self._now())
        for person_key in waiting:
            self._gather(person_key)
        return touched + len(waiting) + self._send_due(limit or 20 * self._threads, bulk)

    def finish(self) -> None:
        """Wait for the calls under way and settle them; give back what was only leased."""
        until = clocks.monotonic() + _LONGEST_CALL
        while self._callers.under_way and clocks.monotonic() < until:
            self._settle(_GLANCE)
        self._settle(0)
        with self._transaction() as session:
            claims.let_go(session, self._now(), list(self._leased))
        self._leased.clear()

    def unheard(self) -> int:
        """End what channels that report receipts took and never reported on; how many."""
        with self._transaction() as session:
            return claims.unheard(session, self._now(), self._reporting)

    def _send_due(self, limit: int, bulk: bool) -> int:
        """Claim, mark and call while there is something due; how many."""
        claimed, settled, dry = 0, 0, False
        until = clocks.monotonic() + _ROUND
        while True:
            open_end = self._leased or not (dry or claimed >= limit)
            busy = self._callers.free == 0 or not open_end
            settled += self._settle(_GLANCE if busy and self._threads > 1 else 0)
            if not open_end or (self._threads > 1 and clocks.monotonic() > until):
                return max(claimed, settled)
            room = self._callers.free
            with self._transaction() as session:
                if len(self._leased) < room and claimed < limit and not dry:
                    wanted = min(limit - claimed, max(20, 2 * self._threads))
                    fresh = claims.claim(session, self._now(), self._owner, wanted, bulk=bulk)
                    claimed, dry = claimed + len(fresh), len(fresh) < wanted
                    self._leased.extend(fresh)
                leaving = [self._leased.popleft() for _ in range(min(room, len(self._leased)))]
                jobs = self._boarding.board(session, leaving, self._now()) if leaving else []
            self._callers.make(jobs)

    def _settle(self, patience: float) -> int:
        """Write down what calls came to; what could not be written is tried the next time."""
        self._unsettled += self._callers.ended(patience)
        if not self._unsettled:
            return 0
        with self._transaction() as session:
            self._settling.settle(session, self._unsettled, self._now())
        count, self._unsettled = len(self._unsettled), []
        return count

    def _gather(self, person_key: UUID) -> None:
        reaches = self._boarding.reaches
        try:
            with self._transaction() as session:
                digests.gather(session, self._now(), person_key, self._digest, reaches)
        except Exception:
            # The words of the digest are at fault: nobody's news may wait for them.
            log.exception("digest not written")
            with self._transaction() as session:
                digests.gather(session, self._now(), person_key, None, reaches)
