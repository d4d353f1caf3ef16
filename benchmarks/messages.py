"""Messages handed to the stand-in of WeChat, and what writing them adds to a booking.

`drain`: so many are waiting when the workers come to them, one worker and two, beside the naive
way (one row at a time, a transaction around the call). `steady`: 50 a second arrive;
`within_10s` is the share handed over within ten seconds of being written. `booking`: the use
case in process, with its three messages and without. The stand-in answers at once: a real
server's time to answer is waited for in other threads and does not count here.
"""

import os
import time
from collections.abc import Sequence
from statistics import median
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import text

from backend.domains.appointments import service as appointments
from backend.domains.messages.kinds import KINDS
from backend.kernel.access import Actor
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from benchmarks import messages_place as stage
from benchmarks.place import Place
from benchmarks.targets.sending import TABLES
from notifications import outbox
from tests.rush import bookable_item

COUNT = int(os.environ.get("BENCH_MESSAGES", "6000"))
SECONDS = int(os.environ.get("BENCH_MESSAGE_SECONDS", "20"))
PER_SECOND = 50
BOOKINGS = int(os.environ.get("BENCH_MESSAGE_BOOKINGS", "200"))
#: Few enough for each person that no cap is met.
EACH = 3
Row = dict[str, Any]


def run(place: Place) -> dict[str, Any]:
    """All of it, on one stand-in."""
    with place.services.db.transaction() as session:
        session.execute(text(TABLES))
    stage.settle_in(place)
    found: dict[str, Any] = {"booking": _booking(place)}
    with stage.standin(place) as standin:
        readers = stage.Readers(place, standin, COUNT // EACH)
        found["drain"] = {
            "naive_1": _naive(place, readers, 1),
            "naive_2": _naive(place, readers, 2),
            "huying_1": _drain(place, readers, 1),
            "huying_2": _drain(place, readers, 2),
        }
        found["steady"] = {
            f"workers_{workers}": _steady(place, readers, workers) for workers in (1, 2)
        }
        found["sent_twice"] = standin.asked("/demo/sent")["twice"]
    return found


def _write(place: Place, people: Sequence[tuple[UUID, str]]) -> None:
    """A confirmation for each, in one transaction."""
    with place.services.unit() as uow:
        letters = []
        for person, _ in people:
            number = new_id()
            values = {
                "appointment_id": number, "item_name": "社会保障卡补领",
                "hall_name": "越和街政务服务中心", "hall_address": "越和街1号", "hall_floor": "3楼",
                "start": uow.now, "receipt_number": "A261123-482073-5",
            }  # fmt: skip
            draft = outbox.Draft(
                KINDS["appointment_booked"], f"bench:{number}", ladder=("wechat_subscribe",)
            )
            subject = Subject("appointment", number)
            letters.append(outbox.Letter(draft, person, subject, values))
        outbox.enqueue_letters(uow.session, uow.now, letters)


def _drain(place: Place, readers: stage.Readers, workers: int) -> Row:
    with stage.workers(readers.environ, workers):
        _write(place, readers.people[: 20 * workers])
        stage.wait_for_none_waiting(place)
        time.sleep(2)
        begin = place.services.clock.now()
        for _ in range(EACH):
            _write(place, readers.people)
        stage.wait_for_none_waiting(place)
    return _handed_over(place, begin)


def _steady(place: Place, readers: stage.Readers, workers: int) -> Row:
    with stage.workers(readers.environ, workers):
        _write(place, readers.people[: 20 * workers])
        stage.wait_for_none_waiting(place)
        begin, first = place.services.clock.now(), time.monotonic()
        turn = 0
        while turn < SECONDS * PER_SECOND:
            time.sleep(max(0.0, first + turn / PER_SECOND - time.monotonic()))
            some = [readers.people[(turn + n) % len(readers.people)] for n in range(5)]
            _write(place, some)
            turn += len(some)
        stage.wait_for_none_waiting(place)
    return _handed_over(place, begin)


def _handed_over(place: Place, begin: Any) -> Row:
    """Rate, delays and ends of what was written since `begin`."""
    with place.services.db.transaction() as session:
        row = session.execute(
            text(
                "SELECT count(*) FILTER (WHERE o.status IN ('accepted', 'delivered')) AS accepted,"
                " count(*) AS written, extract(epoch FROM max(a.finished_at) - min(a.started_at))"
                " AS seconds, percentile_disc(0.5) WITHIN GROUP (ORDER BY"
                " extract(epoch FROM a.finished_at - o.created_at)) AS p50,"
                " percentile_disc(0.99) WITHIN GROUP (ORDER BY"
                " extract(epoch FROM a.finished_at - o.created_at)) AS p99,"
                " avg((a.finished_at <= o.created_at + interval '10 s')::int) AS early"
                " FROM outbox o LEFT JOIN delivery_attempt a ON a.outbox_id = o.id"
                " WHERE o.created_at >= :begin AND o.dedupe_key LIKE 'bench:%'"
            ),
            {"begin": begin},
        ).one()
    return {
        "per_second": round(row.accepted / float(row.seconds), 1),
        "accepted": row.accepted,
        "written": row.written,
        "within_10s": round(float(row.early), 4),
        "p50_s": round(float(row.p50), 3),
        "p99_s": round(float(row.p99), 3),
    }


def _naive(place: Place, readers: stage.Readers, workers: int) -> Row:
    with place.services.db.transaction() as session:
        session.execute(text("TRUNCATE bench_outbox"))
        rows = [
            {"openid": openid, "data": "社会保障卡补领", "page": f"x?id={number}-{turn}-{workers}"}
            for turn in range(EACH)
            for number, (_, openid) in enumerate(readers.people)
        ]
        session.execute(
            text("INSERT INTO bench_outbox (openid, data, page) VALUES (:openid, :data, :page)"),
            rows,
        )
    stage.run_to_end(readers.environ, "benchmarks.targets.sending", workers)
    with place.services.db.transaction() as session:
        sent, seconds = session.execute(
            text(
                "SELECT count(*), extract(epoch FROM max(sent_at) - min(sent_at))"
                " FROM bench_outbox WHERE status = 'sent'"
            )
        ).one()
    return {"per_second": round(sent / float(seconds), 1), "accepted": sent, "written": len(rows)}


def _booking(place: Place) -> Row:
    """Milliseconds of a booking with its messages and without, taken in turn."""
    slots = [UUID(one) for one in place.slots(BOOKINGS // 10 + 1, 20)]
    item = bookable_item(place.services)
    people = [headers.id for headers in place.residents(2 * BOOKINGS)]
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn, person in enumerate(people):
        told = turn % 2 == 0
        started = time.perf_counter()
        if told:
            _book(place, person, slots[turn // 20], item)
        else:
            with patch.object(outbox, "enqueue_letters", lambda *_: []):
                _book(place, person, slots[turn // 20], item)
        took[told].append((time.perf_counter() - started) * 1000)
    with_messages, without = median(took[True]), median(took[False])
    return {
        "with_messages_p50_ms": round(with_messages, 2),
        "without_p50_ms": round(without, 2),
        "added_p50_ms": round(with_messages - without, 2),
        "n": BOOKINGS,
    }


def _book(place: Place, person: UUID, slot: UUID, item: UUID) -> None:
    with place.services.unit(Actor("person", person)) as uow:
        appointments.book(uow, person, slot, item)
