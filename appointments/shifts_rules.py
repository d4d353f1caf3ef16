"""Places that come from who is at the windows: how many, in which times, in which quotas. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from appointments.calendar import Planned, minutes_of
from appointments.rules import ZONE

Span = tuple[time, time]
_Minutes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tempo:
    """A window serves `places` people of `group` in a slot; `quotas` are percents of 100."""

    group: str
    slot_minutes: int
    places: int
    quotas: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Staffed:
    """A window on a day: what it serves, and when somebody is there."""

    groups: frozenset[str]
    spans: tuple[Span, ...]


def shares(total: int, quotas: Sequence[tuple[str, int]]) -> dict[str, int]:
    """`total` places by percent, the largest remainders first; they add up to `total`."""
    found = {channel: total * percent // 100 for channel, percent in quotas}
    # Of equal remainders the channel that is named first comes first.
    by_remainder = sorted(quotas, key=lambda quota: -(total * quota[1] % 100))
    for channel, _ in by_remainder[: total - sum(found.values())]:
        found[channel] += 1
    return found


def joined(spans: Iterable[_Minutes]) -> list[_Minutes]:
    """Spans that touch or overlap as one: who takes over at noon leaves no gap."""
    found: list[_Minutes] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def from_shifts(
    day: date, tempo: Tempo, windows: Iterable[Staffed], paced: Collection[str] = ()
) -> list[Planned]:
    """The slots of a business on a day.

    The times begin where the first window does, and again after each pause of them all. A window
    counts in a slot throughout which somebody is there. A window that serves several of the
    businesses with a pace (`paced`) counts for each of them with its share: one clerk cannot serve
    two people at once. Rounded down, but a business that is served has one place at least.
    """
    there = [
        (
            joined((minutes_of(start), minutes_of(end)) for start, end in window.spans),
            Fraction(1, len(window.groups & {*paced, tempo.group})),
        )
        for window in windows
        if tempo.group in window.groups
    ]
    length = tempo.slot_minutes
    midnight = datetime.combine(day, time(), ZONE)
    found = []
    for first, last in joined(span for spans, _ in there for span in spans):
        for begin in range(first, last - length + 1, length):
            end = begin + length
            staffed = sum(
                share for spans, share in there if any(a <= begin and end <= b for a, b in spans)
            )
            total = max(1, int(staffed * tempo.places)) if staffed else 0
            for channel, capacity in shares(total, tempo.quotas).items():
                if capacity:
                    starts = midnight + timedelta(minutes=begin)
                    ends = midnight + timedelta(minutes=end)
                    found.append(Planned(tempo.group, channel, starts, ends, capacity))
    return found
