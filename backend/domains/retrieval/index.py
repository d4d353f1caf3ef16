"""What an index over documents must be able to do, and the terms it is asked in.

`tantivy_index` is the one in use. Another engine (OpenSearch, say) takes its place by
implementing `SearchIndex`; nothing outside of this package sees which one it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from backend.domains.retrieval.store import Horizon, Stored


@dataclass(frozen=True, slots=True)
class Clause:
    """Who asks, when, and for what: the index must not let anything else through.

    `changed` are documents that may have changed since the index read them: of these only those
    count that it has in the revision given. `department_ids` None means all.
    """

    internal: bool
    today: date
    department_ids: frozenset[UUID] | None = None
    kinds: frozenset[str] | None = None
    region: str | None = None
    material_kind: str | None = None
    category: str | None = None
    changed: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the words of a query come to: weighted terms, and how many must be met.

    `official` are other words for the same thing, each as its own pairs: a document with all
    pairs of one of them is found even if it has nothing else. `sounds` are pairs of syllables, for
    what no text has in these characters. A document with `at_least` pairs is ranked, one with
    `counts_from` is counted as well.
    """

    pairs: Mapping[str, float]
    singles: Mapping[str, float]
    official: Sequence[tuple[tuple[str, ...], float]] = ()
    sounds: Mapping[str, float] = field(default_factory=dict)
    at_least: int = 1
    counts_from: int = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that fits, with its score; passages are those the clause lets be read.

    `folded` are the same passages as `text.aligned` gives them.
    """

    id: UUID
    kind: str
    ref_id: UUID
    title: str
    aliases: tuple[str, ...]
    keywords: tuple[str, ...]
    passages: tuple[str, ...]
    folded: tuple[str, ...]
    revision: int
    department_id: UUID | None
    expires_on: date | None
    boost: float
    extra: dict[str, Any]
    score: float


class SearchIndex(Protocol):
    """An index; safe to read from many threads, written by one at a time."""

    def horizon(self) -> Horizon | None:
        """How far it has read; None for one that is empty or not readable."""

    def write(self, documents: Iterable[Stored], gone: Iterable[UUID], horizon: Horizon) -> int:
        """Replace these documents, drop those; all becomes visible together. How many."""

    def find(self, wanted: Wanted, clause: Clause, limit: int) -> tuple[list[Candidate], int]:
        """The best `limit` documents, and how many fit in all."""

    def among(
        self, revisions: Sequence[int], wanted: Wanted, clause: Clause, limit: int
    ) -> list[Candidate]:
        """Of the documents in these revisions, the first `limit` that the clause lets through."""

    def average_length(self) -> float:
        """Characters of a document's text, on average."""

    def complete(self, prefix: str, wanted: Wanted, clause: Clause, limit: int) -> list[Candidate]:
        """Documents whose title or another name goes on from, or nearly says, what was typed."""

    def rarity(self, term: str) -> float:
        """The weight (idf) of a pair: how much it says that a text has it."""
