"""Workers die by SIGKILL at random moments while thousands of messages go out by three channels.

None is lost, none is sent twice outside the moment between a call and its answer, and every
message that met such a moment is named and explained. LONG=1 sends 10,000; the short run is a
sample. It says at its end what happened.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from backend import config
from backend.app import compose
from backend.demo.openids import demo_openid
from backend.domains.identity.service import create_demo_person
from backend.domains.messages.kinds import KINDS
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox
from notifications.kinds import SERVICE, SMS, SUBSCRIBE
from notifications.model import DeliveryAttempt, InboxMessage, OutboxMessage
from notifications.rules import still_dropped
from tests.live import ROOT
from tests.people import fictional_id_number
from tests.standin import Standin

LONG = bool(os.environ.get("LONG"))
MESSAGES = 10_000 if LONG else 320
KILLS = 120 if LONG else 4
LOST = MESSAGES // 40
WORKERS = 2
#: Eight messages for each: fewer than any cap.
PEOPLE = MESSAGES // 8
PATIENCE = 3600 if LONG else 180
#: What is sent how, and whether it may arrive twice.
SORTS = (
    ("appointment_called", SUBSCRIBE, True),
    ("appointment_booked", SUBSCRIBE, False),
    ("appointment_booked", SERVICE, False),
    ("appointment_booked", SMS, False),
)
WORKER = """
from backend import config
from backend.app import compose
services = compose(config.load())
while True:
    services.delivery.run_once()
