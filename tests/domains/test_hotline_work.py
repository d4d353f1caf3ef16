"""The work on a ticket: contact, time, reply, review, call-back, judgement, end and return."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.domains.hotline import (
    access,
    callback,
    closing,
    decisions,
    dispatching,
    events,
    handling,
    holding,
    judging,
    reviewing,
    supervision,
)
from backend.domains.hotline.model import Ticket, TicketCallback, TicketOrder, TicketUnit
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.timers import Timer
from tests.hotline_checks import check_clocks, check_trace
from tests.hotline_world import CGJ, RSJ, STREET, ZJJ, World, make_world

GOOD, BAD = {"solved": True, "satisfied": True}, {"solved": False, "satisfied": False}


@pytest.fixture
def world(services) -> World:
    return make_world(services)


def now(world):
    return world.services.clock.now()


@pytest.mark.parametrize(("hours", "in_time"), [(23, True), (25, False)])
def test_the_first_contact_is_the_response_in_time_or_late(world, hours, in_time):
    ticket_id = world.signed((ZJJ,))
    assert world.refused("han", handling.contact, ticket_id, "x") == "not_your_step"
    world.wait(hours=hours)
    world.act("gao", handling.contact, ticket_id, "说好周三来看")
    world.act("tang", handling.contact, ticket_id, "又打了一次")
    ticket = world.ticket(ticket_id)
    assert ticket.responded_in_time is in_time
    actions = [entry.action for entry in world.trace(ticket_id)]
    assert actions[-2:] == ["respond" if in_time else "respond_late", "contact"]
    assert world.clock(ticket_id, "contact").outcome == ("met" if in_time else "overdue")


def test_helpers_are_added_sign_and_answer_the_lead(world):
    ticket_id = world.signed()
    assert world.refused("han", handling.add_units, ticket_id, [ZJJ]) == "not_your_step"
    assert world.refused("gao", handling.add_units, ticket_id, []) == "unit_needed"
    assert world.refused("gao", handling.add_units, ticket_id, [CGJ]) == "has_it_already"
    world.act("gao", handling.add_units, ticket_id, [ZJJ, RSJ], "请看看电缆")
    assert world.refused("tang", handling.co_reply, ticket_id, "好") == "not_signed"
    assert world.refused("gao", handling.co_reply, ticket_id, "好") == "not_your_step"
    world.act("tang", dispatching.sign, ticket_id)
    world.act("tang", handling.co_reply, ticket_id, "电缆换了")
    world.act("gao", handling.submit_reply, ticket_id, "换了", "修好了")
    states = {row.department_id: row.state for row in world.units(ticket_id)}
    assert states == {CGJ: "replied", ZJJ: "replied", RSJ: "over"}
    assert world.refused("tang", handling.co_reply, ticket_id, "好") == "wrong_state"
    assert world.refused("gao", handling.add_units, ticket_id, [ZJJ]) == "wrong_state"


def test_an_extension_is_granted_by_a_supervisor_once_and_counts_from_the_start(world):
    ticket_id = world.signed()
    due = world.clock(ticket_id, "handle").due_at
    ask = (holding.ask_extension, ticket_id)
    assert world.refused("gao", *ask, 16, "等配件") == "bad_days"
    assert world.refused("gao", *ask, 3, " ") == "missing"
    world.wait(days=6)
    request = world.act("gao", *ask, 3, "等配件").id
    assert world.running(ticket_id) >= {"handle", "decide"}
    assert world.refused("sun", decisions.decide, request, True) == "not_your_step"
    world.wait(hours=30)
    assert world.clock(ticket_id, "handle").outcome == "overdue"
    world.act("zheng", decisions.decide, request, True)
    clock = world.clock(ticket_id, "handle")
    assert clock.due_at == due + timedelta(days=3) and clock.outcome == "running"
    assert world.refused("gao", *ask, 3, "再等") == "no_extension"
    check_clocks(world, ticket_id, now(world))


def test_a_refused_extension_is_spent_and_an_expired_one_comes_too_late(world):
    ticket_id, late = world.signed(), world.signed()
    request = world.act("gao", holding.ask_extension, ticket_id, 3, "等配件").id
    assert world.refused("zheng", decisions.decide, request, False) == "missing"
    world.act("zheng", decisions.decide, request, False, "人手够")
    assert world.refused("gao", holding.ask_extension, ticket_id, 3, "等") == "no_extension"
    world.wait(days=7)
    assert world.refused("gao", holding.ask_extension, late, 3, "等") == "no_extension"


def test_a_hold_stops_the_clocks_until_its_day(world):
    ticket_id = world.signed()
    until = now(world) + timedelta(days=10)
    due = world.clock(ticket_id, "handle").due_at
    for wrong in (now(world), now(world) + timedelta(days=91)):
        assert world.refused("gao", holding.ask_hold, ticket_id, wrong, "汛期") == "bad_until"
    request = world.act("gao", holding.ask_hold, ticket_id, until, "汛期").id
    assert world.refused("gao", holding.ask_hold, ticket_id, until, "汛期") == "wrong_state"
    world.wait(days=1)
    order = world.act("zheng", supervision.order, ticket_id, "抓紧", now(world) + timedelta(days=3))
    world.act("zheng", decisions.decide, request, True)
    assert world.clock(ticket_id, "handle").paused_at == now(world)
    assert world.clock(ticket_id, "supervise").paused_at is None
    world.wait(days=4)
    assert world.clock(ticket_id, "supervise").outcome == "overdue"
    assert world.clock(ticket_id, "handle").outcome == "running"
    world.wait(days=5)
    assert world.ticket(ticket_id).state == "handling"
    assert world.clock(ticket_id, "handle").due_at == due + timedelta(days=9)
    check_clocks(world, ticket_id, now(world))
    check_trace(world, ticket_id)
    assert order.due_at < now(world)


def test_a_hold_ends_early_by_the_unit_and_too_late_cannot_be_approved(world):
    ticket_id, late = world.signed(), world.signed()
    until = now(world) + timedelta(days=2)
    for one in (ticket_id, late):
        world.act("gao", holding.ask_hold, one, until, "等材料")
    world.act("zheng", decisions.decide, world.request(ticket_id), True)
    assert world.refused("tang", holding.end_hold, ticket_id) == "ticket_unknown"
    world.act("gao", holding.end_hold, ticket_id)
    assert world.refused("gao", holding.end_hold, ticket_id) == "wrong_state"
    world.wait(days=3)
    request = world.request(late)
    assert world.refused("zheng", decisions.decide, request, True) == "hold_too_late"
    world.act("zheng", decisions.decide, request, False, "过了")
    assert world.ticket(late).state == "handling"


def test_the_head_who_wrote_a_reply_does_not_review_it(world):
    ticket_id = world.signed()
    world.act("liang", handling.submit_reply, ticket_id, "换了", "修好了")
    assert world.refused("liang", reviewing.pass_unit, ticket_id) == "not_your_step"
    own = world.replied()
    assert world.refused("gao", reviewing.pass_unit, own) == "not_your_step"
    assert world.refused("xu", reviewing.pass_unit, own) == "ticket_unknown"
    world.act("liang", reviewing.pass_unit, own)
    assert world.refused("liang", reviewing.pass_centre, own) == "not_your_step"


def test_a_reply_needs_its_record_and_its_text(world):
    ticket_id = world.signed()
    for words in ((" ", "好了"), ("换了", "")):
        assert world.refused("gao", handling.submit_reply, ticket_id, *words) == "missing"


@pytest.mark.parametrize("days", [1, 8])
def test_sent_back_the_work_keeps_its_day_with_time_to_mend(world, days):
    ticket_id = world.signed()
    due = world.clock(ticket_id, "handle").due_at
    world.act("gao", handling.submit_reply, ticket_id, "换了", "好了")
    world.act("liang", reviewing.pass_unit, ticket_id)
    world.wait(days=days)
    assert world.refused("mao", reviewing.send_back, ticket_id, " ") == "missing"
    assert world.refused("gao", reviewing.send_back, ticket_id, "改") == "not_your_step"
    world.act("mao", reviewing.send_back, ticket_id, "没说何时修好")
    expected = max(due, now(world) + timedelta(hours=24))
    assert world.clock(ticket_id, "handle").due_at == expected
    assert world.told(events.WorkAgain)[-1].staff_ids == (world.id("gao"),)
    world.act("gao", handling.submit_reply, ticket_id, "换了", "周三修好了")
    check_clocks(world, ticket_id, now(world))
    check_trace(world, ticket_id)


def test_who_had_a_hand_in_it_does_not_call_back(world):
    ticket_id = world.passed()
    both = Grant("callback_agent", frozenset({"tickets.callback"}))
    gao = world.staff["gao"]
    two_jobs = Principal(gao.actor, grants=(*gao.grants, both))
    neighbour = Principal(Actor("staff", uuid4(), "同事"), grants=(*gao.grants, both))
    for by in (two_jobs, neighbour):
        world.staff["both"] = by
        assert world.refused("both", callback.call_back, ticket_id, True, **GOOD) == "not_your_step"
    assert world.refused("sun", callback.call_back, ticket_id, True, **GOOD) == "not_your_step"
    assert world.refused("cai", callback.call_back, ticket_id, True, solved=True) == "missing"
    world.act("cai", callback.call_back, ticket_id, True, **GOOD)
    ticket = world.ticket(ticket_id)
    assert (ticket.state, ticket.callback_result, ticket.satisfied) == ("closed", "satisfied", True)
    assert world.refused("cai", callback.call_back, ticket_id, True, **GOOD) == "wrong_state"


def test_three_failed_tries_at_different_hours_are_not_satisfied(world):
    ticket_id = world.passed()
    for _ in range(2):
        world.act("cai", callback.call_back, ticket_id, False, note="没接")
        assert world.refused("cai", callback.call_back, ticket_id, False) == "same_hour"
        world.wait(hours=1)
    assert world.ticket(ticket_id).state == "callback"
    world.act("mao", callback.call_back, ticket_id, False)
    ticket = world.ticket(ticket_id)
    assert (ticket.state, ticket.callback_result) == ("closed", "unreached")
    assert ticket.satisfied is None and ticket.contacted is False
    assert [row.attempt for row in world.rows(TicketCallback, ticket_id)] == [1, 2, 3]
    check_trace(world, ticket_id)


def test_the_callers_own_rating_is_the_call_back_and_stays_out_of_the_trace(world):
    person = uuid4()
    ticket_id = world.passed(person_id=person)
    rate = (callback.rate, ticket_id)
    assert world.refused(uuid4(), *rate, True, True) == "ticket_unknown"
    world.as_person(person, *rate, False, False, words="我是王小兰，根本没修")
    assert world.ticket(ticket_id).state == "judgement"
    assert world.refused(person, *rate, True, True) == "not_now"
    (row,) = world.rows(TicketCallback, ticket_id)
    assert row.by is None and "王小兰" in row.note
    texts = "".join(e.internal_text + e.reason + e.public_text for e in world.trace(ticket_id))
    assert "王小兰" not in texts


def test_a_bad_answer_is_redone_once_and_called_back_on_anew(world):
    ticket_id = world.bad()
    assert world.refused("cai", judging.judge, ticket_id, "redo", "没修") == "not_your_step"
    assert world.refused("mao", judging.judge, ticket_id, "maybe", "没修") == "bad_choice"
    assert world.refused("mao", judging.judge, ticket_id, "redo", "") == "missing"
    world.act("mao", judging.judge, ticket_id, "redo", "确实没修")
    clock = world.clock(ticket_id, "redo")
    assert clock.due_at == now(world) + timedelta(days=7)
    assert world.ticket(ticket_id).satisfied is None
    world.act("gao", handling.submit_reply, ticket_id, "这次换了", "真修好了")
    world.pass_on(ticket_id)
    world.act("cai", callback.call_back, ticket_id, True, **BAD)
    assert world.refused("mao", judging.judge, ticket_id, "redo", "还不行") == "no_redo"
    world.act("zheng", judging.judge, ticket_id, "explained", "线路年底改造，已说明")
    ticket = world.ticket(ticket_id)
    assert (ticket.state, ticket.satisfied, ticket.excluded) == ("closed", False, False)
    assert [row.round for row in world.rows(TicketCallback, ticket_id)] == [1, 2]


def test_an_answer_is_left_out_of_the_rates_only_by_two_people_with_evidence(world):
    ticket_id = world.bad()
    assert world.refused("mao", judging.judge, ticket_id, "excluded", " ") == "missing"
    world.act("mao", judging.judge, ticket_id, "excluded", "来电人要求违法，录音3分钟处")
    assert world.ticket(ticket_id).state == "judgement"
    request = world.request(ticket_id)
    assert world.refused("mao", decisions.decide, request, True) == "own_request"
    assert world.refused("sun", decisions.decide, request, True) == "not_your_step"
    assert world.refused("min", judging.judge, ticket_id, "redo", "x") == "already_requested"
    world.act("min", decisions.decide, request, False, "证据不足")
    assert world.ticket(ticket_id).state == "judgement"
    world.act("mao", judging.judge, ticket_id, "excluded", "补录音")
    world.act("zheng", decisions.decide, world.request(ticket_id), True)
    ticket = world.ticket(ticket_id)
    assert (ticket.state, ticket.excluded) == ("closed", True)
    assert world.told(events.TicketClosed)[-1].excluded
    check_trace(world, ticket_id)


def test_closed_it_is_archived_by_itself_unless_a_supervisor_reopens_it(world):
    ticket_id, again = world.closed(), world.closed()
    assert world.refused("mao", closing.reopen, again, "又坏了") == "not_your_step"
    assert world.refused("zheng", closing.reopen, again, " ") == "missing"
    world.act("zheng", closing.reopen, again, "又坏了")
    assert world.running(again) == {"handle"} and world.ticket(again).round == 2
    world.wait(days=31)
    assert world.ticket(ticket_id).state == "archived"
    assert world.refused("zheng", closing.reopen, ticket_id, "又坏了") == "wrong_state"
    assert world.ticket(again).state == "handling"
    world.act("gao", handling.submit_reply, again, "换了", "好了")
    world.pass_on(again)
    world.act("cai", callback.call_back, again, True, **GOOD)
    assert world.ticket(again).state == "closed"
    check_trace(world, again)


def test_a_unit_answers_a_supervisors_order_by_its_day(world):
    ticket_id = world.signed()
    due = now(world) + timedelta(days=1)
    assert world.refused("mao", supervision.order, ticket_id, "抓紧", due) == "not_your_step"
    assert world.refused("zheng", supervision.order, ticket_id, "抓紧", now(world)) == "due_past"
    early = world.accepted()
    assert world.refused("zheng", supervision.order, early, "抓紧", due) == "wrong_state"
    order = world.act("zheng", supervision.order, ticket_id, "说明原因", due).id
    assert world.told(events.TicketSupervised)[0].staff_ids == (world.id("gao"), world.id("liang"))
    assert world.refused("han", supervision.reply, order, "在办") == "not_your_step"
    assert world.refused("gao", supervision.reply, uuid4(), "在办") == "order_unknown"
    world.act("gao", supervision.reply, order, "在办")
    world.act("liang", supervision.reply, order, "周三办好")
    assert world.clock(ticket_id, "supervise").outcome == "met"
    assert world.refused("gao", supervision.close, order) == "not_your_step"
    world.act("qin", supervision.close, order)
    assert world.refused("qin", supervision.close, order) == "wrong_state"
    (row,) = world.rows(TicketOrder, ticket_id)
    assert (row.state, row.reply) == ("closed", "周三办好")


def test_orders_end_with_the_ticket(world):
    ticket_id = world.signed()
    world.act("zheng", supervision.order, ticket_id, "抓紧", now(world) + timedelta(days=9))
    world.act("gao", handling.submit_reply, ticket_id, "换了", "好了")
    world.pass_on(ticket_id)
    world.act("cai", callback.call_back, ticket_id, True, **GOOD)
    assert world.rows(TicketOrder, ticket_id)[0].state == "closed"
    assert not world.running(ticket_id)


def test_limits_warn_their_holders_and_pass_to_those_above(world):
    ticket_id = world.dispatched()
    world.wait(hours=20)
    warned = {event.clock_kind: event for event in world.told(events.ClockWarned)}
    assert set(warned["sign"].staff_ids) == {world.id("gao"), world.id("ge")}
    world.wait(hours=5)
    late = {event.clock_kind: event for event in world.told(events.ClockOverdue)}
    assert world.id("liang") in late["sign"].staff_ids and late["sign"].clock_text == "签收"
    assert world.clock(ticket_id, "sign").outcome == "overdue"
    world.act("gao", dispatching.sign, ticket_id)
    assert world.clock(ticket_id, "sign").outcome == "overdue"


@pytest.mark.parametrize(
    ("kind", "stage", "told"),
    [
        ("accept", "take", "sun"), ("dispatch", "accepted", "sun"),
        ("unit_review", "replied", "liang"), ("call_back", "passed", "cai"), ("judge", "bad", "mao"),
    ],
)  # fmt: skip
def test_every_desk_is_reminded_of_its_own_time(world, kind, stage, told):
    getattr(world, stage)()
    world.wait(days=3)
    late = {event.clock_kind: event for event in world.told(events.ClockOverdue)}
    assert world.id(told) in late[kind].staff_ids and world.id("zheng") in (
        *late[kind].staff_ids, *([world.id("zheng")] if kind == "unit_review" else []),
    )  # fmt: skip


def test_a_ticket_is_seen_by_the_centre_its_units_its_street_and_nobody_else(world):
    ticket_id = world.dispatched((ZJJ,))
    nobody = Principal(Actor("staff", uuid4(), "窗口"), grants=())
    elsewhere = Grant("supervisor", frozenset({"tickets.view"}), "street", uuid4())
    world.staff |= {
        "nobody": nobody,
        "elsewhere": Principal(Actor("staff", uuid4(), "别处"), grants=(elsewhere,)),
    }
    seen = {name for name in world.staff if not world.refused(name, access.reach, ticket_id)}
    assert seen == world.staff.keys() - {"nobody", "elsewhere", "yu", "zhao", "street"}
    with world.unit() as uow:
        uow.session.get_one(Ticket, ticket_id).street_id = STREET
    assert not world.refused("street", access.reach, ticket_id)
    with world.unit() as uow:
        for name, by in world.staff.items():
            where = access.visible(by)
            query = select(Ticket.id) if where is None else select(Ticket.id).where(where)
            found = ticket_id in set(uow.session.scalars(query))
            assert found == (name in seen | {"street"}), name


def test_the_first_unit_keeps_seeing_what_it_once_signed(world):
    ticket_id = world.dispatched((ZJJ,))
    world.act("tang", dispatching.sign, ticket_id)
    with world.unit() as uow:
        for row in uow.session.scalars(
            select(TicketUnit).where(
                TicketUnit.ticket_id == ticket_id, TicketUnit.department_id == ZJJ
            )
        ):
            row.state = "returned"
    assert not world.refused("tang", access.reach, ticket_id)


def test_a_resident_reads_only_the_own_ticket(world, uow):
    person = uuid4()
    ticket_id = world.take(person_id=person)
    assert access.enter_caller(uow, person, ticket_id, lock=False).ticket.id == ticket_id
    assert world.refused(uuid4(), access.enter_caller, ticket_id, lock=False) == "ticket_unknown"
    assert world.refused(person, access.enter_caller, uuid4(), lock=False) == "ticket_unknown"


def test_no_timer_of_a_ticket_is_left_or_fails(world, uow):
    ticket_id = world.closed()
    world.wait(days=40)
    left = select(Timer).where(Timer.fired_at.is_(None), Timer.subject_id == ticket_id)
    assert uow.session.scalar(left) is None
    failed = select(Timer.last_error).where(Timer.failures > 0)
    assert list(uow.session.scalars(failed)) == []
