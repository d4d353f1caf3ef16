"""What stopped holding is not sent: in every domain, and no more than what stopped holding."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.domains.community import events as community
from backend.domains.deliberation import events as topics
from backend.domains.dispatch import events as dispatch
from backend.domains.hotline import events as hotline
from backend.domains.identity.staff_model import StaffAccount
from backend.domains.knowledge import events as knowledge
from backend.domains.neighbourhood import events as neighbourhood
from backend.domains.organisation import service as organisation
from backend.kernel.access import Actor
from backend.kernel.clock import SHANGHAI
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from notifications.model import OutboxMessage
from tests.people import sign_in_person, sign_in_staff

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)
DUE = EIGHT + timedelta(hours=4)
CGJ = stable_id("department", "cgj")
STREET = stable_id("street", "yuehe")
MATTER = uuid4()


@pytest.fixture
def say(services: Services) -> Callable[..., set[str]]:
    """`say(event, …)` tells them one after the other; the titles still to be sent."""

    def told(*events: object) -> set[str]:
        for event in events:
            with services.unit(Actor("staff", uuid4(), "郑洁")) as uow:
                uow.emit(event)
            services.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]  # a fixed clock
        with services.unit() as uow:
            rows = uow.session.scalars(
                select(OutboxMessage).where(OutboxMessage.status == "created")
            )
            return {row.title for row in rows}

    return told


@pytest.fixture
def staff(services: Services) -> UUID:
    """A member of staff with a bound phone."""
    with services.unit() as uow:
        organisation.put(uow.session, "department", [("cgj", "区城管局")])
    found = sign_in_staff(services, ("department_handler", "department", CGJ)).id
    person = sign_in_person(services).id
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, found).person_id = person
    return found


@pytest.fixture
def person(services: Services) -> UUID:
    return sign_in_person(services).id


# -- events of the street ----------------------------------------------------------------------


def event(kind: type[Any], /, **more: Any) -> Any:
    return kind(
        event_id=MATTER, number="E261123-482073-5", title="路灯不亮", place="和平路12号",
        urgency="normal", category_code="lamp", source="resident", state="claimed",
        street_id=STREET, at=EIGHT, **more,
    )  # fmt: skip


def assigned(staff: UUID) -> Any:
    return event(
        dispatch.EventAssigned, staff_id=staff, staff_name="陈强", by_name="王兰", note="",
        due_at=DUE, before_id=None,
    )  # fmt: skip


def warned(staff: UUID, clock: str) -> Any:
    return event(dispatch.ClockWarned, clock_kind=clock, due_at=DUE, staff_ids=(staff,))


def test_a_declined_assignment_waits_for_nobody(say: Any, staff: UUID) -> None:
    assert say(assigned(staff)) == {"指派给您：路灯不亮"}
    declined = event(
        dispatch.EventDeclined, staff_id=staff, staff_name="陈强", reason="在休假", staff_ids=()
    )
    assert say(declined) == set()


def test_a_new_time_replaces_the_one_before(say: Any, person: UUID, services: Services) -> None:
    who = (dispatch.CallerRef(uuid4(), MATTER, person, None, "E261123-482073-5"),)
    for hours in (2, 3):
        say(event(dispatch.EventScheduled, visit_at=EIGHT + timedelta(hours=hours), callers=who))
    with services.unit() as uow:
        rows = uow.session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
    assert [row.status for row in rows] == ["suppressed", "created"]


def test_of_two_tasks_only_the_answered_one_stops(say: Any, staff: UUID) -> None:
    first, second = uuid4(), uuid4()
    tasks = [
        event(dispatch.SubtaskGiven, subtask_id=number, what=what, staff_ids=(staff,),
              by_name="王兰", due_at=DUE)
        for number, what in ((first, "断电"), (second, "围挡"))
    ]  # fmt: skip
    whistle = event(
        dispatch.WhistleBlown, whistle_id=uuid4(), department_id=CGJ, what="来人", due_at=DUE,
        staff_ids=(staff,), by_name="王兰",
    )  # fmt: skip
    done = event(dispatch.SubtaskAnswered, subtask_id=first, what="断电", outcome="done",
                 words="好了", staff_ids=())  # fmt: skip
    assert say(*tasks, whistle, done) == {"请协办：路灯不亮", "吹哨：路灯不亮"}
    answered = event(dispatch.WhistleAnswered, whistle_id=whistle.whistle_id, department_id=CGJ,
                     outcome="finished", note="好了", staff_ids=())  # fmt: skip
    assert say(answered) == {"请协办：路灯不亮"}


def test_a_decided_request_and_an_answered_order_stop_alone(say: Any, staff: UUID) -> None:
    asked = [
        event(dispatch.RequestAsked, request_id=uuid4(), kind=kind, reason="等配件",
              by_name="陈强", staff_ids=(staff,))
        for kind in ("hold", "cancel")
    ]  # fmt: skip
    order = event(dispatch.SupervisionOrdered, order_id=uuid4(), words="抓紧", due_at=DUE,
                  by_name="周敏", staff_ids=(staff,))  # fmt: skip
    assert say(*asked, order) == {"挂账申请：路灯不亮", "撤销申请：路灯不亮", "督办：路灯不亮"}
    decided = event(dispatch.RequestDecided, request_id=asked[0].request_id, kind="hold",
                    approved=True, note="", staff_ids=())  # fmt: skip
    assert say(decided) == {"撤销申请：路灯不亮", "督办：路灯不亮"}
    replied = event(dispatch.SupervisionReplied, order_id=order.order_id, words="在办",
                    staff_ids=())  # fmt: skip
    assert say(replied) == {"撤销申请：路灯不亮"}


def test_what_is_done_in_time_needs_no_warning_but_an_order_does(say: Any, staff: UUID) -> None:
    assert len(say(warned(staff, "dispose"), warned(staff, "supervise"))) == 2
    disposed = event(dispatch.EventDisposed, staff_ids=(), callers=(), public_text="换好了",
                     due_at=None)  # fmt: skip
    assert say(disposed) == {"督办回复快到期：路灯不亮"}


def test_the_end_takes_the_place_of_the_way_to_it(say: Any, person: UUID) -> None:
    who = (dispatch.CallerRef(uuid4(), MATTER, person, None, "E261123-482073-5"),)
    disposed = event(dispatch.EventDisposed, staff_ids=(), callers=who, public_text="换好了",
                     due_at=None)  # fmt: skip
    claimed = event(dispatch.EventClaimed, staff_id=uuid4(), staff_name="陈强", others=(),
                    callers=who, contact_due_at=DUE)  # fmt: skip
    assert say(claimed) == {"有人负责了：路灯不亮"}
    assert say(disposed) == {"处理好了，请看一看：路灯不亮"}
    assert say(event(dispatch.EventSentBack, staff_ids=(), reason="还不亮")) == set()
    closed = event(dispatch.EventClosed, callers=who, public_text="换好了", lead_id=None)
    assert say(disposed, closed) == {"办结了：路灯不亮"}
    assert say(event(dispatch.EventReopened, callers=(), by="caller")) == set()


# -- 12345 tickets -----------------------------------------------------------------------------


def ticket(kind: type[Any], /, **more: Any) -> Any:
    return kind(
        ticket_id=MATTER, number="H261123-482073-5", title="楼下油烟大", kind="complaint",
        source="mini", urgency="normal", category_code="fume", state="pending",
        place="和平路12号", confidential=False, person_id=more.pop("person_id", None),
        lead_unit_id=CGJ, street_id=None, at=EIGHT, **more,
    )  # fmt: skip


def handed(role: str, staff: UUID, first: bool = False, **more: Any) -> Any:
    return ticket(
        hotline.TicketDispatched, role=role, unit_ids=(CGJ,), unit_names=("区城管局",),
        staff_ids=(staff,), due_at=DUE, first=first, **more,
    )  # fmt: skip


def test_a_dispatched_ticket_needs_no_dispatcher(say: Any, staff: UUID) -> None:
    accepted = ticket(hotline.TicketAccepted, staff_ids=(staff,), due_at=DUE)
    assert say(accepted) == {"待派单：楼下油烟大"}
    assert say(handed("lead", staff)) == {"主办工单：楼下油烟大"}


def test_the_lead_s_signature_does_not_sign_for_those_who_help(say: Any, staff: UUID) -> None:
    signed = ticket(hotline.TicketSigned, role="lead", unit_id=CGJ, unit_name="区城管局")
    say(handed("lead", staff), handed("co", staff))
    assert say(signed) == {"协办工单：楼下油烟大"}


def test_a_decided_request_about_a_ticket_stops_alone(say: Any, staff: UUID) -> None:
    asked = [
        ticket(hotline.RequestAsked, request_id=uuid4(), request_kind=kind, reason="要检测",
               by_name="陈强", staff_ids=(staff,), due_at=DUE)
        for kind in ("extension", "hold")
    ]  # fmt: skip
    order = ticket(hotline.TicketSupervised, order_id=uuid4(), words="抓紧", due_at=DUE,
                   staff_ids=(staff,))  # fmt: skip
    waiting = say(*asked, order)
    assert len(waiting) == 3
    decided = ticket(hotline.RequestDecided, request_id=asked[0].request_id,
                     request_kind="extension", approved=True, note="", staff_ids=())  # fmt: skip
    assert len(say(decided)) == 2
    replied = ticket(hotline.OrderReplied, order_id=order.order_id, reply="在办", staff_ids=())
    (left,) = say(replied)
    assert "挂账" in left


def test_an_answer_takes_the_place_of_the_way_and_falls_with_the_redo(
    say: Any, staff: UUID, person: UUID
) -> None:
    mine = {"person_id": person}
    assert "已转区城管局：楼下油烟大" in say(handed("lead", staff, first=True, **mine))
    replied = ticket(hotline.TicketReplied, text="已整改", sources=(), staff_ids=(), due_at=None,
                     **mine)  # fmt: skip
    assert say(replied) == {"有答复了：楼下油烟大"}
    again = ticket(hotline.WorkAgain, why="redo", reason="没有解决", staff_ids=(), due_at=DUE,
                   **mine)  # fmt: skip
    assert say(again) == {"重新办理：楼下油烟大"}


# -- articles ----------------------------------------------------------------------------------


def article(kind: type[Any], **more: Any) -> Any:
    return kind(
        article_id=MATTER, number="K000012", title="油烟投诉怎么办", department_id=CGJ, **more
    )


def test_a_renewed_article_is_not_about_to_expire(say: Any, staff: UUID) -> None:
    expiring = article(knowledge.ArticleExpiring, days=7, expires_on=date(2026, 11, 30))
    assert say(expiring) == {"还有7天失效：油烟投诉怎么办"}
    assert say(article(knowledge.ArticleRenewed, expires_on=date(2027, 11, 30))) == set()
    ended = article(knowledge.ArticleEnded, state="expired", reason="")
    assert say(ended) == {"知识已失效：油烟投诉怎么办"}
    live = article(knowledge.ArticlePublished, version_number=2, audience="public", author_id=None)
    assert say(live) == set()


def test_a_version_handed_in_again_is_not_waiting_for_its_author(say: Any, staff: UUID) -> None:
    back = article(knowledge.ArticleReturned, reason="缺依据", author_id=staff)
    assert say(back) == {"知识退回修改：油烟投诉怎么办"}
    again = article(knowledge.ArticleSubmitted, stage="department_review", author_id=staff)
    assert say(again) == set()


# -- homes, topics, neighbours -----------------------------------------------------------------


def test_a_home_that_ended_is_not_said_to_be_confirmed(say: Any, person: UUID) -> None:
    def decided(state: str) -> Any:
        return community.HomeDecided(
            residence_id=MATTER, person_id=person, community_id=uuid4(),
            community_name="桂香苑", label="3幢502室", relation="owner",
            state=state, reason="已搬走", at=EIGHT,
        )  # fmt: skip

    assert say(decided("confirmed")) == {"住处已确认：3幢502室"}
    assert say(decided("ended")) == {"住处已解除：3幢502室"}


def topic(kind: type[Any], state: str, **more: Any) -> Any:
    return kind(
        topic_id=MATTER, number="Y261123-482073-5", title="加装电梯", kind="works",
        kind_text="工程", community_id=uuid4(), community_name="桂香苑", state=state,
        proposer_id=None, at=EIGHT, **more,
    )  # fmt: skip


def test_a_stage_ends_what_was_said_and_asked_of_the_one_before(
    say: Any, staff: UUID, person: UUID
) -> None:
    def asked(state: str, what: str, *, lasting: bool = False) -> Any:
        return topic(topics.TopicTask, state, staff_ids=(staff,), what=what, words="请看",
                     due_at=None, lasting=lasting)  # fmt: skip

    def stage(state: str) -> Any:
        return topic(topics.TopicStage, state, person_ids=(person,), words="开始了", due_at=None)

    waiting = say(stage("noticing"), asked("noticing", "可以开始表决"),
                  asked("noticing", "有举报", lasting=True))  # fmt: skip
    assert {"可以开始表决：加装电梯", "有举报：加装电梯"} < waiting
    assert len(waiting) == 3
    before = asked("voting", "请看表决")
    left = say(before, stage("voting"))
    assert {"请看表决：加装电梯", "有举报：加装电梯"} < left
    assert len(left) == 3
    over = topic(topics.TopicEnded, "closed", person_ids=(), reason="办完了")
    assert say(over) == {"有举报：加装电梯"}


def activity(kind: type[Any], *people: UUID, **more: Any) -> Any:
    return kind(
        activity_id=MATTER, title="清洁家园", place="小广场", starts_at=EIGHT + timedelta(hours=8),
        person_ids=people, **more,
    )  # fmt: skip


def test_who_does_not_come_is_not_reminded_and_the_others_are(
    say: Any, person: UUID, services: Services
) -> None:
    other = sign_in_person(services).id
    say(activity(neighbourhood.ActivitySoon, person, other))
    say(activity(neighbourhood.SignupEnded, person))
    with services.unit() as uow:
        rows = uow.session.scalars(select(OutboxMessage)).all()
        assert {row.person_key: row.status for row in rows} == {
            person: "suppressed", other: "created",
        }  # fmt: skip


def test_a_moved_activity_is_not_announced_at_its_old_hour(say: Any, person: UUID) -> None:
    assert say(activity(neighbourhood.ActivitySoon, person)) == {"就要开始：清洁家园"}
    assert say(activity(neighbourhood.ActivityChanged, person)) == {"时间或地点有变：清洁家园"}
    gone = activity(neighbourhood.ActivityCancelled, person, reason="台风")
    assert say(gone) == {"活动取消：清洁家园"}


def test_a_wish_that_is_over_asks_nothing_more(say: Any, person: UUID) -> None:
    def care(kind: type[Any], **more: Any) -> Any:
        return kind(subject_kind="wish", subject_id=MATTER, title="老花镜", person_id=person,
                    **more)  # fmt: skip

    assert say(care(neighbourhood.WishGranted)) == {"心愿完成了吗：老花镜"}
    assert say(care(neighbourhood.WishNotYet)) == {"心愿还差一点：老花镜"}
    assert say(neighbourhood.CareOver(subject_kind="wish", subject_id=MATTER)) == set()


def test_a_helper_let_go_does_not_stop_what_others_are_asked(
    say: Any, person: UUID, services: Services
) -> None:
    other = sign_in_person(services).id

    def care(kind: type[Any], who: UUID) -> Any:
        return kind(subject_kind="help_request", subject_id=MATTER, title="搬桌子", person_id=who)

    assert say(care(neighbourhood.HelpChosen, person)) == {"请您帮忙：搬桌子"}
    assert say(care(neighbourhood.CareParted, other)) == {"请您帮忙：搬桌子"}
    assert say(care(neighbourhood.CareParted, person)) == set()
