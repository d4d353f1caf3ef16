"""Token buckets in Redis: how fast a channel is used, and whether its provider has had enough.

Redis keeps time and counts for all workers in one call. It is never the truth: when it is gone
bulk waits, because nobody counts it, and everything more urgent goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

#: Bulk leaves this share of a bucket, and of a day's quota, to all others.
RESERVE = 0.1
#: How long bulk waits after a provider's first, second, third … refusal for its quota.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60))
#: How long bulk waits for Redis, and at most for its turn, before it asks again.
BLIND = timedelta(seconds=30)
_LONGEST = timedelta(minutes=10)
#: A bucket that nobody used for so long is full, and its pauses are over.
_KEPT = timedelta(days=2)
#: Seconds of a day, and by how many Shanghai is ahead.
_DAY, _SHANGHAI = 86_400, 28_800

# KEYS: one hash a bucket. ARGV: 1 for bulk, the reserve, the longest wait and the life of a
# bucket in ms; then of each bucket tokens a second, burst, quota a day (or -1).
# Takes from all of them, or from none. The answer: ms to wait (0: go) and why.
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local day = math.floor((now / 1000 + 28800) / 86400)
local bulk, reserve, longest = ARGV[1] == '1', tonumber(ARGV[2]), tonumber(ARGV[3])
local wait, why, found = 0, '', {}
local function hold(ms, reason)
  if ms > wait then wait, why = ms, reason end
end
for i, key in ipairs(KEYS) do
  local at = 5 + (i - 1) * 3
  local rate, burst, quota = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local kept = redis.call('HMGET', key, 'tokens', 'at', 'day', 'sent', 'turn', 'paused')
  local since = math.max(0, now - (tonumber(kept[2]) or now))
  local tokens = math.min(burst, (tonumber(kept[1]) or burst) + since * rate / 1000)
  local sent = tonumber(kept[3]) == day and tonumber(kept[4]) or 0
  local turn = math.max(now, tonumber(kept[5]) or now)
  found[i] = {tokens, sent}
  local need = 1
  if bulk then
    need = math.min(burst, 1 + math.floor(burst * reserve))
    local paused = tonumber(kept[6])
    if paused and paused > now then hold(paused - now, 'paused') end
    if quota >= 0 and sent >= quota - math.floor(quota * reserve) then
      hold(((day + 1) * 86400 - 28800) * 1000 - now, 'quota')
    end
  end
  if tokens < need then
    local mine = math.ceil((need - tokens) / rate * 1000)
    if bulk then
      -- Each is given a turn of its own, so that a thousand do not come back at once.
      turn = turn + 1000 / rate
      mine = math.min(longest, math.max(mine, math.ceil(turn - now)))
      redis.call('HSET', key, 'turn', math.min(turn, now + longest))
    end
    hold(mine, 'rate')
  end
end
for i, key in ipairs(KEYS) do
  if wait == 0 then
    redis.call('HSET', key, 'tokens', tostring(found[i][1] - 1), 'at', now,
               'day', day, 'sent', found[i][2] + 1)
  end
  redis.call('PEXPIRE', key, ARGV[4])
end
return {wait, why}
"""

