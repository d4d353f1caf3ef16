"""An event from the call to its end, as those who take part see it."""

from uuid import uuid4

import pytest

from backend.domains.dispatch import claiming, endings, events, handling
from backend.kernel import trace
from backend.kernel.trace import Subject
from tests.dispatch_world import World, later
from tests.domains.dispatch_stage import heard, listen


@pytest.fixture
def world(services) -> World:
    return listen(services)


def test_from_the_call_to_the_end(world):
    person = uuid4()
    event = world.call(person_id=person)
    assert (event.state, event.level, event.street_id is not None) == ("called", "worker", True)
    assert event.number.startswith("E") and event.title == "路灯不亮了"
    called = heard(world, events.EventCalled)[0]
    assert set(called.staff_ids) == {world.id("chen"), world.id("liu")}
    assert [caller.person_id for caller in called.callers] == [person]
    claimed = world.act("chen", claiming.claim, event.id)
    assert (claimed.state, claimed.lead_id) == ("claimed", world.id("chen"))
    told = heard(world, events.EventClaimed)[0]
    assert told.others == (world.id("liu"),) and told.callers[0].number == event.number
    world.act("chen", handling.contact, event.id, "说好下午去")
    world.act("chen", handling.schedule, event.id, later(world, hours=2))
    world.wait(hours=2)
    world.act("chen", handling.start, event.id)
    world.act("chen", handling.dispose, event.id, "换了灯泡", "路灯修好了")
    world.act("liu", endings.verify, event.id, True, "亮了")
    world.as_person(person, endings.rate, event.id, 5, "很快")
    closed = world.event(event.id)
    assert (closed.state, closed.is_open) == ("closed", False)
    assert heard(world, events.EventClosed)[0].callers[0].person_id == person
    assert {clock.outcome for clock in world.clocks(event.id)} == {"met"}
    with world.unit() as uow:
        entries = trace.entries(uow.session, Subject("event", event.id))
    assert [e.action for e in entries] == [
        "call", "claim", "contact", "schedule", "start", "dispose", "verify", "rate", "close",
    ]  # fmt: skip
    assert entries[-1].to_state == "closed"
    assert not any("chen" in entry.public_text for entry in entries)
