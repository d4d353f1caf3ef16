"""20,000 ballots in ten minutes while the topic page is read 200 times a second.

Beside it the naive way: one UPDATE of one counter for each ballot. Ratios are what counts; set
VOTE_BALLOTS to measure a smaller number in as much less time.
"""

import itertools
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from backend.domains.deliberation import vote_counting, vote_moves, vote_sealing
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.domains.deliberation.roll_rules import Head
from backend.domains.deliberation.vote_model import VoteResult
from backend.kernel import sessions
from benchmarks.load import Call, Outcome, drive
from benchmarks.place import Place
from tests.votes_world import World

BALLOTS = int(os.environ.get("VOTE_BALLOTS", "20000"))
SECONDS = 600 * BALLOTS / 20_000
READS_PER_SECOND = 200
CONNECTIONS = 16
PEOPLE = 400


def run(place: Place) -> dict[str, Any]:
    """Open and secret ballots under reads; then the naive counter with as many casts."""
    return {
        "open": _measured(place, "open"),
        "secret": _measured(place, "secret"),
        "naive_counter": _naive(place),
    }


def _measured(place: Place, secrecy: str) -> dict[str, Any]:
    vote_id, calls = _staged(place, secrecy)
    with place.serve() as server:
        stop = threading.Event()
        reads: list[Outcome] = []
        readers = threading.Thread(target=_read, args=(server.port, vote_id, stop, reads))
        sealer = threading.Thread(target=_seal, args=(place, stop))
        readers.start()
        sealer.start()
        cast = drive(server.port, _paced(calls, BALLOTS / SECONDS), connections=CONNECTIONS)
        stop.set()
        readers.join()
        sealer.join()
    started = time.perf_counter()
    counted = _end(place, vote_id)
    acknowledged = cast.statuses[201]
    return {
        "cast": cast.row(),
        "read": reads[0].row(),
        "acknowledged": acknowledged,
        "counted": counted,
        "lost": acknowledged - counted,
        "count_seconds": round(time.perf_counter() - started, 1),
    }


def _staged(place: Place, secrecy: str) -> tuple[UUID, Iterator[Call]]:
    """An open vote with a seat for each ballot, its casters spread over a few hundred people."""
    services = place.services
    world = World(services)
    people = []
    with services.unit() as uow:
        residents = place.residents(PEOPLE)
        for headers in residents:
            token = headers["Authorization"].removeprefix("Bearer ")
            row = sessions.authenticate(uow.session, token, uow.now, "person")
            assert row is not None
            people.append((row.principal_id, headers))
    turn = itertools.cycle(people)
    owners = [(uuid4(), *next(turn)) for _ in range(BALLOTS)]
    world.register.heads = lambda *_: [  # type: ignore[method-assign]  # a roll of this size at once
        Head(str(ref), (), (str(person),)) for ref, person, _ in owners
    ]
    vote_id = world.opened("matter", secrecy=secrecy)
    entries = world.entries(vote_id)

    def calls() -> Iterator[Call]:
        for number, (ref, _, headers) in enumerate(owners):
            body = {
                "entry_id": str(entries[ref]), "choice": [AGREE if number % 3 else OPPOSE],
                "nonce": secrets.token_hex(16),
            }  # fmt: skip
            yield Call("POST", f"/api/v1/votes/{vote_id}/ballots", headers, body)

    return vote_id, calls()


def _paced(calls: Iterator[Call], per_second: float) -> Iterator[Call]:
    """No faster than residents come."""
    started = time.perf_counter()
    for number, call in enumerate(calls):
        wait = started + number / per_second - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        yield call


def _read(port: int, vote_id: UUID, stop: threading.Event, found: list[Outcome]) -> None:
    def calls() -> Iterator[Call]:
        for _ in itertools.takewhile(lambda _: not stop.is_set(), itertools.count()):
            yield Call("GET", f"/api/v1/votes/{vote_id}")

    found.append(drive(port, _paced(calls(), READS_PER_SECOND), connections=4))


def _seal(place: Place, stop: threading.Event) -> None:
    while not stop.wait(vote_sealing.EVERY_SECONDS):
        vote_sealing.seal_running(place.services)


def _end(place: Place, vote_id: UUID) -> int:
    """Close and count now; how many heads took part."""
    with place.services.unit() as uow:
        # Its end is part of what is signed, so the moment goes there and not the end here.
        vote = vote_moves.get(uow, vote_id)
        assert vote.closes_at is not None
        uow.now = vote.closes_at
        vote_counting.close(uow, vote_id)
        vote_counting.count(uow, vote_id)
        record = json.loads(uow.session.get_one(VoteResult, vote_id).record)
        return int(record["taking_part"]["heads"])


def _naive(place: Place) -> dict[str, Any]:
    """What is often done: a counter for each choice, one row, one UPDATE for each ballot."""
    services, amount = place.services, min(BALLOTS, 2000)
    with services.unit() as uow:
        uow.session.execute(text("CREATE TABLE naive_counter (choice text PRIMARY KEY, n int)"))
        uow.session.execute(text("INSERT INTO naive_counter VALUES ('agree', 0), ('oppose', 0)"))
    times: list[float] = []

    def work(count: int) -> None:
        for number in range(count):
            started = time.perf_counter()
            with services.unit() as uow:
                uow.session.execute(
                    text("UPDATE naive_counter SET n = n + 1 WHERE choice = :choice"),
                    {"choice": "agree" if number % 3 else "oppose"},
                )
            times.append((time.perf_counter() - started) * 1000)

    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(amount // 8,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome = Outcome(time.perf_counter() - started, latencies=times)
    with services.unit() as uow:
        uow.session.execute(text("DROP TABLE naive_counter"))
    return {"cast": outcome.row()}
