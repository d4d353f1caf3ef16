"""What the hall sees: the clerks' board, the big screen, and the day's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Select, and_, case, cast, extract, func, or_, select
from sqlalchemy.orm import Session

from appointments.model import Appointment, ItemGroup, Window, WindowGroup
from appointments.queue import queue_order
from appointments.queue_rules import LONGEST_PLAUSIBLE_MINUTES, late_minutes
from appointments.rules import AT_WINDOW, State
from appointments.video_rules import CHANNEL as VIDEO

T = TypeVar("T")
SCREEN_CALLS = 8
SCREEN_WAITING = 40


@dataclass(frozen=True, slots=True)
class Calling:
    """A ticket that is being called."""

    ticket_no: str
    window_number: int
    called_at: datetime


@dataclass(frozen=True, slots=True)
class Stats:
    """A day's counts, and averages in minutes (None where nothing was measured)."""

    booked: int
    waiting: int
    serving: int
    finished: int
    no_show: int
    cancelled: int
    avg_wait_minutes: float | None
    avg_service_minutes: float | None


@dataclass(frozen=True, slots=True)
class Screen:
    """What the big screen shows; `waiting` holds the first tickets, the count holds all.

    `parked` come back to their window without being called anew, `sent` wait for a certain one.
    """

    calling: list[Calling]
    waiting: list[str]
    waiting_count: int
    parked: list[tuple[str, int]]
    sent: list[tuple[str, int]]


def _of_day(hall_id: UUID, day: date) -> ColumnElement[bool]:
    # Whoever checked in belongs to the day she came, everybody else to the day booked.
    return and_(
        Appointment.hall_id == hall_id,
        or_(
            Appointment.queue_day == day,
            and_(Appointment.queue_day.is_(None), Appointment.day == day),
        ),
    )


def windows(session: Session, hall_id: UUID) -> list[Window]:
    """The hall's windows by number."""
    return list(
        session.scalars(select(Window).where(Window.hall_id == hall_id).order_by(Window.number))
    )


def window_groups(session: Session, hall_id: UUID) -> dict[UUID, list[ItemGroup]]:
    """The groups each window of the hall serves."""
    rows = session.execute(
        select(WindowGroup.window_id, ItemGroup)
        .join(ItemGroup, ItemGroup.code == WindowGroup.group_code)
        .join(Window, Window.id == WindowGroup.window_id)
        .where(Window.hall_id == hall_id)
        .order_by(ItemGroup.letter)
    )
    found: dict[UUID, list[ItemGroup]] = {}
    for window_id, group in rows:
        found.setdefault(window_id, []).append(group)
    return found


def at_windows(session: Session, hall_id: UUID) -> dict[UUID, Appointment]:
    """Who is called to or served at each window now."""
    rows = session.scalars(
        select(Appointment).where(Appointment.hall_id == hall_id, Appointment.state.in_(AT_WINDOW))
    )
    return {row.window_id: row for row in rows if row.window_id is not None}


def queue_of(session: Session, hall_id: UUID, day: date) -> list[Appointment]:
    """The waiting tickets of a day in the order in which they will be called."""
    return list(session.scalars(_waiting(select(Appointment), hall_id, day)))


def _waiting(query: Select[T], hall_id: UUID, day: date) -> Select[T]:
    return query.where(
        Appointment.hall_id == hall_id,
        Appointment.queue_day == day,
        Appointment.state == State.CHECKED_IN.value,
    ).order_by(*queue_order())


def appointments_of(session: Session, hall_id: UUID, day: date) -> list[Appointment]:
    """All appointments of a hall's day, by time."""
    return list(
        session.scalars(
            select(Appointment)
            .where(_of_day(hall_id, day))
            .order_by(Appointment.start_at, Appointment.booked_at, Appointment.id)
        )
    )


