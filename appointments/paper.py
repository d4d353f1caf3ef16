"""The hall without a network: what is printed before, what is caught up with after (补录)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from appointments import missed
from appointments.demand_model import Missed
from appointments.model import Appointment, TicketCounter
from appointments.moves import Change, move
from appointments.paper_rules import OUTCOMES, Line, first_number
from appointments.rules import ZONE, Who

#: A second ticket of the day under a number that an ended one has already.
AGAIN = "P"
FORGIVEN = "断网时的纸质记录显示当天来过"


def numbers_from(
    session: Session, hall_id: UUID, day: date, groups: Collection[str]
) -> dict[str, int]:
    """The number with which the paper's tickets of each kind of business begin."""
    rows = session.execute(
        select(TicketCounter.group_code, TicketCounter.last).where(
            TicketCounter.hall_id == hall_id, TicketCounter.day == day
        )
    )
    last = {row[0]: row[1] for row in rows}
    return {group: first_number(last.get(group, 0)) for group in groups}


def raise_counters(session: Session, hall_id: UUID, day: date, highest: Mapping[str, int]) -> None:
    """The machine gives no number again that was given out on paper."""
    for group, number in sorted(highest.items()):
        row = insert(TicketCounter).values(hall_id=hall_id, day=day, group_code=group, last=number)
        session.execute(
            row.on_conflict_do_update(
                index_elements=["hall_id", "day", "group_code"],
                set_={"last": func.greatest(TicketCounter.last, number)},
            )
        )


def meant(
    session: Session, hall_id: UUID, day: date, codes: Collection[str], tickets: Collection[str]
) -> list[Appointment]:
    """The hall's rows of the day with these codes or tickets, locked in the order of their ids."""
    return list(
        session.scalars(
            select(Appointment)
            .where(
                Appointment.hall_id == hall_id,
                or_(
                    and_(Appointment.day == day, Appointment.check_in_code.in_(codes)),
                    and_(Appointment.queue_day == day, Appointment.ticket_no.in_(tickets)),
                ),
            )
            .order_by(Appointment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def caught_up(session: Session, person_key: UUID, item_key: UUID, day: date, line: Line) -> bool:
    """Whether this line of somebody's was entered before, as a row of its own."""
    return (
        session.scalar(
            select(Appointment.id).where(
                Appointment.person_key == person_key,
                Appointment.item_key == item_key,
                Appointment.queue_day == day,
                Appointment.source == "paper",
                Appointment.checked_in_at == line.arrived_at,
            )
        )
        is not None
    )


def end(
    session: Session, row: Appointment, line: Line, window_id: UUID | None, now: datetime
) -> Change:
    """End what is still open as the paper says, with the paper's times.

    Who had her ticket before the network went keeps its number and the moment she came.
    """
    action, _ = OUTCOMES[line.outcome]
    values: dict[str, object] = {}
    came = line.arrived_at
    if row.ticket_no is None and line.ticket_no is not None and came is not None:
        values = {
            "ticket_no": line.ticket_no,
            "queue_day": came.astimezone(ZONE).date(),
            "queue_at": came,
            "checked_in_at": came,
        }
    if line.called_at is not None:
        values |= {"called_at": line.called_at, "call_count": max(row.call_count, 1)}
    if window_id is not None:
        values["window_id"] = window_id
    if line.outcome == "finished":
        values |= {"serving_at": line.called_at, "finished_at": line.finished_at}
    return move(session, row, action, Who.STAFF, now, **values)


def forgive(session: Session, row: Appointment, by: UUID, now: datetime) -> None:
    """She came after all: the no-show that was counted by the clock does not count."""
    counted = session.get(Missed, row.id, with_for_update=True, populate_existing=True)
    if counted is not None and counted.state in missed.COUNTING:
        missed.forgive_all(session, [counted], words=FORGIVEN, by=by, now=now)
