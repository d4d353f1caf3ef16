"""The worker compares every counter of places with the people who hold them, and tells."""

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from appointments.reconcile import mismatches
from backend.http import metrics
from backend.kernel.clock import local
from backend.kernel.services import Services

log = structlog.get_logger()
EVERY_SECONDS = 600
_FIGURE = "huying_slots_disagreeing"


def register(services: Services) -> None:
    """Compare every ten minutes, and whenever the metrics are read."""
    services.upkeep.add("places agree", EVERY_SECONDS, report)
    about = "Slots of today and later whose counters are not the people who hold places"

    def count(session: Session) -> int:
        return len(_found(services, session))

    metrics.figure(services, _FIGURE, about, count)


def report(services: Services) -> int:
    """A line in the log for every slot that disagrees; how many. Nothing is mended in silence:

    what put a counter wrong would do it again, and somebody may stand at the door.
    """
    with services.db.transaction() as session:
        found = _found(services, session)
    for one in found:
        log.error(
            "places disagree", slot=str(one.slot_id), hall=str(one.hall_id),
            start=one.start.isoformat(), booked=one.booked, appointments=one.appointments,
            held=one.held, offers=one.offers,
        )  # fmt: skip
    return len(found)


def _found(services: Services, session: Session) -> list[Any]:
    today = local(services.clock.now()).date()
    return list(mismatches(session, today - timedelta(days=1)))
