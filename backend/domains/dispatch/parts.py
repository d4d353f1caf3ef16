"""Who acts on an event, as far as the state tables ask."""

from abc import ABC, abstractmethod
from uuid import UUID

from backend.domains.dispatch import rules
from backend.domains.dispatch.model import Event


class Part(ABC):
    """Somebody before an event; `plays` answers which parts of the tables they have."""

    event: Event

    @property
    def id(self) -> UUID | None:
        """The member of staff, where it is one."""
        return None

    @abstractmethod
    def plays(self, part: str) -> bool:
        """Whether they have this part."""


class Of(Part):
    """Parts known beforehand: the system's, or those of an approved request."""

    def __init__(self, event: Event, *parts: str) -> None:
        self.event, self._parts = event, frozenset(parts)

    def plays(self, part: str) -> bool:
        """Whether it is one of those."""
        return part in self._parts


def system(event: Event) -> Part:
    """The system itself."""
    return Of(event, rules.SYSTEM_PART)