def stats(session: Session, hall_id: UUID, day: date) -> Stats:
    """The day in numbers."""
    rows = session.execute(
        select(Appointment.state, func.count())
        .where(_of_day(hall_id, day))
        .group_by(Appointment.state)
    )
    count = {State(state): number for state, number in rows}
    waited = Appointment.called_at - Appointment.checked_in_at
    served = Appointment.finished_at - Appointment.serving_at
    averages = session.execute(
        select(_minutes(waited), _minutes(served)).where(
            _of_day(hall_id, day), Appointment.state == State.FINISHED.value
        )
    ).one()
    return Stats(
        booked=sum(count.values()) - count.get(State.CANCELLED, 0),
        waiting=count.get(State.CHECKED_IN, 0),
        serving=count.get(State.SERVING, 0) + count.get(State.CALLED, 0),
        finished=count.get(State.FINISHED, 0),
        no_show=count.get(State.NO_SHOW, 0),
        cancelled=count.get(State.CANCELLED, 0),
        avg_wait_minutes=averages[0],
        avg_service_minutes=averages[1],
    )


def _minutes(span: ColumnElement[Any]) -> ColumnElement[float]:
    minutes = cast(extract("epoch", span) / 60, Float)
    plausible = minutes.between(0, LONGEST_PLAUSIBLE_MINUTES)
    return func.avg(minutes).filter(plausible)


def screen(session: Session, hall_id: UUID, day: date) -> Screen:
    """Called tickets, the latest first, and those that wait."""
    waiting_for = Appointment.state == State.CHECKED_IN.value
    aside = Appointment.state == State.PARKED.value
    here = Appointment.queue_day == day
    placed = session.execute(
        select(Appointment.ticket_no, Window.number, Appointment.called_at, Appointment.state)
        .join(
            Window,
            Window.id
            == case((waiting_for, Appointment.for_window_id), else_=Appointment.window_id),
        )
        .where(
            Appointment.hall_id == hall_id,
            Appointment.queue_day.is_not(None),
            # Who is served by video is at home: nobody in the hall is to go to the window.
            Appointment.channel != VIDEO,
            or_(Appointment.state == State.CALLED.value, and_(here, or_(aside, waiting_for))),
        )
        .order_by(*queue_order())
    ).all()
    called = sorted(
        (row for row in placed if row.state == State.CALLED.value and row.called_at is not None),
        key=lambda row: row.called_at,
        reverse=True,
    )
    tickets = list(session.scalars(_waiting(select(Appointment.ticket_no), hall_id, day)))
    return Screen(
        calling=[
            Calling(row.ticket_no, row.number, row.called_at)
            for row in called[:SCREEN_CALLS]
            if row.ticket_no is not None
        ],
        waiting=[ticket for ticket in tickets[:SCREEN_WAITING] if ticket is not None],
        waiting_count=len(tickets),
        parked=_of(placed, State.PARKED),
        sent=_of(placed, State.CHECKED_IN),
    )


def _of(placed: Sequence[Any], state: State) -> list[tuple[str, int]]:
    """Tickets in this state with the number of their window."""
    found = [(row.ticket_no, row.number) for row in placed if row.state == state.value]
    return [(ticket, number) for ticket, number in found if ticket is not None][:SCREEN_WAITING]


def screen_mark(session: Session, hall_id: UUID, day: date, now: datetime) -> tuple[str, int]:
    """A word that changes whenever the screen would, for ETag, and how late the hall is.

    One indexed read. Versions only grow and rows of a queue day are never removed, so equal sums
    mean that nothing happened in between. The minutes are those by which the hall is late with
    people who booked and came in time; 0: it is not.
    """
    oldest = select(func.min(Appointment.queue_at)).where(
        Appointment.hall_id == hall_id,
        Appointment.queue_day == day,
        Appointment.state == State.CHECKED_IN.value,
        Appointment.source == "booked",
        # Who was called before and is sent on, or is back, was not kept waiting by the hall.
        Appointment.called_at.is_(None),
    )
    # Tickets still at a window after midnight are on the screen as well.
    shown = or_(Appointment.queue_day == day, Appointment.state.in_(AT_WINDOW))
    counters = select(func.coalesce(func.sum(Window.version), 0)).where(Window.hall_id == hall_id)
    tickets = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Appointment.version), 0),
            counters.scalar_subquery(),
            oldest.scalar_subquery(),
        ).where(Appointment.hall_id == hall_id, Appointment.queue_day.is_not(None), shown)
    ).one()
    late = late_minutes(None if tickets[3] is None else now - tickets[3])
    return f"{day:%y%m%d}-{tickets[0]}-{tickets[1]}-{tickets[2]}-{late}", late
