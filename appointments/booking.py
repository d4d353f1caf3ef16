"""Booking a place, giving it up, judging the service."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, make_transient_to_detached

from appointments import consents, missed, places
from appointments.demand_model import Missed, Precedence
from appointments.fairness_rules import BARRED_FOR, MOST_MISSED, WITHIN
from appointments.limits import check_agent, check_limits, lock_people
from appointments.limits_rules import Held
from appointments.model import Appointment, Hall, Rating, Slot
from appointments.moves import Change, move
from appointments.rules import (
    LIVE,
    Action,
    Refused,
    State,
    Who,
    check_bookable,
    check_rating,
)
from appointments.tokens import NONCE_BYTES

_CODE_ATTEMPTS = 8
# Plain tables for what every booking writes: the ORM's own statements cost several times as much.
_APPOINTMENTS = cast(Table, Appointment.__table__)
_CLAIM = insert(_APPOINTMENTS).on_conflict_do_nothing().returning(_APPOINTMENTS.c.id)


def _live_one(day: Any) -> ColumnElement[bool]:
    return exists().where(
        Appointment.person_key == bindparam("of_person"),
        Appointment.item_key == bindparam("of_item"),
        Appointment.day == day,
        Appointment.state.in_(LIVE),
    )


_MISSED = (
    select(func.count())
    .where(
        Missed.person_key == bindparam("of_person"),
        Missed.state.in_(missed.COUNTING),
        Missed.at > bindparam("missed_since"),
    )
    .scalar_subquery()
)
_FIRST = exists().where(
    Precedence.person_key == bindparam("of_person"),
    or_(Precedence.until.is_(None), Precedence.until >= Slot.day),
)
# One read for all of them, always fresh: a slot seen earlier in the session is stale.
_LOOK = (
    select(Slot, Hall, _live_one(Slot.day), _MISSED, _FIRST)
    .join(Hall, Hall.id == Slot.hall_id)
    .where(Slot.id == bindparam("of_slot"), Hall.active)
    .execution_options(populate_existing=True)
)
#: What a fresh booking does not have yet.
_LATER = {
    column.key: None
    for column in _APPOINTMENTS.columns
    if column.nullable and column.default is None
}


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody books for the person (代办), and the consent that lets her."""

    agent_key: UUID
    consent_id: UUID


@dataclass(frozen=True, slots=True)
class Booking:
    """A fresh appointment and the hall it is at, as they were read and written."""

    appointment: Appointment
    hall: Hall


def book(
    session: Session,
    *,
    appointment_id: UUID,
    slot_id: UUID,
    person_key: UUID,
    item_key: UUID,
    group_code: str,
    channels: tuple[str, ...],
    now: datetime,
    hall_codes: Collection[str] = (),
    priority: int = 0,
    details: Mapping[str, Any] | None = None,
    acting: Acting | None = None,
    visit_id: UUID | None = None,
) -> Booking:
    """Book one place, or refuse and leave everything as it was.

    Never oversells: the place is taken by one conditional update, under a CHECK. Never
    books a person twice for an item and day: a partial unique index refuses the second.
    The person's key is claimed before the slot's row is locked, so a crowded slot is
    locked as short as can be and two bookings never wait for each other in a ring.
    `hall_codes` are the halls that do this business; none named means any. `acting` is who books
    for the person: her consent is looked at under a lock, so it cannot be withdrawn meanwhile.
    """
    keys = {
        "of_slot": slot_id,
        "of_person": person_key,
        "of_item": item_key,
        "missed_since": now - WITHIN - BARRED_FOR,
    }
    slot, hall, has_live, misses, first = _look(session, group_code, keys)
    if hall_codes and hall.code not in hall_codes:
        raise Refused("slot_wrong_hall")
    check_bookable(
        start=slot.start_at,
        release_at=slot.release_at,
        closed=slot.closed,
        channel=slot.channel,
        channels=channels,
        lead_minutes=hall.lead_minutes,
        now=now,
    )
    if misses >= MOST_MISSED:
        missed.check_may_book(session, person_key, now)
    if has_live:
        raise Refused("already_booked", day=slot.day)
    if not places.left(slot, now):
        raise Refused("slot_full")
    lock_people(session, (person_key, acting.agent_key if acting else None))
    wanted = Held(slot.hall_id, group_code, item_key, slot.day)
    check_limits(session, person_key, wanted)
    if acting is not None:
        check_agent(session, acting.agent_key)
        consents.check(
            session,
            acting.consent_id,
            principal=person_key,
            agent=acting.agent_key,
            item=item_key,
            day=slot.day,
        )
    row: dict[str, Any] = {
        "id": appointment_id,
        "hall_id": slot.hall_id,
        "slot_id": slot.id,
        "group_code": group_code,
        "person_key": person_key,
        "item_key": item_key,
        "day": slot.day,
        "start_at": slot.start_at,
        "end_at": slot.end_at,
        "channel": slot.channel,
        "source": "booked",
        "rescheduled": 0,
        "agent_key": acting.agent_key if acting else None,
        "consent_id": acting.consent_id if acting else None,
        "visit_id": visit_id,
        "state": State.BOOKED.value,
        "version": 1,
        "call_count": 0,
        "priority": max(priority, int(first)),
        "details": dict(details or {}),
        "booked_at": now,
    }
    appointment = claim(session, row, slot)
    if not places.take(session, slot_id, now, now + timedelta(minutes=hall.lead_minutes)):
        # Somebody took the last place since it was read: undo the claim, in this transaction.
        session.execute(delete(Appointment).where(Appointment.id == appointment_id))
        session.expunge(appointment)
        raise Refused("slot_full")
    return Booking(appointment, hall)


