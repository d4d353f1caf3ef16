"""Redis dies while messages of all priorities wait: bulk stops and waits, the rest goes on.

The real worker process, a Valkey of its own, and WeChat's stand-in over HTTP.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from backend import config
from backend.app import compose
from backend.demo.openids import demo_openid
from backend.domains.identity.service import create_demo_person
from backend.domains.messages.kinds import KINDS
from backend.embedded.valkey import Valkey
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox
from notifications.control_model import ChannelRate
from notifications.kinds import SERVICE, Kind
from notifications.model import DeliveryAttempt, OutboxMessage
from notifications.rules import BULK, Priority
from tests.live import ROOT
from tests.people import fictional_id_number
from tests.standin import Standin

EACH = 8
#: So long (seconds) nothing of bulk may leave once everything else has.
STILL = 4.0
#: Seconds that a slow machine may need; bulk that Redis surprised asks again after half a minute.
PATIENCE = 120.0
STABLE = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/template/send"


def kind_of(priority: Priority) -> Kind:
    """A confirmation's words with another urgency."""
    found = KINDS["appointment_booked"]
    return Kind(
        key=found.key, name=found.name, topic=found.topic, title=found.title, body=found.body,
        priority=priority, life=timedelta(days=2), ladder=(SERVICE,), service=found.service,
    )  # fmt: skip


class Stage:
    """People to be told, the worker that tells them, and the Redis it counts with."""

    def __init__(
        self, services: Services, standin: Standin, valkey: Valkey, environ: dict[str, str]
    ) -> None:
        self.services, self.standin, self.valkey = services, standin, valkey
        self._environ = {**os.environ, **environ}
        self.told: dict[UUID, Priority] = {}
        self.worker: subprocess.Popen[bytes] | None = None

    def tell(self, priority: Priority, number: int = EACH) -> None:
        """So many messages, each to a follower of their own."""
        for _ in range(number):
            key = f"p{len(self.told)}"
            with self.services.unit() as uow:
                person = create_demo_person(
                    uow, id=new_id(), name="测试甲", id_number=fictional_id_number(),
                    service_openid=demo_openid(key, "service"),
                )  # fmt: skip
                values = {
                    "appointment_id": new_id(), "item_name": "社会保障卡补领",
                    "hall_name": "越和街政务服务中心", "hall_address": "越和街1号",
                    "hall_floor": "3楼", "start": uow.now + timedelta(days=1),
                    "receipt_number": "A261123-482073-5", "ticket_no": "",
                    "window_number": None, "reason_text": "",
                }  # fmt: skip
                told = outbox.enqueue(
                    uow.session, uow.now, kind_of(priority), person_key=person,
                    subject=Subject("appointment", new_id()), dedupe_key=key, values=values,
                )  # fmt: skip
            assert told is not None
            self.told[told] = priority

    def start(self) -> None:
        """The worker."""
        command = [sys.executable, "-m", "backend.worker"]
        self.worker = subprocess.Popen(command, cwd=ROOT, env=self._environ)

    def arrived(self) -> list[Priority]:
        """The urgency of what took effect at WeChat, in that order."""
        rows = self.standin.store.rows("SELECT reference FROM sent ORDER BY id")
        return [self.told[UUID(row["reference"])] for row in rows]

    def wait(self, until: Callable[[list[Priority]], bool]) -> list[Priority]:
        """What has arrived, once it is so."""
        end = time.monotonic() + PATIENCE
        while not until(found := self.arrived()):
            assert time.monotonic() < end, f"did not happen in time: {found}"
            time.sleep(0.02)
        return found

    def rows(self) -> dict[UUID, OutboxMessage]:
        """The messages as they are now."""
        with self.services.unit() as uow:
            return {row.id: row for row in uow.session.scalars(select(OutboxMessage))}

    def forced(self) -> list[Any]:
        """Calls for a token that were forced."""
        return [
            call for call in self.standin.calls(STABLE) if '"force_refresh": true' in call["body"]
        ]

    def end(self) -> None:
        """No more worker."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait(timeout=10)


@pytest.fixture
def stage(
    base_environ: dict[str, str], live_db: str, standin: Standin, server_dir: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Stage]:  # fmt: skip
    valkey = Valkey(server_dir / f"m{len(request.node.name)}")
    valkey.start()
    environ = {
        **base_environ, **standin.environ, "DATABASE_URL": live_db, "REDIS_URL": valkey.url,
    }  # fmt: skip
    services = compose(config.load(environ))
    made = Stage(services, standin, valkey, environ)
    yield made
    made.end()
    services.db.dispose()
    valkey.stop()


def urgent(found: list[Priority]) -> int:
    """How many of these are not bulk."""
    return sum(one != BULK for one in found)


def test_redis_killed_while_all_wait_bulk_waits_for_it_and_the_rest_does_not(stage: Stage) -> None:
    for priority in reversed(Priority):
        stage.tell(priority)
    others = EACH * (len(Priority) - 1)
    stage.standin.fault(SEND, times=10**6, delay=0.05)
    stage.start()
    # The first have left: the worker is at it, and counts with Redis.
    stage.wait(lambda found: len(found) >= 3)
    stage.valkey.kill()
    killed_at = len(stage.arrived())
    assert killed_at < others
    found = stage.wait(lambda found: urgent(found) == others)
    assert found == sorted(found)
    assert len(found) == others
    # Later news of something urgent passes what waits.
    stage.tell(Priority.CALL, 1)
    stage.wait(lambda found: urgent(found) == others + 1)
    end = time.monotonic() + STILL
    while time.monotonic() < end:
        assert BULK not in stage.arrived()
        time.sleep(0.1)
    waiting = [row for row in stage.rows().values() if row.priority == BULK]
    assert {row.status for row in waiting} == {"created"}
    assert {row.attempts for row in waiting} == {0}

    stage.valkey.start()
    found = stage.wait(lambda found: len(found) == others + 1 + EACH)
    assert found[-EACH:] == [BULK] * EACH
    _all_once(stage)
    assert not stage.forced()


def test_redis_restarted_empty_in_the_middle_loses_and_doubles_nothing(stage: Stage) -> None:
    with stage.services.unit() as uow:
        uow.session.add(
            ChannelRate(key=SERVICE, per_second=4, burst=10, per_day=1000, updated_at=uow.now)
        )
    for priority in (Priority.NEWS, Priority.CONFIRMATION):
        stage.tell(priority, 14)
    stage.start()
    stage.wait(lambda found: len(found) >= 12)
    stage.valkey._client().set("here before", "1")
    stage.valkey.kill()
    stage.valkey.start()
    # Empty, but for what the delivery has written since.
    assert not stage.valkey._client().exists("here before")
    stage.wait(lambda found: len(found) == 28)
    _all_once(stage)
    # The token in it was lost too: it is asked for again, and WeChat gives the one it has.
    assert not stage.forced()
    assert stage.valkey._client().dbsize() > 0


def _all_once(stage: Stage) -> None:
    end = time.monotonic() + PATIENCE
    while {row.status for row in stage.rows().values()} != {"accepted"}:
        assert time.monotonic() < end, "not all are accepted"
        time.sleep(0.1)
    sent = stage.standin.store.rows("SELECT reference FROM sent")
    assert sorted(UUID(row["reference"]) for row in sent) == sorted(stage.told)
    with stage.services.unit() as uow:
        attempts = uow.session.scalars(select(DeliveryAttempt.outcome)).all()
        assert set(attempts) == {"accepted"}
        assert len(attempts) == len(stage.told)
        assert uow.session.scalar(text("SELECT count(*) FROM inbox_message")) == len(stage.told)
