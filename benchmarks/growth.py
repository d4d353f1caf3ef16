"""The same figures with ten times the halls and a million past appointments."""

import itertools
from typing import Any

from backend.kernel.ids import stable_id
from benchmarks.bookings import CONNECTIONS
from benchmarks.growth_fill import grow
from benchmarks.load import Call, drive
from benchmarks.place import Place, key
from tests.people import proved
from tests.rush import bookable_item

READS, BOOKINGS = 3000, 1000
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
        name: round(after[name]["per_second"] / before[name]["per_second"], 3) for name in before
    }
    return {
        **{f"{name} before": row for name, row in before.items()},
        **{f"{name} after": row for name, row in after.items()},
        "grown": grown,
        "kept": kept,
        "within": all(share >= 1 - MOST_SLOWER for share in kept.values()),
    }


def _figures(place: Place, item: Any, reads: int, bookings: int) -> dict[str, Any]:
    hall = stable_id("hall", "yuehe")
    people = place.residents(bookings)
    slots = itertools.cycle(place.slots(max(bookings // 10, 1), 20))
    with place.serve() as server:
        found = {}
        for name, path in {
            "days": f"/api/v1/halls/{hall}/days?item_id={item}",
            "halls": f"/api/v1/halls?item_id={item}",
            "own": "/api/v1/appointments?state=live",
        }.items():
            turn = itertools.cycle(people)
            calls = (Call("GET", path, next(turn)) for _ in range(reads))
            found[name] = drive(server.port, calls, connections=CONNECTIONS).row()
        book = (
            Call("POST", "/api/v1/appointments", {**proved(place.services, who), "Idempotency-Key": key()},
                 {"slot_id": next(slots), "item_id": str(item)})
            for who in people
        )  # fmt: skip
        found["bookings"] = drive(server.port, book, connections=CONNECTIONS).row()
    return found
