"""Bookings a second over real HTTP, beside a bare route, by hand, the naive way and the table lock."""

import importlib.util
import itertools
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import text

from benchmarks.load import Call, Outcome, drive
from benchmarks.place import Place, key
from benchmarks.targets.booking import TABLES
from tests.people import proved
from tests.rush import bookable_item

CONNECTIONS = 50
# Before each is measured: a process at nine o'clock has been up for days.
WARM = 300


def run(place: Place, scale: float = 1.0) -> dict[str, Any]:
    """Two scenarios, each with all ways in the same run."""
    with place.services.db.transaction() as session:
        session.execute(text(TABLES))

    def times(count: int) -> int:
        return max(int(count * scale), 20)

    return {
        # 20 slots of 10 places; ten thousand people press twice each: nearly all are refused.
        "rush": _scenario(
            place, slots=20, capacity=10, attempts=times(20_000), people=times(10_000)
        ),
        # Room for everybody: every attempt is a full booking.
        "all_succeed": _scenario(place, slots=200, capacity=20, attempts=times(2000)),
    }


def _scenario(
    place: Place, *, slots: int, capacity: int, attempts: int, people: int = 0
) -> dict[str, Any]:
    size = slots, capacity, attempts
    bare = _bare(place, attempts)
    by_hand = {name: _by_hand(place, name, *size) for name in ("ceiling", "whole", "naive", "lock")}
    rows = {
        "bare_route": bare,
        **by_hand,
        "huying": _house(place, *size, people=people or attempts),
    }
    if importlib.util.find_spec("granian"):
        rows["huying_granian"] = _house(place, *size, people=people or attempts, granian=True)
    for row in rows.values():
        row["share_of_bare"] = round(row["per_second"] / bare["per_second"], 3)
        for other in ("ceiling", "whole"):
            row[f"share_of_{other}"] = round(row["per_second"] / by_hand[other]["per_second"], 3)
    return rows


def _bare(place: Place, attempts: int) -> dict[str, Any]:
    def calls(count: int) -> Iterator[Call]:
        return (Call("POST", "/book", body={"slot_id": "x"}) for _ in range(count))

    with place.serve("benchmarks.targets.bare:app") as server:
        drive(server.port, calls(WARM), connections=CONNECTIONS)
        return drive(server.port, calls(attempts), connections=CONNECTIONS).row()


def _by_hand(place: Place, name: str, slots: int, capacity: int, attempts: int) -> dict[str, Any]:
    ids, warm = [str(uuid.uuid4()) for _ in range(slots)], str(uuid.uuid4())
    with place.services.db.transaction() as session:
        for slot, places in [(warm, WARM), *((slot, capacity) for slot in ids)]:
            session.execute(
                text("INSERT INTO bench_slot (id, capacity) VALUES (:id, :capacity)"),
                {"id": slot, "capacity": places},
            )

    def calls(wanted: list[str], count: int) -> Iterator[Call]:
        for slot in itertools.islice(itertools.cycle(wanted), count):
            yield Call("POST", f"/{name}", body={"slot_id": slot, "person": uuid.uuid4().hex})

    with place.serve("benchmarks.targets.booking:app") as server:
        drive(server.port, calls([warm], WARM), connections=CONNECTIONS)
        row = drive(server.port, calls(ids, attempts), connections=CONNECTIONS).row()
    table = "bench_naive" if name == "naive" else "bench_booking"
    row["oversold"] = place.scalar(
        f"SELECT coalesce(sum(greatest(n - {capacity}, 0)), 0) FROM (SELECT count(*) n FROM {table}"
        " WHERE slot_id = ANY(CAST(:ids AS uuid[])) GROUP BY slot_id) t",
        ids=ids,
    )
    return row


def _house(
    place: Place, slots: int, capacity: int, attempts: int, *, people: int, granian: bool = False
) -> dict[str, Any]:
    ids = place.slots(slots, capacity)
    residents, warm = place.residents(people), place.residents(WARM)
    who = itertools.islice(itertools.cycle(residents), attempts)
    with place.serve_granian() if granian else place.serve() as server:
        # Whoever books has looked at the times before.
        looks = (Call("GET", place.times(), one) for one in residents)
        drive(server.port, looks, connections=CONNECTIONS)
        drive(server.port, _calls(place, warm, place.slots(10, 40)), connections=CONNECTIONS)
        calls = _calls(place, who, ids)
        outcome: Outcome = drive(server.port, calls, connections=CONNECTIONS)
    row = outcome.row()
    row["oversold"] = place.scalar(
        "SELECT coalesce(sum(greatest(n - :capacity, 0)), 0) FROM (SELECT count(*) n FROM"
        " appointment WHERE slot_id = ANY(CAST(:ids AS uuid[])) GROUP BY slot_id) t",
        ids=ids,
        capacity=capacity,
    )
    return row


def _calls(place: Place, people: Iterable[dict[str, str]], slots: list[str]) -> Iterator[Call]:
    item = str(bookable_item(place.services))
    turn = itertools.cycle(slots)
    for headers in people:
        body = {"slot_id": next(turn), "item_id": item}
        proof = proved(place.services, headers)
        yield Call("POST", "/api/v1/appointments", {**proof, "Idempotency-Key": key()}, body)
