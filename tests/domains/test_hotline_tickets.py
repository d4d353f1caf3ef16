"""Tickets taken in, decided on, dispatched, given back, merged: by the right person only."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.domains.hotline import (
    closing,
    deciding,
    decisions,
    dispatching,
    events,
    handling,
    linking,
    merging,
    phones,
    pins,
    returning,
    reviewing,
    taking,
    urging,
)
from backend.domains.hotline.model import Ticket, TicketLimit, TicketLink
from backend.kernel import receipts
from tests.hotline_checks import check_clocks, check_trace
from tests.hotline_world import CGJ, RSJ, ZJJ, World, make_world


@pytest.fixture
def world(services) -> World:
    return make_world(services)


def test_a_ticket_is_sorted_located_sealed_and_has_a_number_with_a_code(world, uow, services):
    person = uuid4()
    ticket_id = world.take(
        caller_name="王小兰", caller_phone="138 0000 5678", person_id=person,
        words="小区停水两天了。老人没水喝", category_code=None, kind="request",
    )  # fmt: skip
    ticket = world.ticket(ticket_id)
    assert (ticket.state, ticket.urgency, ticket.difficulty) == ("pending", "utility", "general")
    assert ticket.title == "小区停水两天了" and ticket.category_code == "other"
    assert ticket.number.startswith("H")
    opened = services.privacy.open
    assert opened(ticket.caller_name_sealed) == "王小兰"
    assert opened(ticket.caller_phone_sealed) == "13800005678"
    assert b"13800005678" not in ticket.caller_phone_sealed
    row = receipts.find(uow, ticket.number, receipts.query_code(services, ticket.number))
    assert row.subject_id == ticket_id and row.person_id == person
    assert "王" not in row.title and phones.phone_of(uow, ticket_id) == "13800005678"
    assert world.clock(ticket_id, "accept").due_at == ticket.created_at + timedelta(hours=2)
    (told,) = world.told(events.TicketTaken)
    assert told.query_code == receipts.query_code(services, ticket.number)


@pytest.mark.parametrize(
    ("words", "category", "urgency"),
    [("楼道着火了", "light", "emergency"), ("燃气打不着", "gas", "emergency"),
     ("路灯坏了", "light", "normal")],
)  # fmt: skip
def test_words_and_category_make_it_urgent(world, words, category, urgency):
    ticket_id = world.accepted(words=words, category_code=category)
    assert world.ticket(ticket_id).urgency == urgency
    limit = world.clock(ticket_id, "dispatch")
    assert limit.limit_amount == {"emergency": 1, "normal": 24}[urgency]


def _take(uow, by, values):
    taking.take(uow, taking.NewTicket(**values))


def test_what_cannot_be_chosen_is_refused(world):
    for wrong in ({"kind": "x"}, {"source": "x"}, {"urgency": "x"}, {"difficulty": "x"}):
        values = {"kind": "complaint", "source": "web", "words": "路灯坏了", **wrong}
        assert world.refused("han", _take, values) == "bad_choice"
    assert world.refused("han", deciding.accept, uuid4()) == "ticket_unknown"


def test_a_districts_own_limit_comes_before_the_facts(world):
    with world.unit() as uow:
        uow.session.add(
            TicketLimit(
                kind="handle", category_code="city", qualifier="general", amount=2, unit="hours"
            )
        )
        uow.session.add(TicketLimit(kind="handle", qualifier=None, amount=9, unit="hours"))
    assert world.clock(world.signed(), "handle").limit_amount == 2


def test_only_the_centre_accepts_and_refuses(world):
    ticket_id = world.take()
    assert world.refused("gao", deciding.accept, ticket_id) == "ticket_unknown"
    assert world.refused("cai", deciding.accept, ticket_id) == "not_your_step"
    assert world.refused("sun", deciding.reject, ticket_id, "不属于") == "not_your_step"
    assert world.refused("han", deciding.reject, ticket_id, " ") == "missing"
    world.act("han", deciding.reject, ticket_id, "正在诉讼")
    ticket = world.ticket(ticket_id)
    assert ticket.state == "rejected" and ticket.reject_reason == "正在诉讼"
    assert not world.running(ticket_id)
    assert world.refused("han", deciding.accept, ticket_id) == "wrong_state"


def test_an_answer_pins_the_version_in_force_and_nothing_older(world):
    article = uuid4()
    old = world.shelf.put(article, 1)
    version = world.shelf.put(article, 2)
    inner = world.shelf.put(uuid4(), 1, "internal")
    ticket_id = world.take(kind="consult")
    answer = ("带身份证来办", [version, inner])
    assert world.refused("han", deciding.answer, ticket_id, "好", []) == "source_needed"
    assert world.refused("han", deciding.answer, ticket_id, "好", [old]) == "article_changed"
    assert world.refused("han", deciding.answer, ticket_id, "好", [uuid4()]) == "article_unknown"
    assert world.ticket(ticket_id).state == "pending"
    world.act("han", deciding.answer, ticket_id, *answer)
    assert world.ticket(ticket_id).answered_version_id == version
    assert {pin.version_number for pin in world.pins(ticket_id)} == {1, 2}
    (told,) = world.told(events.TicketAnswered)
    assert told.sources == (("article", article, "公积金提取指南"),)
    assert world.shelf.uses == [(version, "sent", "public"), (inner, "inserted", "internal")]


def test_pins_are_put_and_taken_by_those_at_work(world):
    version = world.shelf.put(uuid4(), 3)
    ticket_id = world.signed()
    assert world.refused("cai", pins.pin, ticket_id, version) == "not_your_step"
    world.act("gao", pins.pin, ticket_id, version)
    world.act("gao", pins.pin, ticket_id, version)
    world.act("gao", pins.unpin, ticket_id, version)
    assert world.refused("gao", pins.unpin, ticket_id, version) == "pin_unknown"
    assert world.refused("han", pins.pin, world.closed(), version) == "ticket_over"
    assert [e.action for e in world.trace(ticket_id)][-2:] == ["pin", "unpin"]


def test_without_a_knowledge_base_nothing_can_be_pinned(world, services):
    del services.extensions["hotline_articles"]
    assert world.refused("han", pins.pin, world.take(), uuid4()) == "article_unknown"
    world.passed()


def test_dispatching_starts_the_units_clocks_and_tells_it(world):
    ticket_id = world.accepted()
    assert world.refused("han", dispatching.dispatch, ticket_id, CGJ) == "not_your_step"
    for units, code in (((CGJ, [CGJ]), "twice"), ((CGJ, [ZJJ, ZJJ]), "twice"),
                        ((uuid4(), []), "unknown_department")):  # fmt: skip
        assert world.refused("sun", dispatching.dispatch, ticket_id, *units) == code
    wrong = {"difficulty": "x"}
    assert world.refused("sun", dispatching.dispatch, ticket_id, CGJ, **wrong) == "bad_choice"
    world.act("sun", dispatching.dispatch, ticket_id, CGJ, [ZJJ], difficulty="complex")
    assert world.running(ticket_id) == {"sign", "contact", "handle"}
    assert world.clock(ticket_id, "handle").limit_amount == 15 * 24
    lead, helpers = world.told(events.TicketDispatched)
    assert set(lead.staff_ids) == {world.id("gao"), world.id("ge")} and lead.first
    assert helpers.role == "co" and helpers.staff_ids == (world.id("tang"),)
    assert world.refused("lu", dispatching.dispatch, ticket_id, ZJJ) == "wrong_state"


def test_the_first_unit_that_signs_stays_answerable(world):
    ticket_id = world.dispatched((ZJJ,))
    assert world.refused("yu", dispatching.sign, ticket_id) == "ticket_unknown"
    assert world.refused("han", dispatching.sign, ticket_id) == "not_your_step"
    world.act("tang", dispatching.sign, ticket_id)
    assert world.ticket(ticket_id).state == "to_sign"
    world.act("ge", dispatching.sign, ticket_id)
    ticket = world.ticket(ticket_id)
    assert ticket.state == "handling" and ticket.first_unit_id == ZJJ
    assert ticket.first_signer_id == world.id("tang")
    assert world.refused("gao", dispatching.sign, ticket_id) == "nothing_to_sign"


def test_a_return_is_decided_by_the_dispatcher_while_the_clock_runs(world):
    ticket_id = world.dispatched((ZJJ,))
    due = world.clock(ticket_id, "sign").due_at
    ask = (returning.ask_return, ticket_id, "城管条例第三条", "归住建")
    assert world.refused("gao", returning.ask_return, ticket_id, " ", "归住建") == "missing"
    assert world.refused("tang", *ask) == "not_your_step"
    world.act("gao", *ask, suggested_department_id=ZJJ)
    assert world.running(ticket_id) == {"sign", "contact", "handle", "return"}
    request = world.request(ticket_id)
    assert world.refused("gao", decisions.decide, request, True) == "own_request"
    assert world.refused("liang", decisions.decide, request, False, "不行") == "not_your_step"
    assert world.refused("sun", decisions.decide, request, False) == "missing"
    assert world.refused("sun", decisions.decide, request, True) == "unit_needed"
    wrong = {"department_id": CGJ}
    assert world.refused("sun", decisions.decide, request, True, **wrong) == "unit_needed"
    world.wait(minutes=30)
    world.act("sun", decisions.decide, request, False, "这里归城管")
    assert world.clock(ticket_id, "sign").due_at == due
    assert world.ticket(ticket_id).state == "to_sign"
    assert world.refused("lu", decisions.decide, request, False, "再说") == "wrong_state"
    assert world.refused("lu", decisions.decide, uuid4(), False, "再说") == "request_unknown"


def test_an_approved_return_gives_it_to_another_unit_with_its_own_time(world):
    ticket_id = world.dispatched((ZJJ,))
    world.act("gao", returning.ask_return, ticket_id, "条例", "归住建")
    world.wait(hours=1)
    world.act("sun", decisions.decide, world.request(ticket_id), True, department_id=ZJJ)
    ticket = world.ticket(ticket_id)
    assert ticket.lead_unit_id == ZJJ and ticket.returns_count == 1
    assert world.clock(ticket_id, "handle").started_at == ticket.dispatched_at
    held = [(row.department_id, row.role, row.state) for row in world.units(ticket_id)]
    assert sorted(state for _, _, state in held) == ["over", "returned", "waiting"]
    assert (ZJJ, "lead", "waiting") in held
    # The unit that gave it back does not see it any more.
    assert world.refused("gao", dispatching.sign, ticket_id) == "ticket_unknown"
    world.act("tang", dispatching.sign, ticket_id)
    check_clocks(world, ticket_id, world.services.clock.now())
    check_trace(world, ticket_id)


@pytest.mark.parametrize("stays", [True, False])
def test_the_second_return_is_arbitrated_and_there_is_no_third(world, stays):
    ticket_id = world.dispatched()
    world.act("gao", returning.ask_return, ticket_id, "条例", "归住建")
    world.act("sun", decisions.decide, world.request(ticket_id), True, department_id=ZJJ)
    world.act("tang", returning.ask_return, ticket_id, "办法", "归人社")
    request = world.request(ticket_id)
    assert world.ticket(ticket_id).state == "arbitration"
    assert world.refused("sun", decisions.decide, request, False, "不行") == "not_your_step"
    assert world.refused("zheng", decisions.decide, request, True, "好") == "unit_needed"
    assert world.refused("zheng", decisions.decide, request, False) == "missing"
    unit = None if stays else RSJ
    world.act("zheng", decisions.decide, request, not stays, "依三定方案", department_id=unit)
    ticket = world.ticket(ticket_id)
    assert (ticket.state, ticket.return_final) == ("to_sign", True)
    assert ticket.lead_unit_id == (ZJJ if stays else RSJ)
    who = "tang" if stays else "yu"
    again = (returning.ask_return, ticket_id, "条例", "还是不归我们")
    assert world.refused(who, *again) == "return_final"
    world.act(who, dispatching.sign, ticket_id)


def test_merged_tickets_wait_for_their_parent_and_each_caller_is_called_back(world):
    parent = world.signed()
    first, second = world.accepted(person_id=uuid4()), world.accepted()
    assert world.refused("han", merging.merge, first, parent) == "not_your_step"
    assert world.refused("sun", merging.merge, first, first) == "same_ticket"
    assert world.refused("sun", merging.merge, first, world.closed()) == "parent_over"
    world.act("sun", merging.merge, second, first)
    world.act("sun", merging.merge, first, parent, "同一盏灯")
    assert {world.ticket(one).parent_id for one in (first, second)} == {parent}
    assert not world.running(first)
    world.act("sun", merging.separate, second, "是另一盏")
    assert world.running(second) == {"dispatch"}
    world.act("gao", handling.submit_reply, parent, "换了灯泡", "路灯修好了")
    world.pass_on(parent)
    child = world.ticket(first)
    assert child.state == "callback" and child.reply_public == "路灯修好了"
    assert world.running(first) == {"call_back"} and child.lead_unit_id == CGJ
    told = [event.ticket_id for event in world.told(events.TicketReplied)]
    assert told[-2:] == [parent, first]
    for one in (parent, first, second):
        check_trace(world, one)


def test_the_caller_takes_it_back_before_it_is_dispatched(world):
    person = uuid4()
    ticket_id, child = world.accepted(person_id=person), world.accepted()
    world.act("sun", merging.merge, child, ticket_id)
    assert world.refused(uuid4(), closing.cancel, ticket_id) == "ticket_unknown"
    world.as_person(person, closing.cancel, ticket_id)
    assert world.ticket(ticket_id).state == "cancelled"
    # What was merged into it is a matter of somebody else's.
    assert world.ticket(child).state == "to_dispatch"
    late = world.dispatched(person_id=person)
    assert world.refused(person, closing.cancel, late) == "wrong_state"


def test_a_caller_urges_once_a_day_and_adds_what_is_missing(world):
    person = uuid4()
    ticket_id = world.signed(person_id=person)
    world.as_person(person, urging.urge_of_caller, ticket_id, "快点")
    assert world.told(events.TicketUrged)[0].staff_ids == (world.id("gao"),)
    assert world.refused("han", urging.urge, ticket_id) == "urged_today"
    assert world.refused("gao", urging.urge, ticket_id) == "not_your_step"
    world.wait(days=1)
    world.act("han", urging.urge, ticket_id, "又来电话")
    assert world.ticket(ticket_id).urges_count == 2
    world.as_person(person, urging.note_of_caller, ticket_id, "是第三盏")
    assert world.ticket(ticket_id).words.endswith("补充：是第三盏")
    assert "第三盏" not in "".join(e.public_text + e.internal_text for e in world.trace(ticket_id))
    world.act("han", urging.note, ticket_id, "来电人耳背")
    over = world.closed(person_id=person)
    assert world.refused(person, urging.urge_of_caller, over) == "ticket_over"
    assert world.refused(person, urging.note_of_caller, over, "还有") == "ticket_over"


def test_an_urge_on_a_merged_ticket_reaches_who_handles_the_parent(world):
    parent, person = world.signed(), uuid4()
    child = world.accepted(person_id=person)
    world.act("sun", merging.merge, child, parent)
    world.as_person(person, urging.urge_of_caller, child)
    assert world.told(events.TicketUrged)[-1].staff_ids == (world.id("gao"),)


def test_a_ticket_becomes_an_event_once_and_both_carry_the_others_number(world, uow):
    from backend.domains.dispatch.model import Event

    ticket_id = world.accepted(address="南湖路1号")
    assert world.refused("cai", linking.to_event, ticket_id) == "not_your_step"
    event_id = world.act("han", linking.to_event, ticket_id)
    event = uow.session.get(Event, event_id)
    ticket = uow.session.get(Ticket, ticket_id)
    assert (event.source, event.external_number) == ("ticket", ticket.number)
    link = uow.session.scalar(select(TicketLink).where(TicketLink.ticket_id == ticket_id))
    assert (link.ref_id, link.number) == (event_id, event.number)
    assert world.refused("sun", linking.to_event, ticket_id) == "has_event"
    link_it = (linking.link, ticket_id)
    assert world.refused("han", *link_it, "event", "E0") == "event_unknown"
    assert world.refused("han", *link_it, "bad", "E0") == "bad_choice"
    world.act("han", *link_it, "event", event.number)
    world.act("han", *link_it, "case", "C-1")
    assert len(world.rows(TicketLink, ticket_id)) == 2
    world.act("han", linking.unlink, ticket_id, "case", "C-1")
    assert world.refused("han", linking.unlink, ticket_id, "case", "C-1") == "link_unknown"
    assert world.refused("zheng", *link_it, "case", "C-2") == "not_your_step"
    assert world.refused("han", linking.to_event, world.closed()) == "ticket_over"


def test_what_was_seen_before_a_change_is_not_acted_on(world):
    ticket_id = world.accepted()
    seen = world.ticket(ticket_id).version
    world.act("sun", dispatching.dispatch, ticket_id, CGJ)
    assert world.refused("gao", dispatching.sign, ticket_id, version=seen) == "changed_meanwhile"
    assert world.refused("zheng", reviewing.send_back, ticket_id, "改") == "wrong_state"
