"""Which times of a day fit several items one after the other (一次办). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

from appointments.rules import Refused

#: One visit holds so many appointments, items of one person or places of a family or group.
LEAST, MOST = 2, 6
#: So many items at most are put in a row: every order of them is tried.
MOST_ITEMS = 4
#: So long at most does one wait between two windows.
GAP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Free:
    """A time with places: `rows` are the slots of each channel, the preferred one first."""

    start: datetime
    end: datetime
    rows: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a visit at one slot."""

    item: UUID
    slot: UUID
    start: datetime
    end: datetime


def chains(wanted: Mapping[UUID, str], free: Mapping[str, Sequence[Free]]) -> list[list[Part]]:
    """For each start the way through all items that ends first; earliest start first.

    `wanted` names the business of each item, `free` the times of each business by start. Two items
    of one business in a row share a time where it has places for both; otherwise the next begins
    when the one before is over, or up to half an hour later.
    """
    best: dict[datetime, list[Part]] = {}
    for order in permutations(wanted.items()):
        for chain in _through(order, free):
            start = chain[0].start
            if start not in best or chain[-1].end < best[start][-1].end:
                best[start] = chain
    return [best[start] for start in sorted(best)]


def _through(
    order: Sequence[tuple[UUID, str]], free: Mapping[str, Sequence[Free]]
) -> Iterator[list[Part]]:
    first_item, first_group = order[0]
    for time in free.get(first_group, ()):
        taken: dict[UUID, int] = {}
        chain = [_part(first_item, time, taken)]
        at, group = time, first_group
        for item, next_group in order[1:]:
            found = _next(at, group, next_group, free, taken)
            if found is None:
                break
            chain.append(_part(item, found, taken))
            at, group = found, next_group
        else:
            yield chain


def _next(
    at: Free, group: str, wanted: str, free: Mapping[str, Sequence[Free]], taken: dict[UUID, int]
) -> Free | None:
    if wanted == group and _row(at, taken) is not None:
        return at
    for time in free.get(wanted, ()):
        if at.end <= time.start <= at.end + GAP and _row(time, taken) is not None:
            return time
    return None


def _row(time: Free, taken: Mapping[UUID, int]) -> UUID | None:
    return next((row for row, left in time.rows if left > taken.get(row, 0)), None)


def _part(item: UUID, time: Free, taken: dict[UUID, int]) -> Part:
    row = _row(time, taken)
    assert row is not None  # looked for just before; a time without places is never handed in
    taken[row] = taken.get(row, 0) + 1
    return Part(item, row, time.start, time.end)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when one part of a visit would be, and for whom."""

    hall: UUID
    person: UUID
    start: datetime
    end: datetime


def check_together(kind: str, parts: Sequence[Place]) -> None:
    """Refuse a visit whose parts do not go together.

    All are at one hall on one day; one person is at one window at a time (or does two things at
    one time); a visit of items is one person's, a group's has several people.
    """
    if len({(part.hall, part.start.date()) for part in parts}) > 1:
        raise Refused("visit_apart")
    people = {part.person for part in parts}
    if (len(people) == 1) != (kind == "items"):
        raise Refused("visit_kind")
    for number, part in enumerate(parts):
        for other in parts[:number]:
            same = (part.start, part.end) == (other.start, other.end)
            if part.person == other.person and not same and _overlap(part, other):
                raise Refused("visit_overlap")


def _overlap(part: Place, other: Place) -> bool:
    return part.start < other.end and other.start < part.end
