"""A person's own data around booking: given out, forgotten with the account, purged in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from appointments import waitlist
from appointments.demand_model import Missed, Offer, Precedence, WaitlistEntry
from appointments.remote_model import Kiosk
from appointments.supply_model import Shift
from backend.domains.appointments import fairness, offering, waiting
from backend.kernel.clock import local
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

#: How long an ended waiting and its offers are kept, for questions about them.
KEPT = timedelta(days=90)
#: Two years after it was missed, an appointment's absence is nobody's business any more.
#: The same holds for a machine that is gone, and for who stood at a window.
MISSED_KEPT = timedelta(days=730)
_DAY_SECONDS = 86400


def register(services: Services) -> None:
    """Purge once a day."""
    services.upkeep.add("old waiting", _DAY_SECONDS, purge)


def export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """What the person waited for, what was kept for her, what she missed; as JSON values."""
    entries = uow.session.scalars(waiting.of_person(person_id))
    kept = uow.session.scalars(offering.of_person(person_id))
    missed = fairness.standing(uow, person_id)["missed"]
    return {
        "waiting": [
            {
                "item": row.item_name,
                "date": row.day.isoformat(),
                "state": row.state,
                "joined_at": local(row.joined_at).isoformat(timespec="seconds"),
            }
            for row in entries
        ],
        "kept_places": [
            {"state": row.state, "made_at": local(row.made_at).isoformat(timespec="seconds")}
            for row in kept
        ],
        "missed": [
            {
                "item": one["item_name"],
                "start": local(one["start"]).isoformat(timespec="seconds"),
                "state": one["state_text"],
                "appeal": one["appeal"],
                "decision": one["decision"],
            }
            for one in missed
        ],
    }


def forget_person(uow: UnitOfWork, person_id: UUID) -> None:
    """Wait no longer, give kept places to the next, erase the words of appeals and precedence."""
    open_ones = select(WaitlistEntry.id).where(
        WaitlistEntry.person_key == person_id, WaitlistEntry.state.in_(waitlist.OPEN)
    )
    for entry_id in list(uow.session.scalars(open_ones.order_by(WaitlistEntry.id))):
        waiting.leave(uow, person_id, entry_id)
    kept = select(Offer.id).where(Offer.person_key == person_id, Offer.state == "open")
    for offer_id in list(uow.session.scalars(kept.order_by(Offer.id))):
        offering.decline(uow, person_id, offer_id)
    uow.session.execute(
        update(Missed)
        .where(Missed.person_key == person_id)
        .values(appeal="")
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(delete(Precedence).where(Precedence.person_key == person_id))


def purge(services: Services) -> int:
    """Delete what is past its time; how many rows."""
    now = services.clock.now()
    needed = exists().where(Offer.entry_id == WaitlistEntry.id)
    old = now - KEPT
    steps: tuple[Any, ...] = (
        delete(Offer).where(Offer.ended_at < old).returning(Offer.id),
        delete(WaitlistEntry)
        .where(WaitlistEntry.ended_at < old, ~needed)
        .returning(WaitlistEntry.id),
        delete(Missed).where(Missed.at < now - MISSED_KEPT).returning(Missed.appointment_id),
        delete(Kiosk).where(Kiosk.ended_at < now - MISSED_KEPT).returning(Kiosk.id),
        delete(Shift).where(Shift.day < local(now - MISSED_KEPT).date()).returning(Shift.id),
        delete(Precedence)
        .where(Precedence.until < local(now).date())
        .returning(Precedence.person_key),
    )
    with services.db.transaction() as session:
        return sum(len(session.scalars(step).all()) for step in steps)
