"""The same figures with ten times the halls and a million past appointments.

Minutes lie between before and after, in which a machine may become slower for reasons of its own:
a bare route is measured beside each figure, and what was kept is reckoned in shares of it.
"""

import itertools
import statistics
from collections.abc import Callable, Iterator
from typing import Any

from backend.kernel.ids import stable_id
from benchmarks.bookings import CONNECTIONS
from benchmarks.growth_fill import grow
from benchmarks.load import Call, drive
from benchmarks.place import Place, key
from tests.people import proved
from tests.rush import bookable_item

READS, BOOKINGS, ROUNDS = 1500, 500, 3
HALLS, PAST = 10, 1_000_000
#: How far a figure may fall.
MOST_SLOWER = 0.20


def run(
    place: Place, reads: int = READS, bookings: int = BOOKINGS, past: int = PAST
) -> dict[str, Any]:
    """Reads of a month's availability and bookings, before and after the district has grown."""
    item = bookable_item(place.services)
    before = _figures(place, item, reads, bookings)
    grown = grow(place.services, hall=stable_id("hall", "yuehe"), item=item, halls=HALLS, past=past)
    after = _figures(place, item, reads, bookings)
    kept = {
        name: round(after[name]["share_of_bare"] / before[name]["share_of_bare"], 3)
        for name in before
    }
    return {
        **{f"{name} before": row for name, row in before.items()},
        **{f"{name} after": row for name, row in after.items()},
        "grown": grown,
        "kept": kept,
        "within": all(share >= 1 - MOST_SLOWER for share in kept.values()),
    }


def _figures(place: Place, item: Any, reads: int, bookings: int) -> dict[str, dict[str, Any]]:
    """Each figure of the middle round, with its share of the bare route measured just before it."""
    people = place.residents(bookings)
    asked = _asked(place, item, people, reads)
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in asked}
    with place.serve() as server, place.serve("benchmarks.targets.bare:app") as bare:
        # Everybody is known and every process warm before it counts.
        for name, calls in asked.items():
            if name != "bookings":
                drive(server.port, calls(), connections=CONNECTIONS)
        for _ in range(ROUNDS):
            for name, calls in asked.items():
                beside = (Call("GET", "/healthz") for _ in range(reads))
                pace = drive(bare.port, beside, connections=CONNECTIONS).per_second
                outcome = drive(server.port, calls(), connections=CONNECTIONS)
                share = round(outcome.per_second / pace, 4)
                rounds[name].append({**outcome.row(), "share_of_bare": share})
    return {name: _middle(rows) for name, rows in rounds.items()}


def _middle(rows: list[dict[str, Any]]) -> dict[str, Any]:
    middle = statistics.median_low(row["share_of_bare"] for row in rows)
    return next(row for row in rows if row["share_of_bare"] == middle)


def _asked(
    place: Place, item: Any, people: list[Any], reads: int
) -> dict[str, Callable[[], Iterator[Call]]]:
    hall = stable_id("hall", "yuehe")

    def read(path: str) -> Callable[[], Iterator[Call]]:
        turn = itertools.cycle(people)
        return lambda: (Call("GET", path, next(turn)) for _ in range(reads))

    def book() -> Iterator[Call]:
        # Each round has people and places of its own.
        slots = itertools.cycle(place.slots(max(len(people) // 10, 1), 20))
        wanted = [
            Call("POST", "/api/v1/appointments", {**proved(place.services, who), "Idempotency-Key": key()},
                 {"slot_id": next(slots), "item_id": str(item)})
            for who in place.residents(len(people))
        ]  # fmt: skip
        return iter(wanted)

    return {
        "days": read(f"/api/v1/halls/{hall}/days?item_id={item}"),
        "halls": read(f"/api/v1/halls?item_id={item}"),
        "own": read("/api/v1/appointments?state=live"),
        "bookings": book,
    }
