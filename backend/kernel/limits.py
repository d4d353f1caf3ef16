"""Rate limits that guard security: when they cannot count, they refuse."""

import time
from typing import Any, cast

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.kernel.errors import RateLimited, Unavailable


class Limiter:
    """Counts tries in a moving window, shared by all processes through Redis."""

    def __init__(self, redis_url: str | None) -> None:
        storage = MemoryStorage() if redis_url is None else _redis_storage(redis_url)
        self._windows = MovingWindowRateLimiter(storage)
        self._parsed: dict[str, RateLimitItem] = {}

    def hit(self, rule: str, name: str, key: str) -> None:
        """Count one try of `name` by `key` under `rule` (for example `5 per 15 minutes`).

        Raises `RateLimited` when the rule is used up and `Unavailable` when Redis is gone:
        a limiter that guards a door must not open it because it cannot count.
        """
        item = self._parsed.setdefault(rule, parse(rule))
        try:
            if self._windows.hit(item, name, key):
                return
            reset = self._windows.get_window_stats(item, name, key).reset_time
        except StorageError as error:
            raise Unavailable(
                "limiter_unavailable",
                detail="为了您的账号安全，这项操作暂停片刻",
                action="请过一会儿再试",
            ) from error
        wait = max(1, int(reset - time.time()) + 1)
        raise RateLimited(retry_after=wait, action=f"请{_wait_text(wait)}后再试")


def _wait_text(seconds: int) -> str:
    return f"{seconds}秒" if seconds < 120 else f"{-(-seconds // 60)}分钟"


def _limits_url(url: str) -> str:
    return f"redis+{url}" if url.startswith("unix:") else url


def _redis_storage(url: str) -> Storage:
    options: dict[str, Any] = {"socket_timeout": 1.0, "retry": Retry(NoBackoff(), 0)}
    storage = storage_from_string(_limits_url(url), wrap_exceptions=True, **options)
    return cast(Storage, storage)
