"""No-shows that count, and who is barred from booking online by them. Derived, never stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from appointments.demand_model import Missed
from appointments.fairness_rules import BARRED_FOR, WITHIN, barred_until, hall_was_late
from appointments.model import Appointment
from appointments.moves import hall_of
from appointments.rules import Refused, State

COUNTING = ("counted", "appealed", "upheld")


def count(session: Session, appointment: Appointment, now: datetime) -> bool:
    """Count a no-show against its person, once; not where the hall was late or nothing was booked.

    Acting twice changes nothing; answers whether it counts anew.
    """
    late = hall_was_late(
        appointment.start_at,
        appointment.checked_in_at,
        appointment.called_at,
        hall_of(session, appointment.hall_id).hall_late_minutes,
    )
    booked = appointment.source == "booked"
    if State(appointment.state) is not State.NO_SHOW or late or not booked:
        return False
    made = session.scalar(
        insert(Missed)
        .values(
            appointment_id=appointment.id,
            person_key=appointment.person_key,
            hall_id=appointment.hall_id,
            at=now,
            state="counted",
        )
        .on_conflict_do_nothing()
        .returning(Missed.appointment_id)
    )
    return made is not None


def counting(session: Session, person_key: UUID, now: datetime) -> list[datetime]:
    """When the person missed what still matters, the oldest first."""
    return list(
        session.scalars(
            select(Missed.at)
            .where(
                Missed.person_key == person_key,
                Missed.state.in_(COUNTING),
                Missed.at > now - WITHIN - BARRED_FOR,
            )
            .order_by(Missed.at)
        )
    )


def check_may_book(session: Session, person_key: UUID, now: datetime) -> None:
    """Refuse somebody who is barred from booking online; walking in is always open."""
    until = barred_until(counting(session, person_key, now), now)
    if until is not None:
        raise Refused("barred", until=until)


def appeal(session: Session, row: Missed, words: str, now: datetime) -> Missed:
    """Ask that a no-show be not counted, once, in the person's own words."""
    return _move(session, row, "counted", "appealed", appeal=words, appealed_at=now)


def settle(
    session: Session, row: Missed, *, forgive: bool, words: str, by: UUID, now: datetime
) -> Missed:
    """Decide an appeal, or forgive what nobody appealed against."""
    if row.state == "counted" and not forgive:
        raise Refused("missed_not_appealed")
    to = "forgiven" if forgive else "upheld"
    return _move(session, row, row.state, to, decision=words, decided_by=by, decided_at=now)


def _move(session: Session, row: Missed, before: str, to: str, **values: object) -> Missed:
    if row.state != before or before not in ("counted", "appealed"):
        raise Refused("missed_settled", state=row.state)
    changed = session.scalars(
        update(Missed)
        .where(Missed.appointment_id == row.appointment_id, Missed.version == row.version)
        .values(state=to, version=row.version + 1, **values)
        .returning(Missed)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if changed is None:
        raise Refused("changed_meanwhile")
    return changed


def between(session: Session, hall_id: UUID, first: datetime, last: datetime) -> list[Missed]:
    """What counts of the hall's appointments that began between these moments, locked."""
    return list(
        session.scalars(
            select(Missed)
            .join(Appointment, Appointment.id == Missed.appointment_id)
            .where(
                Missed.hall_id == hall_id,
                Missed.state.in_(COUNTING),
                Appointment.start_at >= first,
                Appointment.start_at < last,
            )
            .order_by(Missed.appointment_id)
            .with_for_update(of=Missed)
        )
    )


def forgive_all(
    session: Session, rows: list[Missed], *, words: str, by: UUID, now: datetime
) -> None:
    """The hall was late: none of these counts, whatever was decided before."""
    for row in rows:
        row.state, row.decision = "forgiven", words
        row.decided_by, row.decided_at, row.version = by, now, row.version + 1
    session.flush()
