"""Who need not be let through to the database at a rush: those who want what is sold out.

The database alone decides who gets a place. When it has refused somebody because a slot is full,
that is noted here for three seconds, in Redis for every process and in each process for half a
second; who comes meanwhile for the same slot and item hears the same at once. Once a second one
caller goes through all the same: another refusal renews the note, a booking removes it. So a place
that comes free can be booked a second later, nothing else has to tell this module, and it can be
lost at any moment: without Redis everybody goes through.

Let through always: who took a place of that slot, and every call that was let through before (a
winner who never got the answer sends it again).
"""

import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from appointments.soldout import sold_out
from backend.kernel.redis import RedisLink
from backend.kernel.services import Services

#: How long a note holds unless it is renewed, and how often one caller tries.
FULL_FOR = timedelta(seconds=3)
TRY_EVERY = timedelta(seconds=1)
#: How long this process believes what it read in Redis.
LOCAL_SECONDS = 0.5
#: How long a call that was let through is known.
CALL_SECONDS = 3600
_MOST_NOTES = 2_000
# Redis beside us answers in less than a millisecond: one that does not is as good as gone.
_TIMEOUT = 0.3

# KEYS: note, try, holders, call. ARGV: try (ms), call (s), the person.
_DECIDE = """
local verdict = 'full'
if redis.call('EXISTS', KEYS[1]) == 0
    or redis.call('EXISTS', KEYS[4]) == 1
    or redis.call('SISMEMBER', KEYS[3], ARGV[3]) == 1 then
  verdict = 'pass'
elseif redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then
  verdict = 'try'
end
if verdict == 'full' then return {verdict, redis.call('SMEMBERS', KEYS[3])} end
redis.call('SET', KEYS[4], '1', 'EX', ARGV[2])
return {verdict, {}}
"""
# KEYS: note, try, holders. ARGV: note (ms), try (ms), the holders.
_NOTE = """
redis.call('DEL', KEYS[3])
for first = 3, #ARGV, 1000 do
  redis.call('SADD', KEYS[3], unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
redis.call('PEXPIRE', KEYS[3], ARGV[1])
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
return 1
"""


class Verdict(Enum):
    """What becomes of a call: through, through as the one that tries, or answered here."""

    PASS = "pass"  # noqa: S105 - a verdict
    TRY = "try"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking that a verified resident asks for; `call` is a digest."""

    slot: str
    item: str
    person: str
    call: str


@dataclass(frozen=True, slots=True)
class _Note:
    until: float
    holders: frozenset[str]


class Admission:
    """The notes of one process, and what all share through Redis."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._link = RedisLink(services.settings.redis_url, timeout=_TIMEOUT)
        self._decide = self._link.client.register_script(_DECIDE)
        self._write = self._link.client.register_script(_NOTE)
        self._notes: dict[tuple[str, str], _Note] = {}

    def ask(self, wish: Wish) -> Verdict:
        """Whether this call goes through; at most one call to Redis."""
        now = time.monotonic()
        note = self._notes.get((wish.slot, wish.item))
        if note is not None and note.until > now and wish.person not in note.holders:
            return Verdict.FULL
        answer = self._link.call(
            lambda _: self._decide(
                keys=[*_keys(wish), f"hy:gate:call:{wish.call}"],
                args=[_ms(TRY_EVERY), CALL_SECONDS, wish.person],
            ),
            default=None,
        )
        if answer is None:
            return Verdict.PASS
        verdict = Verdict(answer[0])
        if verdict is Verdict.FULL:
            self._keep(wish, now, answer[1])
        return verdict

    def refused_as_full(self, wish: Wish, *, tried: bool) -> None:
        """The booking said that the slot is full: note it, if it is so for everybody.

        Who `tried` for all others renews the note; otherwise one that is fresh is enough.
        """
        now = time.monotonic()
        note = self._notes.get((wish.slot, wish.item))
        if not tried and note is not None and note.until > now:
            return
        found = None
        # A note that is not made costs time and nothing else.
        with contextlib.suppress(SQLAlchemyError), self._services.db.transaction() as session:
            moment = self._services.clock.now()
            found = sold_out(session, UUID(wish.slot), moment)
        if found is None:
            return
        lasting = FULL_FOR if found.until is None else min(FULL_FOR, found.until - moment)
        if lasting < TRY_EVERY:
            return
        holders = [str(person) for person in found.holders]
        kept = self._link.call(
            lambda _: self._write(keys=_keys(wish), args=[_ms(lasting), _ms(TRY_EVERY), *holders]),
            default=None,
        )
        if kept is not None:
            self._keep(wish, now, holders)

    def booked(self, wish: Wish) -> None:
        """The caller who tried got a place: there may be more of them."""
        self._notes.pop((wish.slot, wish.item), None)
        self._link.call(lambda client: client.delete(_keys(wish)[0]), default=0)

    def _keep(self, wish: Wish, now: float, holders: Iterable[str]) -> None:
        # Forget everything rather than grow without end: it is all in Redis.
        if len(self._notes) >= _MOST_NOTES:
            self._notes.clear()
        self._notes[wish.slot, wish.item] = _Note(now + LOCAL_SECONDS, frozenset(holders))


def _keys(wish: Wish) -> list[str]:
    return [f"hy:gate:{kind}:{wish.slot}:{wish.item}" for kind in ("full", "try", "holders")]


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
