"""The places of a slot: taken, kept for somebody, given back, each by one conditional statement.

What is left at a moment is `min(capacity, first_places until rest_at) - booked - held`. No other
module writes `booked` or `held`. Statements that touch several slots go in the order of their ids.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, case, func, or_, update
from sqlalchemy.orm import Session

from appointments.model import Slot

# A plain table: the ORM's own statements cost several times as much.
_SLOTS = cast(Table, Slot.__table__)
_C = _SLOTS.c


def on_offer(now: Any) -> ColumnElement[int]:
    """How many places of a slot are released at `now`, as SQL."""
    whole = or_(_C.rest_at.is_(None), _C.rest_at <= now)
    return case((whole, _C.capacity), else_=func.least(_C.capacity, _C.first_places))


def left_over(now: Any) -> ColumnElement[int]:
    """How many places of a slot anybody can take at `now`, as SQL; never below zero."""
    return func.greatest(on_offer(now) - _C.booked - _C.held, 0)


def left(slot: Slot, now: datetime) -> int:
    """How many places of this slot anybody can take at `now`; never below zero."""
    released = slot.capacity
    if slot.rest_at is not None and slot.rest_at > now:
        released = min(released, slot.first_places or 0)
    return max(released - slot.booked - slot.held, 0)


_FREE = (
    _C.id == bindparam("of_slot"),
    _C.booked + _C.held < on_offer(bindparam("at")),
    _C.closed.is_(False),
    _C.release_at <= bindparam("at"),
    _C.start_at >= bindparam("earliest"),
)
_TAKE = update(_SLOTS).where(*_FREE).values(booked=_C.booked + 1).returning(_C.id)
_HOLD = update(_SLOTS).where(*_FREE).values(held=_C.held + 1).returning(_C.id)
_OF = _C.id == bindparam("of_slot")
_TAKE_HELD = (
    update(_SLOTS)
    .where(_OF, _C.held > 0)
    .values(booked=_C.booked + 1, held=_C.held - 1)
    .returning(_C.id)
)
_UNHOLD = update(_SLOTS).where(_OF, _C.held > 0).values(held=_C.held - 1).returning(_C.id)
_GIVE_BACK = update(_SLOTS).where(_OF).values(booked=_C.booked - 1)


def take(session: Session, slot_id: UUID, now: datetime, earliest: datetime) -> bool:
    """Take a place on offer of a slot that starts at `earliest` or later; False: none is left."""
    values = {"of_slot": slot_id, "at": now, "earliest": earliest}
    return session.scalar(_TAKE, values) is not None


def hold(session: Session, slot_id: UUID, now: datetime, earliest: datetime) -> bool:
    """Keep a place for somebody who is asked; False: none is left."""
    values = {"of_slot": slot_id, "at": now, "earliest": earliest}
    return session.scalar(_HOLD, values) is not None


def take_held(session: Session, slot_id: UUID) -> bool:
    """Turn a kept place into a taken one; False: none was kept."""
    return session.scalar(_TAKE_HELD, {"of_slot": slot_id}) is not None


def unhold(session: Session, slot_id: UUID) -> bool:
    """Give a kept place back to everybody; False: none was kept."""
    return session.scalar(_UNHOLD, {"of_slot": slot_id}) is not None


def give_back(session: Session, slot_id: UUID | None) -> None:
    """Give a taken place back; who has no slot (a ticket from the door) gives nothing back."""
    if slot_id is not None:
        session.execute(_GIVE_BACK, {"of_slot": slot_id})
