"""Figures that many ask for at once: counted once in a while, by one thread of a process."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from backend.kernel.services import Services

T = TypeVar("T")
_KEY = "hotline_figures"


class Kept:
    """Values by name, each as old as its asker bears."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, tuple[float, Any]] = {}

    def get(self, name: str, seconds: float, compute: Callable[[], T]) -> T:
        """The value, counted anew when it is older than `seconds`; others wait for it."""
        with self._lock:
            at, value = self._values.get(name, (0.0, None))
            if value is None or time.monotonic() - at >= seconds:
                value = compute()
                self._values[name] = (time.monotonic(), value)
            return cast(T, value)


def kept(services: Services) -> Kept:
    """This process's figures."""
    return cast(Kept, services.extensions.setdefault(_KEY, Kept()))
