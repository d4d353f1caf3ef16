"""What happened in a hall between two days: waiting, serving, no-shows, the windows' load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Float, cast, extract, func, select
from sqlalchemy.orm import Session

from appointments.model import Appointment, Window
from appointments.queue_rules import LONGEST_PLAUSIBLE_MINUTES
from appointments.rules import State

ZONE_NAME = "Asia/Shanghai"
#: Somebody may well wait half a day; more than that is a forgotten click.
LONGEST_WAIT = 8 * 60.0


@dataclass(frozen=True, slots=True)
class Line:
    """A day, an hour or the whole time; averages in minutes, None where nothing was measured."""

    came: int
    finished: int
    no_show: int
    wait_minutes: float | None
    service_minutes: float | None


@dataclass(frozen=True, slots=True)
class WindowLoad:
    """What one window did; `busy_minutes` are those of the services that ended there."""

    number: int
    name: str
    finished: int
    busy_minutes: float
    service_minutes: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A hall's figures: as a whole, by day, by hour of coming, by window."""

    total: Line
    days: dict[date, Line]
    hours: dict[int, Line]
    windows: list[WindowLoad]


def _minutes(span: ColumnElement[Any]) -> ColumnElement[float]:
    return cast(extract("epoch", span) / 60, Float)


_WAITED = _minutes(Appointment.called_at - Appointment.checked_in_at)
_SERVED = _minutes(Appointment.finished_at - Appointment.serving_at)
_REAL_WAIT = _WAITED.between(0, LONGEST_WAIT)
_REAL_SERVICE = _SERVED.between(0, LONGEST_PLAUSIBLE_MINUTES)
_ENDED_WELL = Appointment.state == State.FINISHED.value
_DAY = cast(func.coalesce(Appointment.queue_day, Appointment.day), Date)
_LINE = (
    func.count(Appointment.checked_in_at),
    func.count().filter(_ENDED_WELL),
    func.count().filter(Appointment.state == State.NO_SHOW.value),
    func.avg(_WAITED).filter(_REAL_WAIT),
    func.avg(_SERVED).filter(_ENDED_WELL, _REAL_SERVICE),
)


def figures(session: Session, hall_id: UUID, first: date, last: date) -> Figures:
    """The figures from `first` to `last`, both included.

    Whoever took a ticket belongs to the day and hour she came, a no-show to the day booked.
    """
    within = (Appointment.hall_id == hall_id, _DAY.between(first, last))
    hour = extract("hour", func.timezone(ZONE_NAME, Appointment.checked_in_at))
    total = session.execute(select(*_LINE).where(*within)).one()
    days = session.execute(select(_DAY, *_LINE).where(*within).group_by(_DAY).order_by(_DAY))
    hours = session.execute(
        select(hour, *_LINE)
        .where(*within, Appointment.checked_in_at.is_not(None))
        .group_by(hour)
        .order_by(hour)
    )
    return Figures(
        total=Line(*total),
        days={row[0]: Line(*row[1:]) for row in days},
        hours={int(row[0]): Line(*row[1:]) for row in hours},
        windows=_windows(session, hall_id, within),
    )


def _windows(
    session: Session, hall_id: UUID, within: tuple[ColumnElement[bool], ...]
) -> list[WindowLoad]:
    done = (
        select(
            Appointment.window_id,
            func.count().label("finished"),
            func.sum(_SERVED).filter(_REAL_SERVICE).label("busy"),
            func.avg(_SERVED).filter(_REAL_SERVICE).label("average"),
        )
        .where(*within, _ENDED_WELL)
        .group_by(Appointment.window_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Window.number,
            Window.name,
            func.coalesce(done.c.finished, 0),
            func.coalesce(done.c.busy, 0.0),
            done.c.average,
        )
        .outerjoin(done, done.c.window_id == Window.id)
        .where(Window.hall_id == hall_id)
        .order_by(Window.number)
    )
    return [WindowLoad(*row) for row in rows]
