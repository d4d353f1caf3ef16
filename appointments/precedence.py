"""Who is served first because a disability was shown to staff; what it was is not kept."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from appointments.demand_model import Precedence
from appointments.model import Appointment
from appointments.rules import LIVE


def of(session: Session, person_key: UUID) -> Precedence | None:
    """What was registered for a person, also when it has run out."""
    return session.get(Precedence, person_key, populate_existing=True)


def holds(session: Session, person_key: UUID, day: date) -> bool:
    """Whether the person is served first on `day`."""
    found = of(session, person_key)
    return found is not None and (found.until is None or found.until >= day)


def grant(
    session: Session, person_key: UUID, until: date | None, by: UUID, now: datetime
) -> Precedence:
    """Serve the person first up to and including `until`; None: for good. The last word holds."""
    values = {"until": until, "granted_by": by, "granted_at": now}
    session.execute(
        insert(Precedence)
        .values(person_key=person_key, **values)
        .on_conflict_do_update(index_elements=["person_key"], set_=values)
    )
    first = true() if until is None else Appointment.day <= until
    session.execute(
        update(Appointment)
        .where(Appointment.person_key == person_key, Appointment.state.in_(LIVE), first)
        .values(priority=1)
    )
    found = of(session, person_key)
    assert found is not None  # written just now
    return found


def revoke(session: Session, person_key: UUID, priority: int) -> bool:
    """Take it back; live appointments then have `priority`. False: there was none."""
    gone = session.scalar(
        delete(Precedence)
        .where(Precedence.person_key == person_key)
        .returning(Precedence.person_key)
    )
    if gone is None:
        return False
    session.execute(
        update(Appointment)
        .where(Appointment.person_key == person_key, Appointment.state.in_(LIVE))
        .values(priority=priority)
    )
    return True


def priority(session: Session, person_key: UUID, day: date, *, elder: bool) -> int:
    """1 for who is served first that day, by age or by what was shown; else 0."""
    return int(elder or holds(session, person_key, day))
