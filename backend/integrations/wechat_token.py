"""One access token for all processes, renewed by one of them at a time.

The token lives in Redis behind a lock. When Redis cannot be reached each process keeps its own
copy: ``stable_token`` hands every caller the same token, so this costs a few calls and breaks
nothing.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

from redis.exceptions import RedisError

from backend.kernel.redis import RedisLink

#: Seconds by which a token is given up before WeChat does it.
MARGIN = 300
#: WeChat allows 20 forced renewals a day, at least 30 s apart.
FORCED_PAUSE = 60
_LOCK_LIFE = 20
#: Seconds for which the token is not asked for again: one replaced meanwhile is refused and renewed.
_RECENT = 1.0
_LOCK_WAIT = 15

Fetch = Callable[[bool], tuple[str, int]]


class TokenStore:
    """Keeps the access token of one account.

    ``fetch(force)`` asks WeChat and returns the token and its life in seconds. ``redis`` may be
    None. ``scope`` tells apart accounts and servers that share one Redis.
    """

    def __init__(self, redis: RedisLink | None, scope: str, fetch: Fetch) -> None:
        self._redis = redis
        self._fetch = fetch
        self._key = f"wechat:token:{hashlib.sha256(scope.encode()).hexdigest()[:24]}"
        self._mutex = threading.Lock()
        self._local: tuple[str, float] | None = None
        self._recent: tuple[str, float] | None = None
        self._forced_at = float("-inf")

    def get(self) -> str:
        """The current token; fetched when none is kept. Redis is asked once a second."""
        kept = self._recent
        if kept is not None and kept[1] > time.monotonic():
            return kept[0]
        return self._remember(self._shared() or self._renew(bad=None))

    def renew(self, bad: str) -> str:
        """A token other than ``bad``, which WeChat has just refused.

        Where another caller has renewed it meanwhile that one is used. Renewal is forced only
        when WeChat repeats the refused token, and not more often than it allows.
        """
        return self._remember(self._renew(bad=bad))

    def _remember(self, token: str) -> str:
        self._recent = (token, time.monotonic() + _RECENT)
        return token

    def left(self) -> int | None:
        """For how many more seconds the kept token is used; None when none is kept."""
        if self._redis is not None and self._redis.alive:
            seconds = self._redis.call(lambda client: int(client.ttl(self._key)), default=-2)
            return seconds if seconds >= 0 else None
        if self._local is None:
            return None
        return max(0, int(self._local[1] - time.monotonic())) or None

    def _renew(self, bad: str | None) -> str:
        with self._mutex:
            if self._redis is not None and self._redis.alive:
                try:
                    return self._renew_shared(self._redis.client, bad)
                except RedisError:
                    # Redis is a convenience here: without it this process serves itself.
                    return self._renew_local(bad)
            return self._renew_local(bad)

    def _renew_shared(self, redis: Any, bad: str | None) -> str:
        with redis.lock(f"{self._key}:lock", timeout=_LOCK_LIFE, blocking_timeout=_LOCK_WAIT):
            kept = _text(redis.get(self._key))
            if kept and kept != bad:
                return kept
            token, life = self._fetch(False)
            if token == bad and redis.set(f"{self._key}:forced", "1", nx=True, ex=FORCED_PAUSE):
                token, life = self._fetch(True)
            redis.set(self._key, token, ex=_kept_for(life))
            return token

    def _renew_local(self, bad: str | None) -> str:
        now = time.monotonic()
        if self._local and self._local[1] > now and self._local[0] != bad:
            return self._local[0]
        token, life = self._fetch(False)
        if token == bad and now - self._forced_at >= FORCED_PAUSE:
            self._forced_at = now
            token, life = self._fetch(True)
        self._local = (token, now + _kept_for(life))
        return token

    def _shared(self) -> str | None:
        if self._redis is None:
            return None
        return _text(self._redis.call(lambda client: client.get(self._key), default=None))


def _kept_for(life: int) -> int:
    return max(life - MARGIN, 30)


def _text(value: Any) -> str | None:
    return value.decode() if isinstance(value, bytes) else value
