"""What is written on paper while the network is gone, and what of it can be true. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from appointments.rules import ZONE, Action, State

#: How a line ends, the step that records it, and the state it leaves behind.
OUTCOMES: Mapping[str, tuple[Action, State]] = {
    "finished": (Action.PAPER_FINISH, State.FINISHED),
    "no_show": (Action.PAPER_NO_SHOW, State.NO_SHOW),
    "left": (Action.PAPER_LEAVE, State.CANCELLED),
}
_TICKET = re.compile(r"([A-Z])([0-9]{3,4})")
_ROOM = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet; `coded` where it names a booking by its six digits."""

    group: str
    outcome: str
    coded: bool = False
    ticket_no: str | None = None
    arrived_at: datetime | None = None
    called_at: datetime | None = None
    window_number: int | None = None
    finished_at: datetime | None = None


def first_number(last: int) -> int:
    """Where the paper's numbers begin: so far on that the machine's, given out meanwhile, end before.

    101, 201 and so on, with room for fifty tickets at least between the print and the failure.
    """
    return ((last + _ROOM) // 100 + 1) * 100 + 1


def number_of(ticket_no: str) -> int:
    """The running number of a ticket."""
    return int(ticket_no[1:])


def problems(
    line: Line,
    day: date,
    now: datetime,
    letters: Mapping[str, str],
    windows: Collection[int],
) -> list[str]:
    """What cannot be as the line says, as codes; `letters` of the business done in this hall."""
    found = []
    if line.group not in letters:
        found.append("group")
    # Who never came took no ticket: her booking alone says who it was.
    absent = line.coded and line.outcome == "no_show"
    if not absent or line.ticket_no is not None:
        fits = _TICKET.fullmatch(line.ticket_no or "")
        if fits is None or fits[1] != letters.get(line.group, fits[1]):
            found.append("ticket")
        if line.arrived_at is None:
            found.append("arrived")
    if line.outcome == "finished" and (line.window_number is None or line.finished_at is None):
        found.append("finished")
    if line.window_number is not None and line.window_number not in windows:
        found.append("window")
    return found + _times(line, day, now)


def _times(line: Line, day: date, now: datetime) -> list[str]:
    times = [one for one in (line.arrived_at, line.called_at, line.finished_at) if one is not None]
    found = []
    if any(one.astimezone(ZONE).date() != day for one in times):
        found.append("day")
    if any(one > now for one in times):
        found.append("future")
    if times != sorted(times):
        found.append("order")
    return found
