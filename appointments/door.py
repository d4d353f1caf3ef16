"""Tickets taken at the door without a booking."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from appointments.demand_model import Precedence
from appointments.model import Appointment, ItemGroup, Window, WindowGroup
from appointments.moves import Change, hall_of
from appointments.queue import next_ticket
from appointments.rules import APART, LIVE, ZONE, Action, Refused, State
from appointments.tokens import NONCE_BYTES

_CODE_ATTEMPTS = 8


def item_key_of(group_code: str) -> UUID:
    """The item of who only says which kind of business she came for: one for each group."""
    return uuid5(NAMESPACE_OID, f"item-group:{group_code}")


def groups_served(session: Session, hall_id: UUID) -> list[ItemGroup]:
    """The kinds of business that windows of this hall serve, by letter."""
    served = (
        select(WindowGroup.group_code)
        .join(Window, Window.id == WindowGroup.window_id)
        .where(Window.hall_id == hall_id)
    )
    query = select(ItemGroup).where(
        ItemGroup.code.in_(served), ItemGroup.code.not_like(f"{APART}%")
    )
    return list(session.scalars(query.order_by(ItemGroup.letter)))


def goes_first(session: Session, person_key: UUID, now: datetime) -> bool:
    """Whether staff have noted that this person is served first."""
    until = select(Precedence).where(Precedence.person_key == person_key)
    found = session.scalars(until).one_or_none()
    today = now.astimezone(ZONE).date()
    return found is not None and (found.until is None or found.until >= today)


def walk_in(
    session: Session,
    *,
    appointment_id: UUID,
    hall_id: UUID,
    group_code: str,
    now: datetime,
    person_key: UUID | None = None,
    item_key: UUID | None = None,
    priority: int = 0,
    details: Mapping[str, Any] | None = None,
    source: str = "walk_in",
    ticket: str | None = None,
) -> Change:
    """Give a ticket to somebody who has no booking; she stands where this moment puts her.

    A ticket that was written on paper is handed in as `ticket`.
    It takes no place of a slot, so it can neither oversell nor be refused for want of one.
    Nobody in particular (`person_key` None) is known by the ticket's own id. Who has a live
    booking of the same business for today is told so instead: that one is to be used.
    """
    hall = hall_of(session, hall_id)
    if group_code not in {group.code for group in groups_served(session, hall.id)}:
        raise Refused("group_not_served")
    today = now.astimezone(ZONE).date()
    person = person_key or appointment_id
    item = item_key or item_key_of(group_code)
    # Asked first, so that a refusal wastes no number; the unique index decides in a race.
    _check_none_live(session, person, item, today)
    row = {
        "id": appointment_id,
        "hall_id": hall.id,
        "group_code": group_code,
        "person_key": person,
        "item_key": item,
        "source": source,
        "day": today,
        "start_at": now,
        "end_at": now,
        "channel": "on_site",
        "state": State.CHECKED_IN.value,
        "version": 1,
        "priority": priority,
        "details": dict(details or {}),
        "booked_at": now,
        "queue_day": today,
        "queue_at": now,
        "checked_in_at": now,
        "ticket_no": ticket or next_ticket(session, hall.id, group_code, today),
    }
    for _ in range(_CODE_ATTEMPTS):
        made = session.scalars(
            insert(Appointment)
            .values(
                **row,
                check_in_code=f"{secrets.randbelow(1_000_000):06d}",
                qr_nonce=secrets.token_bytes(NONCE_BYTES),
            )
            .on_conflict_do_nothing()
            .returning(Appointment)
        ).one_or_none()
        if made is not None:
            return Change(made, Action.CHECK_IN, None, State.CHECKED_IN)
        _check_none_live(session, person, item, today)
    raise Refused("codes_exhausted")


def _check_none_live(session: Session, person: UUID, item: UUID, today: Any) -> None:
    live = exists().where(
        Appointment.person_key == person,
        Appointment.item_key == item,
        Appointment.day == today,
        Appointment.state.in_(LIVE),
    )
    if session.scalar(select(live)):
        raise Refused("already_booked", day=today)
