"""Booking a place, giving it up, judging the service."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

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
) -> Appointment:
    """Book one place, or refuse and leave everything as it was.

    Never oversells: the place is taken by one conditional update, under a CHECK. Never
    books a person twice for an item and day: a partial unique index refuses the second.
    The person's key is claimed before the slot's row is locked, so a crowded slot is
    locked as short as can be and two bookings never wait for each other in a ring.
    `hall_codes` are the halls that do this business; none named means any.
    """
    slot, hall = _look(session, slot_id, group_code)
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
    if _has_live(session, person_key, item_key, slot):
        raise Refused("already_booked", day=slot.day)
    if slot.booked >= slot.capacity:
        raise Refused("slot_full")
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
        "state": State.BOOKED.value,
        "version": 1,
        "call_count": 0,
        "priority": priority,
        "details": dict(details or {}),
        "booked_at": now,
    }
    appointment = _claim(session, row, slot)
    if not _take_place(session, slot_id, now + timedelta(minutes=hall.lead_minutes), now):
        # Somebody took the last place since it was read: undo the claim, in this transaction.
        session.execute(delete(Appointment).where(Appointment.id == appointment_id))
        session.expunge(appointment)
        raise Refused("slot_full")
    return appointment


def _look(session: Session, slot_id: UUID, group_code: str) -> tuple[Slot, Hall]:
    # One read for slot and hall, always fresh: a slot seen earlier in the session is stale.
    found = session.execute(
        select(Slot, Hall)
        .join(Hall, Hall.id == Slot.hall_id)
        .where(Slot.id == slot_id, Hall.active)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Refused("slot_unknown")
    slot, hall = found
    if slot.group_code != group_code:
        raise Refused("slot_wrong_group")
    return slot, hall


def _has_live(session: Session, person_key: UUID, item_key: UUID, slot: Slot) -> bool:
    return bool(
        session.scalar(
            select(
                exists().where(
                    Appointment.person_key == person_key,
                    Appointment.item_key == item_key,
                    Appointment.day == slot.day,
                    Appointment.state.in_(LIVE),
                )
            )
        )
    )


def _claim(session: Session, row: dict[str, Any], slot: Slot) -> Appointment:
    for _ in range(_CODE_ATTEMPTS):
        row["check_in_code"] = f"{secrets.randbelow(1_000_000):06d}"
        row["qr_nonce"] = secrets.token_bytes(NONCE_BYTES)
        made = session.scalars(
            insert(Appointment).values(**row).on_conflict_do_nothing().returning(Appointment)
        ).one_or_none()
        if made is not None:
            return made
        # Either the person was faster on another device, or the code is taken in this hall.
        if _has_live(session, row["person_key"], row["item_key"], slot):
            raise Refused("already_booked", day=slot.day)
    raise Refused("codes_exhausted")


def _take_place(session: Session, slot_id: UUID, earliest: datetime, now: datetime) -> bool:
    taken = session.execute(
        update(Slot)
        .where(
            Slot.id == slot_id,
            Slot.booked < Slot.capacity,
            Slot.closed.is_(False),
            Slot.release_at <= now,
            Slot.start_at >= earliest,
        )
        .values(booked=Slot.booked + 1)
        .returning(Slot.id)
        .execution_options(synchronize_session=False)
    )
    return taken.one_or_none() is not None


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
