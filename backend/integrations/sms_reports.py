"""Reports of text messages as they come in by callback, whatever the provider's dialect."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Protocol, overload

#: More in one callback than any provider sends: somebody tries what happens.
MOST_REPORTS = 1000


class ReportRejected(Exception):
    """A callback that must not be believed; ``reason`` is forged or malformed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Readable(Protocol):
    """Headers of a request."""

    @overload
    def get(self, key: str, /) -> str | None: ...
    @overload
    def get(self, key: str, default: str, /) -> str: ...
    def get(self, key: str, default: str | None = None, /) -> str | None:
        """The header's value."""
        ...


@dataclass(frozen=True, slots=True)
class Signed:
    """A callback as it came in. ``headers`` is read without regard to case."""

    path: str
    headers: Readable
    body: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """The end of one text: arrived or not, and the provider's code. No number, no text."""

    message_id: str
    ok: bool
    code: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The reports of one callback, with the moment (Unix seconds) and nonce it was signed with."""

    timestamp: str
    nonce: str
    reports: tuple[Report, ...]


def same(right: str, given: str | None) -> bool:
    """Whether a secret value was given, compared in constant time."""
    return hmac.compare_digest(right.encode(), (given or "").encode(errors="replace"))
