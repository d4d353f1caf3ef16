"""A place kept for one person: made, taken up, declined, lapsed, void. Each ends once.

Rows are locked in one order: the offer, what it is for, then the slot. A place is given back or
taken only by whoever really ended the open offer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from appointments import booking, missed, places, waitlist
from appointments.demand_model import Offer, WaitlistEntry
from appointments.fairness_rules import KEPT_AFTER_CLOSING, MOST_LAPSES, answer_by
from appointments.limits import check_limits, lock_people
from appointments.limits_rules import Held
from appointments.model import Appointment, Hall, Slot
from appointments.moves import hall_of
from appointments.rules import LIVE, Refused, State


@dataclass(frozen=True, slots=True)
class Ended:
    """An offer that is over, and the entry it was for (None after a closing)."""

    offer: Offer
    entry: WaitlistEntry | None


def offer_next(
    session: Session, slot_id: UUID, offer_id: UUID, now: datetime, at: datetime | None = None
) -> Offer | None:
    """Keep a place of this slot for the first who waits for one; None: no place, or nobody.

    `at`: the moment whose places count, where that is a little ahead (the rest of a batch).
    """
    slot = _fresh(session, slot_id)
    if slot is None or slot.closed or not places.left(slot, at or now):
        return None
    hall = hall_of(session, slot.hall_id)
    kept = timedelta(minutes=hall.offer_minutes)
    until = answer_by(now, slot.start_at, kept=kept, lead_minutes=hall.lead_minutes)
    if until is None or not hall.active:
        return None
    entry = waitlist.next_for(session, slot)
    if entry is None:
        return None
    earliest = now + timedelta(minutes=hall.lead_minutes)
    if not places.hold(session, slot_id, at or now, earliest):
        return None
    waitlist.set_state(session, entry, "offered", now)
    return _add(
        session, id=offer_id, slot_id=slot_id, person_key=entry.person_key, entry_id=entry.id,
        made_at=now, expires_at=until,
    )  # fmt: skip


def offer_instead(
    session: Session,
    lost: Appointment,
    offer_id: UUID,
    *,
    channels: tuple[str, ...],
    hall_codes: Collection[str],
    now: datetime,
) -> Offer | None:
    """Keep the nearest place of the same business for somebody whose hall took hers back.

    The nearest day first, on it the same hall, then the nearest hour. None: there is no place.
    """
    for slot_id, start, lead in _near(session, lost, channels, hall_codes, now):
        until = answer_by(now, start, kept=KEPT_AFTER_CLOSING, lead_minutes=lead)
        if until is None:
            continue
        if places.hold(session, slot_id, now, now + timedelta(minutes=lead)):
            return _add(
                session, id=offer_id, slot_id=slot_id, person_key=lost.person_key,
                appointment_id=lost.id, made_at=now, expires_at=until,
            )  # fmt: skip
    return None


def _near(
    session: Session,
    lost: Appointment,
    channels: tuple[str, ...],
    hall_codes: Collection[str],
    now: datetime,
) -> list[tuple[UUID, datetime, int]]:
    taken = select(Appointment.day).where(
        Appointment.person_key == lost.person_key,
        Appointment.item_key == lost.item_key,
        Appointment.state.in_(LIVE),
    )
    # The clocks are never changed here, so a day later at the same hour is 86,400 seconds on.
    days = Slot.day - lost.day
    seconds = func.extract("epoch", Slot.start_at) - lost.start_at.timestamp()
    apart = func.abs(seconds - days * 86400)
    query = (
        select(Slot.id, Slot.start_at, Hall.lead_minutes)
        .join(Hall, Hall.id == Slot.hall_id)
        .where(
            Hall.active,
            Slot.group_code == lost.group_code,
            Slot.channel.in_(channels),
            Slot.closed.is_(False),
            Slot.release_at <= now,
            Slot.start_at > now,
            Slot.day >= lost.day,
            Slot.day.not_in(taken),
            places.left_over(now) > 0,
        )
        .order_by(Slot.day, case((Slot.hall_id == lost.hall_id, 0), else_=1), apart, Slot.id)
        .limit(10)
    )
    if hall_codes:
        query = query.where(Hall.code.in_(list(hall_codes)))
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _add(session: Session, **values: Any) -> Offer:
    made = Offer(state="open", **values)
    session.add(made)
    session.flush()
    return made


def _fresh(session: Session, slot_id: UUID) -> Slot | None:
    return session.get(Slot, slot_id, populate_existing=True)


def _take_hold(session: Session, offer_id: UUID) -> tuple[Offer, WaitlistEntry | None]:
    offer = session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    if offer is None:
        raise Refused("offer_unknown")
    if offer.state != "open":
        raise Refused("offer_over", state=offer.state)
    entry = waitlist.locked(session, offer.entry_id) if offer.entry_id else None
    return offer, entry


def accept(
    session: Session,
    offer_id: UUID,
    *,
    appointment_id: UUID,
    priority: int,
    details: Mapping[str, Any],
    now: datetime,
) -> booking.Booking:
    """Turn the kept place into an appointment, if everything still allows it."""
    offer, entry = _take_hold(session, offer_id)
    if offer.expires_at <= now:
        raise Refused("offer_over", state="lapsed")
    missed.check_may_book(session, offer.person_key, now)
    slot = _fresh(session, offer.slot_id)
    assert slot is not None  # a foreign key says so
    hall = hall_of(session, slot.hall_id)
    if slot.closed or not hall.active:
        raise Refused("slot_closed")
    if slot.start_at <= now:
        raise Refused("slot_past")
    lost = session.get(Appointment, offer.appointment_id) if offer.appointment_id else None
    source: Any = entry or lost
    # After the offer's lock: whoever holds a person's lock never waits for an offer.
    lock_people(session, (offer.person_key,))
    wanted = Held(slot.hall_id, slot.group_code, source.item_key, slot.day)
    check_limits(session, offer.person_key, wanted)
    row: dict[str, Any] = {
        "id": appointment_id,
        "hall_id": slot.hall_id,
        "slot_id": slot.id,
        "group_code": slot.group_code,
        "person_key": offer.person_key,
        "item_key": source.item_key,
        "day": slot.day,
        "start_at": slot.start_at,
        "end_at": slot.end_at,
        "channel": slot.channel,
        "state": State.BOOKED.value,
        "version": 1,
        "call_count": 0,
        "priority": priority,
        "details": dict(details),
        "booked_at": now,
    }
    if lost is not None:
        row |= {"agent_key": lost.agent_key, "consent_id": lost.consent_id}
    made = booking.claim(session, row, slot)
    if not places.take_held(session, slot.id):
        raise RuntimeError("an open offer without a kept place")
    offer.state, offer.ended_at, offer.booked_id = "accepted", now, appointment_id
    if entry is not None:
        waitlist.set_state(session, entry, "booked", now)
    session.flush()
    return booking.Booking(made, hall)


def end(session: Session, offer_id: UUID, state: str, now: datetime) -> Ended:
    """Declined, lapsed or void: the place is free, and who waits waits on.

    Who let places lapse too often has stopped waiting. Declining one is no lapse.
    """
    offer, entry = _take_hold(session, offer_id)
    if state == "lapsed" and offer.expires_at > now:
        raise Refused("offer_open")
    offer.state, offer.ended_at = state, now
    if entry is not None:
        lapses = entry.lapses + (state == "lapsed")
        to = "ended" if lapses >= MOST_LAPSES else "waiting"
        waitlist.set_state(session, entry, to, now, lapses=lapses)
    session.flush()
    if not places.unhold(session, offer.slot_id):
        raise RuntimeError("an open offer without a kept place")
    return Ended(offer, entry)


def settle_served(
    session: Session, hall: Hall, now: datetime
) -> tuple[list[WaitlistEntry], list[Offer]]:
    """End the waiting of who has booked in another way; the places kept for them are free.

    Rows that somebody else is just writing are left for the next time, so this waits for nobody.
    """
    ids = waitlist.served_otherwise(session, hall)
    if not ids:
        return [], []
    kept = session.scalars(
        select(Offer.id)
        .where(Offer.entry_id.in_(ids), Offer.state == "open")
        .order_by(Offer.id)
        .with_for_update(skip_locked=True)
    )
    over = [end(session, offer_id, "void", now).offer for offer_id in list(kept)]
    entries = session.scalars(
        select(WaitlistEntry)
        .where(WaitlistEntry.id.in_(ids), WaitlistEntry.state == "waiting")
        .order_by(WaitlistEntry.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [waitlist.set_state(session, one, "booked", now) for one in list(entries)], over


def leave(session: Session, entry_id: UUID, now: datetime) -> tuple[WaitlistEntry, Offer | None]:
    """Stop waiting; a place that was kept is free, and its offer is answered with the entry."""
    offer = _open_of(session, entry_id)
    over = end(session, offer.id, "declined", now).offer if offer is not None else None
    entry = waitlist.locked(session, entry_id)
    if entry.state == "offered":
        # Asked in the very moment between: once more from the start.
        raise Refused("changed_meanwhile")
    if entry.state != "waiting":
        raise Refused("waitlist_over", state=entry.state)
    return waitlist.set_state(session, entry, "left", now), over


def _open_of(session: Session, entry_id: UUID) -> Offer | None:
    query = select(Offer).where(Offer.entry_id == entry_id, Offer.state == "open")
    return session.scalar(query.with_for_update())


def of_day(session: Session, hall_id: UUID, day: date) -> list[UUID]:
    """The open offers of a hall's day, locked in the order in which all lock them.

    For closing: rows that stand before the slots in the order of locks are taken first.
    """
    rows = session.scalars(
        select(Offer.id)
        .join(Slot, Slot.id == Offer.slot_id)
        .where(Slot.hall_id == hall_id, Slot.day == day, Offer.state == "open")
        .order_by(Offer.id)
        .with_for_update(of=Offer)
    )
    return list(rows)
