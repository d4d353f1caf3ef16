"""Turns: how many requests a process works on at once, however many threads it has.

A live stream holds a thread for hours but neither work nor a database connection, so a web
process has many threads. Without turns a rush would put all of them to work at once, and
none of its requests would end soon.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_watched: list[Callable[[], bool]] = []


class Turns:
    """A WSGI application that lets `at_once` calls of another run; the others wait in line.

    The turn ends when the answer begins: what a stream yields later needs none.
    """

    def __init__(self, app: App, at_once: int) -> None:
        self._app = app
        self._turns = threading.BoundedSemaphore(at_once)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer the request when its turn comes."""
        with self._turns:
            return self._app(environ, start)


def watch(ending: Callable[[], bool]) -> None:
    """Let streams ask `ending()` whether this process is about to end."""
    _watched.append(ending)


def leaving() -> bool:
    """Whether streams should end now, so that the process can."""
    return any(ending() for ending in _watched)
