"""SIGKILL while texting what must not be told twice: its provider drops the repetition."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from backend import config
from backend.app import compose
from backend.demo.openids import demo_openid
from backend.domains.identity.service import create_demo_person
from backend.kernel.ids import new_id
from notifications.control_model import MessageCap
from notifications.limits import ALL
from notifications.model import DeliveryAttempt, InboxMessage, OutboxMessage
from tests.faults.test_notifications_worker import WORKER, _enqueue, _texts
from tests.live import ROOT
from tests.people import fictional_id_number
from tests.standin import Standin

KILLS = 30 if os.environ.get("LONG") else 3
MESSAGES = KILLS * 20


def test_a_text_in_doubt_is_sent_again_and_the_provider_drops_the_repetition(
    base_environ: dict[str, str], live_db: str, standin: Standin
) -> None:
    environ = {**base_environ, **standin.environ, "DATABASE_URL": live_db}
    services = compose(config.load(environ))
    with services.unit() as uow:
        person = create_demo_person(
            uow, id=new_id(), name="测试甲", id_number=fictional_id_number(),
            phone="13800001235", mini_openid=demo_openid("y"),
        )  # fmt: skip
        # No day of one person has so many.
        uow.session.add(MessageCap(scope=ALL, per_day=MESSAGES, updated_at=uow.now))
    ids = _enqueue(services, person, MESSAGES, "appointment_booked")
    # The provider takes a moment, so that a SIGKILL falls between the call and its answer.
    standin.fault("/sms/messages", times=100_000, delay=0.03)
    for _ in range(KILLS):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=ROOT, env={**os.environ, **environ},
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        before = len(_texts(standin))
        for _ in range(600):
            if len(_texts(standin)) > before + 4:
                break
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
    with services.unit() as uow:
        under_way = list(
            uow.session.scalars(select(OutboxMessage.id).where(OutboxMessage.status == "sending"))
        )
        for row in uow.session.scalars(select(OutboxMessage)):
            if row.lease_until:
                row.lease_until = uow.now - timedelta(seconds=1)
    while services.delivery.run_once():
        continue

    sent = Counter(text["reference"] for text in _texts(standin))
    with services.unit() as uow:
        rows = list(uow.session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids))))
        inbox = set(uow.session.scalars(select(InboxMessage.id)))
        ended = uow.session.scalars(
            select(DeliveryAttempt.outbox_id).where(DeliveryAttempt.outcome.is_(None))
        ).all()
    services.db.dispose()
    states = Counter(row.status for row in rows)
    assert states == {"accepted": MESSAGES}
    # One at a time in each worker: a SIGKILL leaves one call in doubt at most.
    assert len(ended) <= KILLS
    assert set(under_way) <= set(ended)
    assert sent == {row.id.hex: 1 for row in rows}
    # Whatever became of the text, the message itself is in the inbox.
    assert set(ids) <= inbox
