"""What callers and answerers are told when something happens to an event."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.domains.dispatch import events as e
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel.clock import SHANGHAI
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from notifications.model import InboxMessage, OutboxMessage
from notifications.rules import Priority
from tests.people import sign_in_person, sign_in_staff

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)
EVENT = uuid4()
STREET = stable_id("street", "yuehe")


def base(**changes: Any) -> dict[str, Any]:
    return {
        "event_id": EVENT, "number": "E261123-482073-5", "title": "路灯不亮", "place": "和平路12号",
        "urgency": "normal", "category_code": "lamp", "source": "resident", "state": "called",
        "street_id": STREET, "at": EIGHT, **changes,
    }  # fmt: skip


def emit(services: Services, event: object) -> None:
    with services.unit() as uow:
        uow.emit(event)


def worker(services: Services, *, bound: bool = True) -> tuple[UUID, UUID | None]:
    """A grid worker and the person whose phone is bound to the account."""
    staff = sign_in_staff(services, ("grid_worker", "street", STREET)).id
    person = sign_in_person(services).id if bound else None
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, staff).person_id = person
    return staff, person


def caller(services: Services, number: str = "E261123-482073-5") -> e.CallerRef:
    person = sign_in_person(services).id
    return e.CallerRef(uuid4(), EVENT, person, None, number)


def inbox(services: Services, person: UUID | None) -> list[InboxMessage]:
    with services.unit() as uow:
        query = select(InboxMessage).where(InboxMessage.person_key == person)
        return list(uow.session.scalars(query.order_by(InboxMessage.id)))


def outgoing(services: Services) -> list[OutboxMessage]:
    with services.unit() as uow:
        return list(uow.session.scalars(select(OutboxMessage)))


def called(staff: list[UUID], **changes: Any) -> e.EventCalled:
    values = {"level": "worker", "due_at": EIGHT + timedelta(minutes=30), **changes}
    return e.EventCalled(**base(), staff_ids=tuple(staff), **values)


def test_everybody_on_duty_is_called_at_once_with_the_highest_priority(services: Services) -> None:
    first, second, unbound = worker(services), worker(services), worker(services, bound=False)
    emit(services, called([first[0], second[0], unbound[0]]))
    sent = outgoing(services)
    assert {row.person_key for row in sent} == {first[1], second[1]}
    assert {row.priority for row in sent} == {int(Priority.CALL)}
    assert {tuple(row.ladder) for row in sent} == {("wechat_subscribe", "wechat_service", "sms")}
    assert "11月23日（周一）8:30前认领" in inbox(services, first[1])[0].body


def test_a_claim_stops_the_calls_and_tells_the_others_who_did(services: Services) -> None:
    first, second = worker(services), worker(services)
    who = caller(services)
    emit(services, called([first[0], second[0]], callers=(who,)))
    emit(
        services,
        e.EventClaimed(
            **base(state="claimed"), staff_id=first[0], staff_name="陈强", others=(second[0],),
            callers=(who,), contact_due_at=EIGHT + timedelta(hours=24),
        ),
    )  # fmt: skip
    calls = [row for row in outgoing(services) if row.kind == "event_call"]
    assert {row.status for row in calls} == {"suppressed"}
    assert "陈强认领了：路灯不亮" in {m.title for m in inbox(services, second[1])}
    assert {m.title for m in inbox(services, who.person_id)} == {
        "收到了：路灯不亮", "有人负责了：路灯不亮",
    }  # fmt: skip


def test_the_subscribe_consent_is_kept_for_the_result(services: Services) -> None:
    who = caller(services)
    emit(services, called([], callers=(who,)))
    emit(
        services,
        e.EventDisposed(
            **base(state="disposed"), staff_ids=(), callers=(who,), public_text="换了新灯泡",
            due_at=None,
        ),
    )  # fmt: skip
    ladders = {row.kind: list(row.ladder) for row in outgoing(services)}
    assert ladders["event_received"] == []
    assert ladders["event_disposed"][0] == "wechat_subscribe"


def test_every_caller_hears_the_end_with_the_own_number(services: Services) -> None:
    callers = [caller(services, f"E261123-00000{n}-5") for n in range(3)]
    emit(
        services,
        e.EventClosed(
            **base(state="closed"), callers=tuple(callers), public_text="换了新灯泡", lead_id=None
        ),
    )
    for one in callers:
        message = inbox(services, one.person_id)[-1]
        assert message.title == "办结了：路灯不亮"
    assert len(outgoing(services)) == 3


def test_a_grid_worker_who_called_hears_it_on_the_bound_phone(services: Services) -> None:
    staff, person = worker(services)
    who = e.CallerRef(uuid4(), EVENT, None, staff, "E261123-482073-5")
    emit(services, e.EventReopened(**base(state="reopened"), callers=(who,), by="staff"))
    assert inbox(services, person)[0].title == "重新开始办：路灯不亮"


def test_who_cancelled_is_not_told_and_the_lead_is(services: Services) -> None:
    staff, person = worker(services)
    who = caller(services)
    for by in ("caller", "staff"):
        event = e.EventCancelled(**base(state="cancelled"), callers=(who,), staff_ids=(staff,),
                                 by=by)  # fmt: skip
        emit(services, event)
    assert [m.title for m in inbox(services, who.person_id)] == ["已撤销：路灯不亮"]
    assert {m.title for m in inbox(services, person)} == {"已撤销：路灯不亮"}


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (e.EventEscalated(**base(), from_level="worker", level="leader", staff_ids=(),
                          due_at=None), "呼叫：路灯不亮"),
        (e.EventAssigned(**base(), staff_id=EVENT, staff_name="陈强", by_name="何敏", note="",
                         due_at=EIGHT, before_id=None), "指派给您：路灯不亮"),
        (e.EventDeclined(**base(), staff_id=EVENT, staff_name="陈强", reason="在休假",
                         staff_ids=()), "没有接受指派：路灯不亮"),
        (e.SubtaskGiven(**base(), subtask_id=EVENT, what="拉警戒线", staff_ids=(),
                        by_name="陈强", due_at=EIGHT), "请协办：路灯不亮"),
        (e.SubtaskAnswered(**base(), subtask_id=EVENT, what="拉警戒线", outcome="returned",
                           words="不归我管", staff_ids=()), "协办被退回：路灯不亮"),
        (e.WhistleBlown(**base(), whistle_id=EVENT, department_id=EVENT, what="修灯",
                        staff_ids=(), by_name="林芳", due_at=EIGHT), "吹哨：路灯不亮"),
        (e.WhistleAnswered(**base(), whistle_id=EVENT, department_id=EVENT, outcome="finished",
                           note="换了灯泡", staff_ids=()), "部门已完成：路灯不亮"),
        (e.RequestAsked(**base(), request_id=EVENT, kind="hold", reason="等材料", by_name="陈强",
                        staff_ids=()), "挂账申请：路灯不亮"),
        (e.RequestDecided(**base(), request_id=EVENT, kind="hold", approved=True, note="",
                          staff_ids=()), "挂账已同意：路灯不亮"),
        (e.EventSentBack(**base(), staff_ids=(), reason="灯还是不亮"), "核查没有通过：路灯不亮"),
        (e.SupervisionOrdered(**base(), order_id=EVENT, words="尽快办", due_at=EIGHT,
                              by_name="郑洁", staff_ids=()), "督办：路灯不亮"),
        (e.SupervisionReplied(**base(), order_id=EVENT, words="明天完成", staff_ids=()),
         "督办已回复：路灯不亮"),
        (e.ClockWarned(**base(), clock_kind="dispose", due_at=EIGHT, staff_ids=()), "快到期"),
        (e.ClockOverdue(**base(), clock_kind="contact", due_at=EIGHT, staff_ids=()), "已超时"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)  # fmt: skip
def test_answerers_are_told(services: Services, event: Any, title: str) -> None:
    from dataclasses import replace

    staff, person = worker(services)
    field = "staff_id" if isinstance(event, e.EventAssigned) else "staff_ids"
    emit(services, replace(event, **{field: staff if field == "staff_id" else (staff,)}))
    assert title in inbox(services, person)[-1].title
    assert inbox(services, person)[-1].link == f"/worker/events/{EVENT}"
    assert not [row for row in outgoing(services) if row.last_error]


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (e.EventMerged(**base(), parent_id=EVENT, parent_number="E261123-111111-1",
                       parent_title="水管爆裂", callers=(), staff_ids=()), "和同一件事一起办"),
        (e.EventTransferred(**base(), service="119", callers=(), staff_ids=()), "已转119"),
        (e.EventTicketed(**base(), ticket_number="H1", callers=(), staff_ids=()), "已转12345"),
        (e.EventScheduled(**base(), visit_at=EIGHT, callers=()), "约好时间了"),
        (e.EventVerified(**base(), callers=(), public_text="好了", rate_until=EIGHT), "评一评"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)  # fmt: skip
def test_callers_are_told(services: Services, event: Any, title: str) -> None:
    from dataclasses import replace

    who = caller(services)
    emit(services, replace(event, callers=(who,)))
    assert title in inbox(services, who.person_id)[-1].title
    assert not [row for row in outgoing(services) if row.last_error]
