"""What callers, units and the centre are told when something happens to a ticket."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.domains.hotline import events as e
from backend.domains.hotline.taking import NewTicket, take
from backend.domains.identity.staff_model import StaffAccount
from backend.domains.messages import address_book
from backend.domains.organisation import service as organisation
from backend.kernel.access import Actor
from backend.kernel.clock import SHANGHAI
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from notifications.model import InboxMessage, OutboxMessage
from notifications.rules import Priority
from tests.people import sign_in_person, sign_in_staff

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)
TICKET = uuid4()
CGJ = stable_id("department", "cgj")
ARTICLE, ITEM = uuid4(), uuid4()


def base(**changes: Any) -> dict[str, Any]:
    return {
        "ticket_id": TICKET, "number": "H261123-482073-5", "title": "楼下油烟大",
        "kind": "complaint", "source": "mini", "urgency": "normal", "category_code": "fume",
        "state": "pending", "place": "和平路12号", "confidential": False, "person_id": None,
        "lead_unit_id": CGJ, "street_id": None, "at": EIGHT, **changes,
    }  # fmt: skip


def emit(services: Services, event: object) -> None:
    with services.unit(Actor("staff", uuid4(), "郑洁")) as uow:
        uow.emit(event)


def member(services: Services) -> tuple[UUID, UUID]:
    """A handler of the unit, and the person whose phone is bound."""
    with services.unit() as uow:
        organisation.put(uow.session, "department", [("cgj", "区城管局")])
    staff = sign_in_staff(services, ("department_handler", "department", CGJ)).id
    person = sign_in_person(services).id
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, staff).person_id = person
    return staff, person


def inbox(services: Services, person: UUID) -> list[InboxMessage]:
    with services.unit() as uow:
        query = select(InboxMessage).where(InboxMessage.person_key == person)
        return list(uow.session.scalars(query.order_by(InboxMessage.kind)))


def outgoing(services: Services) -> list[OutboxMessage]:
    with services.unit() as uow:
        return list(uow.session.scalars(select(OutboxMessage)))


def test_the_answer_names_public_articles_and_leads_to_the_ticket(services: Services) -> None:
    person = sign_in_person(services).id
    facts = base(person_id=person, state="callback")
    emit(
        services,
        e.TicketReplied(
            **facts, text="已责令加装净化器", staff_ids=(), due_at=None,
            sources=(("article", ARTICLE, "油烟投诉怎么办"), ("item", ITEM, "餐饮油烟备案")),
        ),
    )  # fmt: skip
    message = inbox(services, person)[0]
    assert message.title == "有答复了：楼下油烟大"
    assert "已责令加装净化器 参考《油烟投诉怎么办》" in message.body
    assert "《餐饮油烟备案》" in message.body
    assert message.link == f"/tickets/{TICKET}"
    assert list(outgoing(services)[0].ladder) == ["wechat_subscribe", "wechat_service", "sms"]


def test_a_question_is_answered_on_the_page_it_was_asked_on(services: Services) -> None:
    person = sign_in_person(services).id
    facts = base(person_id=person, source="ask", kind="consult", state="answered")
    emit(services, e.TicketTaken(**facts, query_code="123456"))
    emit(services, e.TicketAnswered(**facts, text="带身份证就行", sources=()))
    answered, received = inbox(services, person)
    assert "话务员会查清楚再答复您" in received.body
    assert "123456" not in received.body
    assert answered.title == "您问的有答复了：楼下油烟大"
    assert answered.link == f"/questions/{TICKET}"


def test_a_caller_without_an_account_gets_a_text_message_and_the_number_is_not_copied(
    services: Services,
) -> None:
    with services.unit() as uow:
        new = NewTicket("request", "phone", "路灯不亮", caller_phone="13800138000")
        ticket = take(uow, new)
        ticket_id = ticket.id
    emit(
        services,
        e.TicketReplied(
            **base(ticket_id=ticket_id, source="phone"), text="修好了", sources=(),
            staff_ids=(), due_at=None,
        ),
    )  # fmt: skip
    sent = [row for row in outgoing(services) if row.kind == "ticket_answered"]
    assert [(row.person_key, list(row.ladder)) for row in sent] == [(ticket_id, ["sms"])]
    assert all("13800138000" not in str(row.payload) for row in outgoing(services))
    with services.unit() as uow:
        found = address_book.addresses(services, uow.session, ticket_id)
        assert (found.phone, found.mini_openid) == ("13800138000", None)
        nobody = address_book.addresses(services, uow.session, uuid4())
        assert nobody.phone is None


def test_a_caller_who_left_nothing_is_told_nothing(services: Services) -> None:
    emit(services, e.TicketTaken(**base(source="letter"), query_code="1"))
    assert outgoing(services) == []


def test_a_dispatch_calls_the_units_people_and_the_signature_ends_the_call(
    services: Services,
) -> None:
    staff, phone = member(services)
    caller = sign_in_person(services).id
    event = e.TicketDispatched(
        **base(person_id=caller, state="to_sign"), role="lead", unit_ids=(CGJ,),
        unit_names=("区城管局",), staff_ids=(staff,), due_at=EIGHT + timedelta(hours=4),
        first=True,
    )  # fmt: skip
    emit(services, event)
    call = outgoing(services)[0]
    assert (call.kind, call.priority) == ("ticket_dispatched", int(Priority.CALL))
    assert inbox(services, phone)[0].title == "主办工单：楼下油烟大"
    assert "在11月23日（周一）12:00前" in inbox(services, phone)[0].body
    assert inbox(services, caller)[0].title == "已转区城管局：楼下油烟大"
    # A unit that has it after a return is called too; its caller has heard already.
    emit(services, replace(event, first=False))
    assert len(inbox(services, caller)) == 1
    emit(
        services,
        e.TicketSigned(**base(state="handling"), role="lead", unit_id=CGJ, unit_name="区城管局"),
    )
    calls = [row for row in outgoing(services) if row.kind == "ticket_dispatched"]
    assert {row.status for row in calls} == {"suppressed"}


def test_a_redo_is_the_units_task_and_the_callers_news(services: Services) -> None:
    staff, phone = member(services)
    caller = sign_in_person(services).id
    facts = base(person_id=caller, state="handling")
    for why, titles in (("sent_back", 0), ("redo", 1), ("reopened", 2)):
        event = e.WorkAgain(**facts, why=why, reason="没修好", staff_ids=(staff,), due_at=EIGHT)
        services.clock.advance(timedelta(minutes=1))
        emit(services, event)
        assert len(inbox(services, caller)) == titles
    assert inbox(services, caller)[0].title == "重新办理：楼下油烟大"
    assert len(inbox(services, phone)) == 3


def test_an_end_takes_back_what_was_asked_of_the_unit(services: Services) -> None:
    staff, _ = member(services)
    emit(services, e.TicketUrged(**base(), staff_ids=(staff,)))
    assert outgoing(services)[0].status == "created"
    emit(services, e.TicketClosed(**base(state="closed"), result="satisfied", excluded=False))
    assert outgoing(services)[0].status == "suppressed"


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (e.TicketAccepted(**base(), staff_ids=(), due_at=EIGHT), "待派单"),
        (e.TicketSeparated(**base(), staff_ids=()), "待派单"),
        (e.RequestAsked(**base(), request_id=TICKET, request_kind="return", reason="不归我们",
                        by_name="高波", staff_ids=(), due_at=EIGHT), "退单申请"),
        (e.RequestDecided(**base(), request_id=TICKET, request_kind="extension", approved=True,
                          note="", staff_ids=()), "延期已同意"),
        (e.RequestDecided(**base(), request_id=TICKET, request_kind="hold", approved=False,
                          note="尽快办", staff_ids=()), "挂账未同意"),
        (e.ReplySubmitted(**base(), step="unit", staff_ids=(), due_at=EIGHT), "待部门审核"),
        (e.ReplySubmitted(**base(), step="centre", staff_ids=(), due_at=None), "待中心审核"),
        (e.TicketReplied(**base(), text="好了", sources=(), staff_ids=(), due_at=EIGHT),
         "待回访"),
        (e.TicketCalledBack(**base(), result="dissatisfied", staff_ids=()), "待研判"),
        (e.TicketUrged(**base(), staff_ids=()), "来电人催办"),
        (e.TicketSupervised(**base(), order_id=TICKET, words="今天回复", due_at=EIGHT,
                            staff_ids=()), "督办"),
        (e.OrderReplied(**base(), order_id=TICKET, reply="在办", staff_ids=()), "督办已回复"),
        (e.ClockWarned(**base(), clock_kind="handle", clock_text="办理", due_at=EIGHT,
                       staff_ids=()), "办理快到期"),
        (e.ClockOverdue(**base(), clock_kind="sign", clock_text="签收", due_at=EIGHT,
                        staff_ids=()), "签收已超时"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)  # fmt: skip
def test_whoever_works_on_it_is_told(services: Services, event: Any, title: str) -> None:
    staff, phone = member(services)
    emit(services, replace(event, staff_ids=(staff,)))
    assert f"{title}：楼下油烟大" in {row.title for row in inbox(services, phone)}
    assert not [row for row in outgoing(services) if row.last_error]


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (e.TicketRejected(**base(), reason="法院已经受理"), "不予受理"),
        (e.TicketMerged(**base(), parent_id=ARTICLE, parent_number="H1"), "和同一件事一起办"),
    ],
    ids=["rejected", "merged"],
)
def test_callers_are_told(services: Services, event: Any, title: str) -> None:
    person = sign_in_person(services).id
    emit(services, replace(event, person_id=person))
    assert inbox(services, person)[-1].title == f"{title}：楼下油烟大"
    assert not [row for row in outgoing(services) if row.last_error]
