"""WeChat's pushes come twice, late, gathered, as XML, forged or not at all: all count once."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend import config
from backend.app import compose
from backend.demo.openids import demo_openid
from backend.domains.messages.kinds import KINDS
from backend.domains.messages.push_model import WeChatPush
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import consent, outbox
from notifications.kinds import SUBSCRIBE
from notifications.model import DeliveryEvent, OutboxMessage
from tests.live import Server
from tests.people import sign_in_person
from tests.standin import Standin

OPENID = demo_openid("chen-zhiyuan")
POPUP, SENT = "push/subscribe_msg_popup_event", "push/subscribe_msg_sent_event"


class Stage:
    """One resident with a phone, the served backend, the worker's side in this process."""

    def __init__(self, services: Services, standin: Standin) -> None:
        self.services, self.standin = services, standin
        self.person = sign_in_person(services, mini_openid=OPENID).id
        self.template = services.settings.wechat.template_called

    def until(self, holds: Callable[[], bool]) -> None:
        """Work until it holds."""
        for _ in range(300):
            self.services.delivery.run_once()
            if holds():
                return
            time.sleep(0.1)
        raise AssertionError("it never did")

    def left(self) -> int:
        with self.services.unit() as uow:
            grant = consent.balances(uow.session, self.person).get(self.template)
            return grant.remaining if grant else 0

    def tell(self) -> UUID:
        """A call to a window: at any hour, exempt from caps."""
        with self.services.unit() as uow:
            told = outbox.enqueue(
                uow.session, uow.now, KINDS["appointment_called"], person_key=self.person,
                subject=Subject("appointment", new_id()), dedupe_key=new_id().hex,
                ladder=(SUBSCRIBE,),
                values={
                    "appointment_id": new_id(), "item_name": "社会保障卡补领",
                    "hall_name": "越和街政务服务中心", "hall_address": "越和街1号",
                    "hall_floor": "3楼", "receipt_number": "A261123-482073-5",
                    "ticket_no": "A001", "window_number": 3, "reason_text": "",
                    "start": uow.now,
                },
            )  # fmt: skip
        assert told is not None
        return told

    def row(self, told: UUID) -> OutboxMessage:
        with self.services.unit() as uow:
            return uow.session.scalars(select(OutboxMessage).where(OutboxMessage.id == told)).one()

    def count(self, model: Any) -> int:
        with self.services.unit() as uow:
            return uow.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def stage(base_environ: dict[str, str], live_db: str, standin: Standin) -> Iterator[Stage]:
    environ = {**base_environ, **standin.environ, "DATABASE_URL": live_db}
    server = Server({**os.environ, **environ}, workers=1, threads=4)
    server.start()
    standin.push_to(server.url)
    services = compose(config.load(environ))
    yield Stage(services, standin)
    server.stop()
    services.db.dispose()


@pytest.mark.requirement("card.06")
def test_consents_and_receipts_count_once_however_they_are_told(stage: Stage) -> None:
    standin = stage.standin
    # The tap is told three times over, the last one also as the very same request.
    standin.fault(POPUP, copies=2, replay=True)
    standin.allow(OPENID, stage.template)
    stage.until(lambda: stage.count(WeChatPush) >= 1 and stage.left() >= 1)
    # In XML, and late.
    standin.fault(POPUP, xml=True, delay=1.0)
    standin.allow(OPENID, stage.template)
    stage.until(lambda: stage.left() == 2)
    # A forged tap grants nothing, whatever WeChat itself counted.
    standin.fault(POPUP, forged=True)
    standin.allow(OPENID, stage.template)
    standin.allow(OPENID, stage.template)
    stage.until(lambda: stage.left() == 3)

    # Two receipts in one push, as an array below List.
    standin.fault(SENT, times=2, gather=2)
    both = [stage.tell(), stage.tell()]
    stage.until(lambda: {stage.row(one).status for one in both} == {"delivered"})
    # A receipt that comes twice, each signed anew, and says that it failed.
    failed = {"ErrorCode": "20", "ErrorStatus": "failed"}
    standin.fault(SENT, copies=1, item=failed)
    third = stage.tell()
    stage.until(lambda: stage.row(third).status == "permanent_failure")
    assert stage.row(third).last_errcode == "receipt"
    assert stage.left() == 0
    time.sleep(1.5)
    stage.services.delivery.run_once()
    assert stage.left() == 0
    assert stage.count(DeliveryEvent) == 3
    assert [stage.row(one).status for one in both] == ["delivered"] * 2


def test_a_receipt_that_never_comes_leaves_the_message_accepted(stage: Stage) -> None:
    stage.standin.allow(OPENID, stage.template)
    stage.until(lambda: stage.left() == 1)
    stage.standin.fault(SENT, lost=True)
    told = stage.tell()
    stage.until(lambda: stage.row(told).status == "accepted")
    assert stage.count(DeliveryEvent) == 0
