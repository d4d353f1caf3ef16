"""How many bookings one person may have, as pure decisions.

A limit with a hall, a group or an item counts what is booked there; all that fit must hold. A
limit for everywhere takes the place of the built-in one of the same kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from appointments.rules import LIVE, Refused, State

#: Where no row says otherwise. One booking per item and day is kept by an index besides.
BUILT_IN = {"day": 3, "week": 6, "live": 8}
#: How many live bookings somebody may have made for others (代办), all together.
MOST_AS_AGENT = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` bookings `per` day, week (Monday to Sunday) or live at once; None: everywhere."""

    per: str
    most: int
    hall: UUID | None = None
    group: str | None = None
    item: UUID | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a person has booked, or wants to book."""

    hall: UUID
    group: str
    item: UUID
    day: date
    state: str = State.BOOKED.value


def in_force(rows: Sequence[Limit]) -> list[Limit]:
    """The district's own limits, and the built-in ones they leave."""
    everywhere = {row.per for row in rows if (row.hall, row.group, row.item) == (None, None, None)}
    built_in = [Limit(per, most) for per, most in BUILT_IN.items() if per not in everywhere]
    return [*rows, *built_in]


def check(wanted: Held, others: Sequence[Held], rows: Sequence[Limit]) -> None:
    """Refuse `wanted` when a limit is reached by what the person has besides.

    Days and weeks count what took place and what is to come; at once counts what is to come.
    """
    for limit in in_force(rows):
        if not _fits(limit, wanted):
            continue
        count = sum(1 for held in others if _fits(limit, held) and _counts(limit, wanted, held))
        if count >= limit.most:
            raise Refused("limit_reached", per=limit.per, most=limit.most)


def _fits(limit: Limit, held: Held) -> bool:
    return (
        limit.hall in (None, held.hall)
        and limit.group in (None, held.group)
        and limit.item in (None, held.item)
    )


def _counts(limit: Limit, wanted: Held, held: Held) -> bool:
    if limit.per == "day":
        return held.day == wanted.day
    if limit.per == "week":
        return monday(held.day) == monday(wanted.day)
    return State(held.state) in LIVE


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
