"""Where categories and finished events come from; the domain that keeps them registers."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol, cast

from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_KEY = "routing_sources"


@dataclass(frozen=True, slots=True)
class Kind:
    """A category that can be chosen, with all that is known of it in words."""

    code: str
    name: str
    group: str
    hint: str
    keywords: tuple[str, ...]
    department_code: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """What somebody reported, and where it belonged in the end (after all corrections)."""

    title: str
    words: str
    category_code: str
    department_code: str | None
    closed_at: datetime


class Source(Protocol):
    """What training asks for."""

    def kinds(self, uow: UnitOfWork) -> list[Kind]:
        """The active categories that can be chosen."""

    def finished(self, uow: UnitOfWork, most: int) -> Iterator[Finished]:
        """What closed, newest first, at most so many; without confidential ones."""


class _Together:
    """Several sources as one: each category once, the newest of all that finished."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def kinds(self, uow: UnitOfWork) -> list[Kind]:
        """Categories by the first source that has them."""
        found: dict[str, Kind] = {}
        for one in self._sources:
            for kind in one.kinds(uow):
                found.setdefault(kind.code, kind)
        return list(found.values())

    def finished(self, uow: UnitOfWork, most: int) -> Iterator[Finished]:
        """The newest of all sources, which each give theirs newest first."""
        rows = [one.finished(uow, most) for one in self._sources]
        return islice(heapq.merge(*rows, key=lambda row: row.closed_at, reverse=True), most)


def register_source(services: Services, source: Source) -> None:
    """Let models be trained from this source too."""
    services.extensions.setdefault(_KEY, []).append(source)


def source(services: Services) -> Source | None:
    """All registered sources as one; None where there is none."""
    found = cast(list[Source], services.extensions.get(_KEY, []))
    if len(found) > 1:
        return _Together(found)
    return found[0] if found else None
