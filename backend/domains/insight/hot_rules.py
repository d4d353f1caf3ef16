"""What makes an issue hot, and how well clusters meet labelled events. Pure."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# An issue is worth telling from this many callers on, whether in one event or in several.
CALLERS_LEAST = 3
SHOWN_MOST = 30
HALF_LIFE_DAYS = 14.0
WEEK = timedelta(days=7)
# An event counts as found when one cluster holds this share of it and is this pure.
FOUND_SHARE, FOUND_PURITY = 0.5, 0.7


@dataclass(frozen=True, slots=True)
class Heat:
    """How hot an issue is. `growth`: -1 (nobody this week) … 0 (as last week) … 1 (all new)."""

    callers: int
    growth: float
    score: float


def heat(calls: Sequence[tuple[datetime, int]], now: datetime) -> Heat:
    """The heat of an issue from the moments of its messages and how many called with each.

    Callers fade with a half-life of 14 days; what grows against the week before counts up to
    half as much again, what falls silent down to half.
    """
    faded = this_week = last_week = 0.0
    for at, callers in calls:
        age = max((now - at) / timedelta(days=1), 0.0)
        faded += callers * 0.5 ** (age / HALF_LIFE_DAYS)
        if now - at < WEEK:
            this_week += callers
        elif now - at < 2 * WEEK:
            last_week += callers
    recent = this_week + last_week
    growth = (this_week - last_week) / recent if recent else -1.0
    return Heat(
        callers=sum(callers for _, callers in calls),
        growth=round(growth, 3),
        score=round(faded * (1 + growth / 2), 3),
    )


def counted_once(messages: Sequence[tuple[int, frozenset[str]]]) -> list[int]:
    """How many callers each message adds to those before it: (callers, who of them is known)."""
    known: set[str] = set()
    added = []
    for callers, who in messages:
        added.append(callers - len(who & known))
        known |= who
    return added


@dataclass(frozen=True, slots=True)
class Scores:
    """B-cubed over the labelled messages, and how many events were found whole and pure."""

    precision: float
    recall: float
    f1: float
    events: int
    events_found: int


def scores(clusters: Sequence[Hashable], events: Sequence[str | None]) -> Scores:
    """Compare clusters with labelled events; messages without a label do not count.

    Raises ValueError when no message is labelled.
    """
    pairs = [
        (cluster, event)
        for cluster, event in zip(clusters, events, strict=True)
        if event is not None
    ]
    if not pairs:
        raise ValueError("no labelled messages")
    both = Counter(pairs)
    of_cluster = Counter(cluster for cluster, _ in pairs)
    of_event = Counter(event for _, event in pairs)
    precision = sum(n * n / of_cluster[cluster] for (cluster, _), n in both.items()) / len(pairs)
    recall = sum(n * n / of_event[event] for (_, event), n in both.items()) / len(pairs)
    found = set()
    for (cluster, event), n in both.items():
        if n / of_event[event] >= FOUND_SHARE and n / of_cluster[cluster] >= FOUND_PURITY:
            found.add(event)
    f1 = 2 * precision * recall / (precision + recall)
    return Scores(precision, recall, f1, len(of_event), len(found))
