"""How events end, come back, join and part; and what is left of a person who leaves."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from backend.domains.dispatch import (
    claiming,
    correcting,
    endings,
    events,
    handling,
    intake,
    merging,
    own_data,
    transfer,
)
from backend.domains.dispatch.model import Event, EventCaller, EventChange, EventClock
from backend.domains.dispatch.wiring import purge_feed
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel import trace
from backend.kernel.errors import DomainError
from backend.kernel.receipts import ReceiptRow
from backend.kernel.trace import Subject
from tests.dispatch_world import IN_B, World
from tests.domains.dispatch_stage import heard, listen, refused


@pytest.fixture
def world(services) -> World:
    return listen(services)


def refused_person(world: World, person, use, *args) -> str:
    try:
        world.as_person(person, use, *args)
    except DomainError as error:
        return error.code
    return ""


def join(world: World, event_id, person) -> EventCaller:
    return world.as_person(
        person, lambda uow, who: intake.join(uow, event_id, person_id=who, words="我家也是")
    )


@pytest.mark.requirement("004.26")
def test_every_caller_is_told_the_end_those_of_duplicates_too(world):
    first, second, third = uuid4(), uuid4(), uuid4()
    parent = world.claimed(person_id=first)
    child = world.call(person_id=second).id
    grandchild = world.call(person_id=third).id
    world.act("he", merging.merge, grandchild, child, "同一盏灯")
    world.act("he", merging.merge, child, parent, "同一盏灯")
    assert heard(world, events.EventMerged)[1].parent_number == world.event(parent).number
    assert world.event(parent).callers_count == 3
    assert world.event(grandchild).parent_id == parent
    assert not [c for c in world.clocks(child) if c.stopped_at is None]
    world.act("chen", handling.start, parent)
    world.act("chen", handling.dispose, parent, "换了", "换好了")
    # A caller of the duplicate confirms through the own call.
    world.as_person(second, endings.confirm, child, True)
    for person, own in ((first, parent), (second, child)):
        world.as_person(person, endings.rate, own, 5)
        assert world.event(parent).state == "verified"
    world.as_person(third, endings.rate, grandchild, 4)
    told = heard(world, events.EventClosed)[0]
    assert {caller.person_id for caller in told.callers} == {first, second, third}
    assert len({caller.number for caller in told.callers}) == 3


def test_joining_twice_is_one_caller_and_a_merged_call_leads_to_its_parent(world):
    person = uuid4()
    parent, child = world.call().id, world.call().id
    world.act("he", merging.merge, child, parent, "一样")
    one, two = join(world, child, person), join(world, parent, person)
    assert one.id == two.id and one.event_id == parent
    assert world.event(parent).callers_count == 3
    with world.unit() as uow:
        receipt = uow.session.scalar(select(ReceiptRow).where(ReceiptRow.subject_id == one.id))
        assert receipt.person_id == person and receipt.title == "路灯"
    assert refused_person(world, person, endings.cancel, parent, "不用了") == "others_waiting"


def test_who_reported_twice_is_counted_once_when_both_are_merged(world):
    person = uuid4()
    parent, child, other = (world.call(person_id=one).id for one in (person, person, uuid4()))
    join(world, child, uuid4())
    for one in (child, other):
        world.act("he", merging.merge, one, parent, "同一盏灯")
    assert world.event(parent).callers_count == 3
    # Told of it once more, through what it was merged into: still the same caller.
    assert join(world, parent, person).event_id in (parent, child)
    assert world.event(parent).callers_count == 3
    world.act("he", merging.separate, child, "两盏灯")
    assert world.event(parent).callers_count == 2
    assert world.event(child).callers_count == 2


def test_nobody_joins_what_is_over(world):
    event_id = world.closed()
    with pytest.raises(DomainError) as over:
        join(world, event_id, uuid4())
    assert over.value.code == "event_over"


@pytest.mark.requirement("004.26")
def test_five_hundred_calls_about_one_pipe_cost_the_same_each(world):
    """One parent, 500 callers told; the last merge takes no more statements than the first."""
    parent = world.claimed(category_code="pipe")
    counts: list[int] = []
    engine = world.services.db.engine

    def listener(*_):
        counts.append(1)

    sqlalchemy_event.listen(engine, "before_cursor_execute", listener)
    spent = []
    for number in range(500):
        before = len(counts)
        if number % 10 == 0:
            child = world.call(person_id=uuid4(), category_code="pipe").id
            before = len(counts)
            world.act("he", merging.merge, child, parent, "同一根水管")
            spent.append(len(counts) - before)
        else:
            join(world, parent, uuid4())
    sqlalchemy_event.remove(engine, "before_cursor_execute", listener)
    assert spent[-1] <= spent[1] + 2
    assert world.event(parent).callers_count == 501
    photo = world.photo(world.id("chen"))
    world.act("chen", handling.start, parent)
    world.act(
        "chen", handling.dispose, parent, "换了", "换好了", before_ids=(photo,), after_ids=(photo,)
    )
    world.act("liu", endings.verify, parent, True)
    world.wait(days=8)
    told = heard(world, events.EventClosed)[0].callers
    assert len({caller.person_id for caller in told if caller.person_id}) == 500


def test_apart_again_it_is_called_anew(world):
    parent, child = world.claimed(), world.claimed()
    assert refused(world, "chen", merging.merge, child, parent, "一样") == "not_your_step"
    assert refused(world, "he", merging.merge, child, parent, " ") == "reason_needed"
    assert refused(world, "he", merging.merge, child, child, "一样") == "same_event"
    world.act("he", merging.merge, child, parent, "一样")
    assert refused(world, "he", merging.merge, parent, child, "一样") == "parent_over"
    world.act("he", merging.separate, child, "不是一盏")
    apart = world.event(child)
    assert (apart.state, apart.parent_id, apart.lead_id) == ("called", None, None)
    assert world.event(parent).callers_count == 1
    world.act("liu", claiming.claim, child)


def test_a_call_about_two_matters_is_split(world):
    person = uuid4()
    event_id = world.call(person_id=person).id
    joined = join(world, event_id, uuid4())
    split = {"words": "水管也漏了", "category_code": "pipe", "reason": "两件事"}
    assert refused(world, "chen", merging.split, event_id, caller_ids=[joined.id], **split)
    nobody = refused(world, "he", merging.split, event_id, caller_ids=[], **split)
    assert nobody == "bad_callers"
    with world.unit() as uow:
        everyone = list(
            uow.session.scalars(select(EventCaller.id).where(EventCaller.event_id == event_id))
        )
    assert refused(world, "he", merging.split, event_id, caller_ids=everyone, **split)
    made = world.act("he", merging.split, event_id, caller_ids=[joined.id], **split)
    assert (made.category_code, made.callers_count, made.state) == ("pipe", 1, "called")
    assert world.event(event_id).callers_count == 1 and made.number != world.event(event_id).number
    told = heard(world, events.EventCalled)[-1]
    assert [caller.caller_id for caller in told.callers] == [joined.id]


def test_seven_days_after_the_check_it_closes_by_itself(world):
    event_id = world.verified(person_id=uuid4())
    world.wait(days=6, hours=23)
    assert world.event(event_id).state == "verified"
    world.wait(hours=1)
    assert world.event(event_id).state == "closed"
    assert len(heard(world, events.EventClosed)) == 1


@pytest.mark.requirement("004.25")
def test_a_caller_reopens_once_within_15_days_then_only_a_supervisor(world):
    person = uuid4()
    event_id = world.closed(person_id=person)
    assert refused_person(world, uuid4(), endings.reopen, event_id, "又坏了") == "event_unknown"
    assert refused_person(world, person, endings.reopen, event_id, " ") == "reason_needed"
    world.as_person(person, endings.reopen, event_id, "又坏了")
    event = world.event(event_id)
    assert (event.state, event.level, event.lead_id) == ("reopened", "worker", None)
    assert heard(world, events.EventReopened)[0].by == "caller"
    world.act("chen", claiming.claim, event_id)
    with world.unit() as uow:
        last = trace.entries(uow.session, Subject("event", event_id))[-1]
        assert (last.from_state, last.to_state) == ("reopened", "claimed")
    world.act("chen", handling.start, event_id)
    world.act("chen", handling.dispose, event_id, "又换了", "又修好了")
    world.act("liu", endings.verify, event_id, True)
    world.wait(days=8)
    assert refused_person(world, person, endings.reopen, event_id, "还坏") == "reopen_refused"
    assert refused(world, "lin", endings.reopen, event_id, "还坏") == "not_your_step"
    assert refused(world, "qin", endings.reopen, event_id, "") == "reason_needed"
    world.act("qin", endings.reopen, event_id, "核实还坏")
    late = world.closed(person_id=person)
    world.services.clock.advance(timedelta(days=16))
    assert refused_person(world, person, endings.reopen, late, "又坏了") == "reopen_refused"
    world.act("he", endings.reopen, late, "核实还坏")


def test_rating(world):
    person = uuid4()
    event_id = world.disposed(person_id=person)
    assert refused_person(world, person, endings.rate, event_id, 5) == "rating_refused"
    world.as_person(person, endings.confirm, event_id, False, "还不亮")
    assert world.event(event_id).state == "in_progress"
    world.act("chen", handling.dispose, event_id, "换了", "换好了")
    assert refused_person(world, person, endings.confirm, world.call().id, True) == "event_unknown"
    world.as_person(person, endings.confirm, event_id, True)
    assert refused_person(world, person, endings.rate, event_id, 6) == "bad_score"
    world.as_person(person, endings.rate, event_id, 2, "慢")
    assert refused_person(world, person, endings.rate, event_id, 5) == "rating_refused"
    assert world.event(event_id).state == "closed"


def test_the_caller_takes_a_call_back(world):
    person = uuid4()
    event_id = world.claimed(person_id=person)
    assert refused_person(world, person, endings.cancel, event_id, "") == "reason_needed"
    world.as_person(person, endings.cancel, event_id, "自己好了")
    assert world.event(event_id).state == "cancelled"
    assert heard(world, events.EventCancelled)[0].staff_ids == (world.id("chen"),)
    with world.unit() as uow:
        texts = [
            e.reason + e.internal_text
            for e in trace.entries(uow.session, Subject("event", event_id))
        ]
    assert not any("自己好了" in text for text in texts)
    at_work = world.at_work(person_id=person)
    assert refused_person(world, person, endings.cancel, at_work, "不用") == "wrong_state"


def test_ways_out_of_this_desk(world):
    person = uuid4()
    one = world.call(person_id=person).id
    assert refused_person(world, person, transfer.to_emergency, one, "911") == "bad_service"
    world.as_person(person, transfer.to_emergency, one, "119")
    assert heard(world, events.EventTransferred)[0].service == "119"
    two = world.at_work(person_id=person)
    assert refused(world, "chen", transfer.to_emergency, two, "119") == "wrong_state"
    world.act("he", transfer.to_ticket, two, "H261123-1", "超出范围")
    event = world.event(two)
    assert (event.state, event.ticket_number, event.is_open) == ("ticketed", "H261123-1", False)
    assert heard(world, events.EventTicketed)[0].staff_ids == (world.id("chen"),)


def test_the_dispatcher_corrects_what_was_reported_wrongly(world):
    event_id = world.call().id
    assert refused(world, "chen", correcting.set_urgency, event_id, "urgent") == "not_your_step"
    assert refused(world, "he", correcting.set_urgency, event_id, "soon") == "bad_urgency"
    world.act("he", correcting.set_urgency, event_id, "urgent")
    clock = world.clock(event_id, "claim")
    assert clock.due_at - clock.started_at == timedelta(minutes=5)
    world.act("he", correcting.set_category, event_id, "wall")
    assert world.event(event_id).urgency == "normal"
    world.act("he", correcting.set_place, event_id, **IN_B)
    assert heard(world, events.EventCalled)[-1].staff_ids == (world.id("sun"),)
    nowhere = refused(world, "he", correcting.set_place, event_id, latitude=1, longitude=1)
    assert nowhere == "outside_district"
    world.act("sun", claiming.claim, event_id)
    assert world.clock(event_id, "dispose").limit_unit == "working_days"
    world.act("he", correcting.set_category, event_id, "pipe")
    assert world.clock(event_id, "dispose").limit_amount == 24
    assert refused(world, "he", correcting.set_category, world.closed(), "pipe") == "event_over"


def test_an_unpublished_calendar_leaves_the_due_moment_open_until_it_is_known(world, monkeypatch):
    from backend.kernel import clocks
    from backend.kernel.workdays import CalendarUnknown

    def unknown(uow):
        def is_working(day):
            raise CalendarUnknown

        return is_working

    event_id = world.at_work(category_code="light")
    with monkeypatch.context() as patched:
        patched.setattr(clocks, "working", unknown)
        world.act("chen", handling.dispose, event_id, "换了", "换好了")
        assert world.clock(event_id, "verify").due_at is None
        world.wait(days=1)
        assert world.clock(event_id, "verify").due_at is None
    world.wait(days=1)
    clock = world.clock(event_id, "verify")
    assert clock.due_at == clock.started_at + timedelta(days=1)


def test_a_person_sees_and_takes_along_the_own_calls(world):
    person, heir = uuid4(), uuid4()
    event_id = world.call(person_id=person, words="我家门口路灯不亮").id
    joined = world.call().id
    join(world, joined, person)
    join(world, joined, heir)
    with world.unit() as uow:
        shown = own_data.export(uow, person)
        assert [one["words"] for one in shown] == ["我家门口路灯不亮", ""]
        assert shown[1]["added"] == "我家也是" and len(own_data.open_matters(uow, person)) == 2
        own_data.move(uow, PersonMerged(person, heir))
    with world.unit() as uow:
        assert len(own_data.export(uow, heir)) == 2 and not own_data.export(uow, person)
        own_data.forget(uow, PersonClosed(heir))
    assert world.event(event_id).words == ""
    with world.unit() as uow:
        words = uow.session.scalar(
            select(func.count()).where(EventCaller.words != "", EventCaller.person_id.is_(None))
        )
        assert uow.session.scalar(select(func.count(Event.id))) == 2 and words == 0


def test_the_live_feed_is_kept_two_days(world):
    world.call()
    with world.unit() as uow:
        assert uow.session.scalar(select(func.count(EventChange.id))) == 1
    world.services.clock.advance(timedelta(days=3))
    purge_feed(world.services)
    with world.unit() as uow:
        assert uow.session.scalar(select(func.count(EventChange.id))) == 0
        assert uow.session.scalar(select(func.count(EventClock.id))) == 1
