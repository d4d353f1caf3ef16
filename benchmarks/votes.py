"""20,000 ballots in ten minutes while pages are read 200 times a second and workers are killed.

Real gunicorn (two processes of eight threads) and the real worker. The vote closes while ballots
still come, and each acknowledged one must be counted. Beside it the naive way: one UPDATE of one
counter for each ballot. VOTE_BALLOTS and VOTE_SECONDS measure less: 200 and 30 are a smoke test.
"""

import itertools
import json
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text

from backend.domains.community.model import HousingRoom, Residence
from backend.domains.community.rules import CONFIRMED
from backend.domains.deliberation import rules, vote_counting, vote_moves
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.domains.deliberation.roll_rules import Head
from backend.domains.deliberation.topic_model import Topic
from backend.domains.deliberation.vote_model import VoteResult
from backend.kernel import sessions
from benchmarks.load import Call, Outcome
from benchmarks.place import Place
from benchmarks.votes_load import Found, SealingWorker, drive, kill_by_turns
from tests.votes_world import World

BALLOTS = int(os.environ.get("VOTE_BALLOTS", "20000"))
SECONDS = float(os.environ.get("VOTE_SECONDS", str(600 * BALLOTS / 20_000)))
READS_PER_SECOND = 200
CASTERS, READERS = 16, 8
# Ten kills of web workers and ten of the sealing worker in ten minutes; a new one needs time to start.
KILL_EVERY = max(10.0, SECONDS / 20)
PEOPLE = 400


def run(place: Place) -> dict[str, Any]:
    """Open and secret ballots under reads and kills; then the naive counter."""
    naive = _naive(place)
    found: dict[str, Any] = {}
    for secrecy in ("open", "secret"):
        one = _measured(place, secrecy)
        # Ballots come no faster than asked, so what one costs is compared, not how many go in.
        one["p50_times_naive"] = round(one["cast"]["p50_ms"] / naive["p50_ms"], 1)
        found[secrecy] = one
    return {**found, "naive_counter": {"cast": naive}}


def _measured(place: Place, secrecy: str) -> dict[str, Any]:
    world, vote_id, calls = _staged(place, secrecy)
    pages = _pages(place, vote_id)
    stop, reads, kills = threading.Event(), [], Counter[str]()
    worker = SealingWorker(place.environ)
    with place.serve() as server:
        assert server.process is not None
        worker.start()
        reader = threading.Thread(target=lambda: reads.append(
            drive(server.port, pages, per_second=READS_PER_SECOND, lines=READERS, stop=stop)
        ))  # fmt: skip
        killer = threading.Thread(target=kill_by_turns, args=(
            server.process.pid, worker, KILL_EVERY, stop, kills,
        ))  # fmt: skip
        casts: list[Found] = []
        caster = threading.Thread(target=lambda: casts.append(
            drive(server.port, calls, per_second=BALLOTS / SECONDS, lines=CASTERS, stop=stop)
        ))  # fmt: skip
        for thread in (reader, killer, caster):
            thread.start()
        # The last twentieth of the ballots still comes when the vote closes.
        caster.join(SECONDS * 0.95)
        started = time.perf_counter()
        counted = _end(world, vote_id)
        count_seconds = time.perf_counter() - started
        caster.join(SECONDS * 0.1)
        stop.set()
        for thread in (reader, killer, caster):
            thread.join()
        worker.kill()
    acknowledged = casts[0].statuses[201] + casts[0].statuses[200]
    return {
        "cast": casts[0].row(),
        "read": reads[0].row(),
        "acknowledged": acknowledged,
        "counted": counted,
        # Ballots in flight when their server was killed may count without having been answered.
        "lost": max(0, acknowledged - counted),
        "unanswered_but_counted": max(0, counted - acknowledged),
        "refused_after_the_close": casts[0].statuses[409],
        "kills": dict(kills),
        "count_seconds": round(count_seconds, 1),
        "asked_per_second": {"cast": round(BALLOTS / SECONDS, 1), "read": READS_PER_SECOND},
    }


def _staged(place: Place, secrecy: str) -> tuple[World, UUID, Iterator[Call]]:
    """An open vote with a seat for each ballot, its casters spread over a few hundred people."""
    world = World(place.services)
    people = [(headers.id, headers) for headers in place.residents(PEOPLE)]
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

    return world, vote_id, calls()


def _pages(place: Place, vote_id: UUID) -> Iterator[Call]:
    """By turns the page of a topic of the demo district, as a neighbour reads it, and the vote's."""
    with place.services.unit() as uow:
        topic = uow.session.scalars(select(Topic).where(Topic.state == rules.VOTING)).first()
        assert topic is not None, "the demo district has a topic that is voted on"
        neighbour = uow.session.scalars(
            select(Residence.person_id)
            .join(HousingRoom, HousingRoom.id == Residence.room_id)
            .where(
                HousingRoom.community_id == topic.community_id, Residence.state == CONFIRMED,
                Residence.person_id.is_not(None),
            )
        ).first()  # fmt: skip
        assert neighbour is not None
        opened = sessions.open_session(
            uow, principal_kind="person", principal_id=neighbour, channel="weixin"
        )
    headers = {"Authorization": f"Bearer {opened.token}"}
    both = (
        Call("GET", f"/api/v1/topics/{topic.id}", headers), Call("GET", f"/api/v1/votes/{vote_id}"),
    )  # fmt: skip
    return itertools.cycle(both)


def _end(world: World, vote_id: UUID) -> int:
    """Close and count now; how many heads took part."""
    with world.unit() as uow:
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
    return {**outcome.row(), "p95_ms": round(outcome.percentile(0.95), 1)}
