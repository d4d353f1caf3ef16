"""What a change of the supply did to the coming slots, told to whoever made it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appointments.calendar import Planned
from appointments.model import Slot

_COLUMNS = (
    Slot.id, Slot.group_code, Slot.channel, Slot.day, Slot.start_at, Slot.end_at,
    Slot.capacity, Slot.closed, Slot.booked, Slot.held, Slot.adjusted,
)  # fmt: skip
Found = Mapping[UUID, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A slot that has more people than there are places wanted; `wanted` 0: no slot at all."""

    slot_id: UUID
    group: str
    channel: str
    start: datetime
    end: datetime
    wanted: int
    taken: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many coming slots changed, those that could not shrink, those that have more places."""

    changed: int
    kept: tuple[Kept, ...]
    grown: tuple[UUID, ...]


def coming_slots(session: Session, hall_id: UUID, today: date, *, lock: bool = False) -> Found:
    """The hall's slots from today on, locked in the order of their ids where asked."""
    query = select(*_COLUMNS).where(Slot.hall_id == hall_id, Slot.day >= today).order_by(Slot.id)
    if lock:
        query = query.with_for_update(key_share=True)
    return {row.id: row for row in session.execute(query)}


def compared(
    before: Found, after: Found, planned: Sequence[Planned], days: Collection[date], now: datetime
) -> Rebuilt:
    """The difference, of times that are still to come."""
    wanted = {(one.group, one.channel, one.start): one.capacity for one in planned}
    changed, kept, grown = 0, [], []
    for row in sorted(after.values(), key=lambda row: (row.start_at, row.group_code, row.channel)):
        if row.start_at <= now:
            continue
        was = before.get(row.id)
        changed += was is None or (was.capacity, was.closed) != (row.capacity, row.closed)
        if not row.closed and (was is None or was.closed or row.capacity > was.capacity):
            grown.append(row.id)
        # What lies beyond the days that can be booked now is judged when they come into reach.
        want = wanted.get((row.group_code, row.channel, row.start_at), 0)
        taken = row.booked + row.held
        if row.day in days and not row.adjusted and taken > want:
            at = (row.start_at, row.end_at)
            kept.append(Kept(row.id, row.group_code, row.channel, *at, want, taken))
    return Rebuilt(changed, tuple(kept), tuple(grown))
