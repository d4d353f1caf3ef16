"""Redis, which may vanish at any moment: it holds only what can be lost."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger()
T = TypeVar("T")
_COOL_DOWN = 2.0


class RedisLink:
    """A client that remembers for two seconds that the server is gone.

    Without that pause every request of a busy web process would wait for the connection
    timeout, and a dead cache would become a dead service.
    """

    def __init__(self, url: str, *, timeout: float = 1.0) -> None:
        self.url = url
        self.client: redis.Redis = redis.Redis.from_url(
            url,
            socket_timeout=timeout,
            socket_connect_timeout=min(timeout, 0.5),
            decode_responses=True,
            # One try: the pause below is our back-off, and a request must not wait for more.
            retry=Retry(NoBackoff(), 0),
        )
        self._down_until = 0.0

    @property
    def alive(self) -> bool:
        """Whether the server answers a PING now."""
        return self.call(lambda client: bool(client.ping()), default=False)

    def call(self, use: Callable[[Any], T], *, default: T) -> T:
        """`use(client)`, or `default` when Redis cannot be reached."""
        if time.monotonic() < self._down_until:
            return default
        try:
            return use(self.client)
        except redis.RedisError as error:
            self._down_until = time.monotonic() + _COOL_DOWN
            log.warning("redis unreachable", error=type(error).__name__)
            return default
