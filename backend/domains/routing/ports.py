"""Where categories and finished events come from; the domain that keeps them registers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_KEY = "routing_source"


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
        """The newest closed events, at most so many; without confidential ones."""


def register_source(services: Services, source: Source) -> None:
    """Let models be trained from this source."""
    services.extensions[_KEY] = source


def source(services: Services) -> Source | None:
    """The registered source, if there is one."""
    return cast(Source | None, services.extensions.get(_KEY))
