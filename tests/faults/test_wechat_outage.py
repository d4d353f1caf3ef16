"""WeChat dead for an hour: what still holds is sent after it, the urgent first; the rest is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.demo.openids import demo_openid
from backend.domains.identity.service import attach_channel
from backend.domains.messages.kinds import KINDS
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import outbox
from notifications.kinds import SERVICE, Kind
from notifications.model import DeliveryAttempt, InboxMessage, OutboxMessage
from notifications.rules import Priority
from tests.people import sign_in_person
from tests.standin import Standin

KEY = "appointment_booked"
HOUR = 60


def kind_of(priority: Priority, life: timedelta) -> Kind:
    """A confirmation's words with another urgency."""
    found = KINDS[KEY]
    return Kind(
        key=found.key, name=found.name, topic=found.topic, title=found.title, body=found.body,
        priority=priority, life=life, ladder=(SERVICE,), service=found.service,
    )  # fmt: skip


class Stage:
    """People to be told, and what became of each message."""

    def __init__(self, services: Services, standin: Standin) -> None:
        self.services, self.standin = services, standin
        self.told: dict[UUID, tuple[Priority, bool]] = {}
        services.clock.advance(timedelta(hours=1))

    def tell(self, number: int, priority: Priority, life: timedelta) -> None:
        """One message to a person of its own; whether it outlives the outage is noted."""
        person = sign_in_person(self.services).id
        with self.services.unit() as uow:
            attach_channel(uow, person, "service_openid", demo_openid(f"p{number}", "service"))
            values = {
                "appointment_id": new_id(), "item_name": "社会保障卡补领",
                "hall_name": "越和街政务服务中心", "hall_address": "越和街1号", "hall_floor": "3楼",
                "start": uow.now + timedelta(days=1), "receipt_number": "A261123-482073-5",
                "ticket_no": "", "window_number": None, "reason_text": "",
            }  # fmt: skip
            told = outbox.enqueue(
                uow.session, uow.now, kind_of(priority, life), person_key=person,
                subject=Subject("appointment", new_id()), dedupe_key=f"k{number}", values=values,
            )  # fmt: skip
        assert told is not None
        self.told[told] = (priority, life > timedelta(minutes=HOUR))

    def work(self) -> None:
        """The worker, until nothing is due."""
        while self.services.delivery.run_once():
            continue

    def rows(self) -> dict[UUID, OutboxMessage]:
        with self.services.unit() as uow:
            found = uow.session.scalars(select(OutboxMessage)).all()
        return {row.id: row for row in found}

    def arrived(self) -> list[UUID]:
        """What took effect at WeChat, in that order."""
        rows = self.standin.store.rows("SELECT reference FROM sent ORDER BY id")
        return [UUID(row["reference"]) for row in rows]


def refusing(standin: Standin) -> Callable[[], None]:
    """Nobody listens at WeChat's address."""
    standin.down()
    return standin.up


def failing(standin: Standin) -> Callable[[], None]:
    """Every answer is HTTP 503."""
    standin.fault("/", times=1_000_000, status=503)
    return lambda: standin.fault("/", times=0)


def busy(standin: Standin) -> Callable[[], None]:
    """Every answer says that the system is busy."""
    standin.fault("/cgi-bin/message", times=1_000_000, errcode=-1)
    return lambda: standin.fault("/", times=0)


@pytest.mark.requirement("card.06")
@pytest.mark.parametrize("outage", [refusing, failing, busy])
def test_after_an_hour_without_wechat_the_urgent_go_first_and_the_expired_not_at_all(
    talking: Services, standin: Standin, outage: Callable[[Standin], Callable[[], None]]
) -> None:
    stage = Stage(talking, standin)
    recover = outage(standin)
    lives = {
        Priority.NEWS: timedelta(days=2), Priority.REMINDER: timedelta(hours=9),
        Priority.CONFIRMATION: timedelta(hours=12), Priority.CHANGE: timedelta(hours=12),
        Priority.CALL: timedelta(hours=9),
    }  # fmt: skip
    number = 0
    for _ in range(6):
        for priority, life in lives.items():
            stage.tell(number, priority, life)
            stage.tell(number + 1, priority, timedelta(minutes=10 + number % 45))
            number += 2
    for _ in range(HOUR):
        stage.work()
        talking.clock.advance(timedelta(minutes=1))
    assert stage.arrived() == []
    recover()
    # Every pause has ended: all that is left is due at the same moment.
    talking.clock.advance(timedelta(hours=1, minutes=15))
    stage.work()

    rows = stage.rows()
    alive = {one for one, (_, lasting) in stage.told.items() if lasting}
    assert {one for one, row in rows.items() if row.status == "accepted"} == alive
    assert {rows[one].status for one in set(rows) - alive} == {"expired"}
    order = stage.arrived()
    assert set(order) == alive
    assert len(order) == len(alive)
    priorities = [stage.told[one][0] for one in order]
    assert priorities == sorted(priorities)
    # In the hour nobody was asked without a pause, and everything is in the inbox.
    with talking.unit() as uow:
        attempts = uow.session.scalars(select(DeliveryAttempt)).all()
        inbox = set(uow.session.scalars(select(InboxMessage.id)))
    assert inbox == set(stage.told)
    assert max(_tries(attempts).values()) <= 7


def _tries(attempts: Any) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for attempt in attempts:
        found[attempt.outbox_id] = found.get(attempt.outbox_id, 0) + 1
    return found
