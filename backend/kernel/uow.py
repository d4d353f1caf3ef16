"""The unit of work: one transaction, one moment, one actor."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend.kernel.access import Actor

if TYPE_CHECKING:
    from backend.kernel.services import Services


@dataclass(slots=True)
class UnitOfWork:
    """Handed to every use case. The opener commits; a use case never does.

    `now` stays the same for the whole unit, so that rows written together agree.
    """

    session: Session
    services: "Services"
    actor: Actor
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.services.clock.now()

    def emit(self, event: object) -> None:
        """Tell the other domains, inside this transaction."""
        self.services.events.publish(self, event)
