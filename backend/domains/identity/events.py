"""What other domains may learn about residents' accounts."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PersonVerified:
    """A real name was proved for this person for the first time."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonMerged:
    """The provisional account `source_id` became the person `target_id`.

    Whoever keeps rows by person moves them, in the same transaction.
    """

    source_id: UUID
    target_id: UUID


@dataclass(frozen=True, slots=True)
class UnionKnown:
    """A person's WeChat unionid became known; `union_hash` is its keyed hash."""

    person_id: UUID
    union_hash: bytes


@dataclass(frozen=True, slots=True)
class PersonClosed:
    """The account was closed; personal values kept elsewhere must go now."""

    person_id: UUID
