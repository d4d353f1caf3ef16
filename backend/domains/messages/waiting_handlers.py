"""From a kept place to what its owner is told; once it is answered, nothing more is said of it."""

from backend.domains.appointments import events as e
from backend.domains.messages import kinds_waiting as k
from backend.domains.messages import letters
from backend.kernel.clock import day_text
from backend.kernel.events import EventBus
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox


def subscribe(events: EventBus) -> None:
    """Hear of kept places and of waiting that is over."""
    events.subscribe(e.SlotOffered, on_offered)
    events.subscribe(e.SlotOfferEnded, on_over)
    events.subscribe(e.WaitingEnded, on_waiting_ended)


def _subject(event: e.SlotOfferEvent) -> Subject:
    return Subject("slot_offer", event.offer_id)


def on_offered(uow: UnitOfWork, event: e.SlotOffered) -> None:
    """Say which place is kept, and until when; after that it need not be said any more."""
    kind = k.INSTEAD if event.closing else k.OFFERED
    values = {
        "offer_id": event.offer_id,
        "item_name": event.item_name,
        "hall_name": event.hall_name,
        "hall_address": event.hall_address,
        "hall_floor": event.hall_floor,
        "start": event.start,
        "expires_at": event.expires_at,
    }
    letters.write(uow, _subject(event), kind, [(event.person_id, "", values)])


def on_over(uow: UnitOfWork, event: e.SlotOfferEnded) -> None:
    """Answered, lapsed or taken back: what has not left need not."""
    keys = [k.INSTEAD.key, k.OFFERED.key]
    outbox.cancel(uow.session, _subject(event), keys, uow.now)


def on_waiting_ended(uow: UnitOfWork, event: e.WaitingEnded) -> None:
    """No place came, or those that came were not answered."""
    values = {
        "entry_id": event.entry_id,
        "item_name": event.item_name,
        "hall_name": event.hall_name,
        "day_text": day_text(event.day),
        "why_text": "留的名额没有确认" if event.lapsed else "没有等到名额",
    }
    subject = Subject("waitlist_entry", event.entry_id)
    letters.write(uow, subject, k.ENDED, [(event.person_id, "", values)])
