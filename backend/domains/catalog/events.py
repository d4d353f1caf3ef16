"""What the catalogue tells other domains."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ItemPublished:
    """A version of an item went live."""

    item_id: UUID
    version: int
