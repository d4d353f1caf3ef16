"""Waiting for a place of a full day (候补): who waits, in which order, and until when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Time,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from appointments import missed, places
from appointments.demand_model import Offer, WaitlistEntry
from appointments.model import Appointment, Hall, Slot
from appointments.rules import LIVE, ZONE, Refused

OPEN = ("waiting", "offered")
# Places for those who come in person, and rooms on a screen, have no waitlist.
_CHANNELS = ("online", "elderly")


def join(
    session: Session,
    *,
    entry_id: UUID,
    hall: Hall,
    person_key: UUID,
    item_key: UUID,
    item_name: str,
    group_code: str,
    day: date,
    earliest: time | None,
    latest: time | None,
    channels: tuple[str, ...],
    priority: int,
    now: datetime,
) -> WaitlistEntry:
    """Wait for a place of a day that has none left; refused where there is one to be booked."""
    missed.check_may_book(session, person_key, now)
    fitting = [
        slot
        for slot in _coming(session, hall, group_code, day, now)
        if slot.channel in channels and _within(slot.start_at, earliest, latest)
    ]
    if not fitting:
        raise Refused("waitlist_no_times", day=day)
    if any(places.left(slot, now) for slot in fitting):
        raise Refused("waitlist_not_full", day=day)
    live = exists().where(
        Appointment.person_key == person_key,
        Appointment.item_key == item_key,
        Appointment.day == day,
        Appointment.state.in_(LIVE),
    )
    if session.scalar(select(live)):
        raise Refused("already_booked", day=day)
    made = session.scalars(
        insert(WaitlistEntry)
        .values(
            id=entry_id,
            person_key=person_key,
            item_key=item_key,
            item_name=item_name,
            hall_id=hall.id,
            group_code=group_code,
            day=day,
            earliest=earliest,
            latest=latest,
            elderly="elderly" in channels,
            priority=priority,
            state="waiting",
            joined_at=now,
        )
        .on_conflict_do_nothing()
        .returning(WaitlistEntry)
    ).one_or_none()
    if made is None:
        raise Refused("already_waiting", day=day)
    return made


def _within(start: datetime, earliest: time | None, latest: time | None) -> bool:
    at = start.astimezone(ZONE).time()
    return (earliest is None or at >= earliest) and (latest is None or at <= latest)


def _coming(session: Session, hall: Hall, group: str, day: date, now: datetime) -> list[Slot]:
    return list(
        session.scalars(
            select(Slot)
            .where(
                Slot.hall_id == hall.id,
                Slot.group_code == group,
                Slot.day == day,
                Slot.closed.is_(False),
                Slot.release_at <= now,
                Slot.start_at >= now + timedelta(minutes=hall.lead_minutes),
            )
            .execution_options(populate_existing=True)
        )
    )


def ahead(session: Session, entry: WaitlistEntry) -> int:
    """How many are asked before this one, whichever times suit them."""
    order = tuple_(-WaitlistEntry.priority, WaitlistEntry.joined_at, WaitlistEntry.id)
    mine = (-entry.priority, entry.joined_at, entry.id)
    query = select(func.count()).where(*_queue_of(entry.hall_id, entry.group_code, entry.day))
    return session.scalar(query.where(order < mine)) or 0


def _queue_of(hall_id: UUID, group: str, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        WaitlistEntry.hall_id == hall_id,
        WaitlistEntry.group_code == group,
        WaitlistEntry.day == day,
        WaitlistEntry.state == "waiting",
    )


def next_for(session: Session, slot: Slot) -> WaitlistEntry | None:
    """The first who waits for a place of this slot, locked; one that somebody else holds is passed.

    Passed over: whom the time does not suit, who was asked about this slot before, who has
    something of this business on the day. Never waits for a lock, so a caller may hold the slot.
    """
    if slot.channel not in _CHANNELS:
        return None
    at = slot.start_at.astimezone(ZONE).time()
    asked = exists().where(Offer.entry_id == WaitlistEntry.id, Offer.slot_id == slot.id)
    live = exists().where(
        Appointment.person_key == WaitlistEntry.person_key,
        Appointment.item_key == WaitlistEntry.item_key,
        Appointment.day == WaitlistEntry.day,
        Appointment.state.in_(LIVE),
    )
    return session.scalars(
        select(WaitlistEntry)
        .where(
            *_queue_of(slot.hall_id, slot.group_code, slot.day),
            or_(WaitlistEntry.earliest.is_(None), WaitlistEntry.earliest <= at),
            or_(WaitlistEntry.latest.is_(None), WaitlistEntry.latest >= at),
            WaitlistEntry.elderly if slot.channel == "elderly" else true(),
            ~asked,
            ~live,
        )
        .order_by(WaitlistEntry.priority.desc(), WaitlistEntry.joined_at, WaitlistEntry.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()


def set_state(
    session: Session, entry: WaitlistEntry, state: str, now: datetime, **values: Any
) -> WaitlistEntry:
    """Write the new state of an entry that the caller has locked."""
    if state not in OPEN:
        values["ended_at"] = now
    entry.state = state
    entry.version += 1
    for name, value in values.items():
        setattr(entry, name, value)
    session.flush()
    return entry


def locked(session: Session, entry_id: UUID) -> WaitlistEntry:
    """The entry as it is now, locked."""
    found = session.get(WaitlistEntry, entry_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refused("waitlist_unknown")
    return found


def with_places(session: Session, hall: Hall, now: datetime, soon: datetime) -> list[UUID]:
    """Slots of this hall for which somebody waits, and which have a place left at `soon`.

    For places nobody's leaving made free: the rest of a batch, a wider capacity. `soon` lets
    those who wait be asked just before the rest is there for all.
    """
    waiting = exists().where(
        WaitlistEntry.hall_id == Slot.hall_id,
        WaitlistEntry.group_code == Slot.group_code,
        WaitlistEntry.day == Slot.day,
        WaitlistEntry.state == "waiting",
    )
    return list(
        session.scalars(
            select(Slot.id)
            .where(
                Slot.hall_id == hall.id,
                Slot.day >= now.astimezone(ZONE).date(),
                Slot.closed.is_(False),
                Slot.channel.in_(_CHANNELS),
                Slot.release_at <= now,
                Slot.start_at >= now + timedelta(minutes=hall.lead_minutes),
                places.left_over(soon) > 0,
                waiting,
            )
            .order_by(Slot.id)
        )
    )


def end_past(session: Session, hall: Hall, now: datetime) -> list[WaitlistEntry]:
    """End the waiting of those for whom no time of their day is left; answers who they are."""
    late = now + timedelta(minutes=hall.lead_minutes)
    local = cast(func.timezone(str(ZONE), Slot.start_at), Time)
    still = exists().where(
        Slot.hall_id == WaitlistEntry.hall_id,
        Slot.group_code == WaitlistEntry.group_code,
        Slot.day == WaitlistEntry.day,
        Slot.closed.is_(False),
        Slot.start_at > late,
        or_(Slot.channel == "online", and_(Slot.channel == "elderly", WaitlistEntry.elderly)),
        or_(WaitlistEntry.earliest.is_(None), local >= WaitlistEntry.earliest),
        or_(WaitlistEntry.latest.is_(None), local <= WaitlistEntry.latest),
    )
    over = (
        select(WaitlistEntry.id)
        .where(WaitlistEntry.hall_id == hall.id, WaitlistEntry.state == "waiting", ~still)
        .order_by(WaitlistEntry.id)
        .with_for_update(skip_locked=True)
    )
    return list(
        session.scalars(
            update(WaitlistEntry)
            .where(WaitlistEntry.id.in_(over))
            .values(state="ended", ended_at=now, version=WaitlistEntry.version + 1)
            .returning(WaitlistEntry)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
    )


def served_otherwise(session: Session, hall: Hall) -> list[UUID]:
    """Entries of people who meanwhile have what they wait for, booked in another way."""
    live = exists().where(
        Appointment.person_key == WaitlistEntry.person_key,
        Appointment.item_key == WaitlistEntry.item_key,
        Appointment.day == WaitlistEntry.day,
        Appointment.state.in_(LIVE),
    )
    query = select(WaitlistEntry.id).where(
        WaitlistEntry.hall_id == hall.id, WaitlistEntry.state.in_(OPEN), live
    )
    return list(session.scalars(query.order_by(WaitlistEntry.id)))


def any_open(session: Session, hall_id: UUID) -> bool:
    """Whether anybody waits at this hall, or is being asked."""
    found = exists().where(WaitlistEntry.hall_id == hall_id, WaitlistEntry.state.in_(OPEN))
    return bool(session.scalar(select(found)))
