"""Who acts on an event, as far as the state tables ask."""

from backend.domains.dispatch import rules
from backend.domains.dispatch.model import Event
from backend.kernel import parts


class Part(parts.Part):
    """Somebody before an event."""

    event: Event


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
