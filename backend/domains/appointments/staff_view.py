"""Appointments and windows as the hall's staff see them: personal values masked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appointments.model import Appointment, ItemGroup, Window
from appointments.rules import State
from backend.domains.appointments import company, wording
from backend.domains.identity.service import PersonCard, person_cards
from backend.kernel.uow import UnitOfWork


def one(uow: UnitOfWork, appointment: Appointment) -> dict[str, Any]:
    """One row of a board."""
    return many(uow, [appointment])[appointment.id]


def many(uow: UnitOfWork, rows: Sequence[Appointment]) -> dict[UUID, dict[str, Any]]:
    """Rows of a board by appointment, in a fixed number of queries however many they are."""
    cards = person_cards(uow, {row.person_key for row in rows})
    asked = {id_ for row in rows for id_ in (row.window_id, row.for_window_id)}
    window_ids = {id_ for id_ in asked if id_ is not None}
    numbers: dict[UUID, int] = {}
    if window_ids:
        found = uow.session.execute(
            select(Window.id, Window.number).where(Window.id.in_(window_ids))
        )
        numbers = {row[0]: row[1] for row in found}
    names = {row.code: row.name for row in uow.session.scalars(select(ItemGroup))}
    others = company.for_staff(uow, rows)
    return {
        row.id: {**_row(uow, row, cards.get(row.person_key), numbers, names), **others[row.id]}
        for row in rows
    }


def _row(
    uow: UnitOfWork,
    row: Appointment,
    card: PersonCard | None,
    numbers: dict[UUID, int],
    names: dict[str, str],
) -> dict[str, Any]:
    return {
        "id": row.id,
        "ticket_no": row.ticket_no,
        "person_name": card.name_masked if card else row.details.get("name_masked", ""),
        "phone_masked": card.phone_masked if card else None,
        "item_name": row.details["item_name"],
        "group_name": names[row.group_code],
        "start": row.start_at,
        "end": row.end_at,
        "state": row.state,
        "state_text": wording.STATE_TEXT[State(row.state)],
        "source": row.source,
        "channel": row.channel,
        "checked_in_at": row.checked_in_at,
        "called_at": row.called_at,
        "wait_minutes": _waited(uow, row),
        "window_number": numbers.get(row.window_id) if row.window_id else None,
        "for_window_number": numbers.get(row.for_window_id) if row.for_window_id else None,
        "priority": row.priority,
        "version": row.version,
    }


def _waited(uow: UnitOfWork, row: Appointment) -> int | None:
    # Minutes really waited: until the call, or until now while the ticket still waits.
    if row.checked_in_at is None:
        return None
    if row.state == State.CHECKED_IN:
        until = uow.now
    elif row.called_at is not None:
        until = row.called_at
    else:
        return None
    return max(0, int((until - row.checked_in_at).total_seconds() // 60))


def window(
    row: Window, groups: Sequence[ItemGroup], current: dict[str, Any] | None
) -> dict[str, Any]:
    """A window with whoever is there now."""
    return {
        "id": row.id,
        "number": row.number,
        "name": row.name,
        "status": row.status,
        "status_text": wording.WINDOW_STATUS_TEXT[row.status],
        "groups": [group.name for group in groups],
        "current": current,
    }
