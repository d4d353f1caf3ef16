"""Claims a second by 50 grid workers, beside one UPDATE by hand and the naive way.

`all_succeed`: each call is asked of two workers and claimed by one, nobody is too late.
`rush`: all 50 take the same call at once, call after call; `doubles` counts the calls' winners
above one. `service` is the use case in one process of 50 threads without HTTP, `http` the phone's
request against two gunicorn processes, 50 connections.
"""

import itertools
import os
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import UUID

from psycopg_pool import ConnectionPool
from sqlalchemy import text

from backend import config
from backend.app import compose
from backend.domains.dispatch import claiming
from backend.kernel.access import Principal
from backend.kernel.database import Database
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from benchmarks import dispatch_people as people
from benchmarks.load import Call, Outcome, drive
from benchmarks.place import Place, key
from benchmarks.targets.claiming import TABLES, WAYS

WORKERS = 50
# Calls of each scenario and, of each call, how many try.
SCENARIOS = {"all_succeed": (int(os.environ.get("BENCH_CLAIMS", "1000")), 1), "rush": (40, WORKERS)}
Attempt = tuple[int, str]
Row = dict[str, Any]


def run(place: Place) -> dict[str, Any]:
    """Both scenarios, in process and over HTTP, all ways in the same run."""
    with place.services.db.transaction() as session:
        session.execute(text(TABLES))
    crew = people.hire(place.services, [new_id() for _ in range(WORKERS)])
    phones = [people.phone(place.services, staff_of(one)) for one in crew]
    found = {}
    for name, (count, tries) in SCENARIOS.items():
        found[f"{name}_service"] = _in_process(place, crew, count, tries)
        found[f"{name}_http"] = _over_http(place, crew, phones, count, tries)
    for rows in found.values():
        for row in rows.values():
            for other in ("ceiling", "bare_route"):
                if other in rows:
                    share = row["per_second"] / rows[other]["per_second"]
                    row[f"share_of_{other}"] = round(share, 3)
    return found


def staff_of(worker: Principal) -> UUID:
    """The account's id."""
    assert worker.actor.id is not None
    return worker.actor.id


def _attempts(ids: list[str], tries: int) -> list[Attempt]:
    """Who (by number) tries to claim what, in this order; neighbours try the same call."""
    if tries == 1:
        return [(number % WORKERS, call) for number, call in enumerate(ids)]
    return [(worker, call) for call in ids for worker in range(WORKERS)]


def _house_calls(place: Place, crew: list[Principal], count: int, tries: int) -> list[str]:
    ids = [staff_of(one) for one in crew]
    pairs = [[ids[n], ids[(n + 1) % WORKERS]] for n in range(WORKERS)]
    asked = pairs if tries == 1 else [ids]
    return [str(one) for one in people.calls(place.services, count, asked)]


def _bench_calls(place: Place, count: int) -> list[str]:
    ids = [str(uuid.uuid4()) for _ in range(count)]
    with place.services.db.transaction() as session:
        session.execute(
            text("INSERT INTO bench_call (id) SELECT unnest(CAST(:ids AS uuid[]))"), {"ids": ids}
        )
    return ids


def _in_process(place: Place, crew: list[Principal], count: int, tries: int) -> dict[str, Row]:
    rows = {}
    with ConnectionPool(place.environ["BENCH_DSN"], min_size=WORKERS, max_size=WORKERS) as pool:
        pool.wait()
        for name, take in WAYS.items():

            def by_hand(worker: int, call: str, take: Callable[..., bool] = take) -> bool:
                with pool.connection() as connection:
                    return take(connection, call, str(worker))

            rows[name] = _threads(_bench_calls(place, count), tries, by_hand)
    ids = _house_calls(place, crew, count, tries)
    database = Database(place.environ["DATABASE_URL"], pool_size=WORKERS, max_overflow=4)
    services = compose(config.load(place.environ), database=database)
    rows["huying"] = _threads(ids, tries, partial(_claim, services, crew))
    database.dispose()
    return rows


def _claim(services: Services, crew: list[Principal], worker: int, call: str) -> bool:
    by = crew[worker]
    try:
        with services.unit(by.actor) as uow:
            claiming.claim(uow, by, UUID(call))
    except DomainError as refused:
        if refused.code != "already_claimed":
            raise
        return False
    return True


def _threads(ids: list[str], tries: int, take: Callable[[int, str], bool]) -> Row:
    outcome = Outcome()

    def one(attempt: Attempt) -> bool:
        started = time.perf_counter()
        won = take(*attempt)
        outcome.latencies.append((time.perf_counter() - started) * 1000)
        return won

    with ThreadPoolExecutor(WORKERS) as pool:
        started = time.perf_counter()
        wins = sum(pool.map(one, _attempts(ids, tries)))
        outcome.seconds = time.perf_counter() - started
    return _row(outcome, len(ids), wins)


def _over_http(
    place: Place, crew: list[Principal], phones: list[dict[str, str]], count: int, tries: int
) -> dict[str, Row]:
    rows = {}
    with place.serve("benchmarks.targets.bare:app") as server:
        bare = (Call("POST", "/book", body={"call": "x"}) for _ in range(count * tries))
        outcome = drive(server.port, bare, connections=WORKERS)
        rows["bare_route"] = outcome.row()
    with place.serve("benchmarks.targets.claiming:app") as server:
        for name in WAYS:
            ids = _bench_calls(place, count)
            outcome = drive(server.port, _by_hand(name, ids, tries), connections=WORKERS)
            rows[name] = _row(outcome, count, outcome.statuses[200])
    ids = _house_calls(place, crew, count, tries)
    with place.serve() as server:
        warm = itertools.repeat(Call("GET", "/api/v1/worker/events?list=mine", phones[0]), 40)
        drive(server.port, warm, connections=8)
        outcome = drive(server.port, _by_phone(phones, ids, tries), connections=WORKERS)
    rows["huying"] = _row(outcome, count, outcome.statuses[200])
    return rows


def _by_hand(way: str, ids: list[str], tries: int) -> Iterator[Call]:
    for worker, call in _attempts(ids, tries):
        yield Call("POST", f"/{way}", body={"call": call, "staff": str(worker)})


def _by_phone(phones: list[dict[str, str]], ids: list[str], tries: int) -> Iterator[Call]:
    for worker, call in _attempts(ids, tries):
        headers = {**phones[worker], "Idempotency-Key": key()}
        yield Call("POST", f"/api/v1/worker/events/{call}/claim", headers, {})


def _row(outcome: Outcome, calls: int, wins: int) -> Row:
    """`per_second` counts every attempt that was answered."""
    row = outcome.row()
    row["claims_per_second"] = round(wins / outcome.seconds, 1)
    row["doubles"] = wins - calls
    if not row["statuses"]:
        del row["statuses"]
    return row
