"""The one place that changes an appointment's state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from appointments import places
from appointments.model import Appointment, Hall
from appointments.rules import ENDS, Action, Refused, State, Who, decide


@dataclass(frozen=True, slots=True)
class Change:
    """What a move did: the fresh row, and the states before and after."""

    appointment: Appointment
    action: Action
    before: State | None
    after: State


def hall_of(session: Session, hall_id: UUID) -> Hall:
    """The hall, or `Refused("hall_unknown")`."""
    hall = session.get(Hall, hall_id)
    if hall is None:
        raise Refused("hall_unknown")
    return hall


def move(
    session: Session,
    appointment: Appointment,
    action: Action,
    who: Who,
    now: datetime,
    **values: object,
) -> Change:
    """Take `action` if the rules allow it and nobody was faster.

    The update is conditional on the version that was read: of two that act on the same
    version one changes the row and the other gets `Refused("changed_meanwhile")`. A place
    is given back only by the update that really changed the row.
    """
    before = State(appointment.state)
    hall = hall_of(session, appointment.hall_id)
    transition = decide(appointment.fact(hall.policy), action, who, now)
    if transition.to in ENDS:
        values["ended_at"] = now
    changed = session.scalars(
        update(Appointment)
        .where(Appointment.id == appointment.id, Appointment.version == appointment.version)
        .values(state=transition.to.value, version=appointment.version + 1, **values)
        .returning(Appointment)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if changed is None:
        raise Refused("changed_meanwhile")
    if transition.releases:
        places.give_back(session, changed.slot_id)
    return Change(changed, action, before, transition.to)
