"""Caps, quotas and the evening's digest in the composed application, over HTTP to the stand-ins."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.demo.openids import demo_openid
from backend.domains.identity.service import attach_channel
from backend.domains.messages.kinds import KINDS
from backend.kernel.clock import SHANGHAI
from backend.kernel.services import Services
from backend.kernel.trace import Subject
from notifications import limits, outbox
from notifications.buckets import PAUSES
from notifications.control_model import MessageCap, MessageDayCount
from notifications.limits import ALL
from notifications.model import InboxMessage, OutboxMessage
from tests.people import sign_in_person
from tests.standin import Standin

TEMPLATE = "/cgi-bin/message/template/send"
EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)
Tell = Callable[..., UUID]


@pytest.fixture
def tell(talking: Services) -> Tell:
    """`tell(kind, person, **options)`: one message with words of its own."""

    def enqueue(kind: str, person: UUID, **options: Any) -> UUID:
        values = {value.key: value.short for value in KINDS[kind].values}
        with talking.unit() as uow:
            values = {**values, **dict.fromkeys(("appointment_id", "topic_id"), uuid4())}
            values |= {"link": "", "page": "", "district": "岭川区", "at": uow.now}
            told = outbox.enqueue(
                uow.session, uow.now, KINDS[kind], person_key=person, dedupe_key=uuid4().hex,
                subject=Subject("matter", uuid4()), values=values, **options,
            )  # fmt: skip
        assert told is not None
        return told

    return enqueue


@pytest.fixture
def follower(talking: Services) -> Callable[[str], UUID]:
    """`follower(name)`: a resident who follows the service account."""

    def made(name: str) -> UUID:
        person = sign_in_person(talking, mini_openid=demo_openid(name)).id
        with talking.unit() as uow:
            attach_channel(uow, person, "service_openid", demo_openid(name, "service"))
        return person

    return made


def work(services: Services) -> None:
    while services.delivery.engine.run_once():
        continue


def rows(services: Services, ids: list[UUID]) -> list[OutboxMessage]:
    with services.unit() as uow:
        query = select(OutboxMessage).execution_options(populate_existing=True)
        found = {row.id: row for row in uow.session.scalars(query)}
    return [found[one] for one in ids]


def test_wechat_s_quota_pauses_campaigns_without_burning_their_attempts(
    talking: Services, standin: Standin, tell: Tell, follower: Any
) -> None:
    standin.post("/demo/quotas", {"path": TEMPLATE, "per_day": 1})
    people = [follower(name) for name in ("a", "b", "c")]
    notices = [tell("campaign", person, ladder=("wechat_service",)) for person in people]
    work(talking)
    found = rows(talking, notices)
    states = sorted(row.status for row in found)
    assert states == ["accepted", "created", "created"]
    waiting = [row for row in found if row.status == "created"]
    assert {row.attempts for row in waiting} == {0}
    assert {row.last_errcode for row in waiting} == {"45009", "paused"}
    assert min(row.next_at for row in waiting) >= talking.clock.now() + PAUSES[0] * 0.9
    # The third was not even tried: the second had found out.
    assert len(standin.calls(TEMPLATE)) == 2
    urgent = tell("appointment_cancelled", people[0], ladder=("wechat_service",))
    work(talking)
    (row,) = rows(talking, [urgent])
    assert (row.status, row.attempts) == ("temporary_failure", 1)
    assert len(standin.calls(TEMPLATE)) == 3


def test_a_resident_s_cap_holds_and_work_reaches_whoever_does_it(
    talking: Services, tell: Tell, follower: Any
) -> None:
    with talking.unit() as uow:
        uow.session.add(MessageCap(scope=ALL, per_day=1, updated_at=uow.now))
    person = follower("a")
    ladder = ("wechat_service",)
    told = [tell("appointment_reminder_day", person, ladder=ladder) for _ in range(2)]
    tasks = [tell("topic_task", person) for _ in range(2)]
    change = tell("appointment_cancelled", person, ladder=ladder)
    work(talking)
    assert sorted(row.status for row in rows(talking, told)) == ["accepted", "suppressed"]
    assert {row.status for row in rows(talking, [*tasks, change])} == {"accepted"}
    with talking.unit() as uow:
        inbox = set(uow.session.scalars(select(InboxMessage.id)))
    assert set(told) <= inbox


def test_in_the_evening_a_resident_gets_one_card_for_several_news(
    talking: Services, standin: Standin, tell: Tell, follower: Any
) -> None:
    person = follower("a")
    told = [tell("topic_progress", person), tell("appointment_no_show", person)]
    work(talking)
    assert standin.calls(TEMPLATE) == []
    talking.clock.set(EVENING)  # type: ignore[attr-defined]  # a fixed clock
    work(talking)
    (call,) = standin.calls(TEMPLATE)
    assert "今天有2条新消息" in call["body"]
    assert "packages/account/inbox" in call["body"]
    assert {row.status for row in rows(talking, told)} == {"gathered"}
    with talking.unit() as uow:
        (made,) = uow.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "digest"))
        assert made.status == "accepted"
        assert {row.digest_id for row in rows(talking, told)} == {made.id}


def test_chores_end_what_nobody_reported_on_and_forget_old_counts(
    talking: Services, tell: Tell, follower: Any
) -> None:
    told = tell("appointment_reminder_day", follower("a"), ladder=("wechat_service",))
    work(talking)
    (row,) = rows(talking, [told])
    assert (row.status, row.provider_msgid != "") == ("accepted", True)
    talking.clock.advance(timedelta(hours=72) + limits.KEPT)  # type: ignore[attr-defined]  # a fixed clock
    for chore in talking.upkeep._chores:
        if chore.name in ("unheard messages", "message day counts"):
            chore.run(talking)
    (row,) = rows(talking, [told])
    assert (row.status, row.last_errcode) == ("technical_failure", "unheard")
    with talking.unit() as uow:
        assert uow.session.scalars(select(MessageDayCount)).all() == []
