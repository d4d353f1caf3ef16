"""The waitlist (候补): joining, leaving, and who is asked when a place comes free."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from appointments import offers, waitlist
from appointments.demand_model import Offer, WaitlistEntry
from appointments.model import Appointment, Hall, Slot
from appointments.rules import channels_for
from backend.domains.appointments import events, halls, ports, precedence, wording
from backend.domains.appointments.refusals import in_words
from backend.domains.identity.service import person_cards
from backend.kernel import timers, trace
from backend.kernel.clock import moment_text
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.ids import new_id
from backend.kernel.timers import Timer
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

KIND = "waitlist_entry"
LAPSE_TIMER = "slot_offer.lapse"
FEED_TIMER = "hall.feed_waitlist"
#: How often places that nobody's leaving made free are looked for while somebody waits.
_FEED_EVERY = timedelta(minutes=1)
# Who waits is asked this long before the rest of a batch is there for all.
_AHEAD = timedelta(seconds=75)


def subject(entry_id: UUID) -> Subject:
    """What the trace of an entry is filed under."""
    return Subject(KIND, entry_id)


def offer_subject(offer_id: UUID) -> Subject:
    """What trace and timer of an offer are filed under."""
    return Subject("slot_offer", offer_id)


def join(
    uow: UnitOfWork,
    person_id: UUID,
    *,
    hall_id: UUID,
    item_id: UUID,
    date: date,
    earliest: time | None,
    latest: time | None,
) -> dict[str, Any]:
    """Wait for a place of a full day."""
    hall = halls.find(uow, hall_id)
    item = ports.item_of(uow, item_id)
    if not item.bookable:
        raise Conflict(
            "item_not_bookable", title="这件事不用预约", action="请看办事指南里的办理方式"
        )
    if not ports.handles(item, hall.code):
        raise Conflict(
            "not_handled_here", title="这个大厅不办这件事", action="请看办事指南里的办理地点"
        )
    age = ports.age_of(uow, person_id)
    with in_words():
        entry = waitlist.join(
            uow.session,
            entry_id=new_id(),
            hall=hall,
            person_key=person_id,
            item_key=item_id,
            item_name=item.name,
            group_code=item.group_code,
            day=date,
            earliest=earliest,
            latest=latest,
            channels=channels_for(age),
            priority=precedence.priority_of(uow, person_id, date, age),
            now=uow.now,
        )
    _trace(uow, entry, "join", None, f"候补{wording.date_text(entry.day)}的名额")
    timers.arm(uow, FEED_TIMER, Subject("hall", hall.id), uow.now + _FEED_EVERY)
    return one(uow, entry)


def _trace(
    uow: UnitOfWork, entry: WaitlistEntry, action: str, before: str | None, text: str
) -> None:
    trace.record(
        uow,
        subject=subject(entry.id),
        action=action,
        from_state=before,
        to_state=entry.state,
        public_text=text,
    )


def mine(uow: UnitOfWork, person_id: UUID, entry_id: UUID) -> WaitlistEntry:
    """The person's own entry; anybody else's is `NotFound`."""
    found = uow.session.get(WaitlistEntry, entry_id)
    if found is None or found.person_key != person_id:
        raise NotFound("waitlist_unknown", title="没有找到这个候补", action="请到「我的候补」查看")
    return found


def of_person(person_id: UUID) -> Select[WaitlistEntry]:
    """All entries of a person, the latest first."""
    query = select(WaitlistEntry).where(WaitlistEntry.person_key == person_id)
    return query.order_by(WaitlistEntry.joined_at.desc(), WaitlistEntry.id)


def leave(uow: UnitOfWork, person_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """Stop waiting; a place that was kept goes to the next."""
    entry = mine(uow, person_id, entry_id)
    before = entry.state
    with in_words():
        entry, over = offers.leave(uow.session, entry.id, uow.now)
    _trace(uow, entry, "leave", before, "不再候补")
    if over is not None:
        timers.disarm(uow, LAPSE_TIMER, offer_subject(over.id))
        uow.emit(event_of(uow, events.SlotOfferEnded, over))
        place_freed(uow, over.slot_id)
    return one(uow, entry)


def place_freed(uow: UnitOfWork, slot_id: UUID | None, at: datetime | None = None) -> int:
    """Ask those who wait for a place of this slot, the first first; how many were asked.

    To be called in the transaction that makes a place free (a cancellation, a no-show, a move to
    another time, a lapsed offer, a wider capacity), after the place was given back. What nobody
    waits for is there for all. `at`: see `offers.offer_next`.
    """
    if slot_id is None:
        return 0
    asked = 0
    while True:
        offer = offers.offer_next(uow.session, slot_id, new_id(), uow.now, at)
        if offer is None:
            return asked
        asked += 1
        opened(uow, offer, "有名额了")


def opened(uow: UnitOfWork, offer: Offer, text: str) -> None:
    """Leave the traces of a fresh offer, arm its end, tell whom it is for."""
    until = moment_text(offer.expires_at)
    trace.record(
        uow,
        subject=offer_subject(offer.id),
        action="offer",
        to_state=offer.state,
        public_text=f"{text}，为您留到{until}",
    )
    timers.arm(uow, LAPSE_TIMER, offer_subject(offer.id), offer.expires_at)
    uow.emit(event_of(uow, events.SlotOffered, offer))


def event_of(
    uow: UnitOfWork, kind: type[events.SlotOfferEvent], offer: Offer
) -> events.SlotOfferEvent:
    """What others are told of an offer."""
    slot = uow.session.get_one(Slot, offer.slot_id)
    hall = uow.session.get_one(Hall, slot.hall_id)
    return kind(
        offer_id=offer.id,
        person_id=offer.person_key,
        item_name=about(uow, [offer])[offer.id]["item"]["name"],
        hall_name=hall.name,
        hall_address=hall.address,
        hall_floor=hall.floor,
        start=slot.start_at,
        expires_at=offer.expires_at,
        closing=offer.entry_id is None,
        state=offer.state,
    )


def about(uow: UnitOfWork, rows: Sequence[Offer]) -> dict[UUID, dict[str, Any]]:
    """What each offer is for: the item and, after a closing, the appointment that was lost."""
    entries = _by_id(uow, WaitlistEntry, (row.entry_id for row in rows))
    lost = _by_id(uow, Appointment, (row.appointment_id for row in rows))
    found = {}
    for row in rows:
        if row.entry_id is not None:
            entry = entries[row.entry_id]
            item = {"id": entry.item_key, "name": entry.item_name}
        else:
            was = lost[row.appointment_id]
            item = {"id": was.item_key, "name": was.details["item_name"]}
        found[row.id] = {"item": item}
    return found


def _by_id(uow: UnitOfWork, table: Any, ids: Iterable[UUID | None]) -> dict[Any, Any]:
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    rows = uow.session.scalars(select(table).where(table.id.in_(wanted)))
    return {row.id: row for row in rows}


def feed(uow: UnitOfWork, timer: Timer) -> None:
    """Ask those who wait at a hall about places that came without anybody's leaving.

    The rest of a batch is released by the clock alone, so it is looked for; who can get no place
    any more is told that the waiting is over; and who has booked in another way waits no longer.
    Runs while somebody waits.
    """
    hall = uow.session.get(Hall, timer.subject_id)
    if hall is None:
        return
    _settle(uow, hall)
    soon = uow.now + _AHEAD
    for slot_id in waitlist.with_places(uow.session, hall, uow.now, soon):
        place_freed(uow, slot_id, soon)
    for entry in waitlist.end_past(uow.session, hall, uow.now):
        ended(uow, entry, "waiting", "这一天没有等到名额，候补结束了")
    if waitlist.any_open(uow.session, hall.id):
        timers.arm(uow, FEED_TIMER, Subject("hall", hall.id), uow.now + _FEED_EVERY)


def _settle(uow: UnitOfWork, hall: Hall) -> None:
    entries, freed = offers.settle_served(uow.session, hall, uow.now)
    for entry in entries:
        _trace(uow, entry, "settle", "waiting", "已经约上，候补结束")
    for offer in freed:
        timers.disarm(uow, LAPSE_TIMER, offer_subject(offer.id))
        trace.record(
            uow,
            subject=offer_subject(offer.id),
            action="void",
            from_state="open",
            to_state=offer.state,
            public_text="已经约了别的时间，名额让给下一位",
        )
        uow.emit(event_of(uow, events.SlotOfferEnded, offer))
    for offer in freed:
        place_freed(uow, offer.slot_id)


def ended(uow: UnitOfWork, entry: WaitlistEntry, before: str, text: str) -> None:
    """Leave the traces of a waiting that is over, and tell who waited."""
    _trace(uow, entry, "end", before, text)
    hall = uow.session.get_one(Hall, entry.hall_id)
    uow.emit(
        events.WaitingEnded(
            entry_id=entry.id,
            person_id=entry.person_key,
            item_name=entry.item_name,
            hall_name=hall.name,
            day=entry.day,
            lapsed=entry.lapses > 0,
        )
    )


def one(uow: UnitOfWork, entry: WaitlistEntry) -> dict[str, Any]:
    """An entry as its owner sees it."""
    return many(uow, [entry])[0]


def many(uow: UnitOfWork, rows: Sequence[WaitlistEntry]) -> list[dict[str, Any]]:
    """Entries as their owner sees them, each with its open offer."""
    at = _by_id(uow, Hall, {row.hall_id for row in rows})
    query = select(Offer).where(Offer.entry_id.in_([row.id for row in rows]), Offer.state == "open")
    opened_ones = {row.entry_id: row for row in uow.session.scalars(query)}
    shown = {row["id"]: row for row in shown_offers(uow, list(opened_ones.values()))}
    found = []
    for row in rows:
        offer = opened_ones.get(row.id)
        waiting = row.state == "waiting"
        found.append(
            {
                "id": row.id,
                "state": row.state,
                "state_text": wording.WAITING_TEXT[row.state],
                "item": {"id": row.item_key, "name": row.item_name},
                "hall": brief(at[row.hall_id]),
                "date": row.day,
                "earliest": row.earliest,
                "latest": row.latest,
                "ahead": waitlist.ahead(uow.session, row) if waiting else None,
                "joined_at": row.joined_at,
                "can_leave": row.state in waitlist.OPEN,
                "offer": shown[offer.id] if offer else None,
                "version": row.version,
            }
        )
    return found


def brief(hall: Hall) -> dict[str, Any]:
    """Where to go."""
    return {"id": hall.id, "name": hall.name, "address": hall.address, "floor": hall.floor}


def shown_offers(uow: UnitOfWork, rows: Sequence[Offer]) -> list[dict[str, Any]]:
    """Offers as the person they are for sees them."""
    slots = _by_id(uow, Slot, {row.slot_id for row in rows})
    at = _by_id(uow, Hall, {slot.hall_id for slot in slots.values()})
    items = about(uow, rows)
    found = []
    for row in rows:
        slot = slots[row.slot_id]
        # What has run out is over, even before the worker has come by.
        state = "lapsed" if row.state == "open" and row.expires_at <= uow.now else row.state
        found.append(
            {
                "id": row.id,
                "kind": "closing" if row.entry_id is None else "waitlist",
                "state": state,
                "state_text": wording.OFFER_TEXT[state],
                "start": slot.start_at,
                "end": slot.end_at,
                "hall": brief(at[slot.hall_id]),
                "item": items[row.id]["item"],
                "made_at": row.made_at,
                "expires_at": row.expires_at,
                "appointment_id": row.appointment_id,
                "booked_id": row.booked_id,
            }
        )
    return found


def of_hall(uow: UnitOfWork, hall_id: UUID, day: date) -> list[dict[str, Any]]:
    """Who waits for a hall's day, in the order in which they are asked; names masked."""
    rows = list(
        uow.session.scalars(
            select(WaitlistEntry)
            .where(WaitlistEntry.hall_id == hall_id, WaitlistEntry.day == day)
            .order_by(
                WaitlistEntry.group_code,
                WaitlistEntry.priority.desc(),
                WaitlistEntry.joined_at,
                WaitlistEntry.id,
            )
        )
    )
    cards = person_cards(uow, {row.person_key for row in rows})
    found = []
    for row, shown in zip(rows, many(uow, rows), strict=True):
        card = cards.get(row.person_key)
        own = {"person": {"name": card.name_masked if card else ""}, "first": row.priority > 0}
        found.append({**shown, **own})
    return found
