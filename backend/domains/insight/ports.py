"""Where the messages come from: each domain that has some registers a source."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

_KEY = "hot_issue_sources"


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody reported. `place` is the name of a community or street, not an address.

    `callers` counts everybody who reported the same thing in this one message (at least 1), each
    once. `who` marks those of them that can be recognised in another message; it is not kept.
    """

    id: UUID
    kind: str
    title: str
    text: str
    at: datetime
    place: str
    street_id: UUID | None
    callers: int
    who: frozenset[str] = frozenset()


# (unit of work, since, most): what is open or has ended since then, at most so many, the newest.
Source = Callable[[UnitOfWork, datetime, int], list[Message]]


def register_source(services: Services, source: Source) -> None:
    """Let hot issues be found among these messages too; what is confidential is left out by it."""
    services.extensions.setdefault(_KEY, []).append(source)


def sources(services: Services) -> list[Source]:
    """All sources, in the order of their registration."""
    return cast(list[Source], services.extensions.get(_KEY, []))
