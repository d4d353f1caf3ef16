"""What a live stream and the web process it runs in need to tell each other.

A stream (server-sent events) holds its thread for hours but neither work nor a database connection.
The process that serves it asks to be told when one begins, and says when it is about to end.
"""

from collections.abc import Callable

_endings: list[Callable[[], bool]] = []
_beginnings: list[Callable[[], None]] = []


def watch(ending: Callable[[], bool]) -> None:
    """Let streams ask `ending()` whether this process is about to end."""
    _endings.append(ending)


def leaving() -> bool:
    """Whether streams should end now, so that the process can."""
    return any(ending() for ending in _endings)


def on_begin(told: Callable[[], None]) -> None:
    """Call `told()` in the thread of each stream when it begins."""
    _beginnings.append(told)


def begin() -> None:
    """A stream begins in this thread."""
    for told in _beginnings:
        told()
