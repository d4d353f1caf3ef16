"""Who acts on a ticket, as far as the state tables ask."""

from backend.domains.hotline import rules
from backend.domains.hotline.model import Ticket
from backend.kernel import parts


class Part(parts.Part):
    """Somebody before a ticket."""

    ticket: Ticket


class Of(Part):
    """Parts known beforehand: the system's, the caller's, those of an approved request."""

    def __init__(self, ticket: Ticket, *parts: str) -> None:
        self.ticket, self._parts = ticket, frozenset(parts)

    def plays(self, part: str) -> bool:
        """Whether it is one of those."""
        return part in self._parts


def system(ticket: Ticket) -> Part:
    """The system itself."""
    return Of(ticket, rules.SYSTEM_PART)
