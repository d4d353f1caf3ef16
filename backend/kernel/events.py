"""Domain events: how one domain learns of another, inside the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from backend.kernel.uow import UnitOfWork

E = TypeVar("E")


class EventBus:
    """Hands each event to those who subscribed to its type, in the order of subscription.

    A handler runs at once and in the emitter's transaction: if it fails, nothing happened.
    What may fail on its own (a message, a call outside) belongs in the outbox, not here.
    """

    def __init__(self) -> None:
        self._handlers: dict[type, list[Callable[[Any, Any], None]]] = defaultdict(list)

    def subscribe(self, event: type[E], handler: "Callable[[UnitOfWork, E], None]") -> None:
        """Let `handler(uow, event)` hear of every `event` of exactly this type."""
        self._handlers[event].append(handler)

    def publish(self, uow: "UnitOfWork", event: object) -> None:
        """Tell all subscribers; the first error ends it and reaches the caller."""
        for handler in self._handlers[type(event)]:
            handler(uow, event)