"""


@dataclass
class Crew:
    """Two workers that are killed and replaced, and what their deaths left behind."""

    services: Services
    environ: dict[str, str]
    chance: random.Random
    alive: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0
    in_doubt: set[UUID] = field(default_factory=set)

    def fill(self) -> None:
        """As many workers as there should be."""
        while len(self.alive) < WORKERS:
            self.alive.append(
                subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=self.environ)
            )

    def kill_one(self) -> None:
        """SIGKILL; its leases end at once, as they would a minute and a half later."""
        victim = self.alive.pop(self.chance.randrange(len(self.alive)))
        victim.send_signal(signal.SIGKILL)
        victim.wait(timeout=10)
        self.kills += 1
        with self.services.db.transaction() as session:
            # What it had begun when it died the database may still be undoing.
            left = session.execute(
                text(
                    "UPDATE outbox SET lease_until = now() - interval '1 second' WHERE"
                    " lease_owner LIKE :owner AND status IN ('leased', 'sending')"
                    " RETURNING id, status"
                ),
                {"owner": f"%:{victim.pid}:%"},
            ).all()
        self.in_doubt |= {row.id for row in left if row.status == "sending"}

    def end(self) -> None:
        """No more workers."""
        for process in self.alive:
            process.kill()
            process.wait(timeout=10)


@pytest.fixture
def crew(base_environ: dict[str, str], live_db: str, standin: Standin) -> Iterator[Crew]:
    environ = {**base_environ, **standin.environ, "DATABASE_URL": live_db}
    services = compose(config.load(environ))
    made = Crew(services, {**os.environ, **environ}, random.Random(20261122))
    yield made
    made.end()
    services.db.dispose()


def _people(services: Services, standin: Standin) -> list[UUID]:
    wechat = services.settings.wechat
    templates = (wechat.template_called, wechat.template_booked)
    found = []
    for number in range(PEOPLE):
        openid = demo_openid(f"kill-{number}")
        with services.unit() as uow:
            person = create_demo_person(
                uow, id=new_id(), name="测试甲", id_number=fictional_id_number(),
                phone=f"138{number:08d}", mini_openid=openid,
                service_openid=demo_openid(f"kill-{number}", "service"),
            )  # fmt: skip
            for template in templates:
                uow.session.execute(
                    text(
                        "INSERT INTO message_grant (person_key, template_id, remaining, long_term,"
                        " updated_at) VALUES (:person, :template, 10000, false, now())"
                    ),
                    {"person": person, "template": template},
                )
        for template in templates:
            results = {"openid": openid, "results": {template: "accept"}, "times": 10_000}
            standin.post("/demo/consents", results)
        found.append(person)
    return found


def _enqueue(services: Services, people: list[UUID]) -> dict[UUID, tuple[str, bool]]:
    """Every message with its channel and whether it may arrive twice."""
    told = {}
    with services.unit() as uow:
        for number in range(MESSAGES):
            key, channel, may_repeat = SORTS[number % len(SORTS)]
            subject = Subject("appointment", new_id())
            values = {
                "appointment_id": subject.id, "item_name": "社会保障卡补领",
                "hall_name": "越和街政务服务中心", "hall_address": "越和街1号", "hall_floor": "3楼",
                "start": uow.now, "receipt_number": "A261123-482073-5", "ticket_no": "A001",
                "window_number": 3, "reason_text": "",
            }  # fmt: skip
            written = outbox.enqueue(
                uow.session, uow.now, KINDS[key], person_key=people[number % PEOPLE],
                subject=subject, dedupe_key=f"kill:{number}", values=values, ladder=(channel,),
                expires_at=uow.now.replace(year=uow.now.year + 1),
            )  # fmt: skip
            assert written is not None
            told[written] = (channel, may_repeat)
    return told


def _arrived(services: Services, standin: Standin) -> Counter[UUID]:
    """How often each message took effect at WeChat or at the provider of text messages."""
    with services.unit() as uow:
        rows = uow.session.execute(select(OutboxMessage.id, OutboxMessage.subject_id)).all()
    by_subject = {str(row.subject_id): row.id for row in rows}
    found: Counter[UUID] = Counter()
    for row in standin.store.rows("SELECT page, reference FROM sent"):
        subject = row["page"].rpartition("=")[2]
        found[UUID(row["reference"]) if row["reference"] else by_subject[subject]] += 1
    for row in standin.store.rows("SELECT reference FROM sms"):
        found[UUID(row["reference"])] += 1
    return found


def _count(standin: Standin) -> int:
    found = standin.store.rows(
        "SELECT (SELECT count(*) FROM sent) + (SELECT count(*) FROM sms) AS n"
    )
    return int(found[0]["n"])


def test_nothing_is_lost_and_nothing_doubled_but_what_is_explained(
    crew: Crew, standin: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    services, started = crew.services, time.monotonic()
    told = _enqueue(services, _people(services, standin))
    until = started + PATIENCE
    share = MESSAGES // (KILLS + 1)
    for number in range(KILLS):
        crew.fill()
        if number % (KILLS // 2) == 0:
            _misbehave(standin)
        wanted = share * number + crew.chance.randint(1, share)
        while _count(standin) < wanted and time.monotonic() < until:
            time.sleep(crew.chance.uniform(0.001, 0.03))
        crew.kill_one()
    crew.fill()
    _finish(services, until)
    crew.end()

    arrived = _arrived(services, standin)
    with services.unit() as uow:
        rows = {row.id: row for row in uow.session.scalars(select(OutboxMessage))}
        inbox = set(uow.session.scalars(select(InboxMessage.id)))
        doubts = uow.session.execute(
            select(DeliveryAttempt.outbox_id, DeliveryAttempt.started_at)
            .where(
                DeliveryAttempt.outcome.is_(None) | DeliveryAttempt.outcome.in_(("unclear", "late"))
            )
            .order_by(DeliveryAttempt.started_at.desc())
        ).all()
    doubtful: Counter[UUID] = Counter(one.outbox_id for one in doubts)
    since = {one.outbox_id: one.started_at for one in doubts}
    assert set(rows) == set(told) == inbox
    states = Counter(row.status for row in rows.values())
    assert set(states) <= {"accepted", "technical_failure"}
    # Nothing is lost: what counts as sent was sent, and the rest is known to be in doubt.
    assert all(arrived[one] for one, row in rows.items() if row.status == "accepted")
    given_up = {one for one, row in rows.items() if row.status == "technical_failure"}
    assert all(rows[one].last_error for one in given_up)
    assert given_up <= set(doubtful)
    # What may be repeated was, until its patience was at an end (two lost answers can meet one),
    # or until its turn came when the provider would no longer have dropped the repetition.
    wrongly = [
        (told[one], rows[one].attempts, rows[one].last_errcode)
        for one in given_up
        if (
            told[one][0] != SUBSCRIBE
            and still_dropped(told[one][0], since[one], rows[one].updated_at)
        )
        or (told[one][1] and rows[one].attempts < rows[one].patience)
    ]
    assert not wrongly
    # Nothing is doubled but what may be, and once for each doubt at most.
    twice = {one: times for one, times in arrived.items() if times > 1}
    assert all(told[one] == (SUBSCRIBE, True) for one in twice)
    assert all(times - 1 <= doubtful[one] for one, times in twice.items())
    # Who died in a call left at most what that worker had under way, and no more.
    assert crew.in_doubt <= set(doubtful)
    assert len(crew.in_doubt) <= crew.kills
    _say(capsys, {
        "messages": MESSAGES, "kills": crew.kills, "answers lost": LOST,
        "in doubt": len(doubtful), "of them killed in the call": len(crew.in_doubt),
        "repeated and arrived twice (allowed)": len(twice),
        "given up, arrived": sum(arrived[one] > 0 for one in given_up),
        "given up, not arrived": sum(not arrived[one] for one in given_up),
        "lost without a word": 0, "seconds": round(time.monotonic() - started),
    })  # fmt: skip


def _misbehave(standin: Standin) -> None:
    """Some answers are lost after the message took effect, and every call takes a moment.

    So a SIGKILL often falls between a call and its answer. The first half loses answers of what
    may be repeated (calls go first), the second of what may not.
    """
    standin.fault("/", times=0)
    standin.fault("/cgi-bin/message/subscribe", times=LOST // 2, drop=True, after=True)
    standin.fault("/cgi-bin/message", times=10**6, delay=0.01, after=True)
    standin.fault("/sms", times=10**6, delay=0.01, after=True)


def _finish(services: Services, until: float) -> None:
    """Until nothing is on its way, pauses of repetitions ended by hand."""
    while time.monotonic() < until:
        with services.db.transaction() as session:
            session.execute(
                text("UPDATE outbox SET next_at = now() WHERE status = 'temporary_failure'")
            )
            if not session.scalar(
                text(
                    "SELECT count(*) FROM outbox WHERE status IN"
                    " ('created', 'leased', 'sending', 'temporary_failure')"
                )
            ):
                return
        time.sleep(0.2)
    raise AssertionError("messages are still on their way")


def _say(capsys: pytest.CaptureFixture[str], figures: dict[str, Any]) -> None:
    with capsys.disabled():
        print("\n" + ", ".join(f"{name} {value}" for name, value in figures.items()))