# KEYS: one bucket. ARGV: the life of a bucket, then the pauses, in ms. Refusals that come while
# bulk is paused already, or hours later, do not make the pause longer.
_PAUSE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'paused', 'times')
local paused, times = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0
if paused > now then return paused - now end
local longest = tonumber(ARGV[#ARGV])
if now - paused > longest then times = 0 end
times = math.min(times + 1, #ARGV - 1)
local pause = tonumber(ARGV[times + 1])
redis.call('HSET', KEYS[1], 'paused', now + pause, 'times', times)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return pause
"""


class Link(Protocol):
    """The application's way to Redis."""

    def call(self, use: Callable[[Any], T], *, default: T) -> T:
        """``use(client)``, or ``default`` when Redis cannot be reached."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of ``burst`` tokens fills with ``per_second``; ``per_day`` is the quota."""

    per_second: float
    burst: int
    per_day: int | None = None


#: The buckets that one message takes a token of, with their rates.
Wanted = Sequence[tuple[str, Rate]]


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now, but after ``wait``. ``why``: rate, quota, paused, or no_redis."""

    wait: timedelta
    why: str


@dataclass(frozen=True, slots=True)
class Use:
    """Of one bucket: tokens taken today (Shanghai), how long bulk leaves it alone after a refusal
    (zero: it does not), and how long the day still lasts.
    """

    sent: int
    paused: timedelta
    day_left: timedelta


class Buckets:
    """The buckets of all channels. ``link`` None: nothing is limited. ``scope`` parts the
    installations that share one Redis.
    """

    def __init__(self, link: Link | None = None, scope: str = "") -> None:
        self._link = link
        self._prefix = f"messages:rate:{scope}:"

    def bulk_may_go(self) -> bool:
        """Whether somebody counts: without Redis bulk stops."""
        return self._link is None or self._link.call(lambda client: bool(client.ping()),
                                                     default=False)  # fmt: skip

    def take_all(self, asked: Sequence[tuple[Wanted, bool]]) -> list[Hold | None]:
        """For each message (its buckets, whether it is bulk) a token of each bucket, in one go.

        None where it may leave, otherwise how long it has to wait. Messages are served in the
        order given.
        """
        counted = [number for number, (wanted, _) in enumerate(asked) if wanted]
        found: list[Hold | None] = [None] * len(asked)
        if self._link is None or not counted:
            return found
        calls = [self._call(*asked[number]) for number in counted]

        def ask(client: Any) -> list[Any]:
            script = client.register_script(_TAKE)
            if len(calls) == 1:
                return [script(*calls[0])]
            with client.pipeline(transaction=False) as line:
                for keys, arguments in calls:
                    script(keys, arguments, client=line)
                return list(line.execute())

        answers = self._link.call(ask, default=None)
        for number in counted:
            bulk = asked[number][1]
            if answers is None:
                found[number] = Hold(BLIND, "no_redis") if bulk else None
                continue
            wait, why = answers.pop(0)
            if int(wait):
                found[number] = Hold(timedelta(milliseconds=int(wait)), str(why))
        return found

    def take(self, wanted: Wanted, *, bulk: bool) -> Hold | None:
        """The same for one message."""
        return self.take_all([(wanted, bulk)])[0]

    def _call(self, wanted: Wanted, bulk: bool) -> tuple[list[str], list[Any]]:
        arguments: list[Any] = [int(bulk), RESERVE, _ms(_LONGEST), _ms(_KEPT)]
        for _, rate in wanted:
            arguments += [rate.per_second, rate.burst, -1 if rate.per_day is None else rate.per_day]
        return [self._prefix + name for name, _ in wanted], arguments

    def pause(self, name: str) -> timedelta:
        """The provider has had enough: for how long bulk leaves this channel alone."""
        answer = self._run(_PAUSE, [self._prefix + name], [_ms(_KEPT), *map(_ms, PAUSES)])
        return PAUSES[0] if answer is None else timedelta(milliseconds=int(answer))

    def uses(self, names: Sequence[str]) -> list[Use] | None:
        """How far each bucket is used up, in the order of ``names``; None: nobody counts."""
        if self._link is None:
            return None

        def ask(client: Any) -> Any:
            with client.pipeline(transaction=False) as line:
                line.time()
                for name in names:
                    line.hmget(self._prefix + name, "day", "sent", "paused")
                return line.execute()

        answers = self._link.call(ask, default=None)
        if answers is None:
            return None
        (seconds, parts), *rows = answers
        now, day = seconds * 1000 + parts // 1000, (seconds + _SHANGHAI) // _DAY
        left = timedelta(seconds=(day + 1) * _DAY - _SHANGHAI - seconds)
        return [
            Use(
                sent=int(sent or 0) if int(of_day or -1) == day else 0,
                paused=timedelta(milliseconds=max(0.0, float(paused or 0) - now)),
                day_left=left,
            )
            for of_day, sent, paused in rows
        ]

    def _run(self, script: str, keys: list[str], arguments: list[Any]) -> Any:
        if self._link is None:
            return None
        return self._link.call(lambda client: client.register_script(script)(keys, arguments),
                               default=None)  # fmt: skip


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
