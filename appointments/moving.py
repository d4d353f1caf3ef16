"""To another time (改期): the new place is taken before the old one is given back, in one go."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from appointments import places
from appointments.limits import check_limits, lock_people
from appointments.limits_rules import Held
from appointments.model import Appointment, Hall, Slot
from appointments.moves import Change, hall_of, move
from appointments.rules import (
    LIVE,
    Action,
    Refused,
    Who,
    check_bookable,
    check_reschedules,
    decide,
)

_CODE_ATTEMPTS = 8
_CODE_TAKEN = "uq_appointment_live_code"


@dataclass(frozen=True, slots=True)
class Moved:
    """What a reschedule did, and where the appointment was before."""

    change: Change
    from_slot: UUID
    from_start: datetime
    from_hall: UUID


def reschedule(
    session: Session,
    appointment: Appointment,
    slot_id: UUID,
    *,
    channels: tuple[str, ...],
    now: datetime,
    hall_codes: Collection[str] = (),
    who: Who = Who.RESIDENT,
) -> Moved:
    """Move an appointment to another slot of the same business, or leave everything as it was.

    The row stays the same one: receipt, ticket code and history go with it. The person's key is
    claimed for the new day first (as booking does, so that the two never wait for each other in
    a ring), then both slots are locked in the order of their ids, then the new place is taken,
    and only then the old one is given back.
    """
    before = (appointment.slot_id, appointment.start_at, appointment.hall_id)
    slot, hall = _target(session, appointment, slot_id)
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
    old_hall = hall_of(session, appointment.hall_id)
    decide(appointment.fact(old_hall.policy), Action.RESCHEDULE, who, now)
    check_reschedules(appointment.rescheduled)
    _check_day(session, appointment, slot)
    if not places.left(slot, now):
        raise Refused("slot_full")
    lock_people(session, (appointment.person_key,))
    wanted = Held(slot.hall_id, slot.group_code, appointment.item_key, slot.day)
    check_limits(session, appointment.person_key, wanted, moving=appointment.id)
    try:
        with session.begin_nested():
            change = _claim(session, appointment, slot, who, now)
            _change_places(session, before[0], slot.id, now, hall.lead_minutes)
    except Refused:
        session.refresh(appointment)
        raise
    assert before[0] is not None  # nobody without a slot gets past `decide`
    return Moved(change, before[0], before[1], before[2])


def _target(session: Session, appointment: Appointment, slot_id: UUID) -> tuple[Slot, Hall]:
    found = session.execute(
        select(Slot, Hall)
        .join(Hall, Hall.id == Slot.hall_id)
        .where(Slot.id == slot_id, Hall.active)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Refused("slot_unknown")
    slot, hall = found
    if slot.group_code != appointment.group_code:
        raise Refused("slot_wrong_group")
    if slot.id == appointment.slot_id:
        raise Refused("same_slot")
    return slot, hall


def _check_day(session: Session, appointment: Appointment, slot: Slot) -> None:
    other = exists().where(
        Appointment.person_key == appointment.person_key,
        Appointment.item_key == appointment.item_key,
        Appointment.day == slot.day,
        Appointment.state.in_(LIVE),
        Appointment.id != appointment.id,
    )
    if session.scalar(select(other)):
        raise Refused("already_booked", day=slot.day)


def _claim(
    session: Session, appointment: Appointment, slot: Slot, who: Who, now: datetime
) -> Change:
    code = appointment.check_in_code
    for _ in range(_CODE_ATTEMPTS):
        try:
            with session.begin_nested():
                return move(
                    session,
                    appointment,
                    Action.RESCHEDULE,
                    who,
                    now,
                    hall_id=slot.hall_id,
                    slot_id=slot.id,
                    day=slot.day,
                    start_at=slot.start_at,
                    end_at=slot.end_at,
                    channel=slot.channel,
                    check_in_code=code,
                    rescheduled=appointment.rescheduled + 1,
                )
        except IntegrityError as refused:
            if _CODE_TAKEN not in str(refused.orig):
                # Booked for that day on another device since it was read.
                raise Refused("already_booked", day=slot.day) from refused
            # Somebody at the other hall has the same six digits.
            code = f"{secrets.randbelow(1_000_000):06d}"
    raise Refused("codes_exhausted")


def _change_places(
    session: Session, old: UUID | None, new: UUID, now: datetime, lead_minutes: int
) -> None:
    both = [slot_id for slot_id in (old, new) if slot_id is not None]
    # Not `FOR UPDATE`: the claim's foreign key already holds KEY SHARE on the new slot, as every
    # booking's does, and two that hold it could then wait for each other.
    lock = select(Slot.id).where(Slot.id.in_(both)).order_by(Slot.id)
    session.execute(lock.with_for_update(key_share=True))
    if not places.take(session, new, now, now + timedelta(minutes=lead_minutes)):
        raise Refused("slot_full")
    places.give_back(session, old)
