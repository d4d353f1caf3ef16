"""Availability and progress reads a second over real HTTP."""

import itertools
from datetime import timedelta
from typing import Any

from backend.kernel.clock import local
from backend.kernel.ids import stable_id
from benchmarks.bookings import CONNECTIONS
from benchmarks.load import Call, drive
from benchmarks.place import Place, key
from tests.people import proved
from tests.rush import bookable_item

READS = 3000


def run(place: Place) -> dict[str, Any]:
    """Days and slots of a hall, a resident's matters, a look-up, the hall's screen."""
    hall = stable_id("hall", "yuehe")
    item = bookable_item(place.services)
    tomorrow = local(place.services.clock.now() + timedelta(days=1)).date()
    people = place.residents(50)
    slots = itertools.cycle(place.slots(10, 50))
    with place.serve() as server:
        book = (
            Call("POST", "/api/v1/appointments", {**proved(place.services, who), "Idempotency-Key": key()},
                 {"slot_id": next(slots), "item_id": str(item)})
            for who in people
        )  # fmt: skip
        drive(server.port, book, connections=10)
        paths = {
            "days": f"/api/v1/halls/{hall}/days?item_id={item}",
            "times": f"/api/v1/halls/{hall}/slots?item_id={item}&date={tomorrow}",
            "matters": "/api/v1/matters",
            "hall_screen": f"/api/v1/halls/{hall}/screen",
            "item": f"/api/v1/items/{item}",
            "healthz": "/healthz",
        }
        found = {}
        for name, path in paths.items():
            turn = itertools.cycle(people)
            calls = (Call("GET", path, next(turn)) for _ in range(READS))
            found[name] = drive(server.port, calls, connections=CONNECTIONS).row()
    for row in found.values():
        row["share_of_healthz"] = round(row["per_second"] / found["healthz"]["per_second"], 3)
    return found