def _look(
    session: Session, group_code: str, keys: Mapping[str, Any]
) -> tuple[Slot, Hall, bool, int, bool]:
    found = session.execute(_LOOK, keys).one_or_none()
    if found is None:
        raise Refused("slot_unknown")
    slot, hall, has_live, misses, first = found
    if slot.group_code != group_code:
        raise Refused("slot_wrong_group")
    return slot, hall, has_live, misses, first


def claim(session: Session, row: dict[str, Any], slot: Slot) -> Appointment:
    """Write a fresh appointment's row, with codes of its own; the place is the caller's task."""
    for _ in range(_CODE_ATTEMPTS):
        row["check_in_code"] = f"{secrets.randbelow(1_000_000):06d}"
        row["qr_nonce"] = secrets.token_bytes(NONCE_BYTES)
        if session.scalar(_CLAIM, row) is not None:
            return _as_stored(session, row)
        # Either the person was faster on another device, or the code is taken in this hall.
        keys = {"of_person": row["person_key"], "of_item": row["item_key"]}
        if session.scalar(select(_live_one(slot.day)), keys):
            raise Refused("already_booked", day=slot.day)
    raise Refused("codes_exhausted")


def _as_stored(session: Session, row: dict[str, Any]) -> Appointment:
    # The row as the session would have read it back: every column is known.
    made = Appointment(**{**_LATER, **row})
    make_transient_to_detached(made)
    session.add(made)
    return made


def cancel(
    session: Session,
    appointment: Appointment,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> Change:
    """The resident gives the place back, up to the hall's deadline; `details` are added."""
    merged = {**appointment.details, **(details or {})}
    return move(session, appointment, Action.CANCEL, Who.RESIDENT, now, details=merged)


def hall_cancel(session: Session, appointment: Appointment, now: datetime) -> Change:
    """The hall cancels, because it cannot keep the time."""
    return move(session, appointment, Action.HALL_CANCEL, Who.STAFF, now)


def expire(session: Session, appointment: Appointment, now: datetime) -> Change:
    """Nobody came by the time check-in closed."""
    return move(session, appointment, Action.NO_SHOW, Who.SYSTEM, now)


def rate(
    session: Session, appointment: Appointment, score: int, comment: str, now: datetime
) -> Rating:
    """Judge a finished service, once."""
    check_rating(State(appointment.state), appointment.finished_at, score, now)
    made = session.scalars(
        insert(Rating)
        .values(appointment_id=appointment.id, score=score, comment=comment, at=now)
        .on_conflict_do_nothing()
        .returning(Rating)
    ).one_or_none()
    if made is None:
        raise Refused("already_rated")
    return made
