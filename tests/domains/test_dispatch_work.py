"""The work on an event: evidence, subtasks, whistles, holds, orders, verification."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.domains.dispatch import (
    endings,
    events,
    handling,
    requests,
    subtasks,
    supervision,
    whistles,
)
from backend.domains.dispatch.model import EventFile, EventRequest, Subtask, Whistle
from backend.kernel.errors import DomainError
from tests.dispatch_world import CGJ, ZJJ, World, later
from tests.domains.dispatch_stage import heard, listen, refused


@pytest.fixture
def world(services) -> World:
    return listen(services)


def row(world: World, model, id_):
    with world.unit() as uow:
        return uow.session.get_one(model, id_)


def dispose(world: World, event_id, name: str = "chen", **kwargs) -> str:
    return refused(world, name, handling.dispose, event_id, "修好了", "修好了", **kwargs)


def test_evidence_is_asked_for_where_the_category_says_so(world):
    event_id = world.at_work(category_code="pipe")
    mine, other = world.photo(world.id("chen")), world.photo(world.id("liu"))
    assert dispose(world, event_id) == "photo_needed"
    assert dispose(world, event_id, after_ids=(mine,)) == "photo_needed"
    assert dispose(world, event_id, before_ids=(other,), after_ids=(mine,)) == "unknown_file"
    assert dispose(world, event_id, before_ids=(mine,), after_ids=(mine,)) == ""
    with world.unit() as uow:
        files = uow.session.execute(select(EventFile.role, EventFile.public)).all()
    assert sorted(tuple(one) for one in files) == [("after", True), ("before", True)]


def test_a_photo_of_the_report_counts_as_one_from_before(world):
    person = uuid4()
    event_id = world.at_work(
        category_code="pipe", person_id=person, file_ids=(world.photo(person),), confidential=True
    )
    assert dispose(world, event_id, after_ids=(world.photo(world.id("chen")),)) == ""
    with world.unit() as uow:
        assert not any(uow.session.scalars(select(EventFile.public)))


def test_a_disposal_needs_words_for_the_record_and_for_the_caller(world):
    event_id = world.at_work()
    assert refused(world, "chen", handling.dispose, event_id, "", "好了") == "result_needed"
    assert refused(world, "chen", handling.dispose, event_id, "好了", "") == "public_text_needed"
    assert dispose(world, event_id, "liu") == "not_your_step"


def test_mandatory_subtasks_come_first_and_others_are_withdrawn(world):
    event_id = world.at_work()
    must = world.act("chen", subtasks.add, event_id, "带梯子", staff_id=world.id("sun"))
    may = world.act(
        "chen", subtasks.add, event_id, "看电路", department_id=CGJ, mandatory=False, hours=2
    )
    given = heard(world, events.SubtaskGiven)
    assert given[0].staff_ids == (world.id("sun"),) and given[1].staff_ids == (world.id("gao"),)
    assert dispose(world, event_id) == "subtasks_open"
    assert refused(world, "liu", subtasks.accept, must.id) == "not_your_step"
    assert refused(world, "sun", subtasks.finish, must.id, "好了") == "wrong_state"
    world.act("sun", subtasks.accept, must.id)
    assert refused(world, "sun", subtasks.finish, must.id, " ") == "result_needed"
    picture = world.photo(world.id("sun"))
    world.act("sun", subtasks.finish, must.id, "梯子到了", file_ids=(picture,))
    assert heard(world, events.SubtaskAnswered)[0].staff_ids == (world.id("chen"),)
    assert dispose(world, event_id) == ""
    assert row(world, Subtask, may.id).state == "withdrawn"
    outcomes = {c.subject_id: c.outcome for c in world.clocks(event_id) if c.kind == "subtask"}
    assert outcomes == {must.id: "met", may.id: "cancelled"}


def test_subtasks_can_be_given_back_or_withdrawn(world):
    event_id = world.claimed()
    add = (subtasks.add, event_id, "看电路")
    one = world.act("chen", *add, department_id=CGJ)
    assert refused(world, "tang", subtasks.accept, one.id) == "event_unknown"
    world.act("gao", subtasks.accept, one.id)
    assert refused(world, "gao", subtasks.give_back, one.id, "") == "reason_needed"
    world.act("gao", subtasks.give_back, one.id, "不归我们")
    two = world.act("he", *add, staff_id=world.id("liu"))
    assert refused(world, "liu", subtasks.withdraw, two.id) == "not_your_step"
    world.act("chen", subtasks.withdraw, two.id)
    assert refused(world, "chen", subtasks.withdraw, uuid4()) == "subtask_unknown"
    assert refused(world, "chen", *add, staff_id=world.id("chen")) == "unknown_staff"
    assert refused(world, "chen", *add) == "holder_needed"
    assert refused(world, "chen", *add, department_id=uuid4()) == "unknown_department"
    assert refused(world, "chen", *add, department_id=CGJ, hours=0) == "bad_hours"
    assert refused(world, "sun", *add, staff_id=world.id("liu")) == "event_unknown"
    assert refused(world, "liu", *add, staff_id=world.id("sun")) == "not_your_step"


@pytest.mark.requirement("004.24")
def test_a_whistle_is_signed_contacted_arrived_and_finished(world):
    event_id = world.at_work()
    assert refused(world, "chen", whistles.blow, event_id, CGJ, "请来人") == "not_your_step"
    blown = world.act("lin", whistles.blow, event_id, CGJ, "请来人", hard=True)
    assert world.event(event_id).state == "whistled"
    assert heard(world, events.WhistleBlown)[0].staff_ids == (world.id("gao"),)
    assert refused(world, "lin", whistles.blow, event_id, CGJ, "再来") == "already_whistled"
    assert dispose(world, event_id) == "wrong_state"
    assert refused(world, "tang", whistles.sign, blown.id) == "event_unknown"
    assert refused(world, "gao", whistles.arrive, blown.id) == "wrong_state"
    world.wait(hours=1)
    over = heard(world, events.ClockOverdue)[-1]
    assert over.clock_kind == "sign" and {world.id("gao"), world.id("lin")} <= set(over.staff_ids)
    world.act("gao", whistles.sign, blown.id)
    world.act("gao", whistles.contact, blown.id, "已通话")
    arrive = world.clock(event_id, "arrive")
    assert (arrive.limit_amount, arrive.limit_unit) == (5, "working_days")
    world.act("gao", whistles.arrive, blown.id)
    assert refused(world, "gao", whistles.finish, blown.id, "") == "note_needed"
    world.act("gao", whistles.finish, blown.id, "处理完毕")
    assert world.event(event_id).state == "in_progress"
    assert set(heard(world, events.WhistleAnswered)[0].staff_ids) == {
        world.id("lin"), world.id("chen"),
    }  # fmt: skip
    kinds = {c.kind: c.outcome for c in world.clocks(event_id) if c.subject_kind == "whistle"}
    assert kinds == {"sign": "overdue", "dept_contact": "met", "arrive": "met"}


def test_with_two_whistles_the_lead_waits_for_both(world):
    event_id = world.at_work()
    one = world.act("lin", whistles.blow, event_id, CGJ, "请来人")
    two = world.act("he", whistles.blow, event_id, ZJJ, "请来人")
    assert refused(world, "gao", whistles.give_back, one.id, "") == "reason_needed"
    world.act("gao", whistles.give_back, one.id, "按职责清单不属于我局")
    assert world.event(event_id).state == "whistled"
    assert refused(world, "lin", whistles.withdraw, two.id, "") == "reason_needed"
    world.act("lin", whistles.withdraw, two.id, "已自行解决")
    assert world.event(event_id).state == "in_progress"
    assert row(world, Whistle, one.id).state == "returned"
    assert refused(world, "gao", whistles.sign, uuid4()) == "whistle_unknown"
    assert refused(world, "lin", whistles.blow, event_id, uuid4(), "请来") == "unknown_department"


@pytest.mark.requirement("004.28")
def test_a_hold_approved_by_somebody_else_stops_the_clocks(world):
    event_id = world.at_work()
    due = world.clock(event_id, "dispose").due_at
    until = later(world, days=3)
    asked = world.act("chen", requests.ask, event_id, "hold", "等材料", until=until)
    assert set(heard(world, events.RequestAsked)[0].staff_ids) == {
        world.id("lin"), world.id("he"), world.id("ma"),
    }  # fmt: skip
    again = refused(world, "chen", requests.ask, event_id, "hold", "等材料", until=until)
    assert again == "already_requested"
    assert refused(world, "chen", requests.decide, asked.id, True) == "own_request"
    assert refused(world, "liu", requests.decide, asked.id, True) == "not_your_step"
    world.services.clock.advance(timedelta(hours=5))
    world.act("lin", requests.decide, asked.id, True)
    assert world.event(event_id).on_hold
    assert dispose(world, event_id) == "on_hold"
    assert (
        refused(world, "he", requests.ask, event_id, "hold", "再等", until=until) == "wrong_state"
    )
    # The reminders and the limits of three days pass without effect; then time goes on.
    world.wait(days=2)
    assert not heard(world, events.ClockOverdue)
    world.wait(days=1)
    assert not world.event(event_id).on_hold
    clock = world.clock(event_id, "dispose")
    held = until - (until - timedelta(days=3) + timedelta(hours=5)) + timedelta(hours=5)
    assert clock.due_at == due + held and clock.paused_seconds == held.total_seconds()
    assert clock.limit_amount == 168 and clock.outcome == "running"
    world.wait(days=7)
    assert "dispose" in {one.clock_kind for one in heard(world, events.ClockOverdue)}
    assert row(world, EventRequest, asked.id).state == "ended"


def test_a_hold_can_be_ended_early_refused_or_taken_back(world):
    event_id = world.claimed()
    ask = (requests.ask, event_id, "hold", "等材料")
    first = world.act("chen", *ask, until=later(world, days=1))
    assert refused(world, "lin", requests.decide, first.id, False) == "note_needed"
    world.act("lin", requests.decide, first.id, False, "不需要")
    second = world.act("chen", *ask, until=later(world, days=1))
    assert refused(world, "liu", requests.withdraw, second.id) == "not_your_step"
    world.act("chen", requests.withdraw, second.id)
    third = world.act("chen", *ask, until=later(world, days=1))
    world.act("he", requests.decide, third.id, True)
    world.services.clock.advance(timedelta(hours=2))
    world.act("chen", requests.end_hold, event_id)
    assert {c.paused_seconds for c in world.clocks(event_id) if not c.stopped_at} == {7200}
    assert refused(world, "chen", requests.end_hold, event_id) == "not_on_hold"
    assert refused(world, "chen", *ask, until=None) == "bad_until"
    assert refused(world, "chen", *ask, until=later(world, days=91)) == "bad_until"
    assert refused(world, "liu", *ask, until=later(world, days=1)) == "not_your_step"
    assert refused(world, "chen", requests.withdraw, uuid4()) == "request_unknown"


def test_others_than_the_caller_cancel_with_somebody_elses_approval(world):
    event_id = world.claimed(person_id=uuid4())
    asked = world.act("chen", requests.ask, event_id, "cancel", "误报")
    world.act("lin", requests.decide, asked.id, True, "核实")
    assert world.event(event_id).state == "cancelled"
    told = heard(world, events.EventCancelled)[0]
    assert told.by == "staff" and told.staff_ids == (world.id("chen"),) and told.callers
    started = world.at_work()
    assert refused(world, "chen", requests.ask, started, "cancel", "误报") == "wrong_state"


def test_an_order_must_be_answered(world):
    event_id = world.claimed()
    order = (supervision.order, event_id)
    assert refused(world, "he", *order, "请快", later(world, days=1)) == "not_your_step"
    assert refused(world, "qin", *order, "", later(world, days=1)) == "words_needed"
    assert refused(world, "qin", *order, "请快", later(world, hours=-1)) == "bad_due"
    made = world.act("qin", *order, "请快", later(world, days=1))
    assert heard(world, events.SupervisionOrdered)[0].staff_ids == (world.id("chen"),)
    world.wait(days=1)
    kinds = {one.clock_kind: one.staff_ids for one in heard(world, events.ClockOverdue)}
    assert world.id("qin") in kinds["supervise"]
    assert refused(world, "liu", supervision.reply, made.id, "在办") == "not_your_step"
    world.act("chen", supervision.reply, made.id, "在办")
    assert heard(world, events.SupervisionReplied)[0].staff_ids == (world.id("qin"),)
    world.act("qin", supervision.close, made.id)
    assert refused(world, "qin", supervision.close, made.id) == "wrong_state"
    assert refused(world, "qin", supervision.close, uuid4()) == "order_unknown"


@pytest.mark.requirement("004.25")
def test_only_somebody_with_no_hand_in_it_verifies(world):
    event_id = world.at_work()
    task = world.act("chen", subtasks.add, event_id, "扶梯子", staff_id=world.id("liu"))
    world.act("liu", subtasks.accept, task.id)
    world.act("liu", subtasks.finish, task.id, "扶了")
    assert dispose(world, event_id) == ""
    assert heard(world, events.EventDisposed)[0].staff_ids == (world.id("deng"),)
    for name in ("chen", "liu", "he"):
        assert refused(world, name, endings.verify, event_id, True) == "not_your_step"
    assert refused(world, "deng", endings.verify, event_id, False, "") == "note_needed"
    world.act("deng", endings.verify, event_id, False, "还是不亮")
    assert heard(world, events.EventSentBack)[0].reason == "还是不亮"
    assert world.event(event_id).state == "in_progress"
    assert dispose(world, event_id) == ""
    world.act("sun", endings.verify, event_id, True)
    assert world.event(event_id).state == "verified"


def test_work_begins_at_the_agreed_time_or_at_once(world):
    event_id = world.claimed()
    assert (
        refused(world, "chen", handling.schedule, event_id, later(world, hours=-1)) == "visit_past"
    )
    world.act("chen", handling.schedule, event_id, later(world, hours=3), "带工具")
    world.act("chen", handling.schedule, event_id, later(world, hours=5))
    assert len(heard(world, events.EventScheduled)) == 2
    world.act("chen", handling.start, event_id)
    other = world.claimed()
    world.act("chen", handling.start, other)
    assert world.event(other).visit_at == world.services.clock.now()


def test_notes_and_contacts(world):
    person = uuid4()
    event_id = world.claimed(person_id=person)
    assert refused(world, "chen", handling.contact, event_id, "") == "result_needed"
    assert refused(world, "liu", handling.contact, event_id, "打了") == "not_your_step"
    world.act("chen", handling.contact, event_id, "打了")
    world.act("chen", handling.contact, event_id, "又打了")
    assert world.clock(event_id, "contact").outcome == "met"
    assert refused(world, "chen", handling.note, event_id, " ") == "words_needed"
    world.act("liu", handling.note, event_id, "我在附近", public=True)
    world.as_person(person, handling.note_of_caller, event_id, "是两盏灯")
    with pytest.raises(DomainError):
        world.as_person(person, handling.note_of_caller, event_id, " ")
    with pytest.raises(DomainError):
        world.as_person(uuid4(), handling.note_of_caller, event_id, "不是我的")
