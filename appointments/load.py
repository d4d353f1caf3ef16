"""How busy halls are: people waiting, windows open, minutes a service takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appointments.model import Appointment, Window, WindowGroup
from appointments.queue_rules import RECENT_SERVICES, service_minutes, shared_wait, wait_minutes
from appointments.rules import State


@dataclass(frozen=True, slots=True)
class Load:
    """`wait_minutes` is what somebody who joins now should expect; None: no window open."""

    waiting: int
    wait_minutes: int | None


def average_service(session: Session, hall_id: UUID, groups: Sequence[str] | None = None) -> float:
    """Average minutes of the latest services in this hall (of these groups)."""
    query = select(Appointment.serving_at, Appointment.finished_at).where(
        Appointment.hall_id == hall_id,
        Appointment.state == State.FINISHED.value,
        Appointment.finished_at.is_not(None),
        Appointment.serving_at.is_not(None),
    )
    if groups is not None:
        query = query.where(Appointment.group_code.in_(groups))
    rows = session.execute(query.order_by(Appointment.finished_at.desc()).limit(RECENT_SERVICES))
    return service_minutes(
        [(end - begin).total_seconds() / 60 for begin, end in rows if begin and end]
    )


def open_windows(session: Session, hall_id: UUID, groups: Sequence[str] | None = None) -> int:
    """How many windows are open (for any of these groups)."""
    query = select(func.count(Window.id)).where(Window.hall_id == hall_id, Window.status == "open")
    if groups is not None:
        serving = select(WindowGroup.window_id).where(WindowGroup.group_code.in_(groups))
        query = query.where(Window.id.in_(serving))
    return session.scalar(query) or 0


def windows_by_group(session: Session, hall_id: UUID) -> dict[str, set[UUID]]:
    """The open windows of each kind of business."""
    rows = session.execute(
        select(WindowGroup.group_code, Window.id)
        .join(Window, Window.id == WindowGroup.window_id)
        .where(Window.hall_id == hall_id, Window.status == "open")
    )
    found: dict[str, set[UUID]] = {}
    for group, window_id in rows:
        found.setdefault(group, set()).add(window_id)
    return found


def expected_wait(
    session: Session, hall_id: UUID, group: str, ahead: Mapping[str, int]
) -> int | None:
    """Minutes until somebody of this business is called, with so many of each before her."""
    windows = windows_by_group(session, hall_id)
    mine = windows.get(group, set())
    felt = {other: count for other, count in ahead.items() if windows.get(other, set()) & mine}
    average = {other: average_service(session, hall_id, [other]) for other in felt}
    return shared_wait(group, felt, average, windows)


def expected_waits(session: Session, hall_id: UUID, queue: Sequence[str]) -> list[int | None]:
    """Minutes each of a queue can expect still; `queue` is the business of each, in their order."""
    windows = windows_by_group(session, hall_id)
    average = {group: average_service(session, hall_id, [group]) for group in set(queue)}
    ahead: dict[str, int] = {}
    found = []
    for group in queue:
        found.append(shared_wait(group, ahead, average, windows))
        ahead[group] = ahead.get(group, 0) + 1
    return found


def waiting_by_group(session: Session, hall_id: UUID, day: date) -> dict[str, int]:
    """People waiting in a hall by kind of business."""
    rows = session.execute(
        select(Appointment.group_code, func.count())
        .where(
            Appointment.hall_id == hall_id,
            Appointment.queue_day == day,
            Appointment.state == State.CHECKED_IN.value,
        )
        .group_by(Appointment.group_code)
    )
    return {row[0]: row[1] for row in rows}


def waiting_counts(
    session: Session, hall_ids: Iterable[UUID], day: date, group: str | None = None
) -> dict[UUID, int]:
    """People waiting in each hall's queue of `day`."""
    query = (
        select(Appointment.hall_id, func.count())
        .where(
            Appointment.hall_id.in_(list(hall_ids)),
            Appointment.queue_day == day,
            Appointment.state == State.CHECKED_IN.value,
        )
        .group_by(Appointment.hall_id)
    )
    if group is not None:
        query = query.where(Appointment.group_code == group)
    return {row[0]: row[1] for row in session.execute(query)}


def loads(
    session: Session, hall_ids: Sequence[UUID], day: date, group: str | None = None
) -> dict[UUID, Load]:
    """The load of each hall, for one group or for all its windows together."""
    counts = waiting_counts(session, hall_ids, day, group)
    found = {}
    for hall_id in hall_ids:
        waiting = counts.get(hall_id, 0)
        if group is not None:
            everybody = waiting_by_group(session, hall_id, day)
            found[hall_id] = Load(waiting, expected_wait(session, hall_id, group, everybody))
            continue
        average = average_service(session, hall_id)
        windows = open_windows(session, hall_id)
        found[hall_id] = Load(waiting, wait_minutes(waiting, average, windows))
    return found
