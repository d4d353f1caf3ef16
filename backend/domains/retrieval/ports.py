"""What others hand over to be found, and how they register where it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, cast
from uuid import UUID

from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

PUBLIC, INTERNAL = "public", "internal"
AUDIENCES = (PUBLIC, INTERNAL)
_SOURCES = "retrieval_sources"
_WORDS = "retrieval_words"


@dataclass(frozen=True, slots=True)
class Document:
    """Something that can answer a question.

    `body` may be read by `audience`; `internal_body` by staff only, whatever the audience: it is
    neither searched nor shown in a public scope. `effective_on` and `expires_on` are the first
    and the last day on which it may be found (None: no limit). No `region_codes`: valid
    everywhere. A `boost` of 1 is neutral. `extra` is handed back with a hit as it is, also to
    the public: it must not hold what `body` may not.
    """

    kind: str
    ref_id: UUID
    title: str
    body: str = ""
    internal_body: str = ""
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    audience: str = PUBLIC
    department_id: UUID | None = None
    region_codes: tuple[str, ...] = ()
    category_code: str = ""
    material_kind: str = ""
    effective_on: date | None = None
    expires_on: date | None = None
    boost: float = 1.0
    extra: dict[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """Where all documents of a kind come from, for the hourly comparison and after a loss."""

    def documents(self, uow: UnitOfWork) -> Iterator[Document]:
        """Everything of the kind that may be found now or later."""


def register_source(services: Services, kind: str, source: Source) -> None:
    """Have the documents of `kind` compared with those of `source` now and then."""
    services.extensions.setdefault(_SOURCES, {})[kind] = source


def sources(services: Services) -> Mapping[str, Source]:
    """The registered sources by kind."""
    return cast(Mapping[str, Source], services.extensions.get(_SOURCES, {}))


def register_words(services: Services, words: Mapping[str, tuple[str, ...]]) -> None:
    """Let queries that say a key also look for the words it stands for."""
    services.extensions.setdefault(_WORDS, {}).update(words)


def everyday_words(services: Services) -> Mapping[str, tuple[str, ...]]:
    """Everyday words and what official texts call the same thing."""
    return cast(Mapping[str, tuple[str, ...]], services.extensions.get(_WORDS, {}))
