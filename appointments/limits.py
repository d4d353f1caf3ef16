"""Limits of a person's bookings, checked so that two devices cannot both pass.

Whoever books for a person holds the person's lock until the transaction ends, so what is counted
cannot change in between. Locks are taken in the order of the ids, before any row is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from appointments.demand_model import BookingLimit
from appointments.limits_rules import MOST_AS_AGENT, Held, Limit, check, monday
from appointments.model import Appointment
from appointments.rules import APART, LIVE, RELEASED, Refused

_LIVE = [state.value for state in LIVE]
_RELEASED = [state.value for state in RELEASED]


def lock_people(session: Session, people: Iterable[UUID | None]) -> None:
    """Let nobody else book for these people until this transaction ends."""
    for person in sorted({person for person in people if person is not None}):
        session.execute(select(func.pg_advisory_xact_lock(_key(person))))


def _key(person: UUID) -> int:
    # 63 bits of the id: another person's lock by chance costs a wait, never a wrong answer.
    return person.int >> 65


# What the person holds and the district's limits, in one read: everybody who books waits for it.
_STANDING: Any = union_all(
    select(
        literal("held").label("kind"),
        Appointment.hall_id.label("hall"),
        Appointment.group_code.label("business"),
        Appointment.item_key.label("item"),
        Appointment.day.label("day"),
        Appointment.state.label("word"),
        literal(0).label("most"),
    ).where(
        Appointment.person_key == bindparam("of_person"),
        Appointment.source == "booked",
        Appointment.group_code.not_like(f"{APART}%"),
        Appointment.id != bindparam("but"),
        or_(
            Appointment.state.in_(_LIVE),
            and_(
                Appointment.day >= bindparam("first_day"),
                Appointment.day <= bindparam("last_day"),
                Appointment.state.not_in(_RELEASED),
            ),
        ),
    ),
    select(
        literal("limit"),
        BookingLimit.hall_id,
        BookingLimit.group_code,
        BookingLimit.item_key,
        null(),
        BookingLimit.per,
        BookingLimit.most,
    ),
)
_NOBODY = UUID(int=0)


def check_limits(
    session: Session, person: UUID, wanted: Held, *, moving: UUID | None = None
) -> None:
    """Refuse a booking over a limit; the caller holds the person's lock.

    `moving` is the appointment that is moved: it does not stand in its own way. A community's
    shared rooms have rules of their own and are neither limited nor counted here.
    """
    if wanted.group.startswith(APART):
        return
    week = monday(wanted.day)
    values = {
        "of_person": person,
        "but": moving or _NOBODY,
        "first_day": week,
        "last_day": week + timedelta(days=6),
    }
    held, limits = [], []
    for kind, hall, group, item, day, word, most in session.execute(_STANDING, values):
        if kind == "held":
            held.append(Held(hall, group, item, day, word))
        else:
            limits.append(Limit(word, most, hall, group, item))
    check(wanted, held, limits)


def check_agent(session: Session, agent: UUID) -> None:
    """Refuse another booking for others over the limit; the caller holds the agent's lock."""
    count = session.scalar(
        select(func.count())
        .select_from(Appointment)
        .where(Appointment.agent_key == agent, Appointment.state.in_(_LIVE))
    )
    if (count or 0) >= MOST_AS_AGENT:
        raise Refused("agent_limit_reached", most=MOST_AS_AGENT)
