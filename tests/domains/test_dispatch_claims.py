"""Who is asked, who takes it, and what happens when nobody does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.domains.dispatch import access, claiming, events, handling, intake
from backend.domains.dispatch.model import EventAttempt, EventFile
from backend.domains.grid.model import Duty
from backend.kernel.errors import Conflict, Invalid, NotFound
from tests.dispatch_world import IN_B, World
from tests.domains.dispatch_stage import heard, listen, refused


@pytest.fixture
def world(services) -> World:
    return listen(services)


def attempts(world: World, event_id) -> list[tuple[str, str, int]]:
    with world.unit() as uow:
        rows = uow.session.scalars(
            select(EventAttempt).where(EventAttempt.event_id == event_id).order_by(EventAttempt.id)
        )
        return [(row.level, row.outcome, len(row.staff_ids)) for row in rows]


@pytest.mark.requirement("004.22")
def test_nobody_claims_and_it_goes_up_the_chain_to_the_dispatcher(world):
    event = world.call()
    levels = [event.level]
    for _ in range(4):
        world.wait(minutes=30)
        levels.append(world.event(event.id).level)
    assert levels == ["worker", "deputy", "leader", "street", "dispatch"]
    told = heard(world, events.EventEscalated)
    assert [one.staff_ids for one in told[:3]] == [
        (world.id("deng"),), (world.id("zhao"),), (world.id("lin"),),
    ]  # fmt: skip
    assert set(told[3].staff_ids) == {world.id("he"), world.id("ma")}
    assert [outcome for _, outcome, _ in attempts(world, event.id)] == ["passed"] * 4 + ["waiting"]
    world.wait(minutes=30)
    over = heard(world, events.ClockOverdue)[-1]
    assert over.clock_kind == "claim" and world.id("he") in over.staff_ids
    assert world.event(event.id).state == "called"
    # Whoever was asked before may still take it.
    assert world.act("chen", claiming.claim, event.id).lead_id == world.id("chen")


def test_urgent_calls_go_up_after_five_minutes(world):
    event = world.call(words="水管爆了", category_code="pipe")
    assert event.urgency == "urgent"
    world.wait(minutes=4)
    assert heard(world, events.ClockWarned)[0].staff_ids
    world.wait(minutes=1)
    assert world.event(event.id).level == "deputy"


def test_steps_with_nobody_on_duty_are_passed_over_and_written_down(world):
    with world.unit() as uow:
        for duty in uow.session.scalars(select(Duty).where(Duty.level.in_(["worker", "deputy"]))):
            uow.session.delete(duty)
    event = world.call()
    assert event.level == "leader"
    assert sorted(attempts(world, event.id)) == [
        ("deputy", "empty", 0), ("leader", "waiting", 1), ("worker", "empty", 0),
    ]  # fmt: skip


def test_without_a_known_place_the_dispatcher_is_asked_at_once(world):
    event = world.call(latitude=None, longitude=None, address="不知道哪里")
    assert (event.level, event.cell_id) == ("dispatch", None)
    assert set(heard(world, events.EventCalled)[0].staff_ids) == {world.id("he"), world.id("ma")}
    assert refused(world, "chen", claiming.claim, event.id) == "event_unknown"


def test_a_place_in_words_finds_the_cell(world):
    event = world.call(latitude=None, longitude=None, address="第二网格门口")
    assert event.level == "worker" and event.tile is None
    assert heard(world, events.EventCalled)[0].staff_ids == (world.id("sun"),)


def test_who_was_not_asked_cannot_claim(world):
    event = world.call()
    assert refused(world, "sun", claiming.claim, event.id) == "event_unknown"
    assert refused(world, "zhao", claiming.claim, event.id) == "not_your_step"
    assert refused(world, "gao", claiming.claim, event.id) == "event_unknown"
    assert refused(world, "chen", claiming.claim, uuid4()) == "event_unknown"


def test_whose_shift_began_after_the_call_can_claim_it(world):
    event = world.call()
    with world.unit() as uow:
        area = uow.session.scalar(select(Duty.area_id).where(Duty.staff_id == world.id("chen")))
        uow.session.add(Duty(area_id=area, staff_id=world.id("sun"), level="worker"))
    assert world.act("sun", claiming.claim, event.id).lead_id == world.id("sun")


def test_a_claim_given_back_is_called_again_without_who_gave_it_back(world):
    event_id = world.claimed()
    assert refused(world, "chen", claiming.release, event_id, " ") == "reason_needed"
    assert refused(world, "liu", claiming.release, event_id, "不行") == "not_your_step"
    world.act("chen", claiming.release, event_id, "车坏了")
    event = world.event(event_id)
    assert (event.state, event.lead_id) == ("called", None)
    assert heard(world, events.EventCalled)[-1].staff_ids == (world.id("liu"),)
    assert refused(world, "chen", claiming.claim, event_id) == "gave_it_back"
    assert [c.kind for c in world.clocks(event_id) if c.stopped_at is None] == ["claim"]
    world.act("liu", claiming.claim, event_id)


def test_after_half_an_hour_it_cannot_be_given_back(world):
    event_id = world.claimed()
    world.wait(minutes=31)
    assert refused(world, "chen", claiming.release, event_id, "不行") == "release_too_late"


def test_the_dispatcher_assigns_and_the_person_accepts_in_time(world):
    event = world.call()
    world.act("he", claiming.assign, event.id, world.id("sun"), "离得近")
    assert world.event(event.id).state == "assigned"
    assert heard(world, events.EventAssigned)[0].note == "离得近"
    assert refused(world, "liu", claiming.accept, event.id) == "not_your_step"
    world.wait(hours=1)
    over = heard(world, events.ClockOverdue)[0]
    assert over.clock_kind == "accept" and {world.id("sun"), world.id("he")} <= set(over.staff_ids)
    world.act("sun", claiming.accept, event.id)
    assert world.event(event.id).state == "claimed"
    assert world.clock(event.id, "accept").outcome == "overdue"


def test_declined_it_returns_to_the_dispatcher(world):
    event = world.call()
    world.act("he", claiming.assign, event.id, world.id("sun"))
    world.act("sun", claiming.decline, event.id, "今天不在")
    now = world.event(event.id)
    assert (now.state, now.level, now.lead_id) == ("called", "dispatch", None)
    assert heard(world, events.EventDeclined)[0].reason == "今天不在"


def test_only_people_who_handle_can_be_assigned(world):
    event = world.call()
    for name in ("qin", "he"):
        assert refused(world, "he", claiming.assign, event.id, world.id(name)) == "unknown_staff"
    assert refused(world, "he", claiming.assign, event.id, uuid4()) == "unknown_staff"
    assert refused(world, "zhao", claiming.assign, event.id, world.id("sun")) == "not_your_step"


def test_work_under_way_can_be_given_to_another_and_keeps_its_time(world):
    event_id = world.at_work()
    due = world.clock(event_id, "dispose").due_at
    world.act("he", claiming.assign, event_id, world.id("liu"))
    assert heard(world, events.EventAssigned)[0].before_id == world.id("chen")
    world.act("liu", claiming.accept, event_id)
    assert world.clock(event_id, "dispose").due_at == due
    assert refused(world, "chen", handling.start, event_id) == "not_your_step"
    world.act("liu", handling.start, event_id)


def test_an_old_version_is_refused(world):
    event = world.call()
    world.act("he", claiming.assign, event.id, world.id("sun"), version=event.version)
    again = refused(world, "ma", claiming.assign, event.id, world.id("liu"), version=event.version)
    assert again == "changed_meanwhile"


def test_a_call_needs_something_said_and_a_category_that_is_kept(world):
    with pytest.raises(Invalid):
        world.call(words=" ")
    for code in ("nothing", "old", "city"):
        with pytest.raises(Invalid):
            world.call(category_code=code)
    assert world.call(words="", file_ids=(world.photo(None),)).title == "路灯"


def test_without_a_category_the_words_decide(world):
    assert world.call(words="楼下水管漏水", category_code=None).category_code == "pipe"
    assert world.call(words="说不清楚", category_code=None).category_code == "other"
    world.services.extensions["suggest_category"] = lambda services, words: [("wall", 0.95)]
    assert world.call(words="楼下水管漏水", category_code=None).category_code == "wall"
    world.services.extensions["suggest_category"] = lambda services, words: [("wall", 0.5)]
    assert world.call(words="楼下水管漏水", category_code=None).category_code == "pipe"


def test_files_of_others_are_refused(world):
    person = uuid4()
    assert world.call(person_id=person, file_ids=(world.photo(person),))
    with pytest.raises(Invalid):
        world.call(person_id=person, file_ids=(world.photo(uuid4()),))
    with pytest.raises(Invalid):
        world.call(person_id=person, voice_id=world.photo(person))
    voice = world.photo(person, "audio/mpeg")
    event = world.call(person_id=person, words="", voice_id=voice)
    with world.unit() as uow:
        rows = uow.session.scalars(select(EventFile.role).where(EventFile.event_id == event.id))
        assert list(rows) == ["voice"]


def test_an_outside_number_comes_in_once(world):
    world.call(source="ticket", external_number="H1")
    with pytest.raises(Conflict) as twice:
        world.call(source="ticket", external_number="H1")
    assert twice.value.code == "already_taken_in"


def test_similar_open_events_nearby_are_offered(world):
    near = world.call(words="路口水管爆了一直喷水", category_code="pipe")
    world.call(words="路口水管爆了", category_code="pipe", **IN_B)
    done = world.closed(category_code="light")
    with world.unit() as uow:
        place = {"latitude": near.latitude + 0.0005, "longitude": near.longitude}
        found = intake.similar(uow, **place, words="水管爆了在喷水", category_code="pipe")
        assert [one.event.id for one in found] == [near.id]
        assert 40 < found[0].distance_m < 70 and done not in {one.event.id for one in found}
        assert intake.similar(uow, latitude=None, longitude=None, words="水管") == []


def test_what_is_out_of_reach_does_not_exist(world):
    event = world.call()
    for name in ("far", "gao", "sun"):
        with world.unit(world.staff[name]) as uow, pytest.raises(NotFound):
            access.reach(uow, world.staff[name], event.id)
    for name in ("chen", "zhao", "lin", "he", "qin"):
        with world.unit(world.staff[name]) as uow:
            assert access.reach(uow, world.staff[name], event.id).id == event.id


def test_what_can_be_done_now(world):
    def can(name: str, event_id) -> set[str]:
        with world.unit(world.staff[name]) as uow:
            return set(
                access.can(uow, world.staff[name], access.reach(uow, world.staff[name], event_id))
            )

    event = world.call()
    assert {"claim", "transfer", "note"} <= can("chen", event.id)
    assert "claim" not in can("zhao", event.id)
    assert {"assign", "merge", "ticket", "correct"} <= can("he", event.id)
    world.act("chen", claiming.claim, event.id)
    assert {"release", "schedule", "start", "contact", "subtask", "hold"} <= can("chen", event.id)
    world.services.clock.advance(timedelta(minutes=31))
    assert "release" not in can("chen", event.id)
    world.act("chen", handling.start, event.id)
    assert {"dispose"} <= can("chen", event.id) and "whistle" in can("lin", event.id)
    assert "supervise" in can("qin", event.id) and "dispose" not in can("liu", event.id)
