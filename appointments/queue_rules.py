"""The order of the queue, ticket numbers, estimates and what the loudspeaker says. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

DEFAULT_SERVICE_MINUTES = 10.0
ENOUGH_SERVICES = 3
RECENT_SERVICES = 20
LONGEST_PLAUSIBLE_MINUTES = 120.0
LATE_TOLD = 10
_BESIDE = timedelta(seconds=1)
_DIGITS = "零一二三四五六七八九"


def queue_at(start: datetime, checked_in_at: datetime, grace_minutes: int) -> datetime:
    """The instant a ticket is queued by.

    Who comes in time keeps the place of the booked start; who comes later than the grace
    gives it up and stands where arrival puts them. So latecomers wait, but never for ever.
    """
    on_time = checked_in_at <= start + timedelta(minutes=grace_minutes)
    return start if on_time else checked_in_at


class Waiting(NamedTuple):
    """One who waits, by what orders the queue; `place` is the moment of checking in, or what
    `return_place` gave her."""

    priority: int
    queue_at: datetime
    place: datetime


def return_place(
    waiting: Sequence[Waiting], priority: int, behind: int | None, now: datetime
) -> tuple[datetime, datetime]:
    """Where somebody who missed her call and is back is queued: by what instant, at what place.

    `waiting` are those who wait for her business, in their order. She stands behind exactly
    `behind` of them, as far as her own priority allows: nobody goes before those with more, and
    nobody with more is sent behind those with less. Without `behind`, where coming back puts her.
    """
    if behind is None:
        return now, now
    before = sum(one.priority > priority for one in waiting)
    alike = [one for one in waiting if one.priority == priority]
    count = max(behind - before, 0)
    if count >= len(alike):
        last = alike[-1].queue_at if alike else now
        return max(last, now), now
    following = alike[count]
    if count == 0:
        return following.queue_at, following.place - _BESIDE
    previous = alike[count - 1]
    if previous.queue_at < following.queue_at:
        return previous.queue_at, previous.place + _BESIDE
    return previous.queue_at, previous.place + (following.place - previous.place) / 2


def others_turn(called: Sequence[int], run: int) -> bool:
    """Whether one without priority is called next; `called` are a window's calls, the latest first.

    After `run` with priority in a row it is their turn; without a run, priority goes first always.
    """
    latest = called[:run]
    return run > 0 and len(latest) == run and all(priority > 0 for priority in latest)


def ticket_no(letter: str, sequence: int) -> str:
    """`A012`: the group's letter and the day's running number, at least three digits."""
    return f"{letter}{sequence:03d}"


def service_minutes(recent: Sequence[float]) -> float:
    """Average minutes of the recent services; the default while there are too few to tell.

    A service of no time or of hours is a forgotten click, and is left out.
    """
    real = [minutes for minutes in recent if 0 < minutes <= LONGEST_PLAUSIBLE_MINUTES]
    if len(real) < ENOUGH_SERVICES:
        return DEFAULT_SERVICE_MINUTES
    return sum(real) / len(real)


def wait_minutes(ahead: int, average_service: float, open_windows: int) -> int | None:
    """Average service × people ahead ÷ open windows, rounded up; None while none is open."""
    if open_windows <= 0:
        return None
    return math.ceil(ahead * average_service / open_windows)


def shared_wait(
    group: str,
    ahead: Mapping[str, int],
    average: Mapping[str, float],
    windows: Mapping[str, Collection[UUID]],
) -> int | None:
    """The wait for a business whose windows serve others too; None while none is open.

    `ahead` counts those before her by business, `windows` the open windows of each. Somebody of
    another business takes up her windows only so far as they are among those that serve him.
    Where every window serves one business this is `wait_minutes`.
    """
    mine = set(windows.get(group, ()))
    if not mine:
        return None
    work = 0.0
    for other, count in ahead.items():
        theirs = set(windows.get(other, ()))
        if theirs:
            work += count * average[other] * len(theirs & mine) / len(theirs)
    return math.ceil(work / len(mine) - 1e-9)


def late_minutes(longest: timedelta | None) -> int:
    """How late a hall says it is, when somebody booked waits so long past her time; in fives.

    Less than ten minutes is nothing to tell.
    """
    if longest is None:
        return 0
    whole = int(longest.total_seconds()) // 300 * 5
    return whole if whole >= LATE_TOLD else 0


def speech(ticket: str, window: str) -> str:
    """What is read out: digits one by one, so that `A012` is not heard as twelve."""
    spoken = "".join(_DIGITS[int(sign)] if sign.isdecimal() else sign for sign in ticket)
    return f"请{spoken}号，到{window}号窗口"
